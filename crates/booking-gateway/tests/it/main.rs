//! The gateway over sockets, attacked.

#![expect(missing_docs, reason = "tests are described by their names")]

mod bypass;
mod callbacks;
mod client;
mod console;
mod described;
mod description;
mod documents;
mod events;
mod house;
mod idempotency;
mod limits;
mod log;
mod orders;
mod provider;
mod raw;
mod shutdown;
mod tenants;
mod timing;
mod tricks;
