//! The one task that writes: whatever waits is done in one transaction, so that the price of
//! durability is paid once for all of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use booking_ports::{Clock, LedgerError};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::owner::Owner;
use super::recent::{Begun, FIRST_REVISION, Recent};
use super::store::{self, Change, Writing};
use super::ticket::{Subject, Ticket};
use crate::bell::Bell;
use crate::error::{in_doubt, leaves_doubt, unavailable};
use crate::keyring::Keyring;
use crate::moment::stored;

/// So many at most in one transaction; more would make the first wait for the last.
const GROUP: usize = 64;

/// How often a log is emptied anew that a reader kept.
const OWED_EVERY: Duration = Duration::from_secs(1);

/// How long readers are waited for, while nothing is written: when an order has just been deleted, and when
/// its log is still there.
const AT_FIRST: &str = "PRAGMA busy_timeout = 250";
const OWED: &str = "PRAGMA busy_timeout = 25";

pub(super) struct Writer {
    pub(super) connection: SqliteConnection,
    pub(super) keyring: Arc<Keyring>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) owner: Owner,
    pub(super) commits: Arc<AtomicU64>,
    pub(super) bell: Arc<Bell>,
    pub(super) recent: Recent,
    /// When a log that still holds what was deleted is emptied anew.
    pub(super) log_owed: Option<Instant>,
}

impl Writer {
    /// Until every handle on the ledger is gone.
    pub(super) async fn run(mut self, mut tickets: mpsc::Receiver<Ticket>) {
        let mut waiting = Vec::with_capacity(GROUP);
        while !waiting.is_empty() || self.receive(&mut tickets, &mut waiting).await > 0 {
            while waiting.len() < GROUP
                && let Ok(ticket) = tickets.try_recv()
            {
                waiting.push(ticket);
            }
            waiting.retain(|ticket| !ticket.work.is_pointless());
            let group;
            (group, waiting) = one_of_each(waiting);
            if !group.is_empty() {
                self.write(group).await;
            }
        }
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the ledger was not closed cleanly; it is whole all the same");
        }
    }

    async fn receive(
        &mut self,
        tickets: &mut mpsc::Receiver<Ticket>,
        waiting: &mut Vec<Ticket>,
    ) -> usize {
        while let Some(due) = self.log_owed {
            if Instant::now() < due
                && let Ok(received) = timeout_at(due, tickets.recv_many(waiting, GROUP)).await
            {
                return received;
            }
            if let Err(error) = self.truncate_log(OWED).await {
                tracing::debug!(%error, "the log could not be emptied yet");
            }
        }
        tickets.recv_many(waiting, GROUP).await
    }

    async fn write(&mut self, mut group: Vec<Ticket>) {
        match self.transaction(&mut group).await {
            Ok(()) => self.finish(group).await,
            // What may be in the log already must not be told as missing, whatever a second try says.
            Err(error @ LedgerError::InDoubt { .. }) => refuse(group, &error),
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
        if let [ticket] = group
            && self.on_a_guess(ticket).await?
        {
            return Ok(());
        }
        let writings = match self.decide_each(group).await {
            Ok(writings) => writings,
            Err(error) => {
                self.roll_back().await;
                return Err(unavailable(error));
            }
        };
        match self.commit(&writings).await {
            Ok(()) => {
                // Whoever waits for changes finds none in a group that only asked.
                if !writings.is_empty() {
                    self.committed();
                }
                Ok(())
            }
            Err(error) => Err(self.failed_commit(error).await),
        }
    }

    fn committed(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.bell.ring();
    }

    async fn failed_commit(&mut self, error: sqlx::Error) -> LedgerError {
        self.roll_back().await;
        if leaves_doubt(&error) && self.overwrite().await.is_err() {
            return in_doubt(error);
        }
        unavailable(error)
    }

    /// What comes alone is nearly always a new reference, or the end of one that was begun here. It
    /// is decided on that guess and stored in one step, if the guess holds; else nothing is done.
    async fn on_a_guess(&mut self, ticket: &mut Ticket) -> Result<bool, LedgerError> {
        let now = stored(self.clock.now());
        let Some((writing, case)) = self.guess(ticket, now)? else {
            return Ok(false);
        };
        let done = self.commit_on_a_guess(&writing).await;
        let number = match done {
            Ok(Some(number)) => number,
            Ok(None) => return Ok(false),
            Err(error) => return Err(self.failed_commit(error).await),
        };
        self.committed();
        if let (Change::Begin { .. }, Some(mut case)) = (&writing.change, case) {
            case.record.number = u64::try_from(number).unwrap_or_default();
            let begun = Begun {
                case,
                right: writing.right,
                number,
            };
            self.recent.keep(writing.reference, begun);
        }
        Ok(true)
    }

    /// Where there is nothing to roll back, the database says so.
    async fn roll_back(&mut self) {
        let _ = self.execute("ROLLBACK").await;
    }

    /// Begins a transaction, and tells what is to be stored in it.
    async fn decide_each(&mut self, group: &mut [Ticket]) -> Result<Vec<Writing>, sqlx::Error> {
        let references: Vec<_> = group.iter().map(|it| it.subject.reference()).collect();
        let mut rows: HashMap<_, _> = store::begin(&mut self.connection, &references)
            .await?
            .into_iter()
            .map(|row| (row.reference_text().to_owned(), row))
            .collect();
        let now = stored(self.clock.now());
        let mut writings = Vec::with_capacity(group.len());
        for ticket in group {
            let row = rows.remove(ticket.subject.reference().as_str());
            match self.decide(ticket, row, now) {
                Ok(writing) => writings.extend(writing),
                Err(error) => ticket.work.fail(error),
            }
        }
        Ok(writings)
    }

    #[cfg(not(feature = "kill-points"))]
    async fn commit(&mut self, writings: &[Writing]) -> Result<(), sqlx::Error> {
        store::write(&mut self.connection, writings, "; COMMIT").await
    }

    async fn commit_on_a_guess(&mut self, writing: &Writing) -> Result<Option<i64>, sqlx::Error> {
        if cfg!(feature = "kill-points") {
            // Nobody could be killed inside of one step.
            return Ok(None);
        }
        store::write_on_a_guess(&mut self.connection, writing, FIRST_REVISION).await
    }

    /// In two steps, to be killed between them.
    #[cfg(feature = "kill-points")]
    async fn commit(&mut self, writings: &[Writing]) -> Result<(), sqlx::Error> {
        store::write(&mut self.connection, writings, "").await?;
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
            && let Err(error) = self.truncate_log(AT_FIRST).await
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
    async fn truncate_log(&mut self, patience: &'static str) -> Result<(), LedgerError> {
        self.log_owed = Some(Instant::now() + OWED_EVERY);
        self.set(patience).await?;
        let done = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut self.connection)
            .await;
        self.set("PRAGMA busy_timeout = 5000").await?;
        let (busy, _, _): (i64, i64, i64) = done.map_err(unavailable)?;
        if busy == 0 {
            self.log_owed = None;
            return Ok(());
        }
        Err(LedgerError::Unavailable {
            message: "the order is deleted, but a reader keeps the log in which it can still be \
                      found; who has this ledger open empties it when that reader has gone, or \
                      shred it again"
                .to_owned(),
            cause: None,
        })
    }

    async fn set(&mut self, sql: &'static str) -> Result<(), LedgerError> {
        self.execute(sql).await.map_err(unavailable)
    }
}

/// One ticket for each reference, in the order in which they came, and the rest: each is decided on
/// what the one before it left.
fn one_of_each(waiting: Vec<Ticket>) -> (Vec<Ticket>, Vec<Ticket>) {
    let mut seen = HashSet::with_capacity(waiting.len());
    waiting
        .into_iter()
        .partition(|ticket| seen.insert(ticket.subject.reference().clone()))
}

fn refuse(group: Vec<Ticket>, error: &LedgerError) {
    for mut ticket in group {
        ticket.work.fail(error.clone());
        ticket.work.answer();
    }
}
