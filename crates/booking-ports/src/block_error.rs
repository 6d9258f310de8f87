//! Why a block did not end in a hold, by what is *known*.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::{PartnerReference, SeatHold};

use crate::advice::Advice;

/// The error beneath, for logs; shared, so that outcomes can be kept and copied.
///
/// ```
/// let cause: booking_ports::Cause = std::sync::Arc::new(std::fmt::Error);
/// assert!(!cause.to_string().is_empty());
/// ```
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Every ending of a block but a hold. Each speaks of its own attempt: where an earlier attempt
/// under the same reference ended unknown, a later refusal proves nothing about that one. Only [`Unknown`](Self::Unknown) leaves open whether seats
/// are kept; a caller that matches cannot mistake it for the others.
///
/// ```
/// use booking_domain::PartnerReference;
/// use booking_ports::{Advice, BlockError, Unknown, UnknownKind};
///
/// let reference = PartnerReference::new("1238").unwrap();
/// let error: BlockError = Unknown::new(reference, UnknownKind::Timeout, "no answer within 30 s").into();
/// assert!(error.may_be_held());
/// assert_eq!(error.advice(), Advice::Resolve { after: None });
/// assert_eq!(error.reference().as_str(), "1238");
/// ```
#[derive(Clone, Debug, thiserror::Error)]
pub enum BlockError {
    /// *Not held by this attempt*: the provider said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// *Not held by this attempt*: proven never to have reached the provider as an order.
    #[error(transparent)]
    NotSent(#[from] NotSent),
    /// *May be held*: only evidence settles it. Never choose another reference for this order.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// *Not held any more*: the provider's success named a deadline that has passed.
    #[error("the hold {} of {} is over: its deadline has passed", .0.transaction_id, .0.reference)]
    Expired(SeatHold),
}

impl BlockError {
    /// The reference of the order.
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_ports::{BlockError, NotSent, NotSentKind};
    /// let reference = PartnerReference::new("1238").unwrap();
    /// let error: BlockError = NotSent::new(reference, NotSentKind::Unreachable, "refused").into();
    /// assert_eq!(error.reference().as_str(), "1238");
    /// ```
    #[must_use]
    pub fn reference(&self) -> &PartnerReference {
        match self {
            Self::Refused(refusal) => &refusal.reference,
            Self::NotSent(not_sent) => &not_sent.reference,
            Self::Unknown(unknown) => &unknown.reference,
            Self::Expired(hold) => &hold.reference,
        }
    }

    /// Whether the provider may keep seats for this attempt.
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_ports::{BlockError, NotSent, NotSentKind};
    /// let reference = PartnerReference::new("1238").unwrap();
    /// let error: BlockError = NotSent::new(reference, NotSentKind::Tls, "unknown issuer").into();
    /// assert!(!error.may_be_held());
    /// ```
    #[must_use]
    pub fn may_be_held(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// What the caller may do next.
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_ports::{Advice, BlockError, NotSent, NotSentKind};
    /// let reference = PartnerReference::new("1238").unwrap();
    /// let error: BlockError = NotSent::new(reference, NotSentKind::Tls, "unknown issuer").into();
    /// assert_eq!(error.advice(), Advice::MendFirst);
    /// ```
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::Refused(refusal) => match refusal.kind {
                RefusalKind::Clock
                | RefusalKind::Signature
                | RefusalKind::Credentials
                | RefusalKind::NotAllowed
                | RefusalKind::Account => Advice::MendFirst,
                RefusalKind::SeatUnavailable
                | RefusalKind::InvalidOrder
                | RefusalKind::Product
                | RefusalKind::Other => Advice::ChangeOrder,
            },
            Self::NotSent(not_sent) => match not_sent.kind {
                NotSentKind::Unreachable | NotSentKind::NoToken => Advice::Repeat {
                    after: not_sent.retry_after,
                },
                NotSentKind::Tls
                | NotSentKind::TokenRefused
                | NotSentKind::Clock
                | NotSentKind::Unsendable => Advice::MendFirst,
            },
            Self::Unknown(unknown) => Advice::Resolve {
                after: unknown.retry_after,
            },
            Self::Expired(_) => Advice::BlockAnew,
        }
    }
}

macro_rules! kind {
    (
        $(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }
        $example:literal
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// The stable word of this kind, `snake_case`.
            #[doc = concat!("\n```\n", $example, "\n```")]
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

kind! {
    /// Why a provider refused.
    ///
    /// ```
    /// assert_eq!(booking_ports::RefusalKind::Signature.to_string(), "signature");
    /// ```
    RefusalKind {
        /// A seat is taken or does not exist. Klikoo publishes no code for it, so its adapter
        /// answers [`Other`](Self::Other) with Klikoo's words.
        SeatUnavailable = "seat_unavailable",
        /// The provider finds fault with a field of the order.
        InvalidOrder = "invalid_order",
        /// No such product or trip.
        Product = "product",
        /// The clock of this host, or of the request, is off.
        Clock = "clock",
        /// The signature does not match.
        Signature = "signature",
        /// The token or the credentials are not accepted.
        Credentials = "credentials",
        /// This partner, or this address, may not do that.
        NotAllowed = "not_allowed",
        /// Something is the matter with the partner's or customer's account.
        Account = "account",
        /// A refusal whose code nobody has told us the meaning of.
        Other = "other",
    }
    "assert_eq!(booking_ports::RefusalKind::SeatUnavailable.as_str(), \"seat_unavailable\");"
}

kind! {
    /// Why nothing was sent.
    ///
    /// ```
    /// assert_eq!(booking_ports::NotSentKind::NoToken.to_string(), "no_token");
    /// ```
    NotSentKind {
        /// No connection: name not found, refused, or not answered within the connect timeout.
        Unreachable = "unreachable",
        /// The other side could not prove who it is, or speaks no TLS that we accept.
        Tls = "tls",
        /// No access token could be had; trying again may help.
        NoToken = "no_token",
        /// The provider refused to give an access token; trying again will not help.
        TokenRefused = "token_refused",
        /// The clock of this host is too far off for a signature to be accepted.
        Clock = "clock",
        /// The request could not be made.
        Unsendable = "unsendable",
    }
    "assert_eq!(booking_ports::NotSentKind::Unreachable.as_str(), \"unreachable\");"
}

kind! {
    /// Why it is not known whether seats are held.
    ///
    /// ```
    /// assert_eq!(booking_ports::UnknownKind::Timeout.to_string(), "timeout");
    /// ```
    UnknownKind {
        /// The connection ended after the request may have left, and before an answer came.
        ConnectionLost = "connection_lost",
        /// No answer in time.
        Timeout = "timeout",
        /// The caller stopped waiting.
        Interrupted = "interrupted",
        /// An answer that cannot be read: cut short, too long, of another type, incomplete.
        UnreadableReply = "unreadable_reply",
        /// An answer that says two things at once, such as a success with an error's code.
        ContradictoryReply = "contradictory_reply",
        /// A success that names other seats, another trip or another reference than asked.
        MismatchedReply = "mismatched_reply",
        /// The provider failed while it worked on the request (5xx).
        ProviderFailure = "provider_failure",
        /// An answer that is not the provider's final word: a redirect, a proxy's page, "too many
        /// requests".
        NotDefinitive = "not_definitive",
        /// The provider has seen this reference before, so an earlier attempt may have held.
        ReferenceUsed = "reference_used",
    }
    "assert_eq!(booking_ports::UnknownKind::ReferenceUsed.as_str(), \"reference_used\");"
}

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
#[derive(Clone, Debug, thiserror::Error)]
#[error("{reference} was not sent ({kind}): {message}")]
pub struct NotSent {
    /// The reference of the order.
    pub reference: PartnerReference,
    /// Why.
    pub kind: NotSentKind,
    /// Why, for a person.
    pub message: String,
    /// How long the provider asked to wait, where it did.
    pub retry_after: Option<Duration>,
    /// The error beneath.
    #[source]
    pub cause: Option<Cause>,
}

impl NotSent {
    /// An order that was not sent, without a cause beneath.
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_ports::{NotSent, NotSentKind};
    /// let reference = PartnerReference::new("1238").unwrap();
    /// assert!(NotSent::new(reference, NotSentKind::Clock, "10 minutes fast").cause.is_none());
    /// ```
    #[must_use]
    pub fn new(reference: PartnerReference, kind: NotSentKind, message: impl Into<String>) -> Self {
        Self {
            reference,
            kind,
            message: message.into(),
            retry_after: None,
            cause: None,
        }
    }
}

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
#[derive(Clone, Debug, thiserror::Error)]
#[error("whether {reference} is held is unknown ({kind}): {message}")]
pub struct Unknown {
    /// The reference of the order.
    pub reference: PartnerReference,
    /// Why.
    pub kind: UnknownKind,
    /// Why, for a person, fit to print.
    pub message: String,
    /// How long the provider asked to wait, where it did.
    pub retry_after: Option<Duration>,
    /// The error beneath.
    #[source]
    pub cause: Option<Cause>,
}

impl Unknown {
    /// An unknown outcome, without a cause beneath.
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_ports::{Unknown, UnknownKind};
    /// let reference = PartnerReference::new("1238").unwrap();
    /// assert!(Unknown::new(reference, UnknownKind::Timeout, "30 s").retry_after.is_none());
    /// ```
    #[must_use]
    pub fn new(reference: PartnerReference, kind: UnknownKind, message: impl Into<String>) -> Self {
        Self {
            reference,
            kind,
            message: message.into(),
            retry_after: None,
            cause: None,
        }
    }
}
