//! What a reply leaves open that neither does what was asked nor refuses it.

use booking_ports::{Cause, UnknownKind};

use crate::envelope::{Envelope, EnvelopeError};
use crate::reply::Reply;
use crate::response_code::Case;

pub(crate) struct Doubt {
    pub(crate) kind: UnknownKind,
    pub(crate) message: String,
    pub(crate) cause: Option<Cause>,
}

impl Doubt {
    pub(crate) fn new(kind: UnknownKind, message: String) -> Self {
        Self {
            kind,
            message,
            cause: None,
        }
    }

    /// Of a reply without an envelope.
    pub(crate) fn unreadable(reply: &Reply, error: EnvelopeError) -> Self {
        let status = reply.status.as_u16();
        let message = format!("HTTP status {status}, and {error}");
        let kind = match (&error, status) {
            (EnvelopeError::TimedOut(_), _) => UnknownKind::Timeout,
            (_, 500..=599) => UnknownKind::ProviderFailure,
            (_, 200..=299) => UnknownKind::UnreadableReply,
            _ => UnknownKind::NotDefinitive,
        };
        let cause = match error {
            EnvelopeError::TimedOut(cause) | EnvelopeError::CutShort(cause) => Some(cause),
            EnvelopeError::TooLong | EnvelopeError::NotJson | EnvelopeError::Malformed => None,
        };
        Self {
            kind,
            message,
            cause,
        }
    }

    /// Of an envelope that is no documented success; `None` where it is the provider's definitive
    /// no. `code` and `message` are fit to print.
    pub(crate) fn undone(
        reply: &Reply,
        envelope: &Envelope<'_>,
        code: &str,
        message: &str,
    ) -> Option<Self> {
        let status = reply.status.as_u16();
        let said = format!("HTTP status {status}, code {code}: {message}");
        let kind = match status {
            409 if envelope.code.case() == Some(Case::ReferenceUsed) => UnknownKind::ReferenceUsed,
            // The first three are about timing; what a 409 conflicts with may be our own earlier
            // attempt.
            408 | 425 | 429 | 409 => UnknownKind::NotDefinitive,
            400..=499 if envelope.is_definitive_refusal(reply) => return None,
            200..=299 | 400..=499 => {
                let said =
                    format!("the reply is neither the documented success nor a refusal ({said})");
                return Some(Self::new(UnknownKind::ContradictoryReply, said));
            }
            500..=599 => UnknownKind::ProviderFailure,
            _ => UnknownKind::NotDefinitive,
        };
        Some(Self::new(kind, said))
    }
}
