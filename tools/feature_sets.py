#!/usr/bin/env python3
"""Lints each library crate of the workspace with no features, with each one alone, and with all.

A build of the whole workspace joins everybody's features, so that a crate which lacks one of its
own goes unseen there.
"""

import json
import subprocess
import sys


def main():
    metadata = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"], check=True, capture_output=True, text=True
    )
    tried, failed = 0, []
    for package in json.loads(metadata.stdout)["packages"]:
        if not any("lib" in target["kind"] for target in package["targets"]):
            continue
        features = sorted(name for name in package["features"] if name != "default")
        sets = [[], *([name] for name in features)]
        if len(features) > 1:
            sets.append(features)
        for chosen in sets:
            command = ["cargo", "clippy", "--quiet", "-p", package["name"], "--lib", "--no-default-features"]
            command += ["--features", ",".join(chosen)] if chosen else []
            label = f"{package['name']} [{', '.join(chosen) or 'no features'}]"
            passed = subprocess.run([*command, "--", "-D", "warnings"], check=False).returncode == 0
            print(f"{'passed' if passed else 'FAILED'}  {label}", flush=True)
            tried += 1
            failed += [] if passed else [label]
    print(f"feature sets: {tried} tried, {len(failed)} failed")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
