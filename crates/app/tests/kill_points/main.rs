//! `kill -9` at named points of `seatblock`, and what the next command makes of what is left.
//!
//! Only with the feature `kill-points`, whose points the program under test passes; those of the
//! wire are reached from outside.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a helper that fails is a failed test, and what was seen is a table to be read"
)]

#[path = "../it/harness.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod harness;
mod ledgers;
mod names;
mod older;
mod points;
mod random;
mod relay;
mod rounds;
#[path = "../../../booking-ledger/tests/server/mod.rs"]
mod server;
mod server_stops;
#[path = "../shared/side_by_side.rs"]
mod side_by_side;
mod table;
#[path = "../shared/told.rs"]
mod told;
