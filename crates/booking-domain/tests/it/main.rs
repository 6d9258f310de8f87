//! The rules of an order and the states of a hold, from the outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod all_faults;
mod dates;
mod deadlines;
mod documents;
mod hold_states;
mod placeholders;
mod round_trip;
mod rules;
mod samples;
mod secrecy;
mod shape;
mod tenants;
mod warnings;
