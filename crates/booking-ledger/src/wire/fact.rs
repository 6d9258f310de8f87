//! An entry as JSON.

use booking_ports::{Evidence, Fact, Finding, LedgerError, Source};
use serde::{Deserialize, Serialize};

use super::booking::BookingOutcomeWire;
use super::hold::HoldWire;
use super::outcome::OutcomeWire;
use crate::moment::{from_millis, to_millis};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FactWire {
    Sent {
        attempt: u32,
    },
    Ended {
        attempt: u32,
        outcome: OutcomeWire,
    },
    SenderLost {
        attempt: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        may_send_until: Option<i64>,
    },
    Learned {
        source: SourceWire,
        finding: FindingWire,
    },
    Booking {
        attempt: u32,
    },
    BookingEnded {
        attempt: u32,
        outcome: BookingOutcomeWire,
    },
    Disclosed {
        by: String,
    },
    Shredded,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SourceWire {
    History,
    Transaction,
    Time,
    Callback,
    Operator { because: String },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FindingWire {
    Held(HoldWire),
    Over { message: String },
    Nothing { message: String },
}

impl From<&Fact> for FactWire {
    fn from(fact: &Fact) -> Self {
        match fact {
            Fact::Sent { attempt } => Self::Sent { attempt: *attempt },
            Fact::Ended { attempt, outcome } => Self::Ended {
                attempt: *attempt,
                outcome: outcome.into(),
            },
            Fact::SenderLost {
                attempt,
                may_send_until,
            } => Self::SenderLost {
                attempt: *attempt,
                may_send_until: may_send_until.map(to_millis),
            },
            Fact::Learned(Evidence { source, finding }) => Self::Learned {
                source: source.into(),
                finding: finding.into(),
            },
            Fact::Booking { attempt } => Self::Booking { attempt: *attempt },
            Fact::BookingEnded { attempt, outcome } => Self::BookingEnded {
                attempt: *attempt,
                outcome: outcome.into(),
            },
            Fact::Disclosed { by } => Self::Disclosed { by: by.clone() },
            Fact::Shredded => Self::Shredded,
        }
    }
}

impl TryFrom<FactWire> for Fact {
    type Error = LedgerError;

    fn try_from(wire: FactWire) -> Result<Self, LedgerError> {
        Ok(match wire {
            FactWire::Sent { attempt } => Self::Sent { attempt },
            FactWire::Ended { attempt, outcome } => Self::Ended {
                attempt,
                outcome: outcome.into_outcome()?,
            },
            FactWire::SenderLost {
                attempt,
                may_send_until,
            } => Self::SenderLost {
                attempt,
                may_send_until: may_send_until.map(from_millis).transpose()?,
            },
            FactWire::Learned { source, finding } => Self::Learned(Evidence {
                source: source.into(),
                finding: finding.try_into()?,
            }),
            FactWire::Booking { attempt } => Self::Booking { attempt },
            FactWire::BookingEnded { attempt, outcome } => Self::BookingEnded {
                attempt,
                outcome: outcome.into_outcome()?,
            },
            FactWire::Disclosed { by } => Self::Disclosed { by },
            FactWire::Shredded => Self::Shredded,
        })
    }
}

impl From<&Source> for SourceWire {
    fn from(source: &Source) -> Self {
        match source {
            Source::History => Self::History,
            Source::Transaction => Self::Transaction,
            Source::Time => Self::Time,
            Source::Callback => Self::Callback,
            Source::Operator { because } => Self::Operator {
                because: because.clone(),
            },
        }
    }
}

impl From<SourceWire> for Source {
    fn from(wire: SourceWire) -> Self {
        match wire {
            SourceWire::History => Self::History,
            SourceWire::Transaction => Self::Transaction,
            SourceWire::Time => Self::Time,
            SourceWire::Callback => Self::Callback,
            SourceWire::Operator { because } => Self::Operator { because },
        }
    }
}

impl From<&Finding> for FindingWire {
    fn from(finding: &Finding) -> Self {
        match finding {
            Finding::Held(hold) => Self::Held(hold.into()),
            Finding::Over { message } => Self::Over {
                message: message.clone(),
            },
            Finding::Nothing { message } => Self::Nothing {
                message: message.clone(),
            },
        }
    }
}

impl TryFrom<FindingWire> for Finding {
    type Error = LedgerError;

    fn try_from(wire: FindingWire) -> Result<Self, LedgerError> {
        Ok(match wire {
            FindingWire::Held(hold) => Self::Held(hold.try_into()?),
            FindingWire::Over { message } => Self::Over { message },
            FindingWire::Nothing { message } => Self::Nothing { message },
        })
    }
}
