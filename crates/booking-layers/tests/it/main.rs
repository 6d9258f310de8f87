//! What the layers promise.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod limit;
mod recorded;
mod retry;
mod setup;
