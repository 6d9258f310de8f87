#!/usr/bin/env python3
"""Requests that Schemathesis makes up from the gateway's own OpenAPI document.

    tools/schemathesis.py [CASES]   about so many cases (2,000 where absent); fails on any finding

It starts `seatblock serve` before the sandbox inside the process, with a folder of its own, and
limits so wide that 429 does not stand before everything else. Needs `schemathesis` (PyPI) on the
path or in target/ci-tools, and a built target/debug/seatblock.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/debug/seatblock"

LIMITS = {
    "SEATBLOCK_GATEWAY__PER_SECOND": "1000000",
    "SEATBLOCK_GATEWAY__BLOCKS_PER_HOUR": "1000000",
    "SEATBLOCK_GATEWAY__LIVE_SEATS_PER_TRIP": "1000000",
    "SEATBLOCK_GATEWAY__LAPSES_PER_SEAT": "125",
    "SEATBLOCK_GATEWAY__READS_PER_SECOND": "1000000",
    "SEATBLOCK_GATEWAY__READS_PER_SECOND_PER_TENANT": "1000000",
    "SEATBLOCK_GATEWAY__METRICS_LISTEN": "none",
}

# Checks that make no sense here, each with its reason. All others run.
EXCLUDED = {
    # After thirty tries without a valid key in a minute an address is answered 429, which no setting
    # widens and which this check takes for a fault. `booking-gateway/tests/it/bypass.rs` does it:
    # 136 tricks on every route.
    "ignored_auth",
    # What fits the schema may still be no order: a seat twice, a birth date in the future, an
    # address without a domain, a place that is none. A schema cannot say so.
    "positive_data_acceptance",
}

# A 500 is a finding, and so is a 503 at this pace. 502 is an answer: the provider refused the
# question. The sandbox refuses every trip but its own.
SETTINGS = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", 502]
"""

# Operations that are left out.
LEFT_OUT = [
    # Its answer never ends.
    "/v1/events",
]


def schemathesis():
    """The command, wherever it is."""
    there = ROOT / "target/ci-tools/bin/schemathesis"
    return str(there) if there.exists() else shutil.which("schemathesis")


def serve(folder):
    """A gateway with its state in `folder`: the process, its address, and a key to everything."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEATBLOCK_")}
    environment |= LIMITS | {"XDG_STATE_HOME": folder, "HOME": folder}
    process = subprocess.Popen(
        [PROGRAM, "--json", "serve", "--listen", "127.0.0.1:0"],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    text = ""
    for line in process.stdout:
        text += line
        try:
            told = json.loads(text)
        except ValueError:
            continue
        return process, told["url"], told["key"]
    raise SystemExit(f"the gateway did not start:\n{process.stderr.read()}")


def run(command, url, key, cases, folder):
    """Runs Schemathesis; its exit status and what it wrote."""
    settings = Path(folder) / "schemathesis.toml"
    settings.write_text(SETTINGS)
    arguments = [
        command, "--config-file", str(settings), "run", f"{url}/openapi.json", "--header", f"Authorization:Bearer {key}",
        "--checks", "all", "--exclude-checks", ",".join(sorted(EXCLUDED)),
        "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(cases),
        "--seed", "20261124", "--generation-database", "none", "--request-timeout", "20",
        "--workers", "2", "--continue-on-failure", "--warnings", "off", "--no-color",
    ]
    for path in LEFT_OUT:
        arguments += ["--exclude-path", path]
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def main():
    wanted = int(sys.argv[1]) if sys.argv[1:] else 2_000
    command = schemathesis()
    if command is None or not PROGRAM.exists():
        raise SystemExit("needs schemathesis (pip install schemathesis) and `cargo build -p app`")
    with tempfile.TemporaryDirectory() as folder:
        process, url, key = serve(folder)
        try:
            # It asks for cases for each operation, and adds those of its examples and of coverage.
            status, output = run(command, url, key, max(wanted // 25, 1), folder)
            alive = process.poll() is None
        finally:
            process.terminate()
            log = process.communicate(timeout=60)[1]
    print(output.replace(key, "sbk_…"))
    panics = log.count("panicked")
    generated = re.search(r"(\d+) generated", output)
    cases = int(generated[1]) if generated else 0
    print(f"schemathesis: {cases} cases, exit status {status}, {panics} panics, excluded checks: {', '.join(sorted(EXCLUDED))}")
    return 0 if status == 0 and alive and panics == 0 and cases > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
