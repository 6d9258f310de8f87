//! The ledgers under test.

use std::sync::Arc;

use booking_ledger::{LedgerKey, LedgerOptions};
use booking_ports::{Clock, HoldLedger};
use tempfile::TempDir;

use crate::server::Server;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Sqlite,
    Postgres,
}

/// A ledger that seals orders, and what it lives in.
pub(crate) struct Opened {
    pub(crate) holds: Arc<dyn HoldLedger>,
    _folder: TempDir,
}

impl Kept {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    pub(crate) async fn open(self, clock: Arc<dyn Clock>) -> Opened {
        let folder = tempfile::tempdir().unwrap();
        let url = match self {
            Self::Sqlite => format!("sqlite:{}", folder.path().join("l.db").display()),
            Self::Postgres => Server::shared().database(),
        };
        let options = LedgerOptions::from_url(&url).unwrap();
        let options = options.sealed_by(LedgerKey::new([7; 32]));
        let holds: Arc<dyn HoldLedger> = options.open(clock).await.unwrap();
        Opened {
            holds,
            _folder: folder,
        }
    }
}
