//! What the ledger costs: every figure beside a baseline of the same run.
//!
//! `cargo bench -p app --bench ledger`

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it prints a table"
)]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

mod disk;
mod recording;
mod scale;
#[path = "../../../klikoo-adapter/benches/speed/table.rs"]
mod table;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut rows = runtime.block_on(recording::rows());
    rows.extend(runtime.block_on(scale::rows()));
    table::print(&rows);
}
