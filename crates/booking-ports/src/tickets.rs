//! The port: turn a hold into a ticket.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{PartnerReference, ProviderStatus, SeatHold, TransactionId};
use time::OffsetDateTime;

use crate::block_error::{Cause, NotSentKind, RefusalKind, UnknownKind};

/// Books what is held.
///
/// # The contract
///
/// 1. `Ok` means that the provider said, of this very transaction, that it is booked; the codes are
///    its codes.
/// 2. **What is known is told apart.** [`TicketError::Unknown`] may be booked; every other error is
///    proof that *this attempt* booked nothing, and proves nothing about an earlier attempt that
///    ended unknown. A timeout, a cut connection, a provider's failure, an unreadable success are
///    `Unknown`.
/// 3. **Not too late.** Nothing is sent where less than a safety margin is left until the deadline,
///    by any clock that is known. A deadline that is not stated allows nothing by itself: the
///    provider is asked within the same call, and only a transaction that it shows as waiting, or
///    as booked, is booked.
/// 4. **Booking twice is booking once.** A booked hold, booked again, is answered with the codes
///    that it has, where the provider tells them; there is never a second ticket. A hold whose
///    status says that it is booked is therefore not held up by its deadline.
/// 5. **One call is one attempt**, as for [`SeatBlocker`](crate::SeatBlocker).
/// 6. Reference and transaction id travel with every error; no secret and no personal value does.
///
/// After `Unknown`, ask a [`TransactionInquiry`](crate::TransactionInquiry) for the transaction. If
/// it is booked, issue again with that status, for the codes; if it waits, issue again.
///
/// ```
/// use booking_domain::SeatHold;
/// use booking_ports::{TicketError, TicketIssuer};
///
/// async fn code(issuer: &dyn TicketIssuer, hold: &SeatHold) -> Result<String, TicketError> {
///     Ok(issuer.issue(hold).await?.booking_codes.departure.to_string())
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait TicketIssuer: Send + Sync {
    /// Books `hold`, or tells the codes of the ticket that it already is.
    ///
    /// # Errors
    ///
    /// [`TicketError`], by what is known.
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError>;
}

/// A hold that is booked.
///
/// ```
/// use booking_domain::{ProviderStatus, StatusMeaning, TransactionId};
/// use booking_ports::{BookingCode, BookingCodes, Ticket};
///
/// let ticket = Ticket {
///     transaction_id: TransactionId::new("14429004").unwrap(),
///     booking_codes: BookingCodes {
///         departure: BookingCode::new("D14429004").unwrap(),
///         return_leg: None,
///     },
///     status: ProviderStatus::new(StatusMeaning::Booked, "SUCCESS"),
/// };
/// assert_eq!(ticket.booking_codes.departure.as_str(), "D14429004");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The provider's number of the hold.
    pub transaction_id: TransactionId,
    /// What the travellers show.
    pub booking_codes: BookingCodes,
    /// The provider's word for it.
    pub status: ProviderStatus,
}

/// The code of each leg.
///
/// ```
/// use booking_ports::{BookingCode, BookingCodes};
///
/// let one_way = BookingCodes { departure: BookingCode::new("KX 7").unwrap(), return_leg: None };
/// assert!(one_way.return_leg.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingCodes {
    /// Of the departure.
    pub departure: BookingCode,
    /// Of the return, where there is one.
    pub return_leg: Option<BookingCode>,
}

impl fmt::Display for BookingCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "departure {}", self.departure)?;
        match &self.return_leg {
            Some(code) => write!(f, ", return {code}"),
            None => Ok(()),
        }
    }
}

/// What a traveller shows at the bus: 1 to 64 printable ASCII characters, without spaces around
/// them. It is no personal value, and may be printed.
///
/// ```
/// use booking_ports::BookingCode;
///
/// assert_eq!(BookingCode::new("KX-7 12").unwrap().as_str(), "KX-7 12");
/// assert!(BookingCode::new("KX\u{1b}[31m").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BookingCode(String);

impl BookingCode {
    /// `None` for a text that no traveller could show.
    ///
    /// ```
    /// assert!(booking_ports::BookingCode::new("").is_none());
    /// ```
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Self> {
        const LONGEST: usize = 64;
        let text = text.into();
        let sound = !text.is_empty()
            && text.len() <= LONGEST
            && text.trim() == text
            && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        sound.then_some(Self(text))
    }

    /// The text.
    ///
    /// ```
    /// assert_eq!(booking_ports::BookingCode::new("7").unwrap().as_str(), "7");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BookingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why there is no ticket. Only [`Unknown`](Self::Unknown) leaves open whether it is booked.
///
/// ```
/// use std::time::Duration;
/// use booking_domain::{PartnerReference, TransactionId};
/// use booking_ports::TicketError;
/// use time::macros::datetime;
///
/// let error = TicketError::TooLate {
///     reference: PartnerReference::new("1238").unwrap(),
///     transaction_id: TransactionId::new("14429004").unwrap(),
///     ends_at: datetime!(2026-11-24 10:30 +7),
///     margin: Duration::from_secs(60),
/// };
/// assert!(!error.may_be_booked());
/// assert!(error.to_string().contains("ends at 2026-11-24 10:30"));
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TicketError {
    /// *Not booked by this attempt*: the provider said no.
    #[error(
        "transaction {transaction_id} of {reference} was not booked: refused ({kind}, code {code}): {message}"
    )]
    Refused {
        /// The reference of the order.
        reference: PartnerReference,
        /// The provider's number of the hold.
        transaction_id: TransactionId,
        /// Why, in our words.
        kind: RefusalKind,
        /// The provider's code, as received.
        code: String,
        /// Why, for a person, fit to print.
        message: String,
    },
    /// *Not booked by this attempt*: proven never to have reached the provider. It may be tried
    /// again for as long as the deadline allows.
    #[error(
        "transaction {transaction_id} of {reference} was not booked: nothing was sent ({kind}): {message}"
    )]
    NotSent {
        /// The reference of the order.
        reference: PartnerReference,
        /// The provider's number of the hold.
        transaction_id: TransactionId,
        /// Why.
        kind: NotSentKind,
        /// Why, for a person, fit to print.
        message: String,
        /// How long the provider asked to wait, where it did.
        retry_after: Option<Duration>,
        /// The error beneath.
        #[source]
        cause: Option<Cause>,
    },
    /// *May be booked*: ask for the transaction.
    #[error(
        "whether transaction {transaction_id} of {reference} is booked is unknown ({kind}): {message}; ask the provider for the transaction before anything else"
    )]
    Unknown {
        /// The reference of the order.
        reference: PartnerReference,
        /// The provider's number of the hold.
        transaction_id: TransactionId,
        /// Why.
        kind: UnknownKind,
        /// Why, for a person, fit to print.
        message: String,
        /// How long the provider asked to wait, where it did.
        retry_after: Option<Duration>,
        /// The error beneath.
        #[source]
        cause: Option<Cause>,
    },
    /// *Not booked by this attempt*: the hold ends so soon that booking it could pay for seats that
    /// were let go. Nothing was sent.
    #[error(
        "transaction {transaction_id} of {reference} was not booked: its hold ends at {ends_at}, and booking is begun no later than {} s before; if an earlier attempt to book it ended unknown, ask the provider for the transaction, else block anew under a new reference",
        margin.as_secs()
    )]
    TooLate {
        /// The reference of the order.
        reference: PartnerReference,
        /// The provider's number of the hold.
        transaction_id: TransactionId,
        /// When the hold ends.
        ends_at: OffsetDateTime,
        /// How much earlier a booking has to begin.
        margin: Duration,
    },
    /// *Not booked by this attempt*: no deadline is stated, and the provider, asked, did not show
    /// that the hold still waits. Nothing was sent but the question.
    #[error(
        "transaction {transaction_id} of {reference} was not booked: until when it is held is not known, and the provider does not confirm that it still is: {message}"
    )]
    Unconfirmed {
        /// The reference of the order.
        reference: PartnerReference,
        /// The provider's number of the hold.
        transaction_id: TransactionId,
        /// What the provider said instead, for a person, fit to print.
        message: String,
    },
    /// *Not booked by this attempt*: another caller books or settles it. Ask again after so long.
    #[error(
        "transaction {transaction_id} of {reference} was not booked by this call: another caller is at it, for {} s at most",
        after.as_secs().max(1)
    )]
    Busy {
        /// The reference of the order.
        reference: PartnerReference,
        /// The provider's number of the hold.
        transaction_id: TransactionId,
        /// When the other caller will have ended.
        after: Duration,
    },
    /// *Not booked by this attempt*: by what is recorded, there is nothing that could be booked.
    #[error(
        "transaction {transaction_id} of {reference} was not booked: the ledger has it as {state}, and only what is held can be booked"
    )]
    NotHeld {
        /// The reference of the order.
        reference: PartnerReference,
        /// The provider's number of the hold.
        transaction_id: TransactionId,
        /// The [name](booking_domain::HoldState::name) of the state in which it is.
        state: &'static str,
    },
}

impl TicketError {
    /// Whether the hold may be booked by this attempt.
    ///
    /// ```
    /// use booking_domain::{PartnerReference, TransactionId};
    /// use booking_ports::TicketError;
    ///
    /// let error = TicketError::Unconfirmed {
    ///     reference: PartnerReference::new("1238").unwrap(),
    ///     transaction_id: TransactionId::new("14429004").unwrap(),
    ///     message: "it is EXPIRED".into(),
    /// };
    /// assert!(!error.may_be_booked());
    /// ```
    #[must_use]
    pub fn may_be_booked(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// The provider's number of the hold.
    ///
    /// ```
    /// # use booking_domain::{PartnerReference, TransactionId};
    /// # use booking_ports::TicketError;
    /// # let error = TicketError::Unconfirmed {
    /// #     reference: PartnerReference::new("1238").unwrap(),
    /// #     transaction_id: TransactionId::new("14429004").unwrap(),
    /// #     message: "it is EXPIRED".into(),
    /// # };
    /// assert_eq!(error.transaction_id().as_str(), "14429004");
    /// ```
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        match self {
            Self::Refused { transaction_id, .. }
            | Self::NotSent { transaction_id, .. }
            | Self::Unknown { transaction_id, .. }
            | Self::TooLate { transaction_id, .. }
            | Self::Unconfirmed { transaction_id, .. }
            | Self::Busy { transaction_id, .. }
            | Self::NotHeld { transaction_id, .. } => transaction_id,
        }
    }

    /// The reference of the order.
    ///
    /// ```
    /// # use booking_domain::{PartnerReference, TransactionId};
    /// # use booking_ports::TicketError;
    /// # let error = TicketError::Unconfirmed {
    /// #     reference: PartnerReference::new("1238").unwrap(),
    /// #     transaction_id: TransactionId::new("14429004").unwrap(),
    /// #     message: "it is EXPIRED".into(),
    /// # };
    /// assert_eq!(error.reference().as_str(), "1238");
    /// ```
    #[must_use]
    pub fn reference(&self) -> &PartnerReference {
        match self {
            Self::Refused { reference, .. }
            | Self::NotSent { reference, .. }
            | Self::Unknown { reference, .. }
            | Self::TooLate { reference, .. }
            | Self::Unconfirmed { reference, .. }
            | Self::Busy { reference, .. }
            | Self::NotHeld { reference, .. } => reference,
        }
    }
}

#[async_trait]
impl<T: TicketIssuer + ?Sized> TicketIssuer for Arc<T> {
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError> {
        T::issue(self, hold).await
    }
}

#[async_trait]
impl<T: TicketIssuer + ?Sized> TicketIssuer for Box<T> {
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError> {
        T::issue(self, hold).await
    }
}

#[cfg(test)]
mod tests {
    use super::BookingCode;

    #[test]
    fn a_code_can_be_shown() {
        for code in ["A", "D14429004", "KX-7/12", "a b", &"9".repeat(64)] {
            assert_eq!(BookingCode::new(code).unwrap().as_str(), code);
        }
        for odd in [
            "",
            " ",
            " A",
            "A ",
            "A\n",
            "A\tB",
            "É",
            "A\u{202e}B",
            "\0",
            &"9".repeat(65),
        ] {
            assert_eq!(BookingCode::new(odd), None, "{odd:?}");
        }
    }
}
