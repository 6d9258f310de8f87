//! The build script of crates whose tests use PostgreSQL or Prometheus: looks where they are.
//!
//! Where there is none, the condition `no_postgres` or `no_prometheus` is set and those tests are
//! ignored, which `cargo test` says and counts. With `TESTS_NEED_POSTGRES` or
//! `TESTS_NEED_PROMETHEUS` set they run, and fail.

#![expect(clippy::print_stdout, reason = "how a build script speaks to cargo")]

use std::path::{Path, PathBuf};

/// Where Debian and its like put each version in a folder of its own.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Changes with whatever Debian installs.
const INSTALLED: &str = "/var/lib/dpkg/status";

fn main() {
    println!("cargo::rustc-check-cfg=cfg(no_postgres)");
    println!("cargo::rerun-if-env-changed=PATH");
    println!("cargo::rerun-if-env-changed=TESTS_NEED_POSTGRES");
    // A path that is not there would have the crate built again each time.
    for path in [VERSIONS, INSTALLED] {
        if PathBuf::from(path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    match programs() {
        Some(folder) => println!("cargo::rustc-env=POSTGRES_PROGRAMS={}", folder.display()),
        None if std::env::var_os("TESTS_NEED_POSTGRES").is_some() => {}
        None => println!("cargo::rustc-cfg=no_postgres"),
    }
    println!("cargo::rustc-check-cfg=cfg(no_prometheus)");
    println!("cargo::rerun-if-env-changed=TESTS_NEED_PROMETHEUS");
    let needed = std::env::var_os("TESTS_NEED_PROMETHEUS").is_some();
    if !needed
        && !["prometheus", "promtool"]
            .iter()
            .all(|name| is_on_path(name))
    {
        println!("cargo::rustc-cfg=no_prometheus");
    }
}

fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

/// The folder of the newest version, or of the one on the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| is_whole(folder))
        .collect();
    found.sort();
    if let Some((_, folder)) = found.pop() {
        return Some(folder);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        // The path may hold no more than a link to each.
        .filter_map(|folder| folder.join("initdb").canonicalize().ok())
        .filter_map(|program| Some(program.parent()?.to_owned()))
        .find(|folder| is_whole(folder))
}

fn is_whole(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres", "createdb"]
        .iter()
        .all(|program| folder.join(program).exists())
}
