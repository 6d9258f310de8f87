//! What the layers promise.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod conformance;
mod limit;
mod operator;
mod outage;
mod recorded;
mod recorded_tickets;
mod resolver;
mod retry;
mod secrecy;
mod setup;
mod shredder;
mod traced;
