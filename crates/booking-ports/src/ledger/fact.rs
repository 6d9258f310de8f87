//! What a ledger appends.

use std::fmt;

use booking_domain::{JAKARTA, SeatHold, StatusMeaning, is_deceptive};
use time::OffsetDateTime;

use super::{BookingOutcome, Outcome};

/// One line of a reference's story.
///
/// ```
/// use booking_ports::{Entry, Fact};
/// use time::macros::datetime;
///
/// let entry = Entry { at: datetime!(2026-11-24 10:00 +7), fact: Fact::Sent { attempt: 1 } };
/// assert_eq!(entry.fact.to_string(), "attempt 1: sending");
/// ```
#[derive(Clone, Debug)]
pub struct Entry {
    /// When it was written.
    pub at: OffsetDateTime,
    /// What happened.
    pub fact: Fact,
}

/// What happened to a reference.
///
/// ```
/// assert_eq!(booking_ports::Fact::Shredded.to_string(), "personal data shredded");
/// ```
#[derive(Clone, Debug)]
pub enum Fact {
    /// Intent and sending mark, before the first byte.
    Sent {
        /// The number of the attempt, from 1.
        attempt: u32,
    },
    /// How an attempt ended, as its sender saw it.
    Ended {
        /// The number of the attempt.
        attempt: u32,
        /// Its ending.
        outcome: Outcome,
    },
    /// The sender of an attempt has let its lease pass without a word, has died, or cannot be seen
    /// any more.
    SenderLost {
        /// The number of the attempt.
        attempt: u32,
        /// Where it is not known to have ended: until when it may still be sending.
        may_send_until: Option<OffsetDateTime>,
    },
    /// Something was found out.
    Learned(Evidence),
    /// The mark of a booking, before its first byte.
    Booking {
        /// The number of the attempt to book, from 1.
        attempt: u32,
    },
    /// How an attempt to book ended, as its sender saw it.
    BookingEnded {
        /// The number of the attempt to book.
        attempt: u32,
        /// Its ending.
        outcome: BookingOutcome,
    },
    /// The order with its people was given to somebody to read.
    Disclosed {
        /// To whom, and why.
        by: String,
    },
    /// The order's personal data was destroyed.
    Shredded,
}

/// So many characters at most tell to whom an order was disclosed.
const BY_MAX: usize = 400;

impl Fact {
    /// That an order was disclosed, to whom and why: in one line, of at most 400 characters, the
    /// last of them `…` where it was cut, and what cannot be seen escaped.
    ///
    /// ```
    /// # use booking_ports::Fact;
    /// let fact = Fact::disclosed("night shift: lost\nticket");
    /// assert_eq!(fact.to_string(), "disclosed to night shift: lost\\u{a}ticket");
    /// ```
    #[must_use]
    pub fn disclosed(by: &str) -> Self {
        let mut line = String::new();
        let mut room = BY_MAX;
        for c in by.chars() {
            let hidden = c.is_control() || is_deceptive(c);
            let takes = if hidden {
                c.escape_unicode().count()
            } else {
                1
            };
            // The last place is for the sign that there was more.
            if takes >= room {
                line.push('…');
                break;
            }
            room -= takes;
            if hidden {
                line.extend(c.escape_unicode());
            } else {
                line.push(c);
            }
        }
        Self::Disclosed { by: line }
    }
}

/// Until when a sender that was lost from sight may still be at it, as a reference's story tells:
/// none of those that ended, or told how their attempt ended.
///
/// ```
/// use booking_ports::{Entry, Fact, may_be_sent_until};
/// use time::macros::datetime;
///
/// let (at, until) = (datetime!(2026-11-24 10:00 +7), datetime!(2026-11-24 10:02 +7));
/// let lost = Fact::SenderLost { attempt: 1, may_send_until: Some(until) };
/// let story = [Entry { at, fact: Fact::Sent { attempt: 1 } }, Entry { at, fact: lost }];
/// assert_eq!(may_be_sent_until(&story), Some(until));
/// ```
#[must_use]
pub fn may_be_sent_until(story: &[Entry]) -> Option<OffsetDateTime> {
    let has_ended = |number: u32| {
        story
            .iter()
            .any(|entry| matches!(entry.fact, Fact::Ended { attempt, .. } if attempt == number))
    };
    let of_one = |entry: &Entry| match entry.fact {
        Fact::SenderLost {
            attempt,
            may_send_until,
        } if !has_ended(attempt) => may_send_until,
        _ => None,
    };
    story.iter().filter_map(of_one).max()
}

/// A piece of evidence about a reference.
///
/// ```
/// use booking_ports::{Evidence, Finding, Source};
///
/// let evidence = Evidence {
///     source: Source::History,
///     finding: Finding::Nothing { message: "no transaction names the reference".into() },
/// };
/// assert_eq!(evidence.to_string(), "history search: no transaction names the reference");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Who or what says so.
    pub source: Source,
    /// What it says.
    pub finding: Finding,
}

/// Where evidence comes from.
///
/// ```
/// assert_eq!(booking_ports::Source::Time.to_string(), "time");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A search of the provider's transactions by reference.
    History,
    /// A query of the transaction itself.
    Transaction,
    /// The passing of every bound on how long seats can be kept.
    Time,
    /// A call of the provider's that nobody asked for. It is a hint to look, and settles nothing
    /// whatever it says.
    Callback,
    /// An operator's word.
    Operator {
        /// Why the operator believes it.
        because: String,
    },
}

/// What evidence says.
///
/// ```
/// use booking_ports::Finding;
///
/// assert_eq!(Finding::Over { message: "FAILED".into() }.to_string(), "not held: FAILED");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The provider keeps the seats, for a payment or, by the hold's status, as a ticket.
    Held(SeatHold),
    /// Nothing is kept, or nothing any more.
    Over {
        /// Why, for a person.
        message: String,
    },
    /// It settles nothing.
    Nothing {
        /// Why, for a person.
        message: String,
    },
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent { attempt } => write!(f, "attempt {attempt}: sending"),
            Self::Ended {
                attempt,
                outcome: Ok(hold),
            } => write!(f, "attempt {attempt}: held as {}", hold.transaction_id),
            Self::Ended {
                attempt,
                outcome: Err(error),
            } => write!(f, "attempt {attempt}: {error}"),
            Self::SenderLost {
                attempt,
                may_send_until: None,
            } => write!(f, "attempt {attempt}: its sender ended without a word"),
            Self::SenderLost {
                attempt,
                may_send_until: Some(until),
            } => {
                let until = until.checked_to_offset(JAKARTA).unwrap_or(*until);
                let (hour, minute, second) = until.time().as_hms();
                write!(
                    f,
                    "attempt {attempt}: its sender cannot be seen any more, and may be sending until \
                     {hour:02}:{minute:02}:{second:02}, Jakarta time"
                )
            }
            Self::Learned(evidence) => evidence.fmt(f),
            Self::Booking { attempt } => write!(f, "booking {attempt}: sending"),
            Self::BookingEnded {
                attempt,
                outcome: Ok(ticket),
            } => write!(f, "booking {attempt}: booked, {}", ticket.booking_codes),
            Self::BookingEnded {
                attempt,
                outcome: Err(error),
            } => write!(f, "booking {attempt}: {error}"),
            Self::Disclosed { by } => write!(f, "disclosed to {by}"),
            Self::Shredded => f.write_str("personal data shredded"),
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.finding)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::History => f.write_str("history search"),
            Self::Transaction => f.write_str("transaction query"),
            Self::Time => f.write_str("time"),
            Self::Callback => f.write_str("the provider's callback"),
            Self::Operator { because } => write!(f, "operator ({because})"),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held(hold) if hold.status.meaning() == StatusMeaning::Booked => {
                write!(f, "booked as {}", hold.transaction_id)
            }
            Self::Held(hold) => write!(f, "held as {}", hold.transaction_id),
            Self::Over { message } => write!(f, "not held: {message}"),
            Self::Nothing { message } => f.write_str(message),
        }
    }
}
