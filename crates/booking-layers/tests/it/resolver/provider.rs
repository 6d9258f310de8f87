//! A model of Klikoo that executes, loses and delays as it is told, and is judged by what it holds.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use booking_domain::{
    BlockOrder, Deadline, PartnerReference, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
use booking_ports::{
    BlockError, Clock, InquiryError, ManualClock, NotSent, NotSentKind, Outcome, Refusal,
    RefusalKind, SeatBlocker, Transaction, TransactionInquiry, Unknown, UnknownKind,
};
use time::{Duration, OffsetDateTime};

/// What happens to one sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is executed and answered.
    Answered,
    /// It is executed; the answer is lost.
    AnswerLost,
    /// It is lost on its way.
    RequestLost,
    /// It provably never leaves.
    NeverSent,
}

/// The points that the reference leaves open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// A refused block uses its reference up.
    pub(crate) refusal_uses_reference: bool,
    /// A used reference is noticed before a taken seat is.
    pub(crate) duplicates_first: bool,
    /// The history can be searched by reference.
    pub(crate) history: bool,
}

impl Reading {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..8).map(|bits| Self {
            refusal_uses_reference: bits & 1 > 0,
            duplicates_first: bits & 2 > 0,
            history: bits & 4 > 0,
        })
    }
}

struct Held {
    reference: PartnerReference,
    transaction: Transaction,
    seats: HashSet<(i64, String)>,
    until: OffsetDateTime,
}

#[derive(Default)]
struct State {
    fates: VecDeque<Fate>,
    held: Vec<Held>,
    used: HashSet<PartnerReference>,
    sendings: usize,
}

/// Cheap to clone; clones share one provider.
#[derive(Clone)]
pub(crate) struct Provider {
    clock: ManualClock,
    reading: Reading,
    state: Arc<Mutex<State>>,
}

pub(crate) const HOLD: Duration = Duration::minutes(30);

impl Provider {
    pub(crate) fn new(clock: &ManualClock, reading: Reading) -> Self {
        Self {
            clock: clock.clone(),
            reading,
            state: Arc::default(),
        }
    }

    /// Decides the fates of the next sendings; later ones are answered.
    pub(crate) fn next(&self, fates: &[Fate]) {
        self.lock().fates.extend(fates);
    }

    pub(crate) fn sendings(&self) -> usize {
        self.lock().sendings
    }

    /// Whether seats are kept for `reference` at this moment.
    pub(crate) fn keeps(&self, reference: &PartnerReference) -> bool {
        let now = self.clock.now();
        self.lock()
            .held
            .iter()
            .any(|held| held.reference == *reference && held.until > now)
    }

    /// How many holds were ever made for `reference`.
    pub(crate) fn made(&self, reference: &PartnerReference) -> usize {
        let state = self.lock();
        state
            .held
            .iter()
            .filter(|held| held.reference == *reference)
            .count()
    }

    /// Another partner's hold of the seats of `order`.
    pub(crate) fn take_seats_of(&self, order: &BlockOrder) {
        let outcome = self.execute(order, PartnerReference::new("somebody-else").unwrap());
        assert!(outcome.is_ok(), "{outcome:?}");
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn execute(&self, order: &BlockOrder, reference: PartnerReference) -> Outcome {
        let now = self.clock.now();
        let mut state = self.lock();
        let seats: HashSet<_> = order
            .legs()
            .flat_map(|leg| {
                let trip = leg.trip_id().get();
                leg.passengers()
                    .iter()
                    .map(move |passenger| (trip, passenger.seat_name().to_string()))
            })
            .collect();
        let used: Option<BlockError> = state.used.contains(&reference).then(|| {
            Unknown::new(reference.clone(), UnknownKind::ReferenceUsed, "used before").into()
        });
        let taken: Option<BlockError> = state
            .held
            .iter()
            .any(|held| held.until > now && !held.seats.is_disjoint(&seats))
            .then(|| {
                Refusal::new(reference.clone(), RefusalKind::Other, "400050001", "taken").into()
            });
        let (first, second) = if self.reading.duplicates_first {
            (used, taken)
        } else {
            (taken, used)
        };
        if let Some(error) = first.or(second) {
            if self.reading.refusal_uses_reference {
                state.used.insert(reference);
            }
            return Err(error);
        }
        let id = TransactionId::new((state.held.len() + 1).to_string()).unwrap();
        let status = ProviderStatus::new(StatusMeaning::Waiting, "WAITING");
        let hold = SeatHold {
            reference: reference.clone(),
            transaction_id: id.clone(),
            status: status.clone(),
            deadline: Deadline::stated(now + HOLD, now, HOLD),
        };
        state.used.insert(reference.clone());
        state.held.push(Held {
            transaction: Transaction {
                id,
                reference: Some(reference.clone()),
                status,
                amount: Some(order.selling_price().get()),
            },
            reference,
            seats,
            until: now + HOLD,
        });
        Ok(hold)
    }
}

#[async_trait]
impl SeatBlocker for Provider {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let fate = {
            let mut state = self.lock();
            state.sendings += 1;
            state.fates.pop_front().unwrap_or(Fate::Answered)
        };
        let reference = order.reference().clone();
        let lost = || {
            Err(Unknown::new(reference.clone(), UnknownKind::ConnectionLost, "no answer").into())
        };
        match fate {
            Fate::Answered => self.execute(order, reference),
            Fate::AnswerLost => {
                let _ = self.execute(order, reference.clone());
                lost()
            }
            Fate::RequestLost => lost(),
            Fate::NeverSent => {
                Err(NotSent::new(reference, NotSentKind::Unreachable, "no connection").into())
            }
        }
    }
}

#[async_trait]
impl TransactionInquiry for Provider {
    async fn by_reference(
        &self,
        reference: &PartnerReference,
        _since: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        if !self.reading.history {
            return Err(InquiryError::Unavailable {
                message: "no history".to_owned(),
                retry_after: None,
                cause: None,
            });
        }
        let state = self.lock();
        let of_reference = state
            .held
            .iter()
            .filter(|held| held.reference == *reference);
        Ok(of_reference.map(|held| self.told(held)).collect())
    }

    async fn by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        let state = self.lock();
        let held = state.held.iter().find(|held| held.transaction.id == *id);
        Ok(held.map(|held| self.told(held)))
    }
}

impl Provider {
    fn told(&self, held: &Held) -> Transaction {
        let status = if held.until > self.clock.now() {
            ProviderStatus::new(StatusMeaning::Waiting, "WAITING")
        } else {
            ProviderStatus::new(StatusMeaning::Ended, "EXPIRED")
        };
        Transaction {
            status,
            ..held.transaction.clone()
        }
    }
}
