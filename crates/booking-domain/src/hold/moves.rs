//! The only moves between the states of an attempt to hold.
//!
//! ```text
//! intended ─► sending ─► held ───────────────────► booked
//!               ▲ │        ▲  └──────────────────► expired
//!               │ ├► refused
//!               └─┼► not sent
//!                 └► unknown ─► held, held without receipt, refused, expired
//! held without receipt, expired ─► held    (by evidence that comes late)
//! expired ─► booked                        (likewise)
//! held without receipt ─► refused, expired
//! ```

use time::OffsetDateTime;

use super::seat_hold::{ProviderStatus, SeatHold};
use super::state::HoldState;

/// A move that the state does not allow.
///
/// ```
/// use booking_domain::HoldState;
///
/// let error = HoldState::Refused.send().unwrap_err();
/// assert_eq!(error.to_string(), "a hold that is refused cannot be sent: only an intended one, or one that never left, can");
/// assert_eq!(*error.state, HoldState::Refused);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hold that is {} cannot be {attempted}: {reason}", state.name())]
pub struct IllegalMove {
    /// The state, unchanged.
    pub state: Box<HoldState>,
    /// What was attempted.
    pub attempted: &'static str,
    /// What would allow it.
    pub reason: &'static str,
}

type Moved = Result<HoldState, IllegalMove>;

impl HoldState {
    /// The mark before the first byte leaves.
    ///
    /// # Errors
    ///
    /// Only an intended one can be sent, or once more one that provably never left: everything
    /// else was sent already.
    ///
    /// ```
    /// # use booking_domain::HoldState;
    /// assert_eq!(HoldState::Intended.send(), Ok(HoldState::Sending));
    /// assert!(HoldState::Unknown.send().is_err());
    /// ```
    pub fn send(self) -> Moved {
        match self {
            Self::Intended | Self::NotSent => Ok(Self::Sending),
            state => state.illegal("sent", "only an intended one, or one that never left, can"),
        }
    }

    /// The provider's receipt, of the attempt itself or found later as evidence.
    ///
    /// # Errors
    ///
    /// Only what is under way or not known to be over: unknown, held without receipt, or expired
    /// without a hold that was seen.
    ///
    /// ```
    /// # use booking_domain::*;
    /// # use time::{macros::datetime, Duration};
    /// # let now = datetime!(2026-11-24 10:00 +7);
    /// # let hold = SeatHold {
    /// #     reference: PartnerReference::new("1238").unwrap(),
    /// #     transaction_id: TransactionId::new("14429004").unwrap(),
    /// #     status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
    /// #     deadline: Deadline::stated(now + Duration::minutes(30), now, Duration::hours(2)),
    /// # };
    /// assert!(HoldState::Unknown.hold(hold.clone()).is_ok());
    /// assert!(HoldState::NotSent.hold(hold).is_err());
    /// ```
    pub fn hold(self, hold: SeatHold) -> Moved {
        match self {
            Self::Sending | Self::Unknown | Self::HeldWithoutReceipt | Self::Expired(None) => {
                Ok(Self::Held(hold))
            }
            state => state.illegal("held", "only one under way or unknown can"),
        }
    }

    /// Evidence that the seats are kept, without the transaction's id.
    ///
    /// # Errors
    ///
    /// Only an unknown attempt can be settled so.
    ///
    /// ```
    /// # use booking_domain::HoldState;
    /// assert!(HoldState::Unknown.hold_without_receipt().is_ok());
    /// assert!(HoldState::Sending.hold_without_receipt().is_err());
    /// ```
    pub fn hold_without_receipt(self) -> Moved {
        match self {
            Self::Unknown => Ok(Self::HeldWithoutReceipt),
            state => state.illegal("held without receipt", "only an unknown one can"),
        }
    }

    /// The provider's definitive no.
    ///
    /// # Errors
    ///
    /// Only what is under way, unknown or held without receipt can turn out refused.
    ///
    /// ```
    /// # use booking_domain::HoldState;
    /// assert_eq!(HoldState::Sending.refuse(), Ok(HoldState::Refused));
    /// assert!(HoldState::Intended.refuse().is_err());
    /// ```
    pub fn refuse(self) -> Moved {
        match self {
            Self::Sending | Self::Unknown | Self::HeldWithoutReceipt => Ok(Self::Refused),
            state => state.illegal("refused", "only one under way or unknown can"),
        }
    }

    /// Proof that nothing left.
    ///
    /// # Errors
    ///
    /// Only an attempt under way can turn out so; an unknown one never does.
    ///
    /// ```
    /// # use booking_domain::HoldState;
    /// assert_eq!(HoldState::Sending.not_send(), Ok(HoldState::NotSent));
    /// assert!(HoldState::Unknown.not_send().is_err());
    /// ```
    pub fn not_send(self) -> Moved {
        match self {
            Self::Sending => Ok(Self::NotSent),
            state => state.illegal("not sent", "only one under way can turn out so"),
        }
    }

    /// The answer is lost or proves nothing.
    ///
    /// # Errors
    ///
    /// Only an attempt under way can become unknown.
    ///
    /// ```
    /// # use booking_domain::HoldState;
    /// assert_eq!(HoldState::Sending.lose(), Ok(HoldState::Unknown));
    /// assert!(HoldState::Refused.lose().is_err());
    /// ```
    pub fn lose(self) -> Moved {
        match self {
            Self::Sending => Ok(Self::Unknown),
            state => state.illegal("unknown", "only one under way can become so"),
        }
    }

    /// A ticket made of the hold: the provider's word for it, told by the booking itself or found
    /// later as evidence. Whether there was time to book is asked before, by
    /// [`Deadline::allows`](super::Deadline::allows).
    ///
    /// # Errors
    ///
    /// Only a hold that was seen can be booked: held, expired by our own reckoning, or booked
    /// already.
    ///
    /// ```
    /// # use booking_domain::{HoldState, ProviderStatus, StatusMeaning};
    /// let success = ProviderStatus::new(StatusMeaning::Booked, "SUCCESS");
    /// assert!(HoldState::Unknown.book(success).is_err());
    /// ```
    pub fn book(self, status: ProviderStatus) -> Moved {
        match self {
            Self::Held(hold) | Self::Booked(hold) | Self::Expired(Some(hold)) => {
                Ok(Self::Booked(SeatHold { status, ..hold }))
            }
            state => state.illegal("booked", "only a hold that was seen can"),
        }
    }

    /// The end of a hold at `now`: its deadline has passed, or, where none was seen, the caller
    /// has seen the longest possible hold pass.
    ///
    /// # Errors
    ///
    /// A held one before its deadline; anything that is neither held nor unknown.
    ///
    /// ```
    /// # use booking_domain::HoldState;
    /// # use time::macros::datetime;
    /// let now = datetime!(2026-11-24 10:00 +7);
    /// assert_eq!(HoldState::Unknown.expire(now), Ok(HoldState::Expired(None)));
    /// assert!(HoldState::NotSent.expire(now).is_err());
    /// ```
    pub fn expire(self, now: OffsetDateTime) -> Moved {
        match self {
            Self::Unknown | Self::HeldWithoutReceipt => Ok(Self::Expired(None)),
            Self::Held(hold) if hold.deadline.has_passed(now) => Ok(Self::Expired(Some(hold))),
            state @ Self::Held(_) => state.illegal("expired", "its deadline has not passed"),
            state => state.illegal("expired", "only a held or unknown one can"),
        }
    }

    /// The word of the provider or of an operator that nothing is kept, or nothing any more.
    ///
    /// # Errors
    ///
    /// Only a held one, or one that waits to be settled, can end so.
    ///
    /// ```
    /// # use booking_domain::HoldState;
    /// assert_eq!(HoldState::Unknown.end(), Ok(HoldState::Expired(None)));
    /// assert!(HoldState::Sending.end().is_err());
    /// ```
    pub fn end(self) -> Moved {
        match self {
            Self::Unknown | Self::HeldWithoutReceipt => Ok(Self::Expired(None)),
            Self::Held(hold) => Ok(Self::Expired(Some(hold))),
            state => state.illegal("ended", "only a held or unknown one can"),
        }
    }

    fn illegal(self, attempted: &'static str, reason: &'static str) -> Moved {
        Err(IllegalMove {
            state: Box::new(self),
            attempted,
            reason,
        })
    }
}
