//! Why a ledger could not do what it was asked.

use booking_domain::PartnerReference;

use crate::block_error::Cause;

/// Why a ledger could not do what it was asked. What was to be written is not known to be durable.
///
/// ```
/// use booking_domain::PartnerReference;
/// use booking_ports::LedgerError;
///
/// let reference = PartnerReference::new("1238").unwrap();
/// let error = LedgerError::NotFound { reference };
/// assert_eq!(error.to_string(), "the ledger knows no 1238");
/// ```
#[derive(Clone, Debug, thiserror::Error)]
pub enum LedgerError {
    /// It cannot be reached, read or written at the moment.
    #[error("the ledger cannot be used: {message}")]
    Unavailable {
        /// What happened, for a person.
        message: String,
        /// The error beneath.
        #[source]
        cause: Option<Cause>,
    },
    /// It failed in the last step, and could not undo it: what was to be written may be found after
    /// a restart, or not. Of an intent, that may then be sent by whoever recovers.
    #[error(
        "the ledger failed while making this durable, so it may be found there later: {message}"
    )]
    InDoubt {
        /// What happened, for a person.
        message: String,
        /// The error beneath.
        #[source]
        cause: Option<Cause>,
    },
    /// What it holds cannot be understood, or contradicts itself.
    #[error("the ledger is damaged: {message}")]
    Damaged {
        /// What was found, for a person.
        message: String,
    },
    /// The reference was never begun.
    #[error("the ledger knows no {reference}")]
    NotFound {
        /// The reference.
        reference: PartnerReference,
    },
    /// Somebody else has taken or settled the reference since, so nothing may be sent.
    #[error(
        "{reference} was taken over or settled by another process; nothing may be sent by this one"
    )]
    Fenced {
        /// The reference.
        reference: PartnerReference,
    },
    /// The reference may be held, so what is known of it is still needed.
    #[error("{reference} is not settled, so its order is still needed")]
    Unsettled {
        /// The reference.
        reference: PartnerReference,
    },
}
