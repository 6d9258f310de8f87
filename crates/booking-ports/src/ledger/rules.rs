//! What each fact makes of a record: the one place that says so.

use booking_domain::{HoldState, IllegalMove, SeatHold, StatusMeaning};
use time::OffsetDateTime;

use super::fact::{Evidence, Fact, Finding};
use super::{BookingOutcome, HoldRecord, Outcome, Source};
use crate::block_error::{BlockError, Expired, UnknownKind};

impl HoldRecord {
    /// Takes a fact, written at `at`, into account. A fact that comes too late to change anything
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// [`IllegalMove`]: an attempt that must not be sent, or a booking of what is not held.
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
            Fact::SenderLost {
                attempt,
                may_send_until,
            } => {
                if self.advance(HoldState::lose) {
                    let message = match may_send_until {
                        None => format!("the sender of attempt {attempt} ended without a word"),
                        Some(_) => format!(
                            "the sender of attempt {attempt} cannot be seen any more, and may still be at it"
                        ),
                    };
                    self.ending = Some(self.unknown(UnknownKind::SenderLost, &message));
                }
            }
            // Whoever called, which may be anybody, changed nothing, nor how long ago it ended: else calls
            // could put off for ever that people are forgotten.
            Fact::Learned(evidence) if evidence.source == Source::Callback => return Ok(()),
            Fact::Learned(evidence) => self.learned(evidence),
            Fact::Booking { attempt } => self.booking_begun(*attempt)?,
            Fact::BookingEnded { attempt, outcome } => self.booking_ended(*attempt, outcome),
            // Whoever read it changed nothing, nor how long ago it ended.
            Fact::Disclosed { .. } => return Ok(()),
            Fact::Shredded => self.keeps_order = false,
        }
        self.changed_at = at;
        Ok(())
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

    /// Whether the provider says that the reference was used before its first attempt, so by somebody
    /// else, or by us before the ledger was restored. What uses it then need not be an attempt of this
    /// record, can be of any age, and may be a ticket.
    ///
    /// ```
    /// # use booking_domain::OrderDraft;
    /// # use booking_ports::{Fact, HoldRecord, Unknown, UnknownKind};
    /// # use time::macros::{date, datetime};
    /// # let now = datetime!(2026-11-24 10:00 +7);
    /// # let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// let mut record = HoldRecord::begun(&order, now);
    /// record.apply(&Fact::Sent { attempt: 1 }, now).unwrap();
    /// let used = Unknown::new(order.reference().clone(), UnknownKind::ReferenceUsed, "409");
    /// record.apply(&Fact::Ended { attempt: 1, outcome: Err(used.into()) }, now).unwrap();
    /// assert!(record.used_before());
    /// ```
    #[must_use]
    pub fn used_before(&self) -> bool {
        matches!(
            &self.ending,
            Some(BlockError::Unknown(unknown)) if unknown.kind == UnknownKind::ReferenceUsed
        )
    }

    fn learned(&mut self, evidence: &Evidence) {
        match &evidence.finding {
            Finding::Held(hold) if hold.status.meaning() == StatusMeaning::Booked => {
                self.found_booked(hold);
            }
            Finding::Held(hold) => {
                self.advance(|state| state.hold(hold.clone()));
            }
            // The end of a hold is not the end of the ticket that may have been made of it.
            Finding::Over { .. } if self.booking.is_open() && evidence.source == Source::Time => {}
            Finding::Over { .. } => {
                if self.advance(HoldState::end) {
                    self.booking.open_attempts.clear();
                }
            }
            Finding::Nothing { .. } => {}
        }
    }

    fn found_booked(&mut self, found: &SeatHold) {
        match self.hold() {
            Some(known) if known.transaction_id != found.transaction_id => return,
            Some(_) => {}
            None => {
                self.advance(|state| state.hold(found.clone()));
            }
        }
        if self.advance(|state| state.book(found.status.clone())) {
            self.booking.open_attempts.clear();
        }
    }

    fn booking_begun(&mut self, attempt: u32) -> Result<(), IllegalMove> {
        if !matches!(self.state, HoldState::Held(_) | HoldState::Booked(_)) {
            return Err(IllegalMove {
                state: Box::new(self.state.clone()),
                attempted: "booked",
                reason: "only a held one can",
            });
        }
        self.booking.attempts = attempt;
        self.booking.open_attempts.insert(attempt);
        Ok(())
    }

    fn booking_ended(&mut self, attempt: u32, outcome: &BookingOutcome) {
        match outcome {
            Ok(ticket) => {
                let own = |hold: &SeatHold| hold.transaction_id == ticket.transaction_id;
                if self.hold().is_some_and(own)
                    && self.advance(|state| state.book(ticket.status.clone()))
                {
                    self.booking.open_attempts.clear();
                    self.booking.ticket = Some(ticket.clone());
                }
            }
            Err(error) if error.may_be_booked() => {}
            Err(_) => {
                self.booking.open_attempts.remove(&attempt);
            }
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
}
