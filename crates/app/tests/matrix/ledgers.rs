//! The ledgers under test.

use std::sync::Arc;

use booking_ledger::{LedgerKey, SqliteLedger, SqliteOptions};
use booking_ports::{Clock, HoldLedger, MemoryHoldLedger};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Memory,
    Sqlite,
}

pub(crate) const KEPT: [Kept; 2] = [Kept::Memory, Kept::Sqlite];

/// A ledger that seals orders, and what it lives in.
pub(crate) struct Opened {
    pub(crate) holds: Arc<dyn HoldLedger>,
    _folder: TempDir,
}

impl Kept {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "sqlite",
        }
    }

    pub(crate) async fn open(self, clock: Arc<dyn Clock>) -> Opened {
        let folder = tempfile::tempdir().unwrap();
        let holds: Arc<dyn HoldLedger> = match self {
            Self::Memory => Arc::new(MemoryHoldLedger::new(clock)),
            Self::Sqlite => {
                let options = SqliteOptions::at(folder.path().join("l.db"));
                let options = options.sealed_by(LedgerKey::new([7; 32]));
                Arc::new(SqliteLedger::open(&options, clock).await.unwrap())
            }
        };
        Opened {
            holds,
            _folder: folder,
        }
    }
}
