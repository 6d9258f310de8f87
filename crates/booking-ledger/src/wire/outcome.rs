//! How an attempt ended, as JSON. The error beneath is for logs and is not kept.

use std::time::Duration;

use booking_domain::SeatHold;
use booking_ports::{
    BlockError, Expired, LedgerError, NotSent, NotSentKind, Outcome, Refusal, RefusalKind, Unknown,
    UnknownKind,
};
use serde::{Deserialize, Serialize};

use super::damaged;
use super::hold::{HoldWire, reference};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OutcomeWire {
    Held(HoldWire),
    Refused {
        reference: String,
        kind: String,
        code: String,
        message: String,
    },
    NotSent(WithoutAnswer),
    Unknown(WithoutAnswer),
    Expired {
        reference: String,
        hold: Option<HoldWire>,
    },
    Conflict {
        reference: String,
    },
    Busy {
        reference: String,
        after: Duration,
    },
}

#[derive(Serialize, Deserialize)]
pub(super) struct WithoutAnswer {
    reference: String,
    kind: String,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<Duration>,
}

impl From<&Outcome> for OutcomeWire {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Ok(hold) => Self::Held(hold.into()),
            Err(BlockError::Refused(refusal)) => Self::Refused {
                reference: refusal.reference.to_string(),
                kind: refusal.kind.to_string(),
                code: refusal.code.clone(),
                message: refusal.message.clone(),
            },
            Err(BlockError::NotSent(not_sent)) => Self::NotSent(WithoutAnswer {
                reference: not_sent.reference.to_string(),
                kind: not_sent.kind.to_string(),
                message: not_sent.message.clone(),
                retry_after: not_sent.retry_after,
            }),
            Err(BlockError::Unknown(unknown)) => Self::Unknown(WithoutAnswer {
                reference: unknown.reference.to_string(),
                kind: unknown.kind.to_string(),
                message: unknown.message.clone(),
                retry_after: unknown.retry_after,
            }),
            Err(BlockError::Expired(expired)) => Self::Expired {
                reference: expired.reference.to_string(),
                hold: expired.hold.as_deref().map(HoldWire::from),
            },
            Err(BlockError::Conflict { reference }) => Self::Conflict {
                reference: reference.to_string(),
            },
            Err(BlockError::Busy { reference, after }) => Self::Busy {
                reference: reference.to_string(),
                after: *after,
            },
        }
    }
}

impl OutcomeWire {
    pub(super) fn into_outcome(self) -> Result<Outcome, LedgerError> {
        Ok(match self {
            Self::Held(hold) => Ok(hold.try_into()?),
            Self::Refused {
                reference: text,
                kind,
                code,
                message,
            } => {
                let kind = RefusalKind::of_word(&kind).ok_or_else(unknown_kind)?;
                Err(Refusal::new(reference(text)?, kind, code, message).into())
            }
            Self::NotSent(wire) => {
                let kind = NotSentKind::of_word(&wire.kind).ok_or_else(unknown_kind)?;
                Err(BlockError::NotSent(NotSent {
                    retry_after: wire.retry_after,
                    ..NotSent::new(reference(wire.reference)?, kind, wire.message)
                }))
            }
            Self::Unknown(wire) => {
                let kind = UnknownKind::of_word(&wire.kind).ok_or_else(unknown_kind)?;
                Err(BlockError::Unknown(Unknown {
                    retry_after: wire.retry_after,
                    ..Unknown::new(reference(wire.reference)?, kind, wire.message)
                }))
            }
            Self::Expired {
                reference: text,
                hold,
            } => Err(BlockError::Expired(Expired {
                reference: reference(text)?,
                hold: hold.map(SeatHold::try_from).transpose()?.map(Box::new),
            })),
            Self::Conflict { reference: text } => Err(BlockError::Conflict {
                reference: reference(text)?,
            }),
            Self::Busy {
                reference: text,
                after,
            } => Err(BlockError::Busy {
                reference: reference(text)?,
                after,
            }),
        })
    }
}

pub(super) fn unknown_kind() -> LedgerError {
    damaged("a kind of ending that this version does not know")
}
