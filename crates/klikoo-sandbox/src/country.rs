//! The sandbox's small, fixed country: its cities, their terminals, and the buses that always run.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::Time;
use time::macros::time;

use crate::error::PlaceError;
use crate::scenario::TripSpec;

/// A city or a terminal as the API lists it.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    pub(crate) address: &'static str,
    /// Of a terminal, the city that it is in; of a city, itself.
    city: u64,
}

const fn spot(id: u64, city: u64, name: &'static str, address: &'static str) -> Spot {
    Spot {
        id,
        name,
        address,
        city,
    }
}

pub(crate) static CITIES: [Spot; 3] = [
    spot(1, 1, "Jakarta", "DKI Jakarta"),
    spot(2, 2, "Bandung", "Jawa Barat"),
    spot(3, 3, "Yogyakarta", "DI Yogyakarta"),
];

/// One for each city, so that a city names a terminal too.
pub(crate) static TERMINALS: [Spot; 3] = [
    spot(101, 1, "Terminal Satu", "Jalan Contoh 1, Jakarta"),
    spot(102, 2, "Terminal Dua", "Jalan Contoh 2, Bandung"),
    spot(103, 3, "Terminal Tiga", "Jalan Contoh 3, Yogyakarta"),
];

/// A place of the sandbox's country: `city:1` (Jakarta), `city:2` (Bandung), `city:3` (Yogyakarta),
/// or a terminal of theirs, `location:101` to `location:103`.
///
/// ```
/// use klikoo_sandbox::{Place, PlaceError};
///
/// let place: Place = "city:2".parse().unwrap();
/// assert_eq!(place.to_string(), "city:2");
/// assert_eq!("city:7".parse::<Place>(), Err(PlaceError));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Place {
    kind: PlaceKind,
    /// Position in the list of its kind.
    index: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceKind {
    City,
    Location,
}

impl Place {
    pub(crate) const JAKARTA: Self = Self::city(0);
    pub(crate) const BANDUNG: Self = Self::city(1);
    const YOGYAKARTA: Self = Self::city(2);

    const fn city(index: usize) -> Self {
        let kind = PlaceKind::City;
        Self { kind, index }
    }

    pub(crate) fn find(kind: PlaceKind, id: u64) -> Option<Self> {
        let spots = match kind {
            PlaceKind::City => &CITIES,
            PlaceKind::Location => &TERMINALS,
        };
        let index = spots.iter().position(|spot| spot.id == id)?;
        Some(Self { kind, index })
    }

    /// Where a bus stops that is said to stop here.
    pub(crate) fn terminal(self) -> &'static Spot {
        &TERMINALS[self.index]
    }

    /// Whether who asks for this place means the terminal too: a city has those that are in it.
    pub(crate) fn includes(self, terminal: &Spot) -> bool {
        match self.kind {
            PlaceKind::City => CITIES[self.index].city == terminal.city,
            PlaceKind::Location => TERMINALS[self.index].id == terminal.id,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            PlaceKind::City => write!(formatter, "city:{}", CITIES[self.index].id),
            PlaceKind::Location => write!(formatter, "location:{}", TERMINALS[self.index].id),
        }
    }
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let (kind, id) = text.split_once(':').ok_or(PlaceError)?;
        let kind = match kind {
            "city" => PlaceKind::City,
            "location" => PlaceKind::Location,
            _ => return Err(PlaceError),
        };
        let id = id.parse().map_err(|_| PlaceError)?;
        Self::find(kind, id).ok_or(PlaceError)
    }
}

impl TryFrom<String> for Place {
    type Error = PlaceError;

    fn try_from(text: String) -> Result<Self, PlaceError> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

/// The buses that always run. The first and the second are the trips of the documented samples:
/// there, and back. Nothing goes from Yogyakarta, so that a search can find nothing.
pub(crate) fn standing_trips() -> [TripSpec; 6] {
    let bus = |id, from, to, departs, travel: &str, bus_type: &str, price| TripSpec {
        from: Some(from),
        to: Some(to),
        travel_name: Some(travel.to_owned()),
        bus_type: Some(bus_type.to_owned()),
        departs: Some(departs),
        price: Some(price),
        ..TripSpec::new(id, TripSpec::USUAL_SEATS)
    };
    let (jakarta, bandung) = (Place::JAKARTA, Place::BANDUNG);
    let klikoo = "Klikoo Sandbox";
    let other = "Sandbox Trans";
    [
        bus(
            188_336, jakarta, bandung, DEPARTURE, klikoo, EXECUTIVE, 20_000,
        ),
        bus(
            188_400, bandung, jakarta, DEPARTURE, klikoo, EXECUTIVE, 20_000,
        ),
        bus(
            188_341,
            jakarta,
            bandung,
            time!(10:30),
            klikoo,
            "Economy",
            15_000,
        ),
        bus(
            188_342,
            jakarta,
            bandung,
            time!(13:00),
            other,
            EXECUTIVE,
            25_000,
        ),
        bus(
            188_343,
            jakarta,
            bandung,
            time!(19:15),
            other,
            "Sleeper",
            45_000,
        ),
        bus(
            188_351,
            jakarta,
            Place::YOGYAKARTA,
            time!(18:00),
            other,
            EXECUTIVE,
            120_000,
        ),
    ]
}

/// When a bus leaves of which nothing else is said, and of which kind it is.
pub(crate) const DEPARTURE: Time = time!(08:00);
pub(crate) const EXECUTIVE: &str = "Executive";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_includes_its_terminal_and_no_other() {
        for (index, terminal) in TERMINALS.iter().enumerate() {
            for (other, city) in CITIES.iter().enumerate() {
                let place = Place::find(PlaceKind::City, city.id).unwrap();
                assert_eq!(place.includes(terminal), index == other, "{place}");
                let place = Place::find(PlaceKind::Location, TERMINALS[other].id).unwrap();
                assert_eq!(place.includes(terminal), index == other, "{place}");
                assert_eq!(place.terminal().id, TERMINALS[other].id);
            }
        }
    }

    #[test]
    fn places_are_written_as_they_are_read() {
        for text in ["city:1", "city:3", "location:101", "location:103"] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        for odd in [
            "",
            "1",
            "city:",
            "city:4",
            "location:1",
            "CITY:1",
            "city:-1",
        ] {
            assert_eq!(odd.parse::<Place>(), Err(PlaceError), "{odd}");
        }
    }
}
