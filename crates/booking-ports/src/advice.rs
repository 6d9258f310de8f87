//! What to do after a block that did not end in a hold.

use std::fmt;
use std::time::Duration;

/// What a caller may do next. [`BlockError::advice`](crate::BlockError::advice) gives it; nothing
/// else in a program should decide on retries.
///
/// ```
/// use booking_ports::Advice;
///
/// let advice = Advice::Resolve { after: None };
/// assert!(advice.to_string().contains("never with another"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// This attempt holds nothing. Repeat with the same reference, no sooner than `after`.
    Repeat {
        /// How long the provider asked to wait, where it did.
        after: Option<Duration>,
    },
    /// This attempt holds nothing. Mend what the message names; then repeat with the same reference.
    MendFirst,
    /// This attempt holds nothing, and its reference has its answer. Mend what the message names;
    /// then block under a new reference. Not so where an earlier attempt under this reference ended
    /// unknown: that one is settled first.
    MendAndRenew,
    /// This attempt holds nothing, and the provider will not take this order: change it (other
    /// seats, another trip) and send that under a new reference. Not so where an earlier attempt
    /// under this reference ended unknown: that one may hold the seats, and is settled first.
    ChangeOrder,
    /// Seats may be held. Repeat with the same reference, never with another.
    Resolve {
        /// How long the provider asked to wait, where it did.
        after: Option<Duration>,
    },
    /// Seats may be held, by an earlier attempt under this reference: the provider has seen it
    /// before. Find out first, in the provider's transactions or by asking the provider. A repeat
    /// is safe, and holds nothing more; another reference could hold the seats a second time.
    LookUp,
    /// The hold is over. Block anew, under a new reference.
    BlockAnew,
    /// Nothing was sent for this order: its reference is another order's. Give it one of its own.
    OwnReference,
    /// Seats may be held soon. Ask again with the same reference, after this long.
    Wait {
        /// After how long to ask again: the other caller may have ended by then, and if not, the
        /// answer is the same as now.
        after: Duration,
    },
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, after) = match self {
            Self::Repeat { after } => (
                "This attempt holds no seat. Repeat with the same reference",
                *after,
            ),
            Self::MendFirst => (
                "This attempt holds no seat. Mend what the message names, then repeat with the same reference",
                None,
            ),
            Self::MendAndRenew => (
                "This attempt holds no seat. Mend what the message names, then, unless an earlier attempt under this reference ended unknown, block under a new reference",
                None,
            ),
            Self::ChangeOrder => (
                "This attempt holds no seat. Unless an earlier attempt under this reference ended unknown, change the order (other seats, another trip) and send it under a new reference",
                None,
            ),
            Self::Resolve { after } => (
                "Seats may be held. Repeat with the same reference, never with another",
                *after,
            ),
            Self::LookUp => (
                "Seats may be held: this reference was used before. Look it up in the provider's transactions or ask the provider. Repeating it is safe but pointless; use no other reference until you know",
                None,
            ),
            Self::BlockAnew => (
                "The hold is over. Block the seats anew, under a new reference",
                None,
            ),
            Self::OwnReference => (
                "Nothing was sent for this order. Give it a reference of its own",
                None,
            ),
            Self::Wait { after } => (
                "Seats may be held by the other caller. Repeat with the same reference, never with another",
                Some(*after),
            ),
        };
        f.write_str(text)?;
        match after {
            Some(wait) => write!(f, ", after {} s.", wait.as_secs().max(1)),
            None => f.write_str("."),
        }
    }
}
