//! Judges the sandbox from outside, over real sockets.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of a test fails the test"
)]

mod callbacks;
mod client;
mod faults;
mod helpers;
mod holds;
mod journal;
mod magic;
mod open_points;
mod places;
mod requests;
mod scenario;
mod server;
mod token;
mod transactions;
