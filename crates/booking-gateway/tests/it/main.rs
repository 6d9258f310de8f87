//! The gateway over sockets, attacked.

#![expect(missing_docs, reason = "tests are described by their names")]

mod client;
mod described;
mod house;
mod idempotency;
mod log;
mod orders;
mod provider;
