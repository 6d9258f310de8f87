//! What was written down about a reference.

use booking_domain::rfc3339;
use booking_ports::{Entry, Fact, Source};
use serde::Serialize;
use utoipa::ToSchema;

/// One thing that was written down.
///
/// ```
/// use booking_gateway::StoryEntry;
///
/// let entry = StoryEntry {
///     at: "2026-11-24T10:00:00+07:00".into(),
///     fact: "sent",
///     source: None,
///     text: "attempt 1: sending".into(),
/// };
/// assert_eq!(entry.fact, "sent");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StoryEntry {
    /// When.
    pub at: String,
    /// What: `sent`, `ended`, `sender_lost`, `learned`, `booking`, `booking_ended`, `disclosed`,
    /// `shredded`.
    pub fact: &'static str,
    /// Where something learnt came from: `history`, `transaction`, `callback`, `time`, `operator`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'static str>,
    /// In words.
    pub text: String,
}

impl StoryEntry {
    /// `entry` as a key without a tenant may read it.
    pub(crate) fn of(entry: &Entry) -> Self {
        let (fact, source) = match &entry.fact {
            Fact::Sent { .. } => ("sent", None),
            Fact::Ended { .. } => ("ended", None),
            Fact::SenderLost { .. } => ("sender_lost", None),
            Fact::Learned(evidence) => (
                "learned",
                Some(match evidence.source {
                    Source::History => "history",
                    Source::Transaction => "transaction",
                    Source::Callback => "callback",
                    Source::Time => "time",
                    Source::Operator { .. } => "operator",
                }),
            ),
            Fact::Booking { .. } => ("booking", None),
            Fact::BookingEnded { .. } => ("booking_ended", None),
            Fact::Disclosed { .. } => ("disclosed", None),
            Fact::Shredded => ("shredded", None),
        };
        Self {
            at: rfc3339(entry.at),
            fact,
            source,
            text: entry.fact.to_string(),
        }
    }

    /// `entry` as a tenant may read it: without who of the house said or asked what, and why.
    pub(crate) fn for_tenant(entry: &Entry) -> Self {
        let whole = Self::of(entry);
        let text = match &entry.fact {
            Fact::Learned(evidence) if matches!(evidence.source, Source::Operator { .. }) => {
                format!("operator: {}", evidence.finding)
            }
            Fact::Disclosed { .. } => "the people of the order were shown".to_owned(),
            _ => return whole,
        };
        Self { text, ..whole }
    }
}
