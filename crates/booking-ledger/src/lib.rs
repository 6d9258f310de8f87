#![doc = include_str!("../README.md")]

mod entropy;
mod fingerprint;
mod key;
mod keyring;
mod moment;
mod row;
mod seal;
mod sqlite;
mod wire;

pub use key::{KeyError, LedgerKey};
pub use sqlite::{Checked, OpenError, SqliteLedger, SqliteOptions};
