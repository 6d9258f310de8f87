//! What can be blocked: places, trips, free seats.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use booking_domain::{ProductCode, TripId};
use booking_ports::{PlaceId, PlaceRole, TripQuery, is_keyword};
use time::Date;
use time::macros::format_description;

use super::path::Named;
use super::query::Parameters;
use crate::auth::Caller;
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody};
use crate::view::{PlaceList, PlaceView, SeatMapView, TripList, TripView};

/// The product that is meant where none is named.
const BUS: &str = "BUS";

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
