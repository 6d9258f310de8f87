//! What the ledger costs: every figure beside a baseline of the same run.
//!
//! `cargo bench -p app --bench ledger`, all of it; `-- recording`, `postgres` or `scale`, a part.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on fails"
)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it prints a table"
)]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

mod disk;
#[cfg(not(no_postgres))]
mod postgres;
mod recording;
mod scale;
#[cfg(not(no_postgres))]
#[path = "../../../booking-ledger/tests/server/mod.rs"]
mod server;
#[path = "../../../klikoo-adapter/benches/speed/table.rs"]
mod table;

fn main() {
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
    if asked_for("recording") {
        rows.extend(recording::rows().await);
    }
    #[cfg(not(no_postgres))]
    if asked_for("postgres") {
        rows.push(postgres::row().await);
    }
    #[cfg(no_postgres)]
    eprintln!("there is no PostgreSQL on this machine, so its row is missing");
    if asked_for("scale") {
        rows.extend(scale::rows().await);
    }
    rows
}
