//! Pages of trips in the forms that a reply may have.

use booking_ports::TripSummary;

use super::{query, success, trips_of, why};

const TRIP: &str = r#"{"id":7}"#;

async fn next(rows: usize, more: &str, page: u32) -> Option<u32> {
    let rows = vec![TRIP; rows].join(",");
    let body =
        format!(r#"{{"response_code":"200052000","response_message":"m","data":[{rows}]{more}}}"#);
    let query = query().with_limit(2).unwrap().with_page(page).unwrap();
    trips_of(&body, &query).await.unwrap().next_page
}

#[tokio::test]
async fn numbers_texts_and_gaps_are_read() {
    let data = r#"[
        {"id":"7","available_seat":"3","lower_price":"20000","high_price":25000,"travel_name":" A ",
         "bus_type":"","vehicle_type":null,"boarding_point_name":5,"depart_time":"08:00","seats":[{"x":1}]},
        {"id":8,"available_seat":-1,"lower_price":"free","high_price":1.5,"arrival_time":{}}
    ]"#;
    let page = trips_of(&success(data), &query()).await.unwrap();
    let [first, second] = page.trips.as_slice() else {
        unreachable!("{page:?}")
    };
    let mut expected = TripSummary::of_trip(booking_domain::TripId::new(7).unwrap());
    expected.free_seats = Some(3);
    expected.lowest_price = Some(20_000);
    expected.highest_price = Some(25_000);
    expected.travel_name = Some("A".to_owned());
    expected.boarding_point = Some("5".to_owned());
    expected.depart_time = Some("08:00".to_owned());
    assert_eq!(*first, expected);
    let bare = TripSummary::of_trip(booking_domain::TripId::new(8).unwrap());
    assert_eq!(*second, bare);
}

#[tokio::test]
async fn the_list_may_stand_in_an_object_and_nothing_may_be_null() {
    for (data, count) in [
        (format!("[{TRIP}]"), 1),
        (format!(r#"{{"trips":[{TRIP}],"total":1}}"#), 1),
        (format!(r#"{{"rows":[{TRIP},{TRIP}]}}"#), 2),
        ("[]".to_owned(), 0),
        ("null".to_owned(), 0),
    ] {
        let page = trips_of(&success(&data), &query()).await.unwrap();
        assert_eq!(page.trips.len(), count, "{data}");
    }
    for data in [
        format!(r#"{{"trips":[{TRIP}],"others":[]}}"#),
        format!(r#"{{"trip":{TRIP}}}"#),
        format!(r#"[{TRIP},{{"id":8,"id":9}}]"#),
    ] {
        let error = trips_of(&success(&data), &query()).await.unwrap_err();
        assert_eq!(why(&error), "unreadable", "{data}");
    }
    let absent = r#"{"response_code":"200052000","response_message":"m"}"#;
    let error = trips_of(absent, &query()).await.unwrap_err();
    assert_eq!(why(&error), "unreadable");
}

#[tokio::test]
async fn trips_that_cannot_be_ordered_are_counted() {
    let data = r#"[{"id":7},{},{"id":0},{"id":-1},{"id":"x"},{"id":9223372036854775808},{"id":null},7,null]"#;
    let page = trips_of(&success(data), &query()).await.unwrap();
    assert_eq!((page.trips.len(), page.unreadable), (1, 8));
}

#[tokio::test]
async fn a_list_without_end_is_cut_and_counted() {
    let data = format!("[{}]", vec![TRIP; 700].join(","));
    let page = trips_of(&success(&data), &query()).await.unwrap();
    assert_eq!((page.trips.len(), page.unreadable), (500, 200));
    assert_eq!(page.next_page, None);
}

#[tokio::test]
async fn texts_are_bounded_and_fit_to_print() {
    let data = serde_json::json!([{"id": 7, "travel_name": "a\u{1b}[31m\u{202e}",
        "bus_type": "é".repeat(2_000)}]);
    let page = trips_of(&success(&data.to_string()), &query())
        .await
        .unwrap();
    assert_eq!(
        page.trips[0].travel_name.as_deref(),
        Some("a\\u{1b}[31m\\u{202e}")
    );
    assert_eq!(
        page.trips[0].bus_type.as_ref().unwrap().chars().count(),
        300
    );
}

#[tokio::test]
async fn whether_there_is_a_next_page() {
    // Nothing is said: a full page may have one.
    assert_eq!(next(2, "", 1).await, Some(2));
    assert_eq!(next(1, "", 1).await, None);
    assert_eq!(next(0, "", 1).await, None);
    // More than was asked for: pages are not kept there.
    assert_eq!(next(3, "", 1).await, None);
    for (meta, page, expected) in [
        (r#"{"next_page":2,"total_pages":9}"#, 1, Some(2)),
        (r#"{"next_page":"2"}"#, 1, Some(2)),
        (r#"{"next_page":null,"total_pages":9}"#, 1, None),
        (r#"{"total_pages":2}"#, 1, Some(2)),
        (r#"{"total_pages":"2"}"#, 2, None),
        // Backwards, or past some: no reader may be led in circles.
        (r#"{"next_page":1}"#, 2, None),
        (r#"{"next_page":9}"#, 2, None),
        (r#"{"other":1}"#, 1, Some(2)),
        ("null", 1, Some(2)),
        ("[]", 1, Some(2)),
    ] {
        let more = format!(r#","meta":{meta}"#);
        assert_eq!(next(2, &more, page).await, expected, "{meta}");
    }
    assert_eq!(
        next(2, "", 1_000).await,
        None,
        "the last that can be asked for"
    );
}
