//! A ledger in memory.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, HoldState, PartnerReference};
use time::OffsetDateTime;

use super::{
    Begun, Claim, Entry, Evidence, Fact, HoldLedger, HoldRecord, LedgerError, Outcome, Page,
    SendPermit, Which,
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
    cases: Mutex<HashMap<PartnerReference, Case>>,
}

struct Case {
    record: HoldRecord,
    entries: Vec<Entry>,
    order: Option<BlockOrder>,
    fingerprint: u64,
    fence: u64,
    lease_ends: Option<OffsetDateTime>,
}

impl Case {
    fn write(&mut self, fact: Fact, now: OffsetDateTime) -> Result<(), LedgerError> {
        self.record
            .apply(&fact, now)
            .map_err(|error| LedgerError::Damaged {
                message: error.to_string(),
            })?;
        self.entries.push(Entry { at: now, fact });
        Ok(())
    }

    fn lease_left(&self, now: OffsetDateTime) -> Option<Duration> {
        self.lease_ends
            .and_then(|ends| (ends - now).try_into().ok())
            .filter(|left: &Duration| !left.is_zero())
    }

    /// Gives up a sender whose lease has passed.
    fn take_over(&mut self, now: OffsetDateTime) -> Result<(), LedgerError> {
        if self.record.state == HoldState::Sending && self.lease_left(now).is_none() {
            let attempt = self.record.attempts;
            self.write(Fact::SenderLost { attempt }, now)?;
        }
        Ok(())
    }

    fn lease(&mut self, now: OffsetDateTime, lease: Duration) -> u64 {
        self.fence += 1;
        self.lease_ends = Some(now + lease);
        self.fence
    }
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

    fn lock(&self) -> MutexGuard<'_, HashMap<PartnerReference, Case>> {
        self.cases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` on the case of a reference that was begun.
    fn with<T>(
        &self,
        reference: &PartnerReference,
        work: impl FnOnce(&mut Case, OffsetDateTime) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let now = self.clock.now();
        let mut cases = self.lock();
        let case = cases
            .get_mut(reference)
            .ok_or_else(|| LedgerError::NotFound {
                reference: reference.clone(),
            })?;
        work(case, now)
    }
}

fn fingerprint(order: &BlockOrder) -> u64 {
    let mut hasher = DefaultHasher::new();
    order.hash(&mut hasher);
    hasher.finish()
}

fn sent(case: &mut Case, now: OffsetDateTime, fence: u64) -> Result<SendPermit, LedgerError> {
    let permit = case.record.next_permit(fence);
    let attempt = permit.attempt;
    case.write(Fact::Sent { attempt }, now)?;
    Ok(permit)
}

#[async_trait]
impl HoldLedger for MemoryHoldLedger {
    async fn begin(&self, order: &BlockOrder, lease: Duration) -> Result<Begun, LedgerError> {
        let now = self.clock.now();
        let mut cases = self.lock();
        let number = cases.len() as u64 + 1;
        let case = cases
            .entry(order.reference().clone())
            .or_insert_with(|| Case {
                record: HoldRecord {
                    number,
                    ..HoldRecord::begun(order, now)
                },
                entries: Vec::new(),
                order: Some(order.clone()),
                fingerprint: fingerprint(order),
                fence: 0,
                lease_ends: None,
            });
        if case.fingerprint != fingerprint(order) {
            return Ok(Begun::Conflict);
        }
        case.take_over(now)?;
        if let Some(left) = case.lease_left(now) {
            return Ok(Begun::Busy { left });
        }
        if !matches!(case.record.state, HoldState::Intended | HoldState::NotSent) {
            return Ok(Begun::Recorded(Box::new(case.record.clone())));
        }
        let fence = case.lease(now, lease);
        Ok(Begun::Send(sent(case, now, fence)?))
    }

    async fn end(&self, permit: &SendPermit, outcome: &Outcome) -> Result<HoldRecord, LedgerError> {
        self.with(&permit.reference, |case, now| {
            let fact = Fact::Ended {
                attempt: permit.attempt,
                outcome: outcome.clone(),
            };
            case.write(fact, now)?;
            if case.fence == permit.fence {
                case.lease_ends = None;
            }
            Ok(case.record.clone())
        })
    }

    async fn claim(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<Option<Claim>, LedgerError> {
        self.with(reference, |case, now| {
            case.take_over(now)?;
            if case.lease_left(now).is_some() || !case.record.is_unsettled() {
                return Ok(None);
            }
            let fence = case.lease(now, lease);
            let record = case.record.clone();
            Ok(Some(Claim { record, fence }))
        })
    }

    async fn repeat(&self, claim: &Claim) -> Result<SendPermit, LedgerError> {
        self.with(&claim.record.reference, |case, now| {
            if case.fence != claim.fence || case.lease_left(now).is_none() {
                return Err(LedgerError::Fenced {
                    reference: claim.record.reference.clone(),
                });
            }
            sent(case, now, claim.fence)
        })
    }

    async fn release(&self, claim: &Claim) -> Result<(), LedgerError> {
        self.with(&claim.record.reference, |case, _| {
            if case.fence == claim.fence {
                case.lease_ends = None;
            }
            Ok(())
        })
    }

    async fn learn(
        &self,
        reference: &PartnerReference,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        self.with(reference, |case, now| {
            case.write(Fact::Learned(evidence.clone()), now)?;
            Ok(case.record.clone())
        })
    }

    async fn find(&self, reference: &PartnerReference) -> Result<Option<HoldRecord>, LedgerError> {
        Ok(self.lock().get(reference).map(|case| case.record.clone()))
    }

    async fn story(&self, reference: &PartnerReference) -> Result<Vec<Entry>, LedgerError> {
        let cases = self.lock();
        Ok(cases
            .get(reference)
            .map(|case| case.entries.clone())
            .unwrap_or_default())
    }

    async fn list(&self, which: Which, page: Page) -> Result<Vec<HoldRecord>, LedgerError> {
        let cases = self.lock();
        let mut records: Vec<HoldRecord> = cases
            .values()
            .map(|case| &case.record)
            .filter(|record| match which {
                Which::All => true,
                Which::State(name) => record.state.name() == name,
                Which::Unsettled => record.is_unsettled(),
                Which::NextToExpire => matches!(record.state, HoldState::Held(_)),
            })
            .cloned()
            .collect();
        let key = |record: &HoldRecord| match (which, &record.state) {
            (Which::NextToExpire, HoldState::Held(hold)) => {
                (Some(hold.deadline.at()), record.number)
            }
            _ => (None, record.number),
        };
        records.sort_by_key(key);
        let begin = match page.after {
            None => 0,
            Some(after) => records
                .iter()
                .position(|record| record.number == after)
                .map_or(records.len(), |place| place + 1),
        };
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        Ok(records.into_iter().skip(begin).take(limit).collect())
    }

    async fn order(&self, reference: &PartnerReference) -> Result<Option<BlockOrder>, LedgerError> {
        Ok(self
            .lock()
            .get(reference)
            .and_then(|case| case.order.clone()))
    }

    async fn shred(&self, reference: &PartnerReference) -> Result<(), LedgerError> {
        self.with(reference, |case, now| {
            if case.record.is_unsettled() {
                return Err(LedgerError::Unsettled {
                    reference: reference.clone(),
                });
            }
            if case.order.take().is_some() {
                case.write(Fact::Shredded, now)?;
            }
            Ok(())
        })
    }
}
