//! The one task that writes: whatever waits is done in one transaction, so that the price of
//! durability is paid once for all of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use booking_domain::BlockOrder;
use booking_ports::{Clock, HoldCase, LedgerError};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::sync::mpsc;

use super::owner::Owner;
use super::store::{self, NewHold};
use super::ticket::{Subject, Ticket};
use crate::error::{in_doubt, leaves_doubt, unavailable};
use crate::keyring::Keyring;
use crate::moment::stored;
use crate::row::{BeginningRow, DerivedRow, HoldRow, Right, begun, lines};

/// So many at most in one transaction; more would make the first wait for the last.
const GROUP: usize = 64;

pub(super) struct Writer {
    pub(super) connection: SqliteConnection,
    pub(super) keyring: Arc<Keyring>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) owner: Owner,
    pub(super) commits: Arc<AtomicU64>,
}

/// Why a ticket was not written.
enum Failure {
    /// It alone cannot be.
    Refused(LedgerError),
    /// The transaction cannot go on.
    Storage(sqlx::Error),
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::Refused(error)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Storage(error)
    }
}

impl Writer {
    /// Until every handle on the ledger is gone.
    pub(super) async fn run(mut self, mut tickets: mpsc::Receiver<Ticket>) {
        let mut waiting = Vec::with_capacity(GROUP);
        while tickets.recv_many(&mut waiting, GROUP).await > 0 {
            waiting.retain(|ticket| !ticket.work.is_pointless());
            let group = std::mem::take(&mut waiting);
            self.write(group).await;
        }
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the ledger was not closed cleanly; it is whole all the same");
        }
    }

    async fn write(&mut self, mut group: Vec<Ticket>) {
        match self.transaction(&mut group).await {
            Ok(()) => self.finish(group).await,
            Err(_) if group.len() > 1 => {
                // One of them may be at fault. None was committed, so each is tried on its own.
                for ticket in group {
                    let mut alone = vec![ticket];
                    match self.transaction(&mut alone).await {
                        Ok(()) => self.finish(alone).await,
                        Err(error) => refuse(alone, &error),
                    }
                }
            }
            Err(error) => refuse(group, &error),
        }
    }

    /// Ok only once everything is durable.
    async fn transaction(&mut self, group: &mut [Ticket]) -> Result<(), LedgerError> {
        let applied = self.try_transaction(group).await;
        let committed = match &applied {
            Ok(()) => self.commit().await,
            Err(_) => Ok(()),
        };
        if applied.is_ok() && committed.is_ok() {
            self.commits.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        // Where there is nothing to roll back, this says so.
        let _ = self.execute("ROLLBACK").await;
        applied.map_err(unavailable)?;
        match committed {
            Err(error) if leaves_doubt(&error) && self.overwrite().await.is_err() => {
                Err(in_doubt(error))
            }
            committed => committed.map_err(unavailable),
        }
    }

    async fn try_transaction(&mut self, group: &mut [Ticket]) -> Result<(), sqlx::Error> {
        self.execute("BEGIN IMMEDIATE").await?;
        for ticket in group {
            match self.apply(ticket).await {
                Ok(()) => {}
                Err(Failure::Refused(error)) => ticket.work.fail(error),
                Err(Failure::Storage(error)) => return Err(error),
            }
        }
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), sqlx::Error> {
        #[cfg(feature = "kill-points")]
        crate::kill_points::pass("ledger.commit");
        self.execute("COMMIT").await
    }

    /// A commit that failed in its sync stands in the log, whole, where the next process to open
    /// it would find it. What is written next takes its place: here, a number that is there anyway.
    async fn overwrite(&mut self) -> Result<(), sqlx::Error> {
        self.execute("BEGIN IMMEDIATE").await?;
        let written = async {
            let version: i64 = sqlx::query_scalar("PRAGMA user_version")
                .fetch_one(&mut self.connection)
                .await?;
            let same = AssertSqlSafe(format!("PRAGMA user_version = {version}"));
            sqlx::raw_sql(same).execute(&mut self.connection).await?;
            self.execute("COMMIT").await
        }
        .await;
        if written.is_err() {
            let _ = self.execute("ROLLBACK").await;
        }
        written
    }

    async fn execute(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        let done = sqlx::query(sql).execute(&mut self.connection).await;
        done.map(drop)
    }

    async fn finish(&mut self, mut group: Vec<Ticket>) {
        let is_shredded = |ticket: &Ticket| matches!(ticket.subject, Subject::Shredded(_));
        if group.iter().any(is_shredded)
            && let Err(error) = self.truncate_log().await
        {
            for ticket in group.iter_mut().filter(|ticket| is_shredded(ticket)) {
                ticket.work.fail(error.clone());
            }
        }
        for ticket in group {
            ticket.work.answer();
        }
    }

    /// The log holds pages as they were; only an empty one holds nothing.
    async fn truncate_log(&mut self) -> Result<(), LedgerError> {
        // Meanwhile nothing is written, so readers are not waited for as long as writers are.
        self.set("PRAGMA busy_timeout = 250").await?;
        let done = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut self.connection)
            .await;
        self.set("PRAGMA busy_timeout = 5000").await?;
        let (busy, _, _): (i64, i64, i64) = done.map_err(unavailable)?;
        if busy == 0 {
            return Ok(());
        }
        Err(LedgerError::Unavailable {
            message: "the order is deleted, but a reader keeps the log in which it can still be \
                      found; shred it again"
                .to_owned(),
            cause: None,
        })
    }

    async fn set(&mut self, sql: &'static str) -> Result<(), LedgerError> {
        self.execute(sql).await.map_err(unavailable)
    }

    async fn apply(&mut self, ticket: &mut Ticket) -> Result<(), Failure> {
        let now = stored(self.clock.now());
        let row = store::load(&mut self.connection, ticket.subject.reference()).await?;
        match (row, &ticket.subject) {
            (None, Subject::Order(order)) => {
                let record = begun(order, now, self.keyring.seals());
                let mut case = HoldCase::fresh(record);
                if ticket.work.decide(Some(&mut case), now) {
                    self.insert(order, case).await?;
                }
            }
            (None, _) => {
                ticket.work.decide(None, now);
            }
            (Some(row), Subject::Order(order))
                if !self.keyring.is_same(row.key_id, order, &row.fingerprint)? =>
            {
                ticket.work.decide(None, now);
            }
            (Some(row), _) => {
                let mut case = row.case()?;
                if row.right.owner.is_some_and(|it| self.owner.has_ended(it)) {
                    case.lease_ends = None;
                }
                if ticket.work.decide(Some(&mut case), now) {
                    self.update(&row, case).await?;
                }
            }
        }
        Ok(())
    }

    async fn insert(&mut self, order: &BlockOrder, mut case: HoldCase) -> Result<(), Failure> {
        // All that can be refused comes before the first statement.
        let entries = lines(case.take_written())?;
        let beginning = BeginningRow::of(&case.record)?;
        let derived = DerivedRow::of(&case.record)?;
        let sealed = self.keyring.seal(order)?;
        let right = Right::of(&case, None, self.owner.id);
        let new = NewHold {
            beginning: &beginning,
            key_id: self.keyring.current(),
            fingerprint: &self.keyring.fingerprint(order)?,
            sealed: sealed.as_ref(),
        };
        let number = store::insert(&mut self.connection, new, &derived, &right).await?;
        self.append(number, entries).await
    }

    async fn update(&mut self, row: &HoldRow, mut case: HoldCase) -> Result<(), Failure> {
        let entries = lines(case.take_written())?;
        let derived = DerivedRow::of(&case.record)?;
        let right = Right::of(&case, Some(&row.right), self.owner.id);
        if entries.is_empty() && right == row.right {
            return Ok(());
        }
        store::update(&mut self.connection, row.number, &derived, &right).await?;
        if row.derived.keeps_order && !derived.keeps_order {
            store::delete_order(&mut self.connection, row.number).await?;
        }
        self.append(row.number, entries).await
    }

    async fn append(&mut self, number: i64, lines: Vec<(i64, String)>) -> Result<(), Failure> {
        for (at, fact) in lines {
            store::append(&mut self.connection, number, at, &fact).await?;
        }
        Ok(())
    }
}

fn refuse(group: Vec<Ticket>, error: &LedgerError) {
    for mut ticket in group {
        ticket.work.fail(error.clone());
        ticket.work.answer();
    }
}
