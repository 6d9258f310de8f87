//! A model of Klikoo behind a wire that does to each sending what the seed decides.

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

/// What the wire does to one sending: the rows of the failure model, as far as they differ in what
/// Klikoo does and in what the sender learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// Executed and answered.
    Answered,
    /// Rows 3 and 4: it provably never leaves.
    NeverSent,
    /// Rows 5, 6: lost on its way.
    RequestLost,
    /// Row 7: executed, the answer is lost.
    AnswerLost,
    /// Rows 8 to 10: executed, the answer cannot be believed.
    Garbled,
    /// Row 11: not executed, an error of the provider's.
    FailedBefore,
    /// Row 11: executed, and then an error of the provider's.
    FailedAfter,
    /// Row 12: a proxy answers in the provider's place.
    Intercepted,
    /// Row 27: it arrives long after the sender has given up.
    Late,
    /// Row 16 after one repeat, 17: refused before it was looked at.
    Rejected,
}

impl Fate {
    pub(crate) const ALL: [Self; 10] = [
        Self::Answered,
        Self::NeverSent,
        Self::RequestLost,
        Self::AnswerLost,
        Self::Garbled,
        Self::FailedBefore,
        Self::FailedAfter,
        Self::Intercepted,
        Self::Late,
        Self::Rejected,
    ];
}

/// The points that the reference leaves open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) refusal_uses_reference: bool,
    pub(crate) duplicates_first: bool,
    pub(crate) history: bool,
}

/// For how long after its signing a copy is accepted: the token inside it.
const ACCEPTED_FOR: Duration = Duration::minutes(15);

struct Held {
    transaction: Transaction,
    reference: PartnerReference,
    seats: HashSet<String>,
    until: OffsetDateTime,
}

#[derive(Default)]
struct State {
    fates: VecDeque<Fate>,
    held: Vec<Held>,
    used: HashSet<PartnerReference>,
    late: Vec<(BlockOrder, OffsetDateTime)>,
    sent: Vec<(PartnerReference, Fate)>,
}

/// Clones share one Klikoo.
#[derive(Clone)]
pub(crate) struct Klikoo {
    clock: ManualClock,
    reading: Reading,
    state: Arc<Mutex<State>>,
}

impl Klikoo {
    pub(crate) fn new(clock: &ManualClock, reading: Reading) -> Self {
        Self {
            clock: clock.clone(),
            reading,
            state: Arc::default(),
        }
    }

    /// Decides the fate of the next sending; without one it is answered.
    pub(crate) fn decide(&self, fate: Fate) {
        self.lock().fates.push_back(fate);
    }

    /// From now on the wire is sound.
    pub(crate) fn mend(&self) {
        let mut state = self.lock();
        state.fates.clear();
    }

    /// Every sending so far, with its fate.
    pub(crate) fn sent(&self) -> Vec<(PartnerReference, Fate)> {
        self.lock().sent.clone()
    }

    pub(crate) fn holds(&self) -> usize {
        self.lock().held.len()
    }

    /// How many seats' holds live under `reference`.
    pub(crate) fn live(&self, reference: &PartnerReference) -> usize {
        let now = self.clock.now();
        self.lock()
            .held
            .iter()
            .filter(|held| held.reference == *reference && held.until > now)
            .count()
    }

    /// Until when the hold of `reference` is kept.
    pub(crate) fn until(&self, reference: &PartnerReference) -> Option<OffsetDateTime> {
        let state = self.lock();
        state
            .held
            .iter()
            .find(|held| held.reference == *reference)
            .map(|held| held.until)
    }

    /// Lets what was delayed arrive; a copy whose token has ended is not accepted.
    pub(crate) fn deliver_late(&self) {
        let late = std::mem::take(&mut self.lock().late);
        for (order, signed_at) in late {
            if self.clock.now() < signed_at + ACCEPTED_FOR {
                let _ = self.execute(&order);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn execute(&self, order: &BlockOrder) -> Outcome {
        let now = self.clock.now();
        let mut state = self.lock();
        let reference = order.reference().clone();
        let seats: HashSet<String> = order
            .legs()
            .flat_map(booking_domain::Leg::passengers)
            .map(|passenger| passenger.seat_name().to_string())
            .collect();
        let used = state.used.contains(&reference).then(|| {
            BlockError::from(Unknown::new(
                reference.clone(),
                UnknownKind::ReferenceUsed,
                "used before",
            ))
        });
        let taken = state
            .held
            .iter()
            .any(|held| held.until > now && !held.seats.is_disjoint(&seats))
            .then(|| refusal(&reference, RefusalKind::Other, "taken"));
        let refused = if self.reading.duplicates_first {
            used.or(taken)
        } else {
            taken.or(used)
        };
        if let Some(error) = refused {
            if self.reading.refusal_uses_reference {
                state.used.insert(reference);
            }
            return Err(error);
        }
        let id = TransactionId::new((state.held.len() + 1).to_string()).unwrap();
        let status = ProviderStatus::new(StatusMeaning::Waiting, "WAITING");
        // Holds of different lengths: what is found later states none.
        let until =
            now + Duration::minutes(10 + 10 * i64::try_from(state.held.len() % 11).unwrap());
        state.used.insert(reference.clone());
        state.held.push(Held {
            transaction: Transaction {
                id: id.clone(),
                reference: Some(reference.clone()),
                status: status.clone(),
                amount: Some(order.selling_price().get()),
            },
            reference: reference.clone(),
            seats,
            until,
        });
        Ok(SeatHold {
            reference,
            transaction_id: id,
            status,
            deadline: Deadline::stated(until, now, Duration::hours(2)),
        })
    }

    fn told(&self, held: &Held) -> Transaction {
        let status = if held.until > self.clock.now() {
            held.transaction.status.clone()
        } else {
            ProviderStatus::new(StatusMeaning::Ended, "EXPIRED")
        };
        Transaction {
            status,
            ..held.transaction.clone()
        }
    }
}

fn refusal(reference: &PartnerReference, kind: RefusalKind, message: &str) -> BlockError {
    Refusal::new(reference.clone(), kind, "400050001", message).into()
}

#[async_trait]
impl SeatBlocker for Klikoo {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let reference = order.reference().clone();
        let fate = {
            let mut state = self.lock();
            let fate = state.fates.pop_front().unwrap_or(Fate::Answered);
            state.sent.push((reference.clone(), fate));
            fate
        };
        // Others run, and processes crash, while this is on its way.
        tokio::task::yield_now().await;
        let executed = match fate {
            Fate::Answered | Fate::AnswerLost | Fate::Garbled | Fate::FailedAfter => {
                Some(self.execute(order))
            }
            _ => None,
        };
        tokio::task::yield_now().await;
        let unknown = |kind| Err(Unknown::new(reference.clone(), kind, "simulated").into());
        match (fate, executed) {
            (Fate::Answered, Some(outcome)) => outcome,
            (Fate::NeverSent, _) => {
                Err(NotSent::new(reference, NotSentKind::Unreachable, "simulated").into())
            }
            (Fate::Rejected, _) => Err(refusal(&reference, RefusalKind::Signature, "simulated")),
            (Fate::Late, _) => {
                let signed_at = self.clock.now();
                self.lock().late.push((order.clone(), signed_at));
                unknown(UnknownKind::Timeout)
            }
            (Fate::Garbled, _) => unknown(UnknownKind::UnreadableReply),
            (Fate::FailedBefore | Fate::FailedAfter, _) => unknown(UnknownKind::ProviderFailure),
            (Fate::Intercepted, _) => unknown(UnknownKind::NotDefinitive),
            _ => unknown(UnknownKind::ConnectionLost),
        }
    }
}

#[async_trait]
impl TransactionInquiry for Klikoo {
    async fn by_reference(
        &self,
        reference: &PartnerReference,
        _since: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        tokio::task::yield_now().await;
        if !self.reading.history {
            return Err(InquiryError::Unavailable {
                message: "no history".to_owned(),
                cause: None,
            });
        }
        let state = self.lock();
        let named = state
            .held
            .iter()
            .filter(|held| held.reference == *reference);
        Ok(named.map(|held| self.told(held)).collect())
    }

    async fn by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        tokio::task::yield_now().await;
        let state = self.lock();
        let held = state.held.iter().find(|held| held.transaction.id == *id);
        Ok(held.map(|held| self.told(held)))
    }
}
