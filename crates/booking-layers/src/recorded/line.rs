//! One outcome as a line of JSON, without personal values.

use booking_domain::{
    Deadline, PartnerReference, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
use booking_ports::{
    BlockError, Expired, NotSent, NotSentKind, Outcome, Refusal, RefusalKind, SendPermit, Unknown,
    UnknownKind,
};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::spill::Unwritten;

/// What is said in place of the words that were left out.
const LEFT_OUT: &str = "kept in the spill file, without the provider's words";

#[derive(Serialize, Deserialize)]
pub(super) struct Line {
    reference: String,
    attempt: u32,
    fence: u64,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    deadline: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Held,
    Refused,
    NotSent,
    Unknown,
    Expired,
}

impl Line {
    pub(super) fn of(unwritten: &Unwritten) -> Self {
        let (state, kind, hold) = match &unwritten.outcome {
            Ok(hold) => (State::Held, None, Some(hold)),
            Err(BlockError::Refused(refusal)) => {
                (State::Refused, Some(refusal.kind.as_str()), None)
            }
            Err(BlockError::NotSent(not_sent)) => {
                (State::NotSent, Some(not_sent.kind.as_str()), None)
            }
            Err(BlockError::Unknown(unknown)) => {
                (State::Unknown, Some(unknown.kind.as_str()), None)
            }
            Err(BlockError::Expired(Expired {
                hold: Some(hold), ..
            })) => {
                let hold: &SeatHold = hold;
                (State::Expired, None, Some(hold))
            }
            // No ending of something that was sent, so they prove nothing of it.
            Err(BlockError::Expired(_) | BlockError::Conflict { .. } | BlockError::Busy { .. }) => {
                (State::Unknown, None, None)
            }
        };
        let permit = &unwritten.permit;
        Self {
            reference: permit.reference.as_str().to_owned(),
            attempt: permit.attempt,
            fence: permit.fence,
            state,
            kind: kind.map(str::to_owned),
            transaction_id: hold.map(|hold| hold.transaction_id.as_str().to_owned()),
            deadline: hold.map(|hold| hold.deadline.at()),
            at: unwritten.at,
        }
    }

    /// `None` where the line does not make sense.
    pub(super) fn unwritten(self) -> Option<Unwritten> {
        let reference = PartnerReference::new(self.reference.as_str()).ok()?;
        Some(Unwritten {
            outcome: self.outcome(&reference)?,
            permit: SendPermit {
                reference,
                attempt: self.attempt,
                fence: self.fence,
            },
            at: self.at,
        })
    }

    fn outcome(&self, reference: &PartnerReference) -> Option<Outcome> {
        let reference = reference.clone();
        let kind = self.kind.as_deref().unwrap_or_default();
        Some(match self.state {
            State::Held => Ok(self.hold(reference)?),
            State::Expired => Err(Expired::from(self.hold(reference)?).into()),
            State::Refused => {
                let kind = RefusalKind::of_word(kind).unwrap_or(RefusalKind::Other);
                Err(Refusal::new(reference, kind, "left out", LEFT_OUT).into())
            }
            State::NotSent => {
                let kind = NotSentKind::of_word(kind).unwrap_or(NotSentKind::Unsendable);
                Err(NotSent::new(reference, kind, LEFT_OUT).into())
            }
            State::Unknown => {
                let kind = UnknownKind::of_word(kind).unwrap_or(UnknownKind::Unrecorded);
                Err(Unknown::new(reference, kind, LEFT_OUT).into())
            }
        })
    }

    fn hold(&self, reference: PartnerReference) -> Option<SeatHold> {
        let deadline = self.deadline?;
        Some(SeatHold {
            reference,
            transaction_id: TransactionId::new(self.transaction_id.as_deref()?)?,
            // Its word was left out, and nothing may be read into that.
            status: ProviderStatus::new(StatusMeaning::Unrecognised, "LEFT_OUT"),
            deadline: Deadline::stated(deadline, deadline, Duration::ZERO),
        })
    }
}
