//! What can be asked before anything is held: places, trips, and the seats of one.

use std::time::Duration;

use klikoo_sandbox::{MAGIC_SEATS, Sandbox, TripSpec};
use serde_json::{Value, json};

use crate::client::{BLOCK, block, leg, order, post};

const DETAIL: &str = "/v1/open-api/transports/trips-detail";

fn seat_names(reply: &Value) -> Vec<String> {
    let seats = reply["data"]["seats"].as_array().unwrap();
    seats
        .iter()
        .map(|seat| seat["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_trip_lists_the_seats_that_are_free_now() {
    let sandbox = Sandbox::start().await.unwrap();
    let ask = json!({"product_code": "BUS", "trip_id": 188_336});
    let before = post(&sandbox, DETAIL, &ask).await.reply();
    assert_eq!((before.status, before.code().as_str()), (200, "200052000"));
    let before = before.json();
    assert_eq!(seat_names(&before).len(), 36 + 2 + MAGIC_SEATS.len());
    assert_eq!(before["data"]["available_seat"], 36 + 2 + MAGIC_SEATS.len());
    assert_eq!(
        before["data"]["mandatory_fields"],
        json!(["PHONE", "EMAILID", "NAME"])
    );

    block(&sandbox, "a", "9A").await.reply();
    let after = post(&sandbox, DETAIL, &ask).await.reply().json();
    assert!(!seat_names(&after).contains(&"9A".to_owned()));
    sandbox.clock().advance(Duration::from_mins(30));
    let later = post(&sandbox, DETAIL, &ask).await.reply().json();
    assert_eq!(seat_names(&later), seat_names(&before));

    let number = |seat: &Value, name: &str| match &seat[name] {
        Value::String(text) => text.parse::<u64>().unwrap(),
        other => other.as_u64().unwrap(),
    };
    let seats = before["data"]["seats"].as_array().unwrap();
    assert!(seats.iter().any(|seat| seat["column"].is_string()));
    assert!(seats.iter().any(|seat| seat["column"].is_u64()));
    for seat in seats {
        assert!([0, 1, 3, 4].contains(&number(seat, "column")), "{seat}");
        for field in ["row", "length", "width", "base_price", "price"] {
            number(seat, field);
        }
    }
}

#[tokio::test]
async fn unknown_trips_and_wrong_types_are_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    for (body, code) in [
        (json!({"product_code": "BUS", "trip_id": 1}), "404057003"),
        (
            json!({"product_code": "AIR", "trip_id": 188_336}),
            "404057003",
        ),
        (
            json!({"product_code": "BUS", "trip_id": "188336"}),
            "400056510",
        ),
        (json!({"product_code": "BUS"}), "400056510"),
        (
            json!({"product_code": "BUS", "trip_id": 188_336, "x": 1}),
            "400056510",
        ),
    ] {
        assert_eq!(
            post(&sandbox, DETAIL, &body).await.reply().code(),
            code,
            "{body}"
        );
    }
}

#[tokio::test]
async fn places_are_found_by_keyword() {
    let sandbox = Sandbox::start().await.unwrap();
    for call in ["sources", "destinations"] {
        let path = format!("/v1/open-api/transports/{call}");
        let all = post(&sandbox, &path, &json!({"product_code": "BUS"}))
            .await
            .reply()
            .json();
        assert_eq!(all["data"]["cities"].as_array().unwrap().len(), 3);
        let ask = json!({"product_code": "BUS", "keyword": "bandung"});
        let some = post(&sandbox, &path, &ask).await.reply().json();
        assert_eq!(some["data"]["cities"][0]["type"], "CITY");
        assert_eq!(some["data"]["cities"].as_array().unwrap().len(), 1);
        assert_eq!(some["data"]["terminals"][0]["type"], "LOCATION");
    }
}

const TRIPS: &str = "/v1/open-api/transports/trips";

/// A search from Jakarta to Bandung, before a test changes it.
fn search() -> Value {
    json!({
        "product_code": "BUS", "source_id": 1, "source_type": "CITY", "destination_id": "2",
        "destination_type": "CITY", "total_seat": 1, "date": "2026-11-25",
        "pagination": {"limit": 100, "page": 1},
    })
}

async fn trips(sandbox: &Sandbox, search: &Value) -> Vec<Value> {
    let reply = post(sandbox, TRIPS, search).await.reply();
    assert_eq!((reply.status, reply.code().as_str()), (200, "200052000"));
    reply.json()["data"].as_array().unwrap().clone()
}

fn ids(trips: &[Value]) -> Vec<u64> {
    trips
        .iter()
        .map(|trip| trip["id"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn trips_are_listed_by_page() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut listed = Vec::new();
    for page in 1..=5 {
        let mut ask = search();
        ask["pagination"] = json!({"limit": 1, "page": page,
            "sort": {"field": "a", "value": "b"}, "search": []});
        for trip in trips(&sandbox, &ask).await {
            assert_eq!(trip.get("seats"), None);
            listed.push(trip["id"].as_u64().unwrap());
        }
    }
    assert_eq!(listed, [188_336, 188_341, 188_342, 188_343]);
    for (member, value) in [
        ("pagination", json!({"limit": 1, "page": 0})),
        ("pagination", json!({"limit": 101, "page": 1})),
        ("source_type", json!("TOWN")),
        ("total_seat", json!("two")),
        ("date", json!("tomorrow")),
        ("date", json!("2026-02-30")),
    ] {
        let mut wrong = search();
        wrong[member] = value;
        let reply = post(&sandbox, TRIPS, &wrong).await.reply();
        assert_eq!(reply.code(), "400056510", "{wrong}");
    }
    for member in ["source_id", "destination_type", "total_seat", "date"] {
        let mut wrong = search();
        wrong.as_object_mut().unwrap().remove(member);
        let reply = post(&sandbox, TRIPS, &wrong).await.reply();
        assert_eq!(reply.code(), "400056510", "{member}");
    }
}

#[tokio::test]
async fn trips_go_from_place_to_place() {
    let sandbox = Sandbox::start().await.unwrap();
    for (from, to, expected) in [
        (
            (json!(1), "CITY"),
            (json!("2"), "CITY"),
            &[188_336, 188_341, 188_342, 188_343][..],
        ),
        (
            (json!("101"), "location"),
            (json!(102), "LOCATION"),
            &[188_336, 188_341, 188_342, 188_343],
        ),
        ((json!(2), "CITY"), (json!(1), "CITY"), &[188_400]),
        ((json!(1), "CITY"), (json!(103), "LOCATION"), &[188_351]),
        ((json!(3), "CITY"), (json!(1), "CITY"), &[]),
        ((json!(1), "CITY"), (json!(1), "CITY"), &[]),
        // No such places: a stop's number is no city's.
        ((json!(101), "CITY"), (json!(2), "CITY"), &[]),
        ((json!("JKT"), "CITY"), (json!(2), "CITY"), &[]),
    ] {
        let mut ask = search();
        (ask["source_id"], ask["source_type"]) = (from.0, from.1.into());
        (ask["destination_id"], ask["destination_type"]) = (to.0, to.1.into());
        assert_eq!(ids(&trips(&sandbox, &ask).await), expected, "{ask}");
    }
    let mut another_day = search();
    another_day["date"] = "2026-12-31".into();
    let found = trips(&sandbox, &another_day).await;
    assert_eq!(found[0]["depart_time"], "2026-12-31T08:00:00+07:00");
    assert_eq!(found[1]["depart_time"], "2026-12-31T10:30:00+07:00");
    assert_eq!(found[1]["arrival_time"], "2026-12-31T13:30:00+07:00");
    assert_eq!(
        (&found[1]["lower_price"], &found[1]["high_price"]),
        (&json!("15000"), &json!(15_000))
    );
}

#[tokio::test]
async fn a_bus_that_is_too_full_is_left_out() {
    let sandbox = Sandbox::builder()
        .trip(TripSpec::new(7, 2))
        .start()
        .await
        .unwrap();
    let magic = MAGIC_SEATS.len() as u64;
    let asking_for = |seats: u64| {
        let mut ask = search();
        ask["total_seat"] = seats.to_string().into();
        ask
    };
    assert!(ids(&trips(&sandbox, &asking_for(4 + magic)).await).contains(&7));
    let mut body = order("r", &[]);
    body["departure"] = leg(7, &["2"]);
    assert_eq!(post(&sandbox, BLOCK, &body).await.reply().status, 201);
    assert!(!ids(&trips(&sandbox, &asking_for(4 + magic)).await).contains(&7));
    let found = trips(&sandbox, &asking_for(3 + magic)).await;
    let bus = found.iter().find(|trip| trip["id"] == 7).unwrap();
    assert_eq!(bus["available_seat"], 3 + magic);
    sandbox.clock().advance(Duration::from_mins(30));
    assert!(ids(&trips(&sandbox, &asking_for(4 + magic)).await).contains(&7));
}
