#!/usr/bin/env python3
"""Proves that every crate opts in to the workspace's lints: without the two lines none applies to it.

    tools/lints.py   checks the workspace in the current folder
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path


def faults(folder):
    """One line for each crate that does not opt in, and for a workspace whose lints were taken out."""
    metadata = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"],
        cwd=folder, capture_output=True, text=True, check=True,
    )
    broken = []
    for package in json.loads(metadata.stdout)["packages"]:
        manifest = tomllib.loads(Path(package["manifest_path"]).read_text())
        if manifest.get("lints") != {"workspace": True}:
            broken.append(f"{package['name']}: its Cargo.toml lacks `[lints]` with `workspace = true`")
    workspace = tomllib.loads((Path(folder) / "Cargo.toml").read_text())["workspace"].get("lints", {})
    if workspace.get("rust", {}).get("unsafe_code") != "forbid":
        broken.append("the workspace: `unsafe_code` is not \"forbid\" in [workspace.lints.rust]")
    if "pedantic" not in workspace.get("clippy", {}):
        broken.append("the workspace: `pedantic` is not set in [workspace.lints.clippy]")
    return broken


if __name__ == "__main__":
    found = faults(Path.cwd())
    for line in found:
        print(f"broken: {line}")
    print(f"lints: {len(found)} crates or rules out of line")
    sys.exit(1 if found else 0)
