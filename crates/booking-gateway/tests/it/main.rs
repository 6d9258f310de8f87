//! The gateway over sockets, attacked.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that fails is a failed test"
)]

mod bad_documents;
mod bypass;
mod callbacks;
mod client;
mod console;
mod counted_feed;
mod deadlines;
mod described;
mod description;
mod documents;
mod events;
mod events_of_many;
mod failures;
mod hoarding;
mod house;
mod idempotency;
mod limits;
mod log;
mod orders;
mod provider;
mod raw;
mod reads;
mod sessions;
mod shutdown;
mod streams;
mod tenants;
mod timing;
mod tricks;
mod under_way;
