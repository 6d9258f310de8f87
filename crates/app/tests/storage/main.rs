//! Storage that fails under `seatblock`, and the order in which it writes and sends.
//!
//! `strace` lets system calls fail, and lists them: on Linux, where it is installed.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that fails is a failed test"
)]

mod busy;
mod faults;
#[path = "../it/harness.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod harness;
mod order_of_calls;
#[path = "../shared/side_by_side.rs"]
mod side_by_side;
#[path = "../shared/told.rs"]
mod told;
mod trace;
mod traced;
