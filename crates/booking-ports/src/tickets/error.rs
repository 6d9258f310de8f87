//! Why there is no ticket.

use std::time::Duration;

use booking_domain::{PartnerReference, TransactionId};
use time::OffsetDateTime;

use crate::block_error::{Cause, NotSentKind, RefusalKind, UnknownKind};

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
    /// *Not booked by this attempt*, since nobody can tell that it may be: no deadline is stated, and the
    /// provider, asked, did not show that the hold still waits; or an earlier booking may have
    /// happened, or be under way. Nothing was sent but the question.
    #[error(
        "transaction {transaction_id} of {reference} was not booked by this attempt, since it is not certain that it may be: {message}"
    )]
    Unconfirmed {
        /// The reference of the order.
        reference: PartnerReference,
        /// The provider's number of the hold.
        transaction_id: TransactionId,
        /// Why, for a person, fit to print.
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
