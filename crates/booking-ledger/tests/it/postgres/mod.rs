//! The ledger on a server.

mod conformance;
mod harness;
#[path = "../../server/mod.rs"]
mod server;
