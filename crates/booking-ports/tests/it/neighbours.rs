//! The small ports through the pointers and mocks by which an app holds them.

use std::sync::Arc;

use booking_domain::{ProductCode, ProviderStatus, StatusMeaning, TripId};
use booking_ports::{
    Callback, CallbackError, CallbackParser, MockCallbackParser, MockPlaceSearch, MockTripSearch,
    Place, PlaceRole, PlaceSearch, TripPage, TripQuery, TripSearch, TripSummary,
};
use time::macros::date;

fn bus() -> ProductCode {
    ProductCode::new("BUS").unwrap()
}

#[tokio::test]
async fn places_are_asked_for_through_pointers() {
    let mut mock = MockPlaceSearch::new();
    mock.expect_places()
        .withf(|product, role, keyword| {
            product.as_str() == "BUS" && *role == PlaceRole::Destination && *keyword == Some("dung")
        })
        .times(1)
        .returning(|_, _, _| {
            Ok(vec![Place {
                id: "city:2".parse().unwrap(),
                name: "Bandung".to_owned(),
                address: None,
            }])
        });
    let shared: Arc<dyn PlaceSearch> = Arc::new(mock);
    let boxed: Box<dyn PlaceSearch> = Box::new(shared);
    let found = boxed
        .places(&bus(), PlaceRole::Destination, Some("dung"))
        .await;
    assert_eq!(found.unwrap()[0].id.as_str(), "2");
}

#[tokio::test]
async fn trips_are_asked_for_through_pointers() {
    let mut mock = MockTripSearch::new();
    mock.expect_trips()
        .withf(|query| query.page() == 3)
        .times(1)
        .returning(|_| {
            Ok(TripPage {
                trips: vec![TripSummary::of_trip(TripId::new(188_336).unwrap())],
                ..TripPage::default()
            })
        });
    let shared: Arc<dyn TripSearch> = Arc::new(mock);
    let boxed: Box<dyn TripSearch> = Box::new(shared);
    let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    let query = TripQuery::new(bus(), from, to, date!(2026 - 11 - 26), 2).unwrap();
    let page = boxed.trips(&query.with_page(3).unwrap()).await.unwrap();
    assert_eq!(page.trips[0].trip_id.get(), 188_336);
}

#[test]
fn callbacks_are_read_through_pointers() {
    let mut mock = MockCallbackParser::new();
    mock.expect_parse().times(2).returning(|body| {
        if body.is_empty() {
            return Err(CallbackError::NotAnObject);
        }
        Ok(Callback {
            reference: None,
            transaction_id: booking_domain::TransactionId::new("7"),
            status: ProviderStatus::new(StatusMeaning::Booked, "SUCCESS"),
        })
    });
    let shared: Arc<dyn CallbackParser> = Arc::new(mock);
    let boxed: Box<dyn CallbackParser> = Box::new(shared);
    assert_eq!(boxed.parse(b"{}").unwrap().status.word(), "SUCCESS");
    assert_eq!(boxed.parse(b""), Err(CallbackError::NotAnObject));
}
