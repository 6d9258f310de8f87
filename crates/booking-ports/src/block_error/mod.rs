//! Why a block did not end in a hold, by what is *known*.

mod ending;
mod kind;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::PartnerReference;

pub use ending::{Expired, NotSent, Refusal, Unknown};
pub use kind::{NotSentKind, RefusalKind, UnknownKind};

use crate::advice::Advice;

/// How soon a caller may ask again about what another one is sending. Most are done within seconds;
/// what is under way is not disturbed by a question.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// The error beneath, for logs; shared, so that outcomes can be kept and copied.
///
/// ```
/// let cause: booking_ports::Cause = std::sync::Arc::new(std::fmt::Error);
/// assert!(!cause.to_string().is_empty());
/// ```
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Every ending of a block but a hold. Each speaks of its own attempt: where an earlier attempt
/// under the same reference ended unknown, a later refusal proves nothing about that one.
///
/// [`Unknown`](Self::Unknown) leaves open whether seats are kept, and so does [`Busy`](Self::Busy),
/// of which somebody else will learn it. Before other seats are tried, ask
/// [`may_be_held`](Self::may_be_held), and leave no ending to a catch-all.
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
    /// *Not held any more*.
    #[error(transparent)]
    Expired(#[from] Expired),
    /// *Nothing was sent for this order*: another order has its reference. What that one holds is
    /// its own affair.
    #[error("{reference} is the reference of another order")]
    Conflict {
        /// The reference that both have.
        reference: PartnerReference,
    },
    /// *Nothing was sent by this call*: the same order is being sent at this moment, by another
    /// caller, and may be held.
    #[error("{reference} is being sent by another caller")]
    Busy {
        /// The reference of the order.
        reference: PartnerReference,
        /// After how long at most the other caller will have ended, or have been given up.
        after: Duration,
    },
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
            Self::Expired(expired) => &expired.reference,
            Self::Conflict { reference } | Self::Busy { reference, .. } => reference,
        }
    }

    /// Whether the provider may keep seats for this order: then nobody may try other seats for the
    /// traveller, nor another reference. It is so where the outcome is unknown, and where the same
    /// order is being sent at this moment.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use booking_domain::PartnerReference;
    /// # use booking_ports::{BlockError, NotSent, NotSentKind};
    /// fn may_try_other_seats(error: &BlockError) -> bool {
    ///     !error.may_be_held()
    /// }
    ///
    /// let reference = PartnerReference::new("1238").unwrap();
    /// let error = NotSent::new(reference.clone(), NotSentKind::Tls, "unknown issuer").into();
    /// assert!(may_try_other_seats(&error));
    /// let error = BlockError::Busy { reference, after: Duration::from_secs(9) };
    /// assert!(!may_try_other_seats(&error));
    /// ```
    #[must_use]
    pub fn may_be_held(&self) -> bool {
        // No catch-all: whoever adds an ending has to decide.
        match self {
            Self::Unknown(_) | Self::Busy { .. } => true,
            Self::Refused(_) | Self::NotSent(_) | Self::Expired(_) | Self::Conflict { .. } => false,
        }
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
                | RefusalKind::Account => Advice::MendAndRenew,
                RefusalKind::SeatUnavailable
                | RefusalKind::InvalidOrder
                | RefusalKind::Product
                | RefusalKind::Other => Advice::ChangeOrder,
            },
            Self::NotSent(not_sent) => match not_sent.kind {
                NotSentKind::Unreachable
                | NotSentKind::NoToken
                | NotSentKind::Unrecorded
                | NotSentKind::Overloaded => Advice::Repeat {
                    after: not_sent.retry_after,
                },
                NotSentKind::Tls
                | NotSentKind::TokenRefused
                | NotSentKind::Clock
                | NotSentKind::Unsendable => Advice::MendFirst,
            },
            Self::Unknown(unknown) => match unknown.kind {
                UnknownKind::ReferenceUsed => Advice::LookUp,
                _ => Advice::Resolve {
                    after: unknown.retry_after,
                },
            },
            Self::Expired(_) => Advice::BlockAnew,
            Self::Conflict { .. } => Advice::OwnReference,
            Self::Busy { after, .. } => Advice::Wait {
                after: (*after).min(ASK_AGAIN),
            },
        }
    }
}
