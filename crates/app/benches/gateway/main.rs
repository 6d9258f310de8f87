//! What the gateway costs: every figure beside a baseline of the same run.
//!
//! `cargo bench -p app --bench gateway`, all of it; `-- added`, `rate`, `replicas`, `memory`,
//! `start`, `overload` or `soak`, a part. `SOAK_SECONDS` says how long the soak takes.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it prints a table"
)]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

mod added;
mod gateway;
mod load;
mod memory;
#[path = "../../src/more_files.rs"]
mod more_files;
mod overload;
mod provider;
mod rate;
#[cfg(not(no_postgres))]
mod replicas;
#[cfg(not(no_postgres))]
#[path = "../../../booking-ledger/tests/server/mod.rs"]
mod server;
mod soak;
#[path = "../../../klikoo-adapter/benches/speed/table.rs"]
mod table;

fn main() {
    // Each connection is a file, at both of its ends.
    more_files::more_files().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    // In a task, as a server's calls are: the main thread is woken from far away.
    let rows = runtime.block_on(async { tokio::spawn(rows()).await.unwrap() });
    table::print(&rows);
}

async fn rows() -> Vec<table::Row> {
    let parts: Vec<String> = std::env::args()
        .skip(1)
        .filter(|part| !part.starts_with('-'))
        .collect();
    let asked_for = |part: &str| parts.is_empty() || parts.iter().any(|it| it == part);
    let mut rows = Vec::new();
    if asked_for("added") {
        rows.push(added::row().await);
    }
    if asked_for("rate") {
        rows.push(rate::row().await);
    }
    #[cfg(not(no_postgres))]
    if asked_for("replicas") {
        rows.push(replicas::row().await);
    }
    if asked_for("memory") {
        rows.extend(memory::rows().await);
    }
    if asked_for("start") {
        rows.push(memory::start().await);
    }
    if asked_for("overload") {
        rows.push(overload::row().await);
    }
    if asked_for("soak") {
        rows.extend(soak::rows().await);
    }
    rows
}
