//! The ledger on a server.

mod conformance;
mod durable;
mod feed;
mod harness;
mod lists;
mod losses;
mod lost_answers;
mod processes;
mod proxy;
mod schema;
#[path = "../../server/mod.rs"]
mod server;
mod shredding;
mod upgrade;
