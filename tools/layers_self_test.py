"""Breaks the house on purpose, one arrow at a time, and demands that tools/layers.py names each break.

The manifests are copied to a temporary folder with empty sources, so nothing is compiled and the
workspace itself is never touched.
"""

import shutil
import tempfile
from pathlib import Path

import layers

WORKSPACE_CRATE = """[package]
name = "{name}"
version.workspace = true
edition.workspace = true
license.workspace = true
publish.workspace = true

[lints]
workspace = true

[dependencies]
"""


def copy_manifests(source, target):
    """The workspace's manifests and lock file, with an empty file where each target's source is."""
    for name in ("Cargo.toml", "Cargo.lock"):
        shutil.copy(source / name, target / name)
    for package in layers.packages(source):
        manifest = Path(package["manifest_path"])
        copied = target / manifest.relative_to(source)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(manifest, copied)
        for cargo_target in package["targets"]:
            empty = target / Path(cargo_target["src_path"]).relative_to(source)
            empty.parent.mkdir(parents=True, exist_ok=True)
            empty.touch()


def add(crate, line, table="dependencies"):
    """A change that gives `crate` one more dependency; a table is opened if the manifest has none."""

    def change(folder):
        manifest = folder / "crates" / crate / "Cargo.toml"
        text = manifest.read_text()
        header = f"[{table}]\n"
        text = text.replace(header, header + line + "\n", 1) if header in text else f"{text}\n{header}{line}\n"
        manifest.write_text(text)

    return change


def new_crate(name, *dependencies):
    """A change that puts a new crate, with these dependencies, into the workspace."""

    def change(folder):
        crate = folder / "crates" / name
        if crate.exists():
            shutil.rmtree(crate)
        (crate / "src").mkdir(parents=True)
        (crate / "src" / "lib.rs").touch()
        (crate / "Cargo.toml").write_text(WORKSPACE_CRATE.format(name=name) + "".join(f"{line}\n" for line in dependencies))

    return change


def drop_lints(crate):
    """A change by which `crate` no longer opts in to the workspace's lints."""

    def change(folder):
        manifest = folder / "crates" / crate / "Cargo.toml"
        manifest.write_text(manifest.read_text().replace("[lints]\nworkspace = true\n", ""))

    return change


def ours(name):
    # A path from crates/<crate>/: it works for crates that the root manifest does not list.
    return f'{name} = {{ path = "../{name}" }}'


# What is broken, and the words by which it must be named.
BREAKS = [
    (add("booking-ports", ours("klikoo-sandbox")), "booking-ports -> klikoo-sandbox (normal)"),
    (add("booking-ports", ours("klikoo-sandbox"), "dev-dependencies"), "booking-ports -> klikoo-sandbox (dev)"),
    (add("klikoo-sandbox", ours("booking-domain")), "klikoo-sandbox -> booking-domain (normal)"),
    (add("klikoo-sandbox", ours("booking-domain"), "dev-dependencies"), "klikoo-sandbox -> booking-domain (dev)"),
    (add("klikoo-sandbox", ours("booking-ports"), "build-dependencies"), "klikoo-sandbox -> booking-ports (build)"),
    (add("klikoo-adapter", ours("klikoo-sandbox")), "klikoo-adapter -> klikoo-sandbox (normal)"),
    (add("booking-domain", "tokio.workspace = true"), "booking-domain -> tokio: "),
    (add("booking-domain", "tokio = { workspace = true, optional = true }"), "booking-domain -> tokio: "),
    (add("booking-domain", 'clockwork = { package = "tokio", version = "1" }'), "booking-domain -> tokio: "),
    (add("booking-domain", "uuid.workspace = true"), "booking-domain -> uuid -> getrandom: "),
    (add("booking-domain", "tokio.workspace = true", "target.'cfg(windows)'.dependencies"), "booking-domain -> tokio: "),
    (add("booking-domain", "tokio.workspace = true", "build-dependencies"), "booking-domain -> tokio (build)"),
    (add("booking-ports", "reqwest.workspace = true"), "booking-ports -> reqwest -> hyper: "),
    (add("booking-ports", "axum.workspace = true"), "booking-ports -> axum: "),
    (add("klikoo-adapter", "clap.workspace = true"), "klikoo-adapter -> clap: "),
    (add("klikoo-adapter", "axum.workspace = true"), "klikoo-adapter -> axum: "),
    (new_crate("booking-layers", ours("klikoo-adapter")), "booking-layers -> klikoo-adapter (normal)"),
    (add("booking-ledger", "reqwest.workspace = true"), "booking-ledger -> reqwest: "),
    (new_crate("booking-gateway", ours("klikoo-adapter")), "booking-gateway -> klikoo-adapter (normal)"),
    (new_crate("booking-extras"), "booking-extras: not in the table"),
    (
        add("app", 'simulated = { package = "klikoo-adapter", path = "../klikoo-adapter", features = ["simulation"] }'),
        "app -> klikoo-adapter (normal): its feature simulation is for tests alone",
    ),
    (drop_lints("booking-ports"), "booking-ports: its Cargo.toml lacks `[lints]`"),
]

# What must still be allowed: a rule that forbids everything would catch every break above.
ALLOWED = [
    ("the house as it stands", lambda folder: None),
    ("booking-layers on the ports", new_crate("booking-layers", ours("booking-ports"), "tokio.workspace = true")),
    ("booking-gateway with axum", new_crate("booking-gateway", ours("booking-ports"), "axum.workspace = true")),
]


def faults_after(change, source):
    """The broken rules of a fresh copy of the house at `source` once `change` was made in it."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        copy_manifests(source, folder)
        change(folder)
        return layers.faults(folder)


def run():
    source, missed = Path.cwd().resolve(), 0
    for name, change in ALLOWED:
        found = faults_after(change, source)
        missed += bool(found)
        print(f"{'WRONG ' if found else 'passed'}  {name}{': ' if found else ''}{'; '.join(found)}")
    for change, expected in BREAKS:
        found = faults_after(change, source)
        caught = [line for line in found if line.startswith(expected)]
        missed += not caught
        print(f"caught  {caught[0]}" if caught else f"MISSED  {expected} (found: {'; '.join(found) or 'nothing'})")
    print(f"layers --self-test: {len(BREAKS)} breaks, {len(ALLOWED)} sound houses, {missed} judged wrongly")
    return 1 if missed else 0
