//! A hold as JSON.

use booking_domain::{
    Deadline, PartnerReference, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
use booking_ports::LedgerError;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime, UtcOffset};

use super::damaged;

#[derive(Serialize, Deserialize)]
pub(super) struct HoldWire {
    reference: String,
    transaction_id: String,
    status: String,
    meaning: MeaningWire,
    #[serde(with = "time::serde::rfc3339")]
    ends_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    stated: Option<OffsetDateTime>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MeaningWire {
    Waiting,
    Booked,
    Ended,
    Unrecognised,
}

impl From<StatusMeaning> for MeaningWire {
    fn from(meaning: StatusMeaning) -> Self {
        match meaning {
            StatusMeaning::Waiting => Self::Waiting,
            StatusMeaning::Booked => Self::Booked,
            StatusMeaning::Ended => Self::Ended,
            StatusMeaning::Unrecognised => Self::Unrecognised,
        }
    }
}

impl From<MeaningWire> for StatusMeaning {
    fn from(meaning: MeaningWire) -> Self {
        match meaning {
            MeaningWire::Waiting => Self::Waiting,
            MeaningWire::Booked => Self::Booked,
            MeaningWire::Ended => Self::Ended,
            MeaningWire::Unrecognised => Self::Unrecognised,
        }
    }
}

impl From<&SeatHold> for HoldWire {
    fn from(hold: &SeatHold) -> Self {
        let deadline = hold.deadline;
        Self {
            reference: hold.reference.to_string(),
            transaction_id: hold.transaction_id.to_string(),
            status: hold.status.word().to_owned(),
            meaning: hold.status.meaning().into(),
            ends_at: writable(deadline.at()),
            stated: deadline.stated_at().map(writable),
        }
    }
}

impl TryFrom<HoldWire> for SeatHold {
    type Error = LedgerError;

    fn try_from(wire: HoldWire) -> Result<Self, LedgerError> {
        Ok(Self {
            reference: reference(wire.reference)?,
            transaction_id: TransactionId::new(wire.transaction_id)
                .ok_or_else(|| damaged("a transaction number that is none"))?,
            status: ProviderStatus::new(wire.meaning.into(), wire.status),
            deadline: match wire.stated {
                // What was believed is the earlier of the two, so it clamps again as it did.
                Some(stated) => Deadline::stated(stated, wire.ends_at, Duration::ZERO),
                None => Deadline::not_stated(wire.ends_at),
            },
        })
    }
}

pub(super) fn reference(text: String) -> Result<PartnerReference, LedgerError> {
    PartnerReference::new(text).map_err(|_| damaged("a reference that is none"))
}

/// RFC 3339 has no seconds in an offset.
pub(super) fn writable(at: OffsetDateTime) -> OffsetDateTime {
    match at.offset().seconds_past_minute() {
        0 => at,
        _ => at.checked_to_offset(UtcOffset::UTC).unwrap_or(at),
    }
}
