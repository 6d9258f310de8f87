//! What can be blocked: places, trips, free seats.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use booking_domain::{ProductCode, TripId};
use booking_ports::{
    FreeSeat, Place, PlaceId, PlaceKind, PlaceRole, SeatMap, TripQuery, TripSummary, is_keyword,
};
use serde::Serialize;
use time::Date;
use time::macros::format_description;
use utoipa::ToSchema;

use super::path::Named;
use super::query::Parameters;
use crate::auth::Caller;
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody};

/// The product that is meant where none is named.
const BUS: &str = "BUS";

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

fn product(query: &mut Parameters) -> Result<ProductCode, Problem> {
    let code = query.take::<String>("product", "a product code")?;
    ProductCode::new(code.as_deref().unwrap_or(BUS))
        .map_err(|fault| Problem::invalid("product", fault.message))
}

/// Searches places.
#[utoipa::path(
    get,
    path = "/v1/places",
    operation_id = "search_places",
    tag = "trips",
    params(
        ("keyword" = Option<String>, Query, description = "A part of the name", max_length = 64),
        ("role" = String, Query, description = "`source`: buses leave from there; `destination`: they arrive there"),
        ("product" = Option<String>, Query, description = "`BUS` where absent"),
    ),
    responses(
        (status = 200, description = "The places", body = PlaceList, headers(("Age", description = "How long ago the provider was asked, in seconds"))),
        (status = 400, description = "The query is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key, or its tenant", body = ProblemBody, content_type = "application/problem+json"),
        (status = 502, description = "The provider refused, or its answer cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The provider is asked as often as it may be", body = ProblemBody, content_type = "application/problem+json"),
        (status = 504, description = "The provider gives no answer", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"])),
)]
pub(crate) async fn places(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    mut query: Parameters,
) -> Result<Response, Problem> {
    let role = match query
        .needed::<String>("role", "source or destination")?
        .as_str()
    {
        "source" => PlaceRole::Source,
        "destination" => PlaceRole::Destination,
        _ => return Err(Problem::invalid("role", "has to be source or destination")),
    };
    let keyword = query.take::<String>("keyword", "a text")?;
    if keyword.as_deref().is_some_and(|text| !is_keyword(text)) {
        return Err(Problem::invalid(
            "keyword",
            "has to be one line of up to 64 characters",
        ));
    }
    let product = product(&mut query)?;
    query.finish()?;
    let search = Arc::clone(&gateway.stack.places);
    let question = (product.clone(), role, keyword.clone());
    let call = async move {
        let found = search.places(&product, role, keyword.as_deref()).await?;
        Ok(PlaceList {
            places: found.into_iter().map(PlaceView::from).collect(),
        })
    };
    gateway.reads.places.answer(&caller, question, call).await
}

/// Searches trips.
#[utoipa::path(
    get,
    path = "/v1/trips",
    operation_id = "search_trips",
    tag = "trips",
    params(
        ("from" = String, Query, description = "The `id` of a place, such as `city:1`"),
        ("to" = String, Query, description = "The `id` of a place"),
        ("date" = String, Query, description = "The day, as `2026-11-26`"),
        ("seats" = u32, Query, description = "For so many passengers", minimum = 1),
        ("page" = Option<u32>, Query, description = "1 where absent", minimum = 1),
        ("product" = Option<String>, Query, description = "`BUS` where absent"),
    ),
    responses(
        (status = 200, description = "A page of trips", body = TripList, headers(("Age", description = "How long ago the provider was asked, in seconds"))),
        (status = 400, description = "The query is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key, or its tenant", body = ProblemBody, content_type = "application/problem+json"),
        (status = 502, description = "The provider refused, or its answer cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The provider is asked as often as it may be", body = ProblemBody, content_type = "application/problem+json"),
        (status = 504, description = "The provider gives no answer", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"])),
)]
pub(crate) async fn search(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    mut query: Parameters,
) -> Result<Response, Problem> {
    let place = "the `id` of a place, such as city:1";
    let from = query.needed::<PlaceId>("from", place)?;
    let to = query.needed::<PlaceId>("to", place)?;
    let day = query.needed::<String>("date", "a day as 2026-11-26")?;
    let day = Date::parse(&day, format_description!("[year]-[month]-[day]"))
        .map_err(|_| Problem::invalid("date", "has to be a day as 2026-11-26"))?;
    let seats = query.needed::<u32>("seats", "a number")?;
    let page = query.take::<u32>("page", "a number")?.unwrap_or(1);
    let product = product(&mut query)?;
    query.finish()?;
    let asked = TripQuery::new(product, from, to, day, seats)
        .and_then(|asked| asked.with_page(page))
        .map_err(|error| Problem::invalid("query", error.to_string()))?;
    let (search, question) = (Arc::clone(&gateway.stack.trips), asked.clone());
    let call = async move {
        let found = search.trips(&asked).await?;
        Ok(TripList {
            trips: found.trips.into_iter().map(TripView::from).collect(),
            next_page: found.next_page,
            unreadable: found.unreadable,
        })
    };
    gateway.reads.trips.answer(&caller, question, call).await
}

/// Tells the free seats of a trip.
#[utoipa::path(
    get,
    path = "/v1/trips/{id}/seats",
    operation_id = "get_seats",
    tag = "trips",
    params(
        ("id" = i64, Path, description = "The trip", minimum = 1),
        ("product" = Option<String>, Query, description = "`BUS` where absent"),
    ),
    responses(
        (status = 200, description = "The free seats", body = SeatMapView, headers(("Age", description = "How long ago the provider was asked, in seconds"))),
        (status = 400, description = "The query is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "The provider has no such trip, or no trip can have this number", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key, or its tenant", body = ProblemBody, content_type = "application/problem+json"),
        (status = 502, description = "The provider refused, or its answer cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The provider is asked as often as it may be", body = ProblemBody, content_type = "application/problem+json"),
        (status = 504, description = "The provider gives no answer", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"])),
)]
pub(crate) async fn seats(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    Named(id): Named,
    mut query: Parameters,
) -> Result<Response, Problem> {
    let product = product(&mut query)?;
    query.finish()?;
    // Written as it is answered: no sign, no zero before it.
    let trip = id
        .parse()
        .ok()
        .filter(|number: &i64| number.to_string() == id);
    let trip = trip.and_then(|number| TripId::new(number).ok());
    let trip = trip.ok_or_else(|| {
        Problem::new(
            crate::problem::ProblemKind::NotFound,
            "no trip can have this number",
        )
    })?;
    let (maps, question) = (
        Arc::clone(&gateway.stack.seat_maps),
        (product.clone(), trip),
    );
    let call = async move { Ok(maps.seat_map(&product, trip).await?.into()) };
    gateway.reads.seats.answer(&caller, question, call).await
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
