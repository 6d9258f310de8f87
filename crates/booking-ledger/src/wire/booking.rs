//! How an attempt to book ended, as JSON.

use std::time::Duration;

use booking_domain::{ProviderStatus, TransactionId};
use booking_ports::{
    BookingCode, BookingCodes, BookingOutcome, LedgerError, NotSentKind, RefusalKind, Ticket,
    TicketError, UnknownKind,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::damaged;
use super::hold::{MeaningWire, reference, writable};
use super::outcome::unknown_kind;

#[derive(Serialize, Deserialize)]
pub(super) struct TicketWire {
    transaction_id: String,
    departure: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    return_leg: Option<String>,
    status: String,
    meaning: MeaningWire,
}

impl From<&Ticket> for TicketWire {
    fn from(ticket: &Ticket) -> Self {
        let codes = &ticket.booking_codes;
        Self {
            transaction_id: ticket.transaction_id.to_string(),
            departure: codes.departure.to_string(),
            return_leg: codes.return_leg.as_ref().map(ToString::to_string),
            status: ticket.status.word().to_owned(),
            meaning: ticket.status.meaning().into(),
        }
    }
}

impl TryFrom<TicketWire> for Ticket {
    type Error = LedgerError;

    fn try_from(wire: TicketWire) -> Result<Self, LedgerError> {
        let code =
            |text| BookingCode::new(text).ok_or_else(|| damaged("a booking code that is none"));
        Ok(Self {
            transaction_id: transaction(wire.transaction_id)?,
            booking_codes: BookingCodes {
                departure: code(wire.departure)?,
                return_leg: wire.return_leg.map(code).transpose()?,
            },
            status: ProviderStatus::new(wire.meaning.into(), wire.status),
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BookingOutcomeWire {
    Booked(TicketWire),
    NotBooked(NotBooked),
}

#[derive(Serialize, Deserialize)]
pub(super) struct NotBooked {
    reference: String,
    transaction_id: String,
    why: Why,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Why {
    Refused {
        kind: String,
        code: String,
        message: String,
    },
    NotSent(WithoutAnswer),
    Unknown(WithoutAnswer),
    TooLate {
        #[serde(with = "time::serde::rfc3339")]
        ends_at: OffsetDateTime,
        margin: Duration,
    },
    Unconfirmed {
        message: String,
    },
}

#[derive(Serialize, Deserialize)]
struct WithoutAnswer {
    kind: String,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<Duration>,
}

impl From<&BookingOutcome> for BookingOutcomeWire {
    fn from(outcome: &BookingOutcome) -> Self {
        match outcome {
            Ok(ticket) => Self::Booked(ticket.into()),
            Err(error) => Self::NotBooked(NotBooked {
                reference: error.reference().to_string(),
                transaction_id: error.transaction_id().to_string(),
                why: error.into(),
            }),
        }
    }
}

impl From<&TicketError> for Why {
    fn from(error: &TicketError) -> Self {
        match error {
            TicketError::Refused {
                kind,
                code,
                message,
                ..
            } => Self::Refused {
                kind: kind.to_string(),
                code: code.clone(),
                message: message.clone(),
            },
            TicketError::NotSent {
                kind,
                message,
                retry_after,
                ..
            } => Self::NotSent(WithoutAnswer {
                kind: kind.to_string(),
                message: message.clone(),
                retry_after: *retry_after,
            }),
            TicketError::Unknown {
                kind,
                message,
                retry_after,
                ..
            } => Self::Unknown(WithoutAnswer {
                kind: kind.to_string(),
                message: message.clone(),
                retry_after: *retry_after,
            }),
            TicketError::TooLate {
                ends_at, margin, ..
            } => Self::TooLate {
                ends_at: writable(*ends_at),
                margin: *margin,
            },
            TicketError::Unconfirmed { message, .. } => Self::Unconfirmed {
                message: message.clone(),
            },
            // A layer's word about this one call, in place of an ending.
            other if other.may_be_booked() => Self::Unknown(WithoutAnswer {
                kind: UnknownKind::NotDefinitive.to_string(),
                message: other.to_string(),
                retry_after: None,
            }),
            other => Self::Unconfirmed {
                message: other.to_string(),
            },
        }
    }
}

impl BookingOutcomeWire {
    pub(super) fn into_outcome(self) -> Result<BookingOutcome, LedgerError> {
        let not_booked = match self {
            Self::Booked(ticket) => return Ok(Ok(ticket.try_into()?)),
            Self::NotBooked(not_booked) => not_booked,
        };
        let reference = reference(not_booked.reference)?;
        let transaction_id = transaction(not_booked.transaction_id)?;
        Ok(Err(match not_booked.why {
            Why::Refused {
                kind,
                code,
                message,
            } => TicketError::Refused {
                reference,
                transaction_id,
                kind: RefusalKind::of_word(&kind).ok_or_else(unknown_kind)?,
                code,
                message,
            },
            Why::NotSent(wire) => TicketError::NotSent {
                reference,
                transaction_id,
                kind: NotSentKind::of_word(&wire.kind).ok_or_else(unknown_kind)?,
                message: wire.message,
                retry_after: wire.retry_after,
                cause: None,
            },
            Why::Unknown(wire) => TicketError::Unknown {
                reference,
                transaction_id,
                kind: UnknownKind::of_word(&wire.kind).ok_or_else(unknown_kind)?,
                message: wire.message,
                retry_after: wire.retry_after,
                cause: None,
            },
            Why::TooLate { ends_at, margin } => TicketError::TooLate {
                reference,
                transaction_id,
                ends_at,
                margin,
            },
            Why::Unconfirmed { message } => TicketError::Unconfirmed {
                reference,
                transaction_id,
                message,
            },
        }))
    }
}

fn transaction(text: String) -> Result<TransactionId, LedgerError> {
    TransactionId::new(text).ok_or_else(|| damaged("a transaction number that is none"))
}
