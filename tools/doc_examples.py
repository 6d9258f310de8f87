#!/usr/bin/env python3
"""Names the public items of the linkable crates that lack documentation or an example that compiles.

    tools/doc_examples.py [CRATE ...]   all crates of the list below, or the ones named

rustdoc's own coverage figure leaves out methods, and methods are most of what a caller writes. So
its JSON description of each crate is read instead. That output is not stable: one wrapper around
rustdoc unlocks it, and nothing else is built with the key.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# Crates that other apps link, and the features to look at. `mock` is left out: mockall writes its items.
CRATES = {
    "booking-domain": ["--all-features"],
    "booking-ports": ["--features", "conformance"],
    "klikoo-adapter": ["--all-features"],
    "booking-layers": ["--all-features"],
    "booking-ledger": ["--all-features"],
    "booking-gateway": ["--all-features"],
    "klikoo-sandbox": ["--all-features"],
}

# Percent, of the items found. Every kind needs documentation; these need an example too. A trait's
# own example shows its methods at work, so they need none beside it.
DOCUMENTED = 100.0
WITH_EXAMPLE = 100.0
NEED_EXAMPLE = {"crate", "enum", "function", "macro", "method", "proc_macro", "struct", "trait", "union"}

# Fences whose contents rustdoc compiles. `ignore`, `text` and other languages prove nothing.
COMPILED = re.compile(r"(rust|no_run|should_panic|compile_fail|edition\d+|standalone_crate|E\d+)?")
WRAPPER = '#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec "$REAL_RUSTDOC" "$@"\n'


def describe(crate, wrapper):
    """rustdoc's JSON description of `crate`."""
    environment = os.environ | {"RUSTDOC": str(wrapper), "REAL_RUSTDOC": os.environ.get("RUSTDOC", "rustdoc")}
    command = ["cargo", "rustdoc", "--quiet", "-p", crate, "--lib", *CRATES[crate]]
    subprocess.run([*command, "--", "-Zunstable-options", "--output-format=json"], env=environment, check=True)
    metadata = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"], check=True, capture_output=True, text=True
    )
    target = Path(json.loads(metadata.stdout)["target_directory"])
    return json.loads((target / "doc" / f"{crate.replace('-', '_')}.json").read_text())


def has_example(docs):
    """Whether one of the code blocks of `docs` is Rust that is compiled as a test."""
    inside = False
    for line in docs.splitlines():
        fence = re.match(r"\s*(?:```+|~~~+)(.*)$", line)
        if fence and not inside and all(COMPILED.fullmatch(word.strip()) for word in fence[1].split(",")):
            return True
        if fence:
            inside = not inside
    return False


def owned(inner):
    """The keys of the items that belong to another item, which may be of any kind."""
    kind, body = next(iter(inner.items()))
    if kind in {"impl", "trait"}:
        return body["items"]
    if kind == "enum":
        return body["variants"]
    if kind in {"struct", "variant"}:
        shape = body["kind"]
        named = shape.get("plain") or shape.get("struct") if isinstance(shape, dict) else None
        return named["fields"] if named else []
    return []


def public_items(description):
    """Each item that can be named from outside, as (kind, `Owner::name`, item).

    What implements a trait is documented at the trait.
    """
    index, owners = description["index"], {}
    for key, item in index.items():
        owners |= {str(child): key for child in owned(item["inner"])}

    def path(key):
        item = index[key]
        name = item["name"]
        if "impl" in item["inner"]:
            name = item["inner"]["impl"]["for"].get("resolved_path", {}).get("path", "?")
        return f"{path(owners[key])}::{name}" if key in owners else name

    for key, item in index.items():
        kind = next(iter(item["inner"]))
        owner = index[owners[key]] if key in owners else None
        owner_kind = next(iter(owner["inner"])) if owner else None
        implements = owner_kind == "impl" and owner["inner"]["impl"]["trait"]
        # Variants and a trait's items are as visible as their owner: rustdoc calls that the default.
        visible = item["visibility"] == "public" or (item["visibility"] == "default" and owner)
        if item["crate_id"] != 0 or kind in {"impl", "use"} or implements or not visible or item["name"] is None:
            continue
        if owner_kind is None and kind in {"struct_field", "variant"}:
            continue  # A field of a tuple has no name of its own to document.
        if kind == "function":
            kind = {"impl": "method", "trait": "trait method"}.get(owner_kind, kind)
        yield "crate" if key == str(description["root"]) else kind, path(key), item


def report(crate, description):
    """Prints the figures of a crate, and names what is missing. True if both thresholds are met."""
    items = list(public_items(description))
    needing = [entry for entry in items if entry[0] in NEED_EXAMPLE]
    met = True
    for what, among, needed, good in [
        ("documented", items, DOCUMENTED, lambda docs: bool(docs.strip())),
        ("with an example", needing, WITH_EXAMPLE, has_example),
    ]:
        missing = [entry for entry in among if not good(entry[2]["docs"] or "")]
        percent = 100.0 * (len(among) - len(missing)) / len(among)
        met &= percent >= needed
        print(f"{crate}: {len(among) - len(missing)} of {len(among)} {what} ({percent:.1f} %, needed {needed:.0f} %)")
        for kind, name, item in sorted(missing, key=lambda entry: entry[1]):
            span = item["span"]
            place = f"{span['filename']}:{span['begin'][0]}" if span else "?"
            print(f"  not {what}: {kind} {name} ({place})")
    return met


def main():
    wanted = sys.argv[1:] or list(CRATES)
    unknown = [crate for crate in wanted if crate not in CRATES]
    if unknown:
        print(f"{', '.join(unknown)}: not among {', '.join(CRATES)}")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        wrapper = Path(folder) / "rustdoc"
        wrapper.write_text(WRAPPER)
        wrapper.chmod(0o755)
        # All crates are reported, even after one that fails.
        met = [report(crate, describe(crate, wrapper)) for crate in wanted]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
