//! The speed table: every figure is a ratio to a baseline of the same run.
//!
//! `cargo bench -p klikoo-adapter --bench speed`

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "it prints a table")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

mod signing;
mod table;

fn main() {
    table::print(&signing::rows());
}
