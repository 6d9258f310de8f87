//! A ledger in memory.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, PartnerReference};
use time::OffsetDateTime;

use super::memory_feed::Log;
use super::{
    Begun, BookingBegun, BookingOutcome, BookingPermit, Claim, Entry, Evidence, HoldCase,
    HoldLedger, HoldRecord, LedgerError, Listed, Listing, Outcome, Page, SendPermit, memory_list,
};
use crate::clock::Clock;

/// A [`HoldLedger`] in memory that keeps every promise but the first, since it ends with its
/// process: for tests and examples.
///
/// ```
/// use std::sync::Arc;
/// use booking_ports::{HoldLedger, MemoryHoldLedger, Page, SystemClock, Which};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let ledger = MemoryHoldLedger::new(Arc::new(SystemClock::default()));
/// assert!(ledger.list(&Which::Unsettled.into(), Page::first(20)).await.unwrap().records.is_empty());
/// # }
/// ```
pub struct MemoryHoldLedger {
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
pub(super) struct Kept {
    pub(super) cases: HashMap<PartnerReference, Stored>,
    pub(super) log: Log,
}

pub(super) struct Stored {
    pub(super) at: HoldCase,
    entries: Vec<Entry>,
    order: Option<BlockOrder>,
    fingerprint: u64,
}

impl MemoryHoldLedger {
    /// An empty ledger, whose times and leases go by `clock`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ports::{MemoryHoldLedger, SystemClock};
    /// let ledger = MemoryHoldLedger::new(Arc::new(SystemClock::default()));
    /// ```
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            kept: Mutex::default(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` on the case of a reference that was begun.
    fn with<T>(
        &self,
        reference: &PartnerReference,
        work: impl FnOnce(&mut HoldCase, OffsetDateTime) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let now = self.clock.now();
        let mut kept = self.lock();
        let Kept { cases, log } = &mut *kept;
        let stored = cases
            .get_mut(reference)
            .ok_or_else(|| LedgerError::NotFound {
                reference: reference.clone(),
            })?;
        stored.work(log, now, work)
    }
}

fn fingerprint(order: &BlockOrder) -> u64 {
    let mut hasher = DefaultHasher::new();
    order.hash(&mut hasher);
    hasher.finish()
}

impl Stored {
    fn work<T>(
        &mut self,
        log: &mut Log,
        now: OffsetDateTime,
        work: impl FnOnce(&mut HoldCase, OffsetDateTime) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let mut case = self.at.clone();
        let done = work(&mut case, now)?;
        let written = case.take_written();
        log.append(&case.record.reference, &written);
        self.entries.extend(written);
        if !case.record.keeps_order {
            self.order = None;
        }
        self.at = case;
        Ok(done)
    }
}

#[async_trait]
impl HoldLedger for MemoryHoldLedger {
    async fn begin(&self, order: &BlockOrder, lease: Duration) -> Result<Begun, LedgerError> {
        let now = self.clock.now();
        let mut kept = self.lock();
        let Kept { cases, log } = &mut *kept;
        let number = cases.len() as u64 + 1;
        let stored = cases
            .entry(order.reference().clone())
            .or_insert_with(|| Stored {
                at: HoldCase::fresh(HoldRecord {
                    number,
                    ..HoldRecord::begun(order, now)
                }),
                entries: Vec::new(),
                order: Some(order.clone()),
                fingerprint: fingerprint(order),
            });
        if stored.fingerprint != fingerprint(order) {
            return Ok(Begun::Conflict);
        }
        stored.work(log, now, |case, now| case.begin(now, lease))
    }

    async fn end(&self, permit: &SendPermit, outcome: &Outcome) -> Result<HoldRecord, LedgerError> {
        self.with(&permit.reference, |case, now| {
            case.end(permit, outcome, now)
        })
    }

    async fn claim(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<Option<Claim>, LedgerError> {
        self.with(reference, |case, now| case.claim(now, lease))
    }

    async fn repeat(&self, claim: &Claim) -> Result<SendPermit, LedgerError> {
        self.with(&claim.record.reference, |case, now| case.repeat(claim, now))
    }

    async fn release(&self, claim: &Claim) -> Result<(), LedgerError> {
        self.with(&claim.record.reference, |case, _| {
            case.release(claim);
            Ok(())
        })
    }

    async fn learn(
        &self,
        reference: &PartnerReference,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        self.with(reference, |case, now| case.learn(evidence, now))
    }

    async fn conclude(
        &self,
        claim: &Claim,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        self.with(&claim.record.reference, |case, now| {
            case.conclude(claim, evidence, now)
        })
    }

    async fn begin_booking(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<BookingBegun, LedgerError> {
        self.with(reference, |case, now| case.begin_booking(now, lease))
    }

    async fn end_booking(
        &self,
        permit: &BookingPermit,
        outcome: &BookingOutcome,
    ) -> Result<HoldRecord, LedgerError> {
        self.with(&permit.hold.reference, |case, now| {
            case.end_booking(permit, outcome, now)
        })
    }

    async fn find(&self, reference: &PartnerReference) -> Result<Option<HoldRecord>, LedgerError> {
        Ok(self
            .lock()
            .cases
            .get(reference)
            .map(|stored| stored.at.record.clone()))
    }

    async fn story(&self, reference: &PartnerReference) -> Result<Vec<Entry>, LedgerError> {
        let kept = self.lock();
        Ok(kept
            .cases
            .get(reference)
            .map(|stored| stored.entries.clone())
            .unwrap_or_default())
    }

    async fn list(&self, listing: &Listing, page: Page) -> Result<Listed, LedgerError> {
        let kept = self.lock();
        let records = kept.cases.values().map(|stored| &stored.at.record);
        Ok(memory_list::page_of(records, listing, page).into())
    }

    async fn order(&self, reference: &PartnerReference) -> Result<Option<BlockOrder>, LedgerError> {
        Ok(self
            .lock()
            .cases
            .get(reference)
            .and_then(|stored| stored.order.clone()))
    }

    async fn disclose(
        &self,
        reference: &PartnerReference,
        by: &str,
    ) -> Result<Option<BlockOrder>, LedgerError> {
        let order = self.order(reference).await?;
        let given = self.with(reference, |case, now| case.disclose(by, now))?;
        Ok(order.filter(|_| given))
    }

    async fn shred(&self, reference: &PartnerReference) -> Result<(), LedgerError> {
        self.with(reference, |case, now| case.shred(now).map(drop))
    }
}
