//! A ledger in a folder of its own, whose clock the test turns.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::{
    BlockOrder, Deadline, OrderDraft, PartnerReference, ProviderStatus, SeatHold, StatusMeaning,
    TransactionId,
};
use booking_ledger::{LedgerKey, OpenError, SqliteLedger, SqliteOptions};
use booking_ports::{Begun, Clock as _, HoldLedger as _, ManualClock, SendPermit};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;
use time::macros::{date, datetime};

pub(crate) const LEASE: Duration = Duration::from_mins(1);

pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) clock: ManualClock,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            // With more than a ledger keeps of it.
            clock: ManualClock::at(datetime!(2026-11-24 10:00:00.000_999_999 +7)),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("holds.db")
    }

    pub(crate) fn options(&self) -> SqliteOptions {
        SqliteOptions::at(self.path()).sealed_by(LedgerKey::new([7; 32]))
    }

    pub(crate) async fn open(&self) -> SqliteLedger {
        self.try_open(&self.options()).await.unwrap()
    }

    pub(crate) async fn try_open(
        &self,
        options: &SqliteOptions,
    ) -> Result<SqliteLedger, OpenError> {
        SqliteLedger::open(options, Arc::new(self.clock.clone())).await
    }

    /// A connection beside the ledger.
    pub(crate) async fn connect(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.path());
        options.connect().await.unwrap()
    }

    pub(crate) async fn execute(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        let mut connection = self.connect().await;
        let done = sqlx::raw_sql(sql).execute(&mut connection).await;
        connection.close().await.unwrap();
        done.map(drop)
    }

    /// The files as they are at this moment: what a machine finds that lost its power now.
    pub(crate) fn copy(&self) -> Self {
        let mut copy = Self::new();
        copy.clock = self.clock.clone();
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            let file = file.unwrap();
            // The index beside the log is made anew after a loss of power.
            if !file.path().to_string_lossy().ends_with("-shm") {
                std::fs::copy(file.path(), copy.folder.path().join(file.file_name())).unwrap();
            }
        }
        copy
    }

    /// The log beside the database.
    pub(crate) fn log(&self) -> PathBuf {
        self.path().with_extension("db-wal")
    }

    /// All bytes of the database and the files beside it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
        }
        bytes
    }

    pub(crate) fn hold(&self, name: &str) -> SeatHold {
        hold_of(&self.clock, name)
    }
}

pub(crate) fn hold_of(clock: &ManualClock, name: &str) -> SeatHold {
    let now = clock.now();
    SeatHold {
        reference: reference(name),
        transaction_id: TransactionId::new(format!("T-{name}")).unwrap(),
        status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
        deadline: Deadline::stated(
            now + time::Duration::minutes(30),
            now,
            time::Duration::hours(2),
        ),
    }
}

pub(crate) fn reference(name: &str) -> PartnerReference {
    PartnerReference::new(name).unwrap()
}

pub(crate) fn order(name: &str) -> BlockOrder {
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(name.to_owned());
    draft.check(date!(2026 - 11 - 24)).unwrap()
}

pub(crate) async fn send(ledger: &SqliteLedger, name: &str) -> SendPermit {
    match ledger.begin(&order(name), LEASE).await.unwrap() {
        Begun::Send(permit) => permit,
        other => unreachable!("{name} may be sent, yet: {other:?}"),
    }
}

pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
