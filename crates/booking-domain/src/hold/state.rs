//! Where an attempt to hold stands.

use super::seat_hold::SeatHold;

/// Where an attempt to hold stands. Moves consume the state; an illegal one gives it back inside
/// an [`IllegalMove`](super::IllegalMove).
///
/// ```
/// use booking_domain::HoldState;
///
/// let state = HoldState::Intended.send().unwrap().lose().unwrap();
/// assert_eq!(state, HoldState::Unknown);
/// assert!(state.may_be_held());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldState {
    /// Written down, nothing sent.
    Intended,
    /// The request may be on its way.
    Sending,
    /// The provider keeps the seats.
    Held(SeatHold),
    /// The provider keeps the seats, but its receipt was lost: no transaction id is known.
    HeldWithoutReceipt,
    /// The provider said no.
    Refused,
    /// Proven never to have left.
    NotSent,
    /// It may be held; only evidence settles it.
    Unknown,
    /// Turned into a ticket.
    Booked(SeatHold),
    /// The deadline of this hold passed; or the longest possible hold did, and none was ever seen.
    Expired(Option<SeatHold>),
}

impl HoldState {
    /// The state's name, as documents and tables show it.
    ///
    /// ```
    /// assert_eq!(booking_domain::HoldState::NotSent.name(), "not sent");
    /// ```
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Sending => "sending",
            Self::Held(_) => "held",
            Self::HeldWithoutReceipt => "held without receipt",
            Self::Refused => "refused",
            Self::NotSent => "not sent",
            Self::Unknown => "unknown",
            Self::Booked(_) => "booked",
            Self::Expired(_) => "expired",
        }
    }

    /// Whether a provider may keep seats for this attempt: everything that is not proven over.
    ///
    /// ```
    /// use booking_domain::HoldState;
    ///
    /// assert!(HoldState::Sending.may_be_held());
    /// assert!(!HoldState::NotSent.may_be_held());
    /// ```
    #[must_use]
    pub fn may_be_held(&self) -> bool {
        match self {
            Self::Sending
            | Self::Held(_)
            | Self::HeldWithoutReceipt
            | Self::Unknown
            | Self::Booked(_) => true,
            Self::Intended | Self::Refused | Self::NotSent | Self::Expired(_) => false,
        }
    }
}
