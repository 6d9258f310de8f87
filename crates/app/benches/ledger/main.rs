//! What the ledger costs: every figure beside a baseline of the same run.
//!
//! `cargo bench -p app --bench ledger`

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
    let mut rows = runtime.block_on(recording::rows());
    #[cfg(not(no_postgres))]
    rows.push(runtime.block_on(postgres::row()));
    #[cfg(no_postgres)]
    eprintln!("there is no PostgreSQL on this machine, so its row is missing");
    rows.extend(runtime.block_on(scale::rows()));
    table::print(&rows);
}
