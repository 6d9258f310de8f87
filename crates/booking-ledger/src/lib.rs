#![doc = include_str!("../README.md")]

mod entropy;
mod fingerprint;
mod key;
mod keyring;
#[cfg(feature = "kill-points")]
pub mod kill_points;
mod moment;
mod row;
mod seal;
mod sqlite;
mod wire;

pub use key::{KeyError, LedgerKey};
pub use sqlite::{Checked, OpenError, SqliteLedger, SqliteOptions};
