//! The ledger on a server.

mod audit;
mod connections;
mod feed;
mod keys;
mod news;
mod options;
mod owner;
mod reading;
mod recent;
mod schema;
mod server;
mod store;
mod writing;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, PartnerReference};
use booking_ports::{
    Begun, BookingBegun, BookingOutcome, BookingPermit, Claim, Clock, Entry, Evidence, HoldCase,
    HoldLedger, HoldRecord, LedgerError, Listed, Listing, Outcome, Page, SendPermit,
};

pub use options::PostgresOptions;
pub(crate) use options::is_postgres;

use crate::bell::Bell;
use crate::error::OpenError;
use crate::keyring::Keyring;
use crate::store::LedgerSchema;
use connections::Connections;
use owner::Owner;
use recent::Recent;
use schema::Opening;
use writing::Gives;

/// A [`HoldLedger`] in a `PostgreSQL` database, for several processes and machines.
///
/// Every answer is durable: a server that would not keep it is refused. Of one reference's callers,
/// wherever they are, one sends.
///
/// ```no_run
/// use std::sync::Arc;
/// use booking_ledger::{PostgresLedger, PostgresOptions};
/// use booking_ports::{HoldLedger, Page, SystemClock, Which};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let options = PostgresOptions::from_url("postgres:///holds?host=/run/postgresql").unwrap();
/// let clock = Arc::new(SystemClock::default());
/// let ledger = PostgresLedger::open(&options, clock).await.unwrap();
/// assert!(ledger.list(&Which::All.into(), Page::first(20)).await.unwrap().records.is_empty());
/// ledger.close().await;
/// # }
/// ```
pub struct PostgresLedger {
    connections: Connections,
    owner: Owner,
    recent: Recent,
    bell: Arc<Bell>,
    keyring: Keyring,
    clock: Arc<dyn Clock>,
}

impl PostgresLedger {
    /// Opens the ledger, makes its schema where there is none, and brings it up to date. Times and
    /// leases go by `clock`, so the clocks of the machines that share a ledger have to agree.
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
    /// let nobody = PostgresOptions::from_url("postgres://127.0.0.1:1/holds").unwrap();
    /// assert!(PostgresLedger::open(&nobody, clock).await.is_err());
    /// # }
    /// ```
    pub async fn open(options: &PostgresOptions, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let mut opening = Opening::begin(options).await?;
        opening.migrate().await?;
        opening.compare_clocks(&*clock).await?;
        opening.keep_feed_ahead().await?;
        let keyring = keys::keyring(&mut opening.connection, options).await?;
        opening.close().await;
        let bell = Arc::new(Bell::default());
        let owner = Owner::begin(options.connect(), Arc::clone(&bell))
            .await
            .map_err(|cause| options.failed(cause))?;
        Ok(Self {
            connections: Connections::new(options.connect()),
            owner,
            recent: Recent::default(),
            bell,
            keyring,
            clock,
        })
    }

    /// Lets go of the server. A ledger that is dropped does the same, but nobody can tell when.
    ///
    /// ```
    /// # use booking_ledger::PostgresLedger;
    /// async fn end_of_the_program(ledger: PostgresLedger) {
    ///     ledger.close().await;
    /// }
    /// ```
    pub async fn close(mut self) {
        self.connections.close();
        self.owner.end().await;
    }
}

impl PostgresLedger {
    /// Which schema is there.
    pub(crate) async fn schema(options: &PostgresOptions) -> Result<LedgerSchema, OpenError> {
        let mut opening = Opening::begin(options).await?;
        let found = opening.version().await?;
        opening.close().await;
        let known = schema::known();
        Ok(LedgerSchema { found, known })
    }

    pub(crate) async fn migrate(options: &PostgresOptions) -> Result<(), OpenError> {
        let mut opening = Opening::begin(options).await?;
        opening.migrate().await?;
        opening.keep_feed_ahead().await?;
        opening.close().await;
        Ok(())
    }
}

impl PostgresOptions {
    fn failed(&self, cause: sqlx::Error) -> OpenError {
        OpenError::Database {
            place: self.place().to_owned(),
            cause,
        }
    }
}

#[async_trait]
impl HoldLedger for PostgresLedger {
    async fn begin(&self, order: &BlockOrder, lease: Duration) -> Result<Begun, LedgerError> {
        self.begin_order(order, lease).await
    }

    async fn end(&self, permit: &SendPermit, outcome: &Outcome) -> Result<HoldRecord, LedgerError> {
        let reference = &permit.reference;
        let found = self.recent.take(reference);
        self.change_from(found, reference, Gives::Nothing, |case, now| {
            case.end(permit, outcome, now)
        })
        .await
    }

    async fn claim(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<Option<Claim>, LedgerError> {
        self.change(reference, Gives::Claim, |case, now| case.claim(now, lease))
            .await
    }

    async fn repeat(&self, claim: &Claim) -> Result<SendPermit, LedgerError> {
        self.change(&claim.record.reference, Gives::Permit, |case, now| {
            case.repeat(claim, now)
        })
        .await
    }

    async fn release(&self, claim: &Claim) -> Result<(), LedgerError> {
        self.change(&claim.record.reference, Gives::Nothing, |case, _| {
            case.release(claim);
            Ok(())
        })
        .await
    }

    async fn learn(
        &self,
        reference: &PartnerReference,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        self.change(reference, Gives::Nothing, |case, now| {
            case.learn(evidence, now)
        })
        .await
    }

    async fn conclude(
        &self,
        claim: &Claim,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        self.change(&claim.record.reference, Gives::Nothing, |case, now| {
            case.conclude(claim, evidence, now)
        })
        .await
    }

    async fn begin_booking(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<BookingBegun, LedgerError> {
        self.change(reference, Gives::Permit, |case, now| {
            case.begin_booking(now, lease)
        })
        .await
    }

    async fn end_booking(
        &self,
        permit: &BookingPermit,
        outcome: &BookingOutcome,
    ) -> Result<HoldRecord, LedgerError> {
        let reference = &permit.hold.reference;
        let found = self.recent.take(reference);
        self.change_from(found, reference, Gives::Nothing, |case, now| {
            case.end_booking(permit, outcome, now)
        })
        .await
    }

    async fn find(&self, reference: &PartnerReference) -> Result<Option<HoldRecord>, LedgerError> {
        let row = self.row(reference).await?;
        row.map(|row| row.row.record()).transpose()
    }

    async fn story(&self, reference: &PartnerReference) -> Result<Vec<Entry>, LedgerError> {
        reading::story(&self.connections, reference).await
    }

    async fn list(&self, listing: &Listing, page: Page) -> Result<Listed, LedgerError> {
        reading::list(&self.connections, listing, page).await
    }

    async fn order(&self, reference: &PartnerReference) -> Result<Option<BlockOrder>, LedgerError> {
        reading::order(&self.connections, &self.keyring, reference).await
    }

    async fn disclose(
        &self,
        reference: &PartnerReference,
        by: &str,
    ) -> Result<Option<BlockOrder>, LedgerError> {
        let order = self.order(reference).await?;
        let told = self
            .change(reference, Gives::Nothing, |case, now| {
                case.disclose(by, now)
            })
            .await?;
        Ok(order.filter(|_| told))
    }

    async fn shred(&self, reference: &PartnerReference) -> Result<(), LedgerError> {
        let shredded = self
            .change(reference, Gives::Nothing, HoldCase::shred)
            .await?;
        if shredded {
            self.sweep().await;
        }
        Ok(())
    }
}

impl PostgresLedger {
    /// Has the server clear away what was deleted. It does so by itself some time, and where this
    /// role may not ask for it.
    async fn sweep(&self) {
        let swept = self
            .connections
            .ask(|mut on| async move {
                let sql = "VACUUM (SKIP_LOCKED) seatblock.sealed_orders";
                let done = sqlx::query(sql).execute(&mut on).await;
                (on, done)
            })
            .await;
        if let Err(error) = swept {
            tracing::info!(%error, "what was shredded is cleared away by PostgreSQL's own sweep");
        }
    }
}
