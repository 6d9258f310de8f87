//! A trip and its seats.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use time::Time;

use crate::country::{DEPARTURE, EXECUTIVE, Place, Spot};
use crate::magic::{MAGIC_SEATS, word_of};
use crate::order::MAX_SEAT_NAME;
use crate::scenario::TripSpec;

/// Where the four seats of a row stand; column 2 is the aisle.
const COLUMNS: [usize; 4] = [0, 1, 3, 4];

/// Rupiah, where nothing else is said. The price is nowhere checked.
const PRICE: u32 = 20_000;

/// Seats with letters, as buses have them beside numbered ones.
const LETTERED_SEATS: [&str; 2] = ["9A", "9B"];

/// Position of a hold in the store's list.
pub(super) type HoldIndex = usize;

#[derive(Debug)]
pub(crate) struct Trip {
    pub(crate) timetable: Timetable,
    /// Seats as `trips-detail` lists them.
    drawn: Vec<String>,
    /// The last hold of each seat that was ever held, live or not.
    last_hold: HashMap<String, HoldIndex>,
    names: HashSet<String>,
}

/// What a search shows of a trip.
#[derive(Clone, Debug)]
pub(crate) struct Timetable {
    pub(crate) from: &'static Spot,
    pub(crate) to: &'static Spot,
    pub(crate) travel_name: String,
    pub(crate) bus_type: String,
    pub(crate) departs: Time,
    pub(crate) price: u32,
}

impl From<&TripSpec> for Timetable {
    fn from(spec: &TripSpec) -> Self {
        let or = |text: &Option<String>, usual: &str| text.clone().unwrap_or(usual.to_owned());
        Self {
            from: spec.from.unwrap_or(Place::JAKARTA).terminal(),
            to: spec.to.unwrap_or(Place::BANDUNG).terminal(),
            travel_name: or(&spec.travel_name, "Klikoo Sandbox"),
            bus_type: or(&spec.bus_type, EXECUTIVE),
            departs: spec.departs.unwrap_or(DEPARTURE),
            price: spec.price.unwrap_or(PRICE),
        }
    }
}

impl Trip {
    pub(super) fn new(spec: &TripSpec) -> Self {
        let drawn: Vec<String> = (1..=spec.seats)
            .map(|number| number.to_string())
            .chain(LETTERED_SEATS.map(str::to_owned))
            .chain(MAGIC_SEATS.iter().map(|magic| magic.word.to_owned()))
            .collect();
        Self {
            timetable: spec.into(),
            names: drawn.iter().cloned().collect(),
            drawn,
            last_hold: HashMap::new(),
        }
    }

    /// Whether the bus has this seat; of a magic word it has as many as are asked for.
    pub(super) fn has(&self, seat: &str) -> bool {
        self.names.contains(seat)
            || (word_of(seat).is_some() && seat.chars().count() <= MAX_SEAT_NAME)
    }

    pub(super) fn last_hold(&self, seat: &str) -> Option<HoldIndex> {
        self.last_hold.get(seat).copied()
    }

    pub(super) fn set_last_hold(&mut self, seat: &str, hold: HoldIndex) {
        self.last_hold.insert(seat.to_owned(), hold);
    }

    /// The seats for which `is_free` says so, where they stand in the bus.
    pub(super) fn seat_map(&self, is_free: impl Fn(&str) -> bool) -> Vec<Value> {
        let places = Places::new(&self.drawn);
        self.drawn
            .iter()
            .zip(places)
            .filter(|(name, _)| is_free(name))
            .enumerate()
            .map(|(index, (name, place))| draw(name, place, self.timetable.price, index % 2 == 1))
            .collect()
    }

    /// How many seats `is_free` says so of.
    pub(super) fn count(&self, is_free: impl Fn(&str) -> bool) -> usize {
        self.drawn.iter().filter(|name| is_free(name)).count()
    }
}

/// Four seats in a row; each kind of seat begins a row of its own.
struct Places<'a> {
    names: std::slice::Iter<'a, String>,
    next: (usize, usize),
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Numbered,
    Lettered,
    Magic,
}

impl<'a> Places<'a> {
    fn new(names: &'a [String]) -> Self {
        Self {
            names: names.iter(),
            next: (0, 0),
            kind: Kind::Numbered,
        }
    }
}

impl Iterator for Places<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let name = self.names.next()?;
        let kind = if LETTERED_SEATS.contains(&name.as_str()) {
            Kind::Lettered
        } else if word_of(name).is_some() {
            Kind::Magic
        } else {
            Kind::Numbered
        };
        let (mut row, mut place) = self.next;
        if place == COLUMNS.len() || (kind != self.kind && place > 0) {
            (row, place) = (row + 1, 0);
        }
        self.kind = kind;
        self.next = (row, place + 1);
        Some((row, COLUMNS[place]))
    }
}

/// The API description (§6) says that numbers come as integers or as strings: both are sent.
fn draw(name: &str, (row, column): (usize, usize), price: u32, as_text: bool) -> Value {
    if as_text {
        json!({
            "name": name, "column": column.to_string(), "row": row.to_string(),
            "length": "1", "width": 1, "base_price": price, "price": price.to_string(),
        })
    } else {
        json!({
            "name": name, "column": column, "row": row,
            "length": 1, "width": "1", "base_price": price.to_string(), "price": price,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_seats_stand_in_one_place_and_the_aisle_is_free() {
        let trip = Trip::new(&TripSpec::new(7, 36));
        let places: Vec<_> = Places::new(&trip.drawn).collect();
        let distinct: HashSet<_> = places.iter().collect();
        assert_eq!(distinct.len(), trip.drawn.len());
        assert!(places.iter().all(|(_, column)| *column != 2));
        assert_eq!(
            places[..6],
            [(0, 0), (0, 1), (0, 3), (0, 4), (1, 0), (1, 1)]
        );
        assert_eq!(places[36..39], [(9, 0), (9, 1), (10, 0)]);
    }

    #[test]
    fn has_magic_seats_of_longer_names_up_to_ten_characters() {
        let trip = Trip::new(&TripSpec::new(7, 36));
        for seat in ["1", "36", "9A", "9B", "CUT", "CUT2", "TOKENBAD10"] {
            assert!(trip.has(seat), "{seat}");
        }
        for seat in ["0", "37", "9C", "cut", "TOKENBAD100", ""] {
            assert!(!trip.has(seat), "{seat}");
        }
    }
}
