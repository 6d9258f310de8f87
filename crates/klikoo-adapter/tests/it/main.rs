//! The adapter against servers that behave, misbehave and lie.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod callback;
mod clock;
mod conformance;
mod connections;
mod envelopes;
mod faults;
mod generated;
mod masking;
mod never_called;
mod observed;
mod proxy;
mod raw;
mod redirects;
mod replies;
mod searches;
mod secrecy;
mod setup;
mod stale;
mod tickets;
mod tls;
mod token;
mod token_expiry;
mod token_failures;
mod token_pause;
mod transactions;
