#!/usr/bin/env python3
"""Proves that no private key or credential stands in the tree.

    tools/find_secrets.py              looks through every file that git would hand on
    tools/find_secrets.py --self-test  plants one secret of each kind in a copy, and demands that it is found

Only the kind and the place are printed, never the secret.
"""

import base64
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# A file that may hold secrets, and why they are none. Whole paths: a pattern would let one slip in.
MADE_UP = {
    "crates/klikoo-adapter/tests/data/signing.json": "keys and secrets of the published test vectors",
    "crates/klikoo-adapter/tests/signing/keys.rs": "keys of the wrong kind or strength, made to be refused",
    "crates/klikoo-sandbox/tests/data/signing.json": "keys and secrets of the published test vectors",
}

# A header alone, as documentation and error texts show it, is no key: 48 characters of its body must
# follow on one line (the smallest key has 64). Line ends may be escaped, as in JSON and in code, and
# an encrypted key has a few `Name: value` lines first.
LINE_END = rb"(?:\s|\\[nr])+"
NAMED = rb"(?:[A-Za-z-]+: [A-Za-z0-9,-]+" + LINE_END + rb")*"

# Text in quotes that looks made by a generator: 24 characters or more, without spaces.
QUOTED = rb"[\"'`]?\s*[:=]\s*[\"'`](?=[^\"'`]*\d)[A-Za-z0-9+/_=.-]{24,}[\"'`]"

KINDS = {
    "private key": re.compile(
        rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----" + LINE_END + NAMED + rb"[A-Za-z0-9+/=]{48,}"
    ),
    "private key in binary form (PKCS#8)": re.compile(rb"\A\x30[\x81\x82][\x00-\xff]{1,2}\x02\x01\x00\x30"),
    "bearer token (JWT)": re.compile(rb"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}"),
    "client secret, password or token": re.compile(
        rb"(?i)\b(?:[a-z]+_)?(?:secret|password|passwd|api_?key|access_?token)" + QUOTED
    ),
    "cloud access key": re.compile(rb"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "code host token": re.compile(rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20})\b"),
    "password in a URL": re.compile(rb"\b[a-z][a-z0-9+.-]*://[^\s/:@\"'<>{}$]+:[^\s/@\"'<>{}$]{8,}@"),
}


def files(folder):
    """What git would hand on: committed, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=folder, capture_output=True, check=True,
    )
    return sorted(name.decode() for name in listed.stdout.split(b"\0") if name)


def found(folder):
    """Each secret of the tree as `path:line: kind`, and the number of files that were read."""
    secrets, names = [], [name for name in files(folder) if (Path(folder) / name).is_file()]
    for name in names:
        content = (Path(folder) / name).read_bytes()
        for kind, pattern in KINDS.items() if name not in MADE_UP else ():
            for hit in pattern.finditer(content):
                line = content.count(b"\n", 0, hit.start()) + 1
                secrets.append(f"{name}:{line}: {kind}")
    return secrets, len(names)


def planted():
    """One secret of each kind, put together here so that this file itself holds none."""
    body = base64.b64encode(bytes(range(96))).decode()
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    begin, end = "-----BEGIN " + "PRIVATE KEY-----", "-----END " + "PRIVATE KEY-----"
    word = body[:40].replace("+", "a").replace("/", "b")
    return [
        ("private key", "key.pem", f"{begin}\n{lines}\n{end}\n".encode()),
        ("private key", "old.pem", f"{begin.replace('PRIVATE', 'RSA PRIVATE')}\n{lines}\n{end}\n".encode()),
        ("private key", "locked.pem", f"{begin}\nProc-Type: 4,ENCRYPTED\n\n{lines}\n{end}\n".encode()),
        ("private key", "key.json", ('{"key": "' + begin + "\\n" + lines.replace("\n", "\\n") + '"}').encode()),
        ("private key in binary form (PKCS#8)", "key.der", b"\x30\x81\x87\x02\x01\x00\x30" + bytes(64)),
        ("bearer token (JWT)", "log.txt", f"Bearer eyJ{word}.eyJ{word}.{word}".encode()),
        ("client secret, password or token", "seat.toml", f'client_secret = "{word}"'.encode()),
        ("client secret, password or token", "seat.json", f'{{"access_token": "{word}"}}'.encode()),
        ("cloud access key", "env", ("AKIA" + word[:16].upper()).encode()),
        ("code host token", "ci.yml", ("ghp_" + word[:36]).encode()),
        ("password in a URL", "db.md", f"postgres://booking:{word[:12]}@db.example/ledger".encode()),
    ]


def self_test():
    missed = 0
    for kind, name, content in planted():
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["git", "init", "--quiet", folder], check=True)
            (Path(folder) / name).write_bytes(content)
            secrets, _ = found(folder)
        caught = any(secret == f"{name}:1: {kind}" for secret in secrets)
        missed += not caught
        print(f"{'found ' if caught else 'MISSED'}  {kind} in {name}")
    print(f"secrets --self-test: {len(planted())} planted, {missed} missed")
    return 1 if missed else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    secrets, read = found(Path.cwd())
    for secret in secrets:
        print(f"secret: {secret}")
    print(f"secrets: {read} files, {len(secrets)} secrets")
    return 1 if secrets or not read else 0


if __name__ == "__main__":
    sys.exit(main())
