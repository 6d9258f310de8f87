//! The speed table: every figure is a ratio to a baseline of the same run.
//!
//! `cargo bench -p klikoo-adapter --bench speed`

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it prints a table"
)]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

mod load;
mod server;
mod signing;
mod table;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", latency] => {
            server::serve(std::time::Duration::from_millis(latency.parse().unwrap()));
        }
        ["in-flight", address] => load::in_flight_client(address),
        ["repeat", who, callers, each, address] => {
            load::repeat(
                who,
                callers.parse().unwrap(),
                each.parse().unwrap(),
                address,
            );
        }
        _ => {
            let mut rows = signing::rows();
            rows.extend(load::rows());
            table::print(&rows);
        }
    }
}
