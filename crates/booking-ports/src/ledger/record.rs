//! Where a reference stands: what follows from its entries.

use std::collections::BTreeSet;

use booking_domain::{
    BlockOrder, Deadline, HoldState, IllegalMove, PartnerReference, ProductCode, Rupiah, SeatName,
    TripId,
};
use time::OffsetDateTime;

use super::fact::{Evidence, Fact, Finding};
use super::{Outcome, SendPermit};
use crate::block_error::{BlockError, Expired, Unknown, UnknownKind};

/// What an order asks for, without its people.
///
/// ```
/// use booking_domain::OrderDraft;
/// use booking_ports::OrderOutline;
/// use time::macros::date;
///
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// let outline = OrderOutline::of(&order);
/// assert_eq!(outline.legs[0].trip_id, order.departure().trip_id());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderOutline {
    /// The product.
    pub product_code: ProductCode,
    /// What the traveller pays for all of it.
    pub selling_price: Rupiah,
    /// The departure leg, and the return leg where there is one.
    pub legs: Vec<LegOutline>,
}

/// A trip and the seats on it.
///
/// ```
/// use booking_domain::{SeatName, TripId};
/// use booking_ports::LegOutline;
///
/// let leg = LegOutline {
///     trip_id: TripId::new(188_336).unwrap(),
///     seats: vec![SeatName::new("8").unwrap()],
/// };
/// assert_eq!(leg.seats.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegOutline {
    /// The trip.
    pub trip_id: TripId,
    /// Its seats.
    pub seats: Vec<SeatName>,
}

impl OrderOutline {
    /// What `order` asks for.
    ///
    /// ```
    /// # use booking_ports::OrderOutline;
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(OrderOutline::of(&order).selling_price, order.selling_price());
    /// ```
    #[must_use]
    pub fn of(order: &BlockOrder) -> Self {
        let leg = |leg: &booking_domain::Leg| LegOutline {
            trip_id: leg.trip_id(),
            seats: leg
                .passengers()
                .iter()
                .map(|passenger| passenger.seat_name().clone())
                .collect(),
        };
        Self {
            product_code: order.product_code().clone(),
            selling_price: order.selling_price(),
            legs: order.legs().map(leg).collect(),
        }
    }
}

/// Where a reference stands. Every ledger keeps one beside the entries, and it is never anything
/// but [`HoldRecord::begun`] with each entry [applied](HoldRecord::apply) in turn.
///
/// ```
/// use booking_domain::{HoldState, OrderDraft};
/// use booking_ports::{Fact, HoldRecord};
/// use time::macros::{date, datetime};
///
/// let now = datetime!(2026-11-24 10:00 +7);
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// let mut record = HoldRecord::begun(&order, now);
/// record.apply(&Fact::Sent { attempt: 1 }, now).unwrap();
/// record.apply(&Fact::SenderLost { attempt: 1 }, now).unwrap();
/// assert_eq!(record.state, HoldState::Unknown);
/// ```
#[derive(Clone, Debug)]
pub struct HoldRecord {
    /// The ledger's own number of the reference: the order in which they were begun.
    pub number: u64,
    /// The reference.
    pub reference: PartnerReference,
    /// What is asked for.
    pub outline: OrderOutline,
    /// Where it stands.
    pub state: HoldState,
    /// Why it is not held, as told by the attempt or the evidence that decided so.
    pub ending: Option<BlockError>,
    /// How often it was marked as sent.
    pub attempts: u32,
    /// The attempts that are not proven to hold nothing.
    pub open_attempts: BTreeSet<u32>,
    /// When it was begun.
    pub begun_at: OffsetDateTime,
    /// When it was last marked as sent.
    pub sent_at: Option<OffsetDateTime>,
    /// When the latest entry was written.
    pub changed_at: OffsetDateTime,
    /// Whether the order with its people is still kept.
    pub keeps_order: bool,
}

impl HoldRecord {
    /// A reference that was begun at `now` and not sent yet.
    ///
    /// ```
    /// # use booking_ports::HoldRecord;
    /// # use time::macros::{date, datetime};
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// let record = HoldRecord::begun(&order, datetime!(2026-11-24 10:00 +7));
    /// assert_eq!(record.attempts, 0);
    /// ```
    #[must_use]
    pub fn begun(order: &BlockOrder, now: OffsetDateTime) -> Self {
        Self {
            number: 0,
            reference: order.reference().clone(),
            outline: OrderOutline::of(order),
            state: HoldState::Intended,
            ending: None,
            attempts: 0,
            open_attempts: BTreeSet::new(),
            begun_at: now,
            sent_at: None,
            changed_at: now,
            keeps_order: true,
        }
    }

    /// Whether somebody has to find out what the provider did.
    ///
    /// ```
    /// # use booking_ports::HoldRecord;
    /// # use time::macros::{date, datetime};
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// assert!(!HoldRecord::begun(&order, datetime!(2026-11-24 10:00 +7)).is_unsettled());
    /// ```
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        matches!(
            self.state,
            HoldState::Sending | HoldState::Unknown | HoldState::HeldWithoutReceipt
        )
    }

    /// Until when the seats are kept, where they are held.
    ///
    /// ```
    /// # use booking_ports::HoldRecord;
    /// # use time::macros::{date, datetime};
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// assert!(HoldRecord::begun(&order, datetime!(2026-11-24 10:00 +7)).deadline().is_none());
    /// ```
    #[must_use]
    pub fn deadline(&self) -> Option<Deadline> {
        match &self.state {
            HoldState::Held(hold) => Some(hold.deadline),
            _ => None,
        }
    }

    /// The answer to whoever asks at `now` to block the same order; `None` while it is being
    /// sent, or may be sent.
    ///
    /// ```
    /// # use booking_ports::HoldRecord;
    /// # use time::macros::{date, datetime};
    /// # let now = datetime!(2026-11-24 10:00 +7);
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// assert!(HoldRecord::begun(&order, now).answer(now).is_none());
    /// ```
    #[must_use]
    pub fn answer(&self, now: OffsetDateTime) -> Option<Outcome> {
        match &self.state {
            HoldState::Intended | HoldState::Sending => None,
            HoldState::Held(hold) if hold.deadline.has_passed(now) => {
                Some(Err(Expired::from(hold.clone()).into()))
            }
            HoldState::Held(hold) | HoldState::Booked(hold) => Some(Ok(hold.clone())),
            HoldState::Expired(hold) => Some(Err(BlockError::Expired(Expired {
                reference: self.reference.clone(),
                hold: hold.clone().map(Box::new),
            }))),
            HoldState::HeldWithoutReceipt => {
                let message =
                    "the provider has an earlier attempt, whose transaction was not found";
                Some(Err(self.unknown(UnknownKind::HeldWithoutReceipt, message)))
            }
            HoldState::Refused | HoldState::NotSent | HoldState::Unknown => {
                self.ending.clone().map(Err)
            }
        }
    }

    /// Takes a fact, written at `at`, into account. A fact that comes too late to change anything
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// [`IllegalMove`]: an attempt that must not be sent.
    ///
    /// ```
    /// # use booking_domain::HoldState;
    /// # use booking_ports::{Fact, HoldRecord};
    /// # use time::macros::{date, datetime};
    /// # let now = datetime!(2026-11-24 10:00 +7);
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// let mut record = HoldRecord::begun(&order, now);
    /// record.apply(&Fact::Sent { attempt: 1 }, now).unwrap();
    /// assert_eq!(record.state, HoldState::Sending);
    /// assert!(record.apply(&Fact::Sent { attempt: 2 }, now).is_err());
    /// ```
    pub fn apply(&mut self, fact: &Fact, at: OffsetDateTime) -> Result<(), IllegalMove> {
        match fact {
            Fact::Sent { attempt } => self.sent(*attempt, at)?,
            Fact::Ended { attempt, outcome } => self.ended(*attempt, outcome),
            Fact::SenderLost { attempt } => {
                if self.advance(HoldState::lose) {
                    let message = format!("the sender of attempt {attempt} ended without a word");
                    self.ending = Some(self.unknown(UnknownKind::SenderLost, &message));
                }
            }
            Fact::Learned(evidence) => self.learned(evidence),
            Fact::Shredded => self.keeps_order = false,
        }
        self.changed_at = at;
        Ok(())
    }

    /// The permit for the next attempt.
    ///
    /// ```
    /// # use booking_ports::HoldRecord;
    /// # use time::macros::{date, datetime};
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// let record = HoldRecord::begun(&order, datetime!(2026-11-24 10:00 +7));
    /// assert_eq!(record.next_permit(1).attempt, 1);
    /// ```
    #[must_use]
    pub fn next_permit(&self, fence: u64) -> SendPermit {
        SendPermit {
            reference: self.reference.clone(),
            attempt: self.attempts + 1,
            fence,
        }
    }

    fn sent(&mut self, attempt: u32, at: OffsetDateTime) -> Result<(), IllegalMove> {
        self.state = match self.state.clone() {
            // A repeat that a resolver makes: it stays unknown whatever becomes of it.
            state @ (HoldState::Unknown | HoldState::HeldWithoutReceipt) => state,
            state => state.send()?,
        };
        self.attempts = attempt;
        self.open_attempts.insert(attempt);
        self.sent_at = Some(at);
        Ok(())
    }

    fn ended(&mut self, attempt: u32, outcome: &Outcome) {
        match outcome {
            Ok(hold) => {
                if !self.advance(|state| state.hold(hold.clone()))
                    && let HoldState::Held(known) = &mut self.state
                    && known.transaction_id == hold.transaction_id
                    && !known.deadline.is_stated()
                {
                    // The receipt of what a search had found comes late, and states the deadline.
                    *known = hold.clone();
                }
            }
            Err(BlockError::Expired(Expired {
                hold: Some(hold), ..
            })) => {
                // By the sender's clock; this ledger's may still be before the deadline.
                self.advance(|state| state.hold((**hold).clone())?.end());
            }
            Err(error @ (BlockError::Refused(_) | BlockError::NotSent(_))) => {
                self.open_attempts.remove(&attempt);
                // Of an attempt beside others that may have held, a refusal proves nothing about
                // those: "seat not available" may be the hold of one of them.
                let decides = self.open_attempts.is_empty();
                let moved = match error {
                    BlockError::NotSent(_) => decides && self.advance(HoldState::not_send),
                    _ => decides && self.advance(HoldState::refuse),
                };
                if moved {
                    self.ending = Some(error.clone());
                }
            }
            Err(error @ BlockError::Unknown(unknown)) => {
                let another = self.open_attempts.iter().any(|open| *open != attempt);
                if unknown.kind == UnknownKind::ReferenceUsed && another && !self.used_before() {
                    self.open_attempts.remove(&attempt);
                    self.advance(HoldState::hold_without_receipt);
                } else if self.advance(HoldState::lose) {
                    self.ending = Some(error.clone());
                }
            }
            // None of these says what became of something that was sent.
            Err(
                error @ (BlockError::Expired(Expired { hold: None, .. })
                | BlockError::Conflict { .. }
                | BlockError::Busy { .. }),
            ) => {
                if self.advance(HoldState::lose) {
                    let message = format!("attempt {attempt} ended without an answer: {error}");
                    self.ending = Some(self.unknown(UnknownKind::NotDefinitive, &message));
                }
            }
        }
    }

    /// Whether the reference was used before its first attempt, so by somebody else, or by us
    /// before the ledger was restored. What uses it then need not be an attempt of this record.
    fn used_before(&self) -> bool {
        matches!(
            &self.ending,
            Some(BlockError::Unknown(unknown)) if unknown.kind == UnknownKind::ReferenceUsed
        )
    }

    fn learned(&mut self, evidence: &Evidence) {
        match &evidence.finding {
            Finding::Held(hold) => {
                self.advance(|state| state.hold(hold.clone()));
            }
            Finding::Over { .. } => {
                self.advance(HoldState::end);
            }
            Finding::Nothing { .. } => {}
        }
    }

    /// Whether the state allowed the move.
    fn advance(&mut self, make: impl FnOnce(HoldState) -> Result<HoldState, IllegalMove>) -> bool {
        match make(self.state.clone()) {
            Ok(state) => {
                self.state = state;
                true
            }
            Err(_) => false,
        }
    }

    fn unknown(&self, kind: UnknownKind, message: &str) -> BlockError {
        Unknown::new(self.reference.clone(), kind, message).into()
    }
}
