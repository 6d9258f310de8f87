//! The gateway as its callers and operators meet it: `seatblock serve`, over HTTP.

mod beginning;
mod collector;
mod deployment;
mod earlier_sandbox;
mod labels;
mod prometheus;
mod reads;
pub(crate) mod served;
mod traces;
