//! What is answered of places, trips and their free seats.

use booking_ports::{FreeSeat, Place, PlaceKind, SeatMap, TripSummary};
use serde::Serialize;
use utoipa::ToSchema;

/// Cities and terminals.
///
/// ```
/// let none = booking_gateway::PlaceList { places: Vec::new() };
/// assert!(none.places.is_empty());
/// ```
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceList {
    /// The places.
    pub places: Vec<PlaceView>,
}

/// A place that buses leave from or arrive at.
///
/// ```
/// let place = booking_gateway::PlaceView { id: "city:1".into(), kind: "city", name: "Jakarta".into(), address: None };
/// assert_eq!(place.kind, "city");
/// ```
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceView {
    /// To search trips by.
    #[schema(example = "city:1")]
    pub id: String,
    /// `city`, or `location` for one terminal.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its address, where stated.
    pub address: Option<String>,
}

/// A page of trips.
///
/// ```
/// let none = booking_gateway::TripList { trips: Vec::new(), next_page: None, unreadable: 0 };
/// assert!(none.next_page.is_none());
/// ```
#[derive(Debug, Serialize, ToSchema)]
pub struct TripList {
    /// The trips.
    pub trips: Vec<TripView>,
    /// The next page, where there is one.
    pub next_page: Option<u32>,
    /// How many trips the provider listed in a form that cannot be ordered.
    pub unreadable: usize,
}

/// A trip. Times are in the provider's words.
///
/// ```
/// fn is_full(trip: &booking_gateway::TripView) -> bool {
///     trip.free_seats == Some(0)
/// }
/// ```
#[derive(Debug, Serialize, ToSchema)]
pub struct TripView {
    /// The trip.
    pub trip_id: i64,
    /// Who runs the bus.
    pub travel_name: Option<String>,
    /// The kind of bus.
    pub bus_type: Option<String>,
    /// The kind of vehicle.
    pub vehicle_type: Option<String>,
    /// Where passengers get on.
    pub boarding_point: Option<String>,
    /// Where passengers get off.
    pub drop_point: Option<String>,
    /// When it leaves, in the provider's words.
    pub depart_time: Option<String>,
    /// When it arrives, in the provider's words.
    pub arrival_time: Option<String>,
    /// How many seats are free.
    pub free_seats: Option<u32>,
    /// What the cheapest seat costs, in whole rupiah.
    pub lowest_price: Option<u64>,
    /// What the dearest seat costs, in whole rupiah.
    pub highest_price: Option<u64>,
}

/// The free seats of a trip; what is not free is not told by the provider.
///
/// ```
/// fn count(map: &booking_gateway::SeatMapView) -> usize {
///     map.seats.len()
/// }
/// ```
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatMapView {
    /// The trip.
    pub trip_id: i64,
    /// Who runs the bus.
    pub travel_name: Option<String>,
    /// The kind of bus.
    pub bus_type: Option<String>,
    /// Where passengers get on.
    pub boarding_point: Option<String>,
    /// Where passengers get off.
    pub drop_point: Option<String>,
    /// When it leaves, in the provider's words.
    pub depart_time: Option<String>,
    /// When it arrives, in the provider's words.
    pub arrival_time: Option<String>,
    /// What the provider wants to know of each passenger, in its words.
    pub mandatory_fields: Vec<String>,
    /// The free seats.
    pub seats: Vec<SeatView>,
    /// How many seats the provider listed in a form that cannot be ordered.
    pub unreadable_seats: usize,
}

/// A free seat.
///
/// ```
/// let seat = booking_gateway::SeatView { name: "9A".into(), row: 2, column: 0, price: Some(20_000) };
/// assert_eq!(seat.name, "9A");
/// ```
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatView {
    /// Its name, to be ordered by.
    pub name: String,
    /// Its row, counted from the front.
    pub row: u16,
    /// Its column, counted from the left.
    pub column: u16,
    /// What it costs, in whole rupiah, where stated.
    pub price: Option<u64>,
}

impl From<Place> for PlaceView {
    fn from(place: Place) -> Self {
        Self {
            id: place.id.to_string(),
            kind: match place.id.kind() {
                PlaceKind::City => "city",
                PlaceKind::Location => "location",
            },
            name: place.name,
            address: place.address,
        }
    }
}

impl From<TripSummary> for TripView {
    fn from(trip: TripSummary) -> Self {
        Self {
            trip_id: trip.trip_id.get(),
            travel_name: trip.travel_name,
            bus_type: trip.bus_type,
            vehicle_type: trip.vehicle_type,
            boarding_point: trip.boarding_point,
            drop_point: trip.drop_point,
            depart_time: trip.depart_time,
            arrival_time: trip.arrival_time,
            free_seats: trip.free_seats,
            lowest_price: trip.lowest_price,
            highest_price: trip.highest_price,
        }
    }
}

impl From<SeatMap> for SeatMapView {
    fn from(map: SeatMap) -> Self {
        let seat = |seat: FreeSeat| SeatView {
            name: seat.name.to_string(),
            row: seat.row,
            column: seat.column,
            price: seat.price,
        };
        Self {
            trip_id: map.trip_id.get(),
            travel_name: map.travel_name,
            bus_type: map.bus_type,
            boarding_point: map.boarding_point,
            drop_point: map.drop_point,
            depart_time: map.depart_time,
            arrival_time: map.arrival_time,
            mandatory_fields: map.mandatory_fields,
            seats: map.seats.into_iter().map(seat).collect(),
            unreadable_seats: map.unreadable_seats,
        }
    }
}
