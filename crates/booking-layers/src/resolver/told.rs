//! What a reference's story tells a resolver.

use booking_ports::{BlockError, Entry, Fact, UnknownKind};
use time::OffsetDateTime;

/// How often something was sent after an earlier sending had become unknown.
pub(super) fn repeats(story: &[Entry]) -> usize {
    story
        .iter()
        .skip_while(|entry| !became_unknown(&entry.fact))
        .filter(|entry| matches!(entry.fact, Fact::Sent { .. }))
        .count()
}

/// Whether a reply named another trip, other seats or another reference than was ordered.
pub(super) fn names_something_else(story: &[Entry]) -> bool {
    story.iter().any(|entry| {
        matches!(
            &entry.fact,
            Fact::Ended {
                outcome: Err(BlockError::Unknown(unknown)),
                ..
            } if unknown.kind == UnknownKind::MismatchedReply
        )
    })
}

/// Whether the provider has asked to be left alone for longer than until `now`.
pub(super) fn is_asked_to_wait(story: &[Entry], now: OffsetDateTime) -> bool {
    story.iter().any(|entry| match &entry.fact {
        Fact::Ended {
            outcome: Err(BlockError::Unknown(unknown)),
            ..
        } => unknown
            .retry_after
            .is_some_and(|wait| now < entry.at + wait),
        _ => false,
    })
}

fn became_unknown(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::SenderLost { .. }
            | Fact::Ended {
                outcome: Err(BlockError::Unknown(_)),
                ..
            }
    )
}
