//! The ledger in a file keeps the contract, and keeps it over what a machine does to files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod conformance;
mod damaged;
mod feed;
mod files;
mod grouping;
mod guesses;
mod harness;
mod integrity;
mod keys;
mod kills;
mod postgres;
mod schema;
mod shredding;
mod stops;
mod torn;
mod upgrade;
