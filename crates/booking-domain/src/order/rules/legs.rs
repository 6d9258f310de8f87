//! Legs: trips, passengers, seats.

use std::collections::HashSet;

use super::{AT, Verdict, bounded, fault, length, no_control_characters};
use crate::deceptive::is_deceptive;
use crate::order::draft::LegDraft;
use crate::order::limits::{PASSENGERS_MAX, SEAT_NAME_MAX};

pub(in crate::order) fn trip_id(id: i64) -> Verdict {
    if id >= 1 {
        return Ok(());
    }
    Err(bounded(
        fault(
            "out_of_range",
            "is below 1; give the trip's number as the trip search states it",
        ),
        Some(1),
        None::<i64>,
    ))
}

pub(in crate::order) fn seat_name(text: &str) -> Verdict {
    length(text, SEAT_NAME_MAX)?;
    seat_name_form(text)
}

/// What a seat name must be beside not too long.
pub(in crate::order) fn seat_name_form(text: &str) -> Verdict {
    if text.trim().is_empty() {
        return Err(bounded(
            fault(
                "empty",
                "is blank; give the seat's name as the seat map states it",
            ),
            Some(1),
            Some(SEAT_NAME_MAX),
        ));
    }
    if text.trim() != text {
        return Err(fault(
            "surrounding_spaces",
            "has spaces around it; seat names are compared letter by letter, so write it as the seat map does",
        ));
    }
    // Names are compared letter by letter, those that are not seen included.
    if text.contains(is_deceptive) {
        return Err(fault(
            "bad_characters",
            "has characters that cannot be seen; write it as the seat map does",
        ));
    }
    no_control_characters(text)
}

pub(in crate::order) fn passenger_count(leg: &LegDraft) -> Verdict {
    count_of_passengers(leg.passengers.len()).map_err(|mut error| {
        error.add_param(AT.into(), &["passengers"]);
        error
    })
}

pub(in crate::order) fn count_of_passengers(count: usize) -> Verdict {
    if (1..=PASSENGERS_MAX).contains(&count) {
        return Ok(());
    }
    Err(bounded(
        fault(
            "passenger_count",
            format!("has {count} passengers; 1 to {PASSENGERS_MAX} are accepted"),
        ),
        Some(1),
        Some(PASSENGERS_MAX),
    ))
}

pub(in crate::order) fn distinct_seats(leg: &LegDraft) -> Verdict {
    let mut taken = HashSet::new();
    let twice: Vec<String> = leg
        .passengers
        .iter()
        .enumerate()
        .filter(|(_, passenger)| !passenger.seat_name.is_empty())
        .filter(|(_, passenger)| !taken.insert(passenger.seat_name.as_str()))
        .map(|(index, _)| format!("passengers[{index}].seat_name"))
        .collect();
    if twice.is_empty() {
        return Ok(());
    }
    let mut error = fault(
        "duplicate_seat",
        "is the seat of an earlier passenger of this leg; each passenger needs a seat of their own",
    );
    error.add_param(AT.into(), &twice);
    Err(error)
}
