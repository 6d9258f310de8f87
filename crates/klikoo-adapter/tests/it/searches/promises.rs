//! The contracts of the ports, a function for each promise, over the sandbox.

use booking_ports::{PlaceRole, PlaceSearch, SeatBlocker, TripSearch};
use klikoo_adapter::{KlikooPlaces, KlikooTrips};
use klikoo_sandbox::{Fault, Rule, Sandbox};

use super::{between, bus, client, query};
use crate::faults::unknown_faults;
use crate::setup::{NOW, blocker_of, config_of, order, sandbox};

fn places(sandbox: &Sandbox) -> KlikooPlaces {
    KlikooPlaces::new(client(config_of(sandbox)))
}

fn trips(sandbox: &Sandbox) -> KlikooTrips {
    KlikooTrips::new(client(config_of(sandbox)))
}

#[tokio::test]
async fn the_places_that_the_provider_lists_are_answered() {
    let sandbox = sandbox().await;
    let search = places(&sandbox);
    for role in [PlaceRole::Source, PlaceRole::Destination] {
        let found = search.places(&bus(), role, None).await.unwrap();
        let shown: Vec<String> = found
            .iter()
            .map(|it| format!("{} {}", it.id, it.name))
            .collect();
        assert_eq!(
            shown,
            [
                "city:1 Jakarta",
                "city:2 Bandung",
                "city:3 Yogyakarta",
                "location:101 Terminal Satu",
                "location:102 Terminal Dua",
                "location:103 Terminal Tiga",
            ]
        );
        assert_eq!(found[0].address.as_deref(), Some("DKI Jakarta"));
    }
    assert_eq!(
        (sandbox.calls("sources"), sandbox.calls("destinations")),
        (1, 1)
    );
    assert!(
        sandbox
            .journal()
            .iter()
            .all(|entry| entry.path.ends_with("access-token") || entry.signature.is_valid())
    );
}

#[tokio::test]
async fn a_keyword_is_sent_trimmed_and_none_where_it_is_blank() {
    let sandbox = sandbox().await;
    let search = places(&sandbox);
    for (keyword, found) in [
        (Some(" bandung "), 2),
        (Some("  "), 6),
        (None, 6),
        (Some("Atlantis"), 0),
    ] {
        let places = search
            .places(&bus(), PlaceRole::Source, keyword)
            .await
            .unwrap();
        assert_eq!(places.len(), found, "{keyword:?}");
    }
    let sent: Vec<String> = sandbox
        .journal()
        .into_iter()
        .filter(|it| it.path.ends_with("sources"))
        .map(|it| it.body)
        .collect();
    assert_eq!(
        sent,
        [
            r#"{"keyword":"bandung","product_code":"BUS"}"#,
            r#"{"product_code":"BUS"}"#,
            r#"{"product_code":"BUS"}"#,
            r#"{"keyword":"Atlantis","product_code":"BUS"}"#,
        ]
    );
    for odd in ["a\u{202e}b", "a\nb", &"x".repeat(65)] {
        let error = search
            .places(&bus(), PlaceRole::Source, Some(odd))
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("at most 64 characters"),
            "{error}"
        );
    }
    assert_eq!(
        sandbox.calls("sources"),
        4,
        "what cannot be sought is not sent"
    );
}

#[tokio::test]
async fn trips_are_found_where_there_are_some() {
    let sandbox = sandbox().await;
    let search = trips(&sandbox);
    let page = search.trips(&query()).await.unwrap();
    let ids: Vec<i64> = page.trips.iter().map(|trip| trip.trip_id.get()).collect();
    assert_eq!(ids, [188_336, 188_341, 188_342, 188_343]);
    assert_eq!((page.next_page, page.unreadable), (None, 0));
    let trip = &page.trips[1];
    let text = |text: &Option<String>| text.clone().unwrap();
    assert_eq!(text(&trip.travel_name), "Klikoo Sandbox");
    assert_eq!(
        (text(&trip.bus_type), text(&trip.vehicle_type)),
        ("Economy".into(), "BUS".into())
    );
    assert_eq!(
        (text(&trip.boarding_point), text(&trip.drop_point)),
        ("Terminal Satu".into(), "Terminal Dua".into())
    );
    assert_eq!(text(&trip.depart_time), "2026-11-26T10:30:00+07:00");
    assert_eq!(text(&trip.arrival_time), "2026-11-26T13:30:00+07:00");
    // One comes as a text, one as a number.
    assert_eq!(
        (trip.lowest_price, trip.highest_price),
        (Some(15_000), Some(15_000))
    );
    assert!(trip.free_seats.unwrap() > 38);

    let none = search.trips(&between("city:3", "city:1")).await.unwrap();
    assert_eq!(none, booking_ports::TripPage::default());
    let stops = search
        .trips(&between("location:102", "location:101"))
        .await
        .unwrap();
    assert_eq!(stops.trips[0].trip_id.get(), 188_400);
}

#[tokio::test]
async fn pages_are_followed_to_the_last() {
    let sandbox = sandbox().await;
    let search = trips(&sandbox);
    let (mut ids, mut asked, mut next) = (Vec::new(), Vec::new(), Some(1));
    while let Some(number) = next {
        asked.push(number);
        let query = query().with_limit(2).unwrap().with_page(number).unwrap();
        let page = search.trips(&query).await.unwrap();
        ids.extend(page.trips.iter().map(|trip| trip.trip_id.get()));
        next = page.next_page;
    }
    assert_eq!(ids, [188_336, 188_341, 188_342, 188_343]);
    // The second is full, so that only a third can tell.
    assert_eq!(asked, [1, 2, 3]);
}

#[tokio::test]
async fn what_is_held_is_not_free() {
    let sandbox = sandbox().await;
    let search = trips(&sandbox);
    let free = async || {
        search.trips(&query()).await.unwrap().trips[0]
            .free_seats
            .unwrap()
    };
    let before = free().await;
    let blocker = blocker_of(config_of(&sandbox), &booking_ports::ManualClock::at(NOW));
    blocker.block(&order("one", &["1", "2"])).await.unwrap();
    assert_eq!(free().await, before - 2);
}

/// Rows 5 to 12 of the failure model: none of them says that there is nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_proves_nothing_is_an_error() {
    let mut cases = tokio::task::JoinSet::new();
    for fault in unknown_faults() {
        cases.spawn(async move {
            let about = format!("{fault:?}");
            // What a block's reply may say otherwise, an answer does not say at all.
            let about_holds = matches!(
                fault,
                Fault::ExpiredAt { .. }
                    | Fault::MissingExpiredAt
                    | Fault::MissingTransactionId
                    | Fault::StatusWord { .. }
                    | Fault::ExtraData { .. }
            );
            let success = fault
                == Fault::Code {
                    text: "200052000".to_owned(),
                };
            if about_holds || success {
                return 0;
            }
            let sandbox = sandbox().await;
            sandbox.add_fault(Rule::new(fault).path("/transports"));
            let (places, trips) = (places(&sandbox), trips(&sandbox));
            let product = bus();
            let query = query();
            let (places, trips) = tokio::join!(
                places.places(&product, PlaceRole::Source, None),
                trips.trips(&query),
            );
            assert!(places.is_err(), "{about}: {places:?}");
            assert!(trips.is_err(), "{about}: {trips:?}");
            1
        });
    }
    let struck: usize = cases.join_all().await.into_iter().sum();
    assert!(struck > 30, "{struck}");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let sandbox = sandbox().await;
    sandbox.add_fault(Rule::new(Fault::ExpiredToken).path("/trips").nth(1));
    assert!(trips(&sandbox).trips(&query()).await.is_ok());
    assert_eq!(
        (sandbox.calls("access-token"), sandbox.calls("/trips")),
        (2, 2)
    );
}

#[tokio::test]
async fn an_unknown_product_is_refused_in_the_providers_words() {
    let sandbox = sandbox().await;
    let ship = booking_domain::ProductCode::new("SHIP").unwrap();
    let error = places(&sandbox)
        .places(&ship, PlaceRole::Source, None)
        .await
        .unwrap_err();
    let booking_ports::InquiryError::Refused { code, message } = error else {
        unreachable!("{error}")
    };
    assert_eq!(code, "404057003");
    assert!(message.contains("product_code"), "{message}");
}
