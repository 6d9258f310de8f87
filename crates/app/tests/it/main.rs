//! The program as a person or a script meets it: files, arguments, exit codes, output.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that fails is a failed test"
)]

mod bad_orders;
mod check;
mod check_gateway;
mod command_line;
mod gateway;
mod gateway_keys;
mod gateway_page;
mod harness;
mod http;
mod interrupt;
mod keys;
mod ledger;
mod no_kill_points;
mod outcomes;
mod page;
mod postgres;
mod readme;
mod sandbox_command;
mod seats;
mod secrecy;
mod settings;
mod sign;
mod terminal;
