//! What each ending of an attempt carries.

use std::time::Duration;

use booking_domain::{PartnerReference, SeatHold};

use super::Cause;
use super::kind::{NotSentKind, RefusalKind, UnknownKind};

/// The provider's definitive no: this attempt holds nothing.
///
/// ```
/// use booking_domain::PartnerReference;
/// use booking_ports::{Refusal, RefusalKind};
///
/// let reference = PartnerReference::new("1238").unwrap();
/// let refusal = Refusal::new(reference, RefusalKind::Signature, "400056508", "signature does not match");
/// assert_eq!(
///     refusal.to_string(),
///     "1238 was refused (signature, code 400056508): signature does not match"
/// );
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[error("{reference} was refused ({kind}, code {code}): {message}")]
pub struct Refusal {
    /// The reference of the order.
    pub reference: PartnerReference,
    /// Why, in our words.
    pub kind: RefusalKind,
    /// The provider's code, as received.
    pub code: String,
    /// The provider's message, fit to print: control characters escaped, the order's personal
    /// values masked.
    pub message: String,
}

impl Refusal {
    /// A refusal of the order `reference`.
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_ports::{Refusal, RefusalKind};
    /// let reference = PartnerReference::new("1238").unwrap();
    /// assert_eq!(Refusal::new(reference, RefusalKind::Other, "400050001", "no").code, "400050001");
    /// ```
    #[must_use]
    pub fn new(
        reference: PartnerReference,
        kind: RefusalKind,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            reference,
            kind,
            code: code.into(),
            message: message.into(),
        }
    }
}

/// A hold that is over.
///
/// ```
/// use booking_domain::PartnerReference;
/// use booking_ports::Expired;
///
/// let expired = Expired { reference: PartnerReference::new("1238").unwrap(), hold: None };
/// assert_eq!(expired.to_string(), "nothing is held under 1238, or nothing any more");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", over(reference, hold.is_some()))]
pub struct Expired {
    /// The reference of the order.
    pub reference: PartnerReference,
    /// The hold that was; `None` where no receipt was ever seen, and the longest hold has passed or
    /// an operator said so.
    pub hold: Option<Box<SeatHold>>,
}

fn over(reference: &PartnerReference, was_seen: bool) -> String {
    if was_seen {
        format!("{reference} is held no more: its deadline has passed, or the provider ended it")
    } else {
        format!("nothing is held under {reference}, or nothing any more")
    }
}

impl From<SeatHold> for Expired {
    fn from(hold: SeatHold) -> Self {
        Self {
            reference: hold.reference.clone(),
            hold: Some(Box::new(hold)),
        }
    }
}

/// The two endings without the provider's own no carry the same. They are two types all the same,
/// so that nobody takes what may be held for what is not.
macro_rules! ending {
    (
        $(#[$doc:meta])* $name:ident because $kind:ident, said as $sentence:literal
        $(#[$new_doc:meta])* new
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, thiserror::Error)]
        #[error($sentence)]
        pub struct $name {
            /// The reference of the order.
            pub reference: PartnerReference,
            /// Why.
            pub kind: $kind,
            /// Why, for a person, fit to print.
            pub message: String,
            /// How long the provider asked to wait, where it did.
            pub retry_after: Option<Duration>,
            /// The error beneath.
            #[source]
            pub cause: Option<Cause>,
        }

        impl $name {
            $(#[$new_doc])*
            #[must_use]
            pub fn new(reference: PartnerReference, kind: $kind, message: impl Into<String>) -> Self {
                Self {
                    reference,
                    kind,
                    message: message.into(),
                    retry_after: None,
                    cause: None,
                }
            }
        }
    };
}

ending! {
    /// Proof that the order never reached the provider: this attempt holds nothing.
    ///
    /// ```
    /// use booking_domain::PartnerReference;
    /// use booking_ports::{NotSent, NotSentKind};
    ///
    /// let reference = PartnerReference::new("1238").unwrap();
    /// let not_sent = NotSent::new(reference, NotSentKind::Unreachable, "connection refused");
    /// assert_eq!(not_sent.to_string(), "1238 was not sent (unreachable): connection refused");
    /// ```
    NotSent because NotSentKind, said as "{reference} was not sent ({kind}): {message}"

    /// An order that was not sent; no wait was asked for, no error lies beneath.
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_ports::{NotSent, NotSentKind};
    /// let reference = PartnerReference::new("1238").unwrap();
    /// assert!(NotSent::new(reference, NotSentKind::Clock, "10 minutes fast").cause.is_none());
    /// ```
    new
}

ending! {
    /// Nobody can tell yet whether seats are held.
    ///
    /// ```
    /// use booking_domain::PartnerReference;
    /// use booking_ports::{Unknown, UnknownKind};
    ///
    /// let reference = PartnerReference::new("1238").unwrap();
    /// let unknown = Unknown::new(reference, UnknownKind::ConnectionLost, "closed before an answer");
    /// assert_eq!(
    ///     unknown.to_string(),
    ///     "whether 1238 is held is unknown (connection_lost): closed before an answer"
    /// );
    /// ```
    Unknown because UnknownKind, said as "whether {reference} is held is unknown ({kind}): {message}"

    /// An unknown outcome; no wait was asked for, no error lies beneath.
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_ports::{Unknown, UnknownKind};
    /// let reference = PartnerReference::new("1238").unwrap();
    /// assert!(Unknown::new(reference, UnknownKind::Timeout, "30 s").retry_after.is_none());
    /// ```
    new
}
