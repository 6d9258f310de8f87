//! Where a reference stands: what follows from its entries.

use std::collections::BTreeSet;

use booking_domain::{BlockOrder, Deadline, HoldState, PartnerReference, SeatHold};
use time::OffsetDateTime;

use super::booking::Booking;
use super::outline::OrderOutline;
use super::{Outcome, SendPermit};
use crate::block_error::{BlockError, Expired, Unknown, UnknownKind};

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
/// record.apply(&Fact::SenderLost { attempt: 1, may_send_until: None }, now).unwrap();
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
    /// What is known of its booking.
    pub booking: Booking,
    /// When the latest entry was written that is more than a [disclosure](super::Fact::Disclosed).
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
            booking: Booking::default(),
            changed_at: now,
            keeps_order: true,
        }
    }

    /// Whether somebody has to find out what the provider did: with the block, or with a booking.
    ///
    /// ```
    /// # use booking_ports::HoldRecord;
    /// # use time::macros::{date, datetime};
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// assert!(!HoldRecord::begun(&order, datetime!(2026-11-24 10:00 +7)).is_unsettled());
    /// ```
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        self.awaits_answer() || self.booking.is_open()
    }

    /// Whether it is not known what became of the block itself.
    ///
    /// ```
    /// # use booking_ports::HoldRecord;
    /// # use time::macros::{date, datetime};
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// assert!(!HoldRecord::begun(&order, datetime!(2026-11-24 10:00 +7)).awaits_answer());
    /// ```
    #[must_use]
    pub fn awaits_answer(&self) -> bool {
        matches!(
            self.state,
            HoldState::Sending | HoldState::Unknown | HoldState::HeldWithoutReceipt
        )
    }

    /// Whether it is over for good: settled, and neither held nor still to be sent.
    ///
    /// ```
    /// # use booking_ports::HoldRecord;
    /// # use time::macros::{date, datetime};
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// assert!(!HoldRecord::begun(&order, datetime!(2026-11-24 10:00 +7)).has_ended());
    /// ```
    #[must_use]
    pub fn has_ended(&self) -> bool {
        let over = matches!(
            self.state,
            HoldState::Refused | HoldState::NotSent | HoldState::Booked(_) | HoldState::Expired(_)
        );
        over && !self.is_unsettled()
    }

    /// Whether it takes seats at `now` that are not sold, or may take them: held with a deadline to
    /// come, or not known to hold nothing.
    ///
    /// ```
    /// # use booking_ports::{Fact, HoldRecord};
    /// # use time::macros::{date, datetime};
    /// # let now = datetime!(2026-11-24 10:00 +7);
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// let mut record = HoldRecord::begun(&order, now);
    /// record.apply(&Fact::Sent { attempt: 1 }, now).unwrap();
    /// assert!(record.is_live(now));
    /// ```
    #[must_use]
    pub fn is_live(&self, now: OffsetDateTime) -> bool {
        match self.deadline() {
            Some(deadline) => !deadline.has_passed(now),
            None => self.awaits_answer(),
        }
    }

    /// The hold, where one was ever seen: held, booked or expired.
    ///
    /// ```
    /// # use booking_ports::HoldRecord;
    /// # use time::macros::{date, datetime};
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// assert!(HoldRecord::begun(&order, datetime!(2026-11-24 10:00 +7)).hold().is_none());
    /// ```
    #[must_use]
    pub fn hold(&self) -> Option<&SeatHold> {
        match &self.state {
            HoldState::Held(hold) | HoldState::Booked(hold) | HoldState::Expired(Some(hold)) => {
                Some(hold)
            }
            _ => None,
        }
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

    /// The state as a person should read it at `now`: a hold whose deadline has passed is no hold,
    /// unless it may have become a ticket. In the words of
    /// [`HoldState::name`], and `perhaps booked`.
    ///
    /// ```
    /// # use booking_ports::HoldRecord;
    /// # use time::macros::{date, datetime};
    /// # let now = datetime!(2026-11-24 10:00 +7);
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(HoldRecord::begun(&order, now).state_at(now), "intended");
    /// ```
    #[must_use]
    pub fn state_at(&self, now: OffsetDateTime) -> &'static str {
        match self.deadline() {
            Some(_) if self.booking.is_open() => "perhaps booked",
            Some(deadline) if deadline.has_passed(now) => "expired",
            _ => self.state.name(),
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
            HoldState::Held(hold) if hold.deadline.has_passed(now) && self.booking.is_open() => {
                let message =
                    "its deadline has passed, and whether it was booked before is not known";
                Some(Err(self.unknown(UnknownKind::BookingUnknown, message)))
            }
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
    pub(super) fn unknown(&self, kind: UnknownKind, message: &str) -> BlockError {
        Unknown::new(self.reference.clone(), kind, message).into()
    }
}
