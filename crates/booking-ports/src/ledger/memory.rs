//! A ledger in memory.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, HoldState, PartnerReference};
use time::OffsetDateTime;

use super::{
    Begun, BookingBegun, BookingOutcome, BookingPermit, Claim, Entry, Evidence, HoldCase,
    HoldLedger, HoldRecord, LedgerError, Outcome, Page, SendPermit, Which,
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
/// assert!(ledger.list(Which::Unsettled, Page::first(20)).await.unwrap().is_empty());
/// # }
/// ```
pub struct MemoryHoldLedger {
    clock: Arc<dyn Clock>,
    cases: Mutex<HashMap<PartnerReference, Kept>>,
}

struct Kept {
    at: HoldCase,
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
            cases: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PartnerReference, Kept>> {
        self.cases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` on the case of a reference that was begun.
    fn with<T>(
        &self,
        reference: &PartnerReference,
        work: impl FnOnce(&mut HoldCase, OffsetDateTime) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let now = self.clock.now();
        let mut cases = self.lock();
        let stored = cases
            .get_mut(reference)
            .ok_or_else(|| LedgerError::NotFound {
                reference: reference.clone(),
            })?;
        stored.work(now, work)
    }
}

fn fingerprint(order: &BlockOrder) -> u64 {
    let mut hasher = DefaultHasher::new();
    order.hash(&mut hasher);
    hasher.finish()
}

impl Kept {
    fn work<T>(
        &mut self,
        now: OffsetDateTime,
        work: impl FnOnce(&mut HoldCase, OffsetDateTime) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let mut case = self.at.clone();
        let done = work(&mut case, now)?;
        self.entries.extend(case.take_written());
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
        let mut cases = self.lock();
        let number = cases.len() as u64 + 1;
        let stored = cases
            .entry(order.reference().clone())
            .or_insert_with(|| Kept {
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
        stored.work(now, |case, now| case.begin(now, lease))
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
            .get(reference)
            .map(|stored| stored.at.record.clone()))
    }

    async fn story(&self, reference: &PartnerReference) -> Result<Vec<Entry>, LedgerError> {
        let cases = self.lock();
        Ok(cases
            .get(reference)
            .map(|stored| stored.entries.clone())
            .unwrap_or_default())
    }

    async fn list(&self, which: Which, page: Page) -> Result<Vec<HoldRecord>, LedgerError> {
        let cases = self.lock();
        let mut records: Vec<HoldRecord> = cases
            .values()
            .map(|stored| &stored.at.record)
            .filter(|record| match which {
                Which::All => true,
                Which::State(name) => record.state.name() == name,
                Which::Unsettled => record.is_unsettled(),
                Which::NextToExpire => {
                    matches!(record.state, HoldState::Held(_)) && !record.is_unsettled()
                }
                Which::EndedBefore(moment) => {
                    record.has_ended() && record.keeps_order && record.changed_at < moment
                }
            })
            .cloned()
            .collect();
        // By what the record is, not where it stood: it may have left the list since.
        let key = |record: &HoldRecord| {
            let by = match which {
                Which::NextToExpire => record.hold().map(|hold| hold.deadline.at()),
                Which::EndedBefore(_) => Some(record.changed_at),
                Which::All | Which::State(_) | Which::Unsettled => None,
            };
            (by, record.number)
        };
        let after = page.after.and_then(|after| {
            let mut all = cases.values().map(|stored| &stored.at.record);
            all.find(|record| record.number == after).map(key)
        });
        records.sort_by_key(key);
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        Ok(records
            .into_iter()
            .filter(|record| after.is_none_or(|after| key(record) > after))
            .take(limit)
            .collect())
    }

    async fn order(&self, reference: &PartnerReference) -> Result<Option<BlockOrder>, LedgerError> {
        Ok(self
            .lock()
            .get(reference)
            .and_then(|stored| stored.order.clone()))
    }

    async fn shred(&self, reference: &PartnerReference) -> Result<(), LedgerError> {
        self.with(reference, |case, now| case.shred(now).map(drop))
    }
}
