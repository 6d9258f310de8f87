//! Seats that a provider keeps.

use std::fmt;

use super::deadline::Deadline;
use crate::order::PartnerReference;

/// The provider's number of a hold: 1 to 64 printable ASCII characters without spaces. Klikoo's are
/// digits in a string, such as `14429004` (given document, section D).
///
/// ```
/// use booking_domain::TransactionId;
///
/// assert_eq!(TransactionId::new("14429004").unwrap().as_str(), "14429004");
/// assert!(TransactionId::new("").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId(String);

impl TransactionId {
    /// `None` for a text that is no number of anything: empty, over 64 characters, or with spaces,
    /// control characters or letters beyond ASCII.
    ///
    /// ```
    /// assert!(booking_domain::TransactionId::new("1\u{1b}[31m").is_none());
    /// ```
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Self> {
        const LONGEST: usize = 64;
        let text = text.into();
        let sound = !text.is_empty()
            && text.len() <= LONGEST
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        sound.then_some(Self(text))
    }

    /// The text.
    ///
    /// ```
    /// assert_eq!(booking_domain::TransactionId::new("7").unwrap().as_str(), "7");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a provider's word for a transaction means to us.
///
/// ```
/// use booking_domain::{ProviderStatus, StatusMeaning};
///
/// let status = ProviderStatus::new(StatusMeaning::Waiting, "WAITING");
/// assert_eq!(status.meaning(), StatusMeaning::Waiting);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusMeaning {
    /// Held and not paid.
    Waiting,
    /// Turned into a ticket.
    Booked,
    /// Over: failed, given back or expired.
    Ended,
    /// A word that nobody has told us the meaning of. The hold is kept all the same.
    Unrecognised,
}

/// A provider's word for the state of a transaction, kept as it came, and what it means.
///
/// ```
/// use booking_domain::{ProviderStatus, StatusMeaning};
///
/// let status = ProviderStatus::new(StatusMeaning::Unrecognised, "ON_HOLD");
/// assert_eq!(status.word(), "ON_HOLD");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProviderStatus {
    meaning: StatusMeaning,
    word: String,
}

impl ProviderStatus {
    /// Pairs a word with its meaning; the adapter that knows the provider decides it, and has
    /// made the word fit to print.
    ///
    /// ```
    /// # use booking_domain::{ProviderStatus, StatusMeaning};
    /// assert_eq!(ProviderStatus::new(StatusMeaning::Booked, "SUCCESS").word(), "SUCCESS");
    /// ```
    #[must_use]
    pub fn new(meaning: StatusMeaning, word: impl Into<String>) -> Self {
        Self {
            meaning,
            word: word.into(),
        }
    }

    /// What the word means.
    ///
    /// ```
    /// # use booking_domain::{ProviderStatus, StatusMeaning};
    /// let status = ProviderStatus::new(StatusMeaning::Ended, "FAILED");
    /// assert_eq!(status.meaning(), StatusMeaning::Ended);
    /// ```
    #[must_use]
    pub fn meaning(&self) -> StatusMeaning {
        self.meaning
    }

    /// The provider's word.
    ///
    /// ```
    /// # use booking_domain::{ProviderStatus, StatusMeaning};
    /// assert_eq!(ProviderStatus::new(StatusMeaning::Waiting, "WAITING").word(), "WAITING");
    /// ```
    #[must_use]
    pub fn word(&self) -> &str {
        &self.word
    }
}

/// Seats that a provider keeps for an order until a deadline.
///
/// ```
/// use booking_domain::{
///     Deadline, PartnerReference, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
/// };
/// use time::{macros::datetime, Duration};
///
/// let now = datetime!(2026-11-24 10:00 +7);
/// let hold = SeatHold {
///     reference: PartnerReference::new("1238").unwrap(),
///     transaction_id: TransactionId::new("14429004").unwrap(),
///     status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
///     deadline: Deadline::stated(now + Duration::minutes(30), now, Duration::hours(2)),
/// };
/// assert!(!hold.deadline.has_passed(now));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatHold {
    /// The partner's number of the order.
    pub reference: PartnerReference,
    /// The provider's number of the hold.
    pub transaction_id: TransactionId,
    /// The provider's word for it.
    pub status: ProviderStatus,
    /// Until when the seats are kept.
    pub deadline: Deadline,
}
