//! The port: what does a provider say in a callback?

use std::sync::Arc;

use booking_domain::{PartnerReference, ProviderStatus, TransactionId};

/// Reads the body of a callback: what a provider sends unasked when a transaction has changed.
///
/// # The contract
///
/// 1. **A callback is a hint and nothing more.** Nobody can tell who sent it: no signature is
///    published for it, and a secret address is soon known to others. What it says is reason to ask
///    the provider, through a [`TransactionInquiry`](crate::TransactionInquiry), and only the
///    answer changes anything. It never ends, books or holds by itself.
/// 2. It is read or refused as a whole. A body that two readers could understand differently is
///    refused, and so is one that names no order: [`Callback`] has a reference, a transaction id, or
///    both.
/// 3. The body is hostile input of any length and form. Reading it takes bounded time and memory,
///    and never panics.
/// 4. No error and no log line quotes the body: it may hold a traveller's data, or anything else.
///
/// ```
/// use booking_domain::PartnerReference;
/// use booking_ports::{CallbackError, CallbackParser};
///
/// /// Which order to ask the provider about.
/// fn about(
///     parser: &dyn CallbackParser,
///     body: &[u8],
/// ) -> Result<Option<PartnerReference>, CallbackError> {
///     Ok(parser.parse(body)?.reference)
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait CallbackParser: Send + Sync {
    /// What `body` says.
    ///
    /// # Errors
    ///
    /// [`CallbackError`]: it is no callback of this provider.
    fn parse(&self, body: &[u8]) -> Result<Callback, CallbackError>;
}

/// What somebody says of a transaction. Anybody could have written it.
///
/// ```
/// use booking_domain::{PartnerReference, ProviderStatus, StatusMeaning};
/// use booking_ports::Callback;
///
/// let callback = Callback {
///     reference: Some(PartnerReference::new("1238").unwrap()),
///     transaction_id: None,
///     status: ProviderStatus::new(StatusMeaning::Booked, "SUCCESS"),
/// };
/// assert_eq!(callback.status.word(), "SUCCESS");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// The partner's number of the order, where named.
    pub reference: Option<PartnerReference>,
    /// The provider's number of the transaction, where named.
    pub transaction_id: Option<TransactionId>,
    /// The word for its state, fit to print.
    pub status: ProviderStatus,
}

/// Why a body is no callback. It quotes nothing of the body.
///
/// ```
/// use booking_ports::CallbackError;
///
/// let error = CallbackError::Twice { member: "transaction_id" };
/// assert_eq!(error.to_string(), "the callback names transaction_id twice; readers could differ in which one counts");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// More bytes than any callback has.
    #[error("the callback has more than {limit} bytes; documented ones stay far below")]
    TooLong {
        /// The most that are read.
        limit: usize,
    },
    /// Not UTF-8.
    #[error("the callback is not UTF-8")]
    NotUtf8,
    /// Nested deeper than is read.
    #[error("the callback is nested deeper than {limit} levels; documented ones have one")]
    TooDeep {
        /// The deepest nesting that is read.
        limit: usize,
    },
    /// Not one JSON object.
    #[error("the callback is not one JSON object")]
    NotAnObject,
    /// A member that counts stands there twice.
    #[error("the callback names {member} twice; readers could differ in which one counts")]
    Twice {
        /// Its documented name.
        member: &'static str,
    },
    /// A member that counts has a value that it cannot have.
    #[error("the callback's {member} is not as documented")]
    Odd {
        /// Its documented name.
        member: &'static str,
    },
    /// A member without which it says nothing is absent.
    #[error("the callback has no {member}")]
    Missing {
        /// Its documented name.
        member: &'static str,
    },
}

impl<T: CallbackParser + ?Sized> CallbackParser for Arc<T> {
    fn parse(&self, body: &[u8]) -> Result<Callback, CallbackError> {
        T::parse(self, body)
    }
}

impl<T: CallbackParser + ?Sized> CallbackParser for Box<T> {
    fn parse(&self, body: &[u8]) -> Result<Callback, CallbackError> {
        T::parse(self, body)
    }
}
