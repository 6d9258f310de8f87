//! The ledger in a file.

mod audit;
mod connect;
mod decision;
mod feed;
mod keys;
mod owner;
mod place;
mod reading;
mod recent;
mod store;
mod ticket;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, PartnerReference};
use booking_ports::{
    Begun, BookingBegun, BookingOutcome, BookingPermit, Claim, Clock, Entry, Evidence, HoldCase,
    HoldLedger, HoldRecord, LedgerError, Listed, Listing, Outcome, Page, SendPermit,
};
use sqlx::Connection as _;
use sqlx::sqlite::SqlitePool;
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

pub use place::SqliteOptions;

use crate::bell::Bell;
use crate::error::OpenError;
use crate::keyring::Keyring;
use crate::store::LedgerSchema;
use owner::Owner;
use ticket::{Decide, Subject, Ticket, Waiting};
use writer::Writer;

/// So many callers at most wait for the writer; the next wait to be let in.
const QUEUE: usize = 1024;

/// A [`HoldLedger`] in an `SQLite` file, for one machine: several processes may open the same file.
///
/// Every answer is durable (WAL, `synchronous=FULL`). What waits to be written at the same time is
/// written in one transaction. Readers do not wait for writers.
///
/// ```
/// use std::sync::Arc;
/// use booking_ledger::{SqliteLedger, SqliteOptions};
/// use booking_ports::{HoldLedger, Page, SystemClock, Which};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("holds.db");
/// let clock = Arc::new(SystemClock::default());
/// let ledger = SqliteLedger::open(&SqliteOptions::at(path), clock).await.unwrap();
/// assert!(ledger.list(&Which::All.into(), Page::first(20)).await.unwrap().records.is_empty());
/// ledger.close().await;
/// # }
/// ```
pub struct SqliteLedger {
    tickets: mpsc::Sender<Ticket>,
    writer: JoinHandle<()>,
    commits: Arc<AtomicU64>,
    bell: Arc<Bell>,
    readers: SqlitePool,
    keyring: Arc<Keyring>,
}

impl SqliteLedger {
    /// Opens the ledger, makes it where there is none, and brings its schema up to date. Times and
    /// leases go by `clock`.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ledger::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let clock = Arc::new(booking_ports::SystemClock::default());
    /// let nowhere = SqliteOptions::at("/dev/null/holds.db");
    /// assert!(SqliteLedger::open(&nowhere, clock).await.is_err());
    /// # }
    /// ```
    pub async fn open(options: &SqliteOptions, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let mut connection = connect::writer(options).await?;
        let keyring = Arc::new(keys::keyring(&mut connection, options).await?);
        let (tickets, waiting) = mpsc::channel(QUEUE);
        let commits = Arc::new(AtomicU64::new(0));
        let bell = Arc::new(Bell::default());
        let writer = Writer {
            connection,
            clock,
            owner: Owner::begin(options.path())?,
            keyring: Arc::clone(&keyring),
            commits: Arc::clone(&commits),
            bell: Arc::clone(&bell),
            recent: recent::Recent::default(),
            log_owed: None,
        };
        Ok(Self {
            tickets,
            writer: tokio::spawn(writer.run(waiting)),
            commits,
            bell,
            readers: connect::readers(options),
            keyring,
        })
    }

    /// Which schema is there.
    pub(crate) async fn schema(options: &SqliteOptions) -> Result<LedgerSchema, OpenError> {
        connect::schema(options).await
    }

    pub(crate) async fn migrate(options: &SqliteOptions) -> Result<(), OpenError> {
        let closed = connect::writer(options).await?.close().await;
        closed.map_err(|cause| OpenError::of_file(options.path(), cause))
    }

    /// Writes what still waits, and lets go of the file. A ledger that is dropped does the same,
    /// but nobody can tell when.
    ///
    /// ```
    /// # use booking_ledger::SqliteLedger;
    /// async fn end_of_the_program(ledger: SqliteLedger) {
    ///     ledger.close().await;
    /// }
    /// ```
    pub async fn close(self) {
        drop(self.tickets);
        if self.writer.await.is_err() {
            tracing::error!("the ledger's writer did not end well");
        }
        self.readers.close().await;
    }

    /// How many transactions were committed since it was opened. Fewer than was written means that
    /// callers shared them.
    ///
    /// ```
    /// # use booking_ledger::SqliteLedger;
    /// fn shared(ledger: &SqliteLedger, written: u64) -> bool {
    ///     ledger.commits() < written
    /// }
    /// ```
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Has something written, and waits until it is durable.
    async fn write<T: Send + 'static>(
        &self,
        subject: Subject,
        decide: Decide<T>,
        gives_a_right: bool,
    ) -> Result<T, LedgerError> {
        let (work, answer) = Waiting::work(decide, gives_a_right);
        let ticket = Ticket { subject, work };
        let sent = self.tickets.send(ticket).await;
        sent.map_err(|_| stopped())?;
        // What was taken to be written may have been.
        answer.await.map_err(|_| LedgerError::InDoubt {
            message: "its writer has stopped. Open it again".to_owned(),
            cause: None,
        })?
    }

    /// As `write`, of a reference that was begun.
    async fn change<T: Send + 'static>(
        &self,
        reference: &PartnerReference,
        gives_a_right: bool,
        decide: impl FnMut(&mut HoldCase, OffsetDateTime) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let subject = Subject::Reference(reference.clone());
        let decide = of_begun(reference.clone(), decide);
        self.write(subject, decide, gives_a_right).await
    }
}

fn of_begun<T>(
    reference: PartnerReference,
    mut decide: impl FnMut(&mut HoldCase, OffsetDateTime) -> Result<T, LedgerError> + Send + 'static,
) -> Decide<T> {
    Box::new(move |case, now| match case {
        Some(case) => decide(case, now),
        None => Err(LedgerError::NotFound {
            reference: reference.clone(),
        }),
    })
}

fn stopped() -> LedgerError {
    LedgerError::Unavailable {
        message: "its writer has stopped. Open it again".to_owned(),
        cause: None,
    }
}

#[async_trait]
impl HoldLedger for SqliteLedger {
    async fn begin(&self, order: &BlockOrder, lease: Duration) -> Result<Begun, LedgerError> {
        let decide: Decide<Begun> = Box::new(move |case, now| match case {
            Some(case) => case.begin(now, lease),
            None => Ok(Begun::Conflict),
        });
        let subject = Subject::Order(Box::new(order.clone()));
        self.write(subject, decide, true).await
    }

    async fn end(&self, permit: &SendPermit, outcome: &Outcome) -> Result<HoldRecord, LedgerError> {
        let (ended, outcome) = (permit.clone(), outcome.clone());
        self.change(&permit.reference, false, move |case, now| {
            case.end(&ended, &outcome, now)
        })
        .await
    }

    async fn claim(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<Option<Claim>, LedgerError> {
        self.change(reference, true, move |case, now| case.claim(now, lease))
            .await
    }

    async fn repeat(&self, claim: &Claim) -> Result<SendPermit, LedgerError> {
        let held = claim.clone();
        self.change(&claim.record.reference, true, move |case, now| {
            case.repeat(&held, now)
        })
        .await
    }

    async fn release(&self, claim: &Claim) -> Result<(), LedgerError> {
        let held = claim.clone();
        self.change(&claim.record.reference, false, move |case, _| {
            case.release(&held);
            Ok(())
        })
        .await
    }

    async fn learn(
        &self,
        reference: &PartnerReference,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        let evidence = evidence.clone();
        self.change(reference, false, move |case, now| {
            case.learn(&evidence, now)
        })
        .await
    }

    async fn conclude(
        &self,
        claim: &Claim,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        let (held, evidence) = (claim.clone(), evidence.clone());
        self.change(&claim.record.reference, false, move |case, now| {
            case.conclude(&held, &evidence, now)
        })
        .await
    }

    async fn begin_booking(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<BookingBegun, LedgerError> {
        self.change(reference, true, move |case, now| {
            case.begin_booking(now, lease)
        })
        .await
    }

    async fn end_booking(
        &self,
        permit: &BookingPermit,
        outcome: &BookingOutcome,
    ) -> Result<HoldRecord, LedgerError> {
        let (ended, outcome) = (permit.clone(), outcome.clone());
        self.change(&permit.hold.reference, false, move |case, now| {
            case.end_booking(&ended, &outcome, now)
        })
        .await
    }

    async fn find(&self, reference: &PartnerReference) -> Result<Option<HoldRecord>, LedgerError> {
        reading::find(&self.readers, reference).await
    }

    async fn story(&self, reference: &PartnerReference) -> Result<Vec<Entry>, LedgerError> {
        reading::story(&self.readers, reference).await
    }

    async fn list(&self, listing: &Listing, page: Page) -> Result<Listed, LedgerError> {
        reading::list(&self.readers, listing, page).await
    }

    async fn order(&self, reference: &PartnerReference) -> Result<Option<BlockOrder>, LedgerError> {
        reading::order(&self.readers, &self.keyring, reference).await
    }

    async fn disclose(
        &self,
        reference: &PartnerReference,
        by: &str,
    ) -> Result<Option<BlockOrder>, LedgerError> {
        let order = self.order(reference).await?;
        let by = by.to_owned();
        let decide = move |case: &mut HoldCase, now| case.disclose(&by, now);
        let told = self.change(reference, false, decide).await?;
        Ok(order.filter(|_| told))
    }

    async fn shred(&self, reference: &PartnerReference) -> Result<(), LedgerError> {
        let subject = Subject::Shredded(reference.clone());
        let decide = of_begun(reference.clone(), |case, now| case.shred(now).map(drop));
        self.write(subject, decide, false).await
    }
}
