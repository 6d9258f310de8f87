#![doc = include_str!("../README.md")]

mod audit;
mod bell;
mod entropy;
mod error;
mod fingerprint;
mod key;
mod keyring;
#[cfg(feature = "kill-points")]
pub mod kill_points;
mod listing;
mod moment;
mod postgres;
mod row;
mod seal;
mod sqlite;
mod store;
mod wire;

pub use audit::Checked;
pub use error::OpenError;
pub use key::{KeyError, LedgerKey};
pub use postgres::{PostgresLedger, PostgresOptions};
pub use sqlite::{SqliteLedger, SqliteOptions};
pub use store::{LedgerOptions, LedgerPosition, LedgerSchema, LedgerStore};
