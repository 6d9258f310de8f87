//! Seats, holds and references: all that a call can change, behind one lock.

mod hold;
mod trip;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::Value;
use time::OffsetDateTime;

pub use hold::{HeldLeg, Hold, HoldState};
use trip::HoldIndex;
pub(crate) use trip::{Timetable, Trip};

use crate::country::{Place, standing_trips};
use crate::order::Order;
use crate::scenario::TripSpec;

/// The first transaction gets the number of the given document's sample.
const FIRST_TRANSACTION: u64 = 14_429_004;

/// Why a block cannot be executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BlockRefusal {
    ReferenceUsed,
    NoSuchTrip(u64),
    NoSuchSeat(String),
    SeatTaken(String),
}

/// Why a hold cannot be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BookRefusal {
    NoSuchTransaction,
    Is(HoldState),
}

#[derive(Debug)]
pub(crate) struct Store {
    trips: HashMap<u64, Trip>,
    /// In the order of execution: the index is the transaction number less the first.
    holds: Vec<Hold>,
    by_reference: HashMap<String, HoldIndex>,
    /// References used up without a hold, where the sandbox is told to do so.
    burnt: HashSet<String>,
    /// References whose block met the seat `TOKEN` already.
    token_renewed: HashSet<String>,
}

impl Store {
    pub(crate) fn new(specs: &[TripSpec]) -> Self {
        let trips = standing_trips()
            .iter()
            .chain(specs)
            .map(|spec| (spec.id, Trip::new(spec)))
            .collect();
        Self {
            trips,
            holds: Vec::new(),
            by_reference: HashMap::new(),
            burnt: HashSet::new(),
            token_renewed: HashSet::new(),
        }
    }

    /// Whether `order`'s reference is unused.
    pub(crate) fn check_reference(&self, order: &Order) -> Result<(), BlockRefusal> {
        let reference = &order.reference;
        if self.by_reference.contains_key(reference) || self.burnt.contains(reference) {
            return Err(BlockRefusal::ReferenceUsed);
        }
        Ok(())
    }

    /// Whether every seat of `order` is there and free now.
    pub(crate) fn check_seats(
        &self,
        order: &Order,
        now: OffsetDateTime,
    ) -> Result<(), BlockRefusal> {
        for leg in &order.legs {
            if !self.trips.contains_key(&leg.trip_id) {
                return Err(BlockRefusal::NoSuchTrip(leg.trip_id));
            }
        }
        for leg in &order.legs {
            let Some(trip) = self.trips.get(&leg.trip_id) else {
                continue;
            };
            for seat in &leg.seats {
                if !trip.has(seat) {
                    return Err(BlockRefusal::NoSuchSeat(seat.clone()));
                }
                if !self.is_free(trip, seat, now) {
                    return Err(BlockRefusal::SeatTaken(seat.clone()));
                }
            }
        }
        Ok(())
    }

    /// Holds every seat of `order`, or none.
    pub(crate) fn block(
        &mut self,
        order: &Order,
        now: OffsetDateTime,
        hold_for: Duration,
    ) -> Result<Hold, BlockRefusal> {
        self.check_reference(order)?;
        self.check_seats(order, now)?;
        let index = self.holds.len();
        for leg in &order.legs {
            for seat in &leg.seats {
                self.take_over(leg.trip_id, seat, index);
            }
        }
        let hold = Hold {
            transaction_id: transaction_id(index),
            partner_reference_no: order.reference.clone(),
            legs: order
                .legs
                .iter()
                .map(|leg| HeldLeg {
                    trip_id: leg.trip_id,
                    seats: leg.seats.clone(),
                })
                .collect(),
            state: HoldState::Waiting,
            created_at: now,
            expires_at: now.saturating_add(hold_for.try_into().unwrap_or(time::Duration::MAX)),
            selling_price: order.selling_price.clone(),
        };
        self.by_reference.insert(order.reference.clone(), index);
        self.holds.push(hold.clone());
        Ok(hold)
    }

    /// The seat's last hold has ended for good: a clock turned back must not revive it.
    fn take_over(&mut self, trip_id: u64, seat: &str, index: HoldIndex) {
        let Some(trip) = self.trips.get_mut(&trip_id) else {
            return;
        };
        if let Some(last) = trip.last_hold(seat)
            && let Some(ended) = self.holds.get_mut(last)
        {
            ended.state = HoldState::Expired;
        }
        trip.set_last_hold(seat, index);
    }

    fn is_free(&self, trip: &Trip, seat: &str, now: OffsetDateTime) -> bool {
        trip.last_hold(seat)
            .and_then(|index| self.holds.get(index))
            .is_none_or(|hold| state_at(hold, now) == HoldState::Expired)
    }

    /// Uses a reference up although nothing is held.
    pub(crate) fn burn(&mut self, reference: &str) {
        self.burnt.insert(reference.to_owned());
    }

    /// Whether this is the first time that the reference meets the seat `TOKEN`.
    pub(crate) fn first_token_renewal(&mut self, reference: &str) -> bool {
        self.token_renewed.insert(reference.to_owned())
    }

    /// Books a hold that waits and has not ended.
    pub(crate) fn book(&mut self, id: &str, now: OffsetDateTime) -> Result<Hold, BookRefusal> {
        let hold = transaction_index(id)
            .and_then(|index| self.holds.get_mut(index))
            .ok_or(BookRefusal::NoSuchTransaction)?;
        match state_at(hold, now) {
            HoldState::Waiting => {
                hold.state = HoldState::Success;
                Ok(hold.clone())
            }
            other => Err(BookRefusal::Is(other)),
        }
    }

    pub(crate) fn transaction(&self, id: &str, now: OffsetDateTime) -> Option<Hold> {
        let hold = self.holds.get(transaction_index(id)?)?;
        Some(seen_at(hold, now))
    }

    pub(crate) fn by_reference(&self, reference: &str, now: OffsetDateTime) -> Option<Hold> {
        let hold = self.holds.get(*self.by_reference.get(reference)?)?;
        Some(seen_at(hold, now))
    }

    /// All holds in the order of execution, borrowed: their states may be out of date.
    pub(crate) fn holds(&self) -> &[Hold] {
        &self.holds
    }

    /// The trips between two places with at least so many seats free, by the time at which they
    /// leave.
    pub(crate) fn trips_between(
        &self,
        from: Place,
        to: Place,
        seats: u64,
        now: OffsetDateTime,
    ) -> Vec<TripFound> {
        let mut found: Vec<TripFound> = self
            .trips
            .iter()
            .filter(|(_, trip)| {
                from.includes(trip.timetable.from) && to.includes(trip.timetable.to)
            })
            .map(|(id, trip)| TripFound {
                id: *id,
                free: trip.count(|seat| self.is_free(trip, seat, now)),
                timetable: trip.timetable.clone(),
            })
            .filter(|trip| trip.free as u64 >= seats)
            .collect();
        found.sort_unstable_by_key(|trip| (trip.timetable.departs, trip.id));
        found
    }

    /// A trip, and its free seats as `trips-detail` lists them.
    pub(crate) fn trip(&self, id: u64, now: OffsetDateTime) -> Option<(TripFound, Vec<Value>)> {
        let trip = self.trips.get(&id)?;
        let seats = trip.seat_map(|seat| self.is_free(trip, seat, now));
        let found = TripFound {
            id,
            free: seats.len(),
            timetable: trip.timetable.clone(),
        };
        Some((found, seats))
    }
}

/// A trip as it is shown.
#[derive(Debug)]
pub(crate) struct TripFound {
    pub(crate) id: u64,
    pub(crate) free: usize,
    pub(crate) timetable: Timetable,
}

/// `hold` with the state that it has at `now`.
pub(crate) fn seen_at(hold: &Hold, now: OffsetDateTime) -> Hold {
    Hold {
        state: state_at(hold, now),
        ..hold.clone()
    }
}

fn state_at(hold: &Hold, now: OffsetDateTime) -> HoldState {
    match hold.state {
        HoldState::Waiting if hold.expires_at <= now => HoldState::Expired,
        state => state,
    }
}

fn transaction_id(index: HoldIndex) -> String {
    (FIRST_TRANSACTION + index as u64).to_string()
}

fn transaction_index(id: &str) -> Option<HoldIndex> {
    // A number may be written in many ways; only ours is an id.
    let number: u64 = id
        .parse()
        .ok()
        .filter(|number: &u64| number.to_string() == id)?;
    usize::try_from(number.checked_sub(FIRST_TRANSACTION)?).ok()
}
