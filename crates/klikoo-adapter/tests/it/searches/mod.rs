//! Places and trips.

mod places;
mod promises;
mod replies;
mod trips;

use std::sync::Arc;

use booking_domain::ProductCode;
use booking_ports::TripSearch;
use booking_ports::{
    InquiryError, ManualClock, Place, PlaceRole, PlaceSearch, TripPage, TripQuery,
};
use klikoo_adapter::{Authorization, KlikooClient, KlikooConfig, KlikooPlaces, KlikooTrips};
use time::macros::date;

use crate::raw::{RawServer, Step, json};
use crate::setup::{NOW, config};

fn client(config: KlikooConfig) -> KlikooClient {
    KlikooClient::new(config, Arc::new(ManualClock::at(NOW))).unwrap()
}

fn bus() -> ProductCode {
    ProductCode::new("BUS").unwrap()
}

/// Trips from Jakarta to Bandung for one.
fn query() -> TripQuery {
    between("city:1", "city:2")
}

fn between(from: &str, to: &str) -> TripQuery {
    let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
    TripQuery::new(bus(), from, to, date!(2026 - 11 - 26), 1).unwrap()
}

/// The client of a server of raw bytes, which asks for no token.
fn client_at(server: &RawServer) -> KlikooClient {
    client(config(&server.base_url(), Authorization::None))
}

fn success(data: &str) -> String {
    crate::raw::envelope("200052000", data)
}

/// What becomes of `data` as an answer about places.
async fn places_of(data: &str) -> Result<Vec<Place>, InquiryError> {
    let server = RawServer::always(Step::Send(json(200, &success(data)))).await;
    let search = KlikooPlaces::new(client_at(&server));
    search.places(&bus(), PlaceRole::Source, None).await
}

/// What becomes of a whole body as an answer about trips.
async fn trips_of(body: &str, query: &TripQuery) -> Result<TripPage, InquiryError> {
    let server = RawServer::always(Step::Send(json(200, body))).await;
    KlikooTrips::new(client_at(&server)).trips(query).await
}

/// Why there is no answer, in one word.
fn why(error: &InquiryError) -> &'static str {
    match error {
        InquiryError::Refused { .. } => "refused",
        InquiryError::NotFound { .. } => "not found",
        InquiryError::Unavailable { .. } => "unavailable",
        InquiryError::Unreadable { .. } => "unreadable",
    }
}
