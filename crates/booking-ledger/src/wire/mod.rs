//! What entries and outcomes look like in a ledger, as JSON. The types of the ports may change
//! without these, and what is stored must stay readable.

mod booking;
mod fact;
mod hold;
mod outcome;

use booking_domain::{SeatHold, SeatName, TripId};
use booking_ports::{Fact, LedgerError, LegOutline, Outcome, Ticket};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub(crate) fn fact_to_json(fact: &Fact) -> Result<String, LedgerError> {
    encode(&fact::FactWire::from(fact))
}

pub(crate) fn fact_from_json(json: &str) -> Result<Fact, LedgerError> {
    decode::<fact::FactWire>("an entry", json)?.try_into()
}

pub(crate) fn outcome_to_json(outcome: &Outcome) -> Result<String, LedgerError> {
    encode(&outcome::OutcomeWire::from(outcome))
}

pub(crate) fn outcome_from_json(json: &str) -> Result<Outcome, LedgerError> {
    decode::<outcome::OutcomeWire>("an ending", json)?.into_outcome()
}

pub(crate) fn hold_to_json(hold: &SeatHold) -> Result<String, LedgerError> {
    encode(&hold::HoldWire::from(hold))
}

pub(crate) fn hold_from_json(json: &str) -> Result<SeatHold, LedgerError> {
    decode::<hold::HoldWire>("a hold", json)?.try_into()
}

pub(crate) fn ticket_to_json(ticket: &Ticket) -> Result<String, LedgerError> {
    encode(&booking::TicketWire::from(ticket))
}

pub(crate) fn ticket_from_json(json: &str) -> Result<Ticket, LedgerError> {
    decode::<booking::TicketWire>("a ticket", json)?.try_into()
}

#[derive(Serialize, Deserialize)]
struct LegWire {
    trip_id: i64,
    seats: Vec<String>,
}

pub(crate) fn legs_to_json(legs: &[LegOutline]) -> Result<String, LedgerError> {
    let wire = |leg: &LegOutline| LegWire {
        trip_id: leg.trip_id.get(),
        seats: leg.seats.iter().map(ToString::to_string).collect(),
    };
    encode(&legs.iter().map(wire).collect::<Vec<_>>())
}

pub(crate) fn legs_from_json(json: &str) -> Result<Vec<LegOutline>, LedgerError> {
    let leg = |wire: LegWire| {
        Some(LegOutline {
            trip_id: TripId::new(wire.trip_id).ok()?,
            seats: wire
                .seats
                .into_iter()
                .map(|seat| SeatName::new(seat).ok())
                .collect::<Option<_>>()?,
        })
    };
    decode::<Vec<LegWire>>("a trip", json)?
        .into_iter()
        .map(leg)
        .collect::<Option<_>>()
        .ok_or_else(|| damaged("a trip or seat that cannot be"))
}

pub(crate) fn attempts_to_json(
    attempts: &std::collections::BTreeSet<u32>,
) -> Result<String, LedgerError> {
    encode(attempts)
}

pub(crate) fn attempts_from_json(
    json: &str,
) -> Result<std::collections::BTreeSet<u32>, LedgerError> {
    decode("attempts", json)
}

fn encode(wire: &impl Serialize) -> Result<String, LedgerError> {
    serde_json::to_string(wire).map_err(|error| LedgerError::Unavailable {
        message: format!("what was to be recorded cannot be written as JSON: {error}"),
        cause: None,
    })
}

/// The text itself is not repeated: what is wrong with it may be anything.
fn decode<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, LedgerError> {
    serde_json::from_str(json).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        damaged(&format!("{what} that cannot be read at {place}"))
    })
}

fn damaged(what: &str) -> LedgerError {
    LedgerError::Damaged {
        message: format!("it holds {what}"),
    }
}

#[cfg(test)]
mod tests;
