#!/usr/bin/env python3
"""Proves the arrows of the house: which crate may depend on which.

    tools/layers.py              checks the workspace in the current folder
    tools/layers.py --self-test  breaks arrows on purpose in a copy, and demands that each is caught

The table below is the rule; docs/ARCHITECTURE.md is its picture. A crate that is not in the table
fails, so a new crate starts with a decision about its place.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import lints

# Frameworks, files, networks and chance: whatever would give the domain an effect of its own.
EFFECTS = {
    "async-trait", "aws-lc-rs", "axum", "chrono", "clap", "futures", "futures-util", "getrandom",
    "hyper", "hyper-util", "mio", "p256", "rand", "rand_core", "reqwest", "rustls", "socket2", "sqlx",
    "sqlx-core", "tokio", "toml", "tower", "tracing", "tracing-core", "uuid",
}
HTTP_CLIENT = {"hyper", "hyper-util", "reqwest"}
HTTP_SERVER = {"axum", "axum-core"}
DATABASE = {"libsqlite3-sys", "rusqlite", "sqlx", "sqlx-core", "tokio-postgres"}
PROGRAM = {"anyhow", "clap", "toml"}
# Features that stand in for a provider, or judge one: never in what is shipped.
FOR_TESTS = {"conformance", "mock", "simulation"}


@dataclass(frozen=True)
class Row:
    """What one crate may use. `ours`: our crates in its code; `tests`: those that its tests use too.
    `foreign`: crates that must not be reached from its code, on any path, under any feature."""

    ours: frozenset
    tests: frozenset
    foreign: frozenset


def row(ours=(), tests=(), foreign=()):
    return Row(frozenset(ours), frozenset(tests), frozenset(foreign))


INNER = ("booking-domain", "booking-ports")

TABLE = {
    "booking-domain": row(foreign=EFFECTS),
    # Its own features, for its own tests, come from a dev-dependency on itself.
    "booking-ports": row(
        ours=["booking-domain"],
        tests=["booking-ports"],
        foreign=HTTP_CLIENT | HTTP_SERVER | DATABASE | PROGRAM,
    ),
    "booking-layers": row(ours=INNER, foreign=HTTP_CLIENT | HTTP_SERVER | DATABASE | PROGRAM),
    "booking-ledger": row(ours=INNER, foreign=HTTP_CLIENT | HTTP_SERVER | PROGRAM),
    # The sandbox stands in for the provider in the adapter's tests, never in its code.
    "klikoo-adapter": row(
        ours=INNER, tests=["klikoo-sandbox"], foreign=HTTP_SERVER | DATABASE | PROGRAM
    ),
    "booking-gateway": row(ours=[*INNER, "booking-layers"], foreign=DATABASE | {"clap"}),
    # None of ours, in tests neither: one mistake must not hide at both ends of the wire.
    "klikoo-sandbox": row(foreign=DATABASE | {"clap", "reqwest"}),
    # The one place that names concrete adapters.
    "app": row(
        ours=[*INNER, "booking-layers", "booking-ledger", "booking-gateway", "klikoo-adapter", "klikoo-sandbox"]
    ),
}


def cargo(*arguments, folder):
    """Standard output of a cargo command, or its own complaint and exit status 2."""
    done = subprocess.run(["cargo", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"cargo {' '.join(arguments)} failed:\n{done.stderr.strip()}")
    return done.stdout


def packages(folder):
    """The workspace's own packages, as `cargo metadata` tells them."""
    return json.loads(cargo("metadata", "--format-version", "1", "--no-deps", folder=folder))["packages"]


def forbidden_paths(crate, foreign, folder):
    """Each forbidden foreign crate that the crate's code reaches, as a path of names.

    `cargo tree` is asked crate by crate: the workspace's joined features would accuse the innocent.
    Procedural macros are left out, since they run in the compiler and not in the program.
    """
    tree = cargo(
        "tree", "-p", crate, "-e", "normal,no-proc-macro", "--all-features", "--target", "all",
        "--prefix", "depth", "--format", " {p}", folder=folder,
    )
    path, found = [], {}
    for line in filter(None, tree.splitlines()):
        depth, name = line.split()[:2]
        path[int(depth):] = [name]
        if name in foreign:
            found.setdefault(name, " -> ".join(path))
    return list(found.values())


def faults(folder):
    """Every broken rule of the workspace at `folder`, one line for each."""
    members = packages(folder)
    ours = {package["name"] for package in members} | set(TABLE)
    broken = []
    for package in sorted(members, key=lambda package: package["name"]):
        crate = package["name"]
        rule = TABLE.get(crate)
        if rule is None:
            broken.append(f"{crate}: not in the table of tools/layers.py; give it a row before it gets dependencies")
            continue
        for dependency in package["dependencies"]:
            name, kind = dependency["name"], dependency["kind"] or "normal"
            allowed = rule.ours | rule.tests if kind == "dev" else rule.ours
            if name in ours and name not in allowed:
                broken.append(f"{crate} -> {name} ({kind}): may use {', '.join(sorted(allowed)) or 'none of ours'}")
            if kind != "dev" and name in ours:
                for feature in sorted(FOR_TESTS & set(dependency["features"])):
                    broken.append(f"{crate} -> {name} ({kind}): its feature {feature} is for tests alone")
            # Named here as well as found by `cargo tree`: a build script is no part of that tree.
            if kind == "build" and name in rule.foreign:
                broken.append(f"{crate} -> {name} (build): {name} is forbidden there")
        if rule.foreign:
            broken += [f"{path}: {path.split()[-1]} is forbidden in {crate}" for path in forbidden_paths(crate, rule.foreign, folder)]
    return broken + lints.faults(folder)


def main():
    if sys.argv[1:] == ["--self-test"]:
        import layers_self_test

        return layers_self_test.run()
    if sys.argv[1:]:
        print(__doc__)
        return 2
    broken = faults(Path.cwd())
    for line in broken:
        print(f"broken: {line}")
    names = [package["name"] for package in packages(Path.cwd())]
    print(f"layers: {len(names)} crates, {len(broken)} broken rules ({', '.join(sorted(names))})")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
