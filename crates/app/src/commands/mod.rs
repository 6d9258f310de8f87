//! The commands, one module each.

pub(crate) mod block;
pub(crate) mod book;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod gateway_keys;
pub(crate) mod hold;
pub(crate) mod holds;
pub(crate) mod keys;
pub(crate) mod ledger;
pub(crate) mod recover;
pub(crate) mod sandbox;
pub(crate) mod seats;
pub(crate) mod serve;
pub(crate) mod settle;
pub(crate) mod sign;
