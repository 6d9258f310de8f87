//! Every fault of the wire, striking each attempt, on each kind of connection and ledger, over real
//! sockets: what is told, what is remembered, what is held, and what a recovery makes of it.
//!
//! What has to come out is in `expected.tsv`, next to this file.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a helper that fails is a failed test, and what was seen is a table to be read"
)]

mod cell;
mod expected;
mod kinds;
mod ledgers;
mod matrix;
mod relay;
#[path = "../../../booking-ledger/tests/server/mod.rs"]
mod server;
mod stack;
mod stream;
mod toxic;
mod worker;
