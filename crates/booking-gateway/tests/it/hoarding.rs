//! How many seats of one trip a tenant holds at a time.

use std::sync::Arc;
use std::time::Duration;

use booking_gateway::{GatewayLimits, Scope};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::client::{Ask, Reply};
use crate::house::{House, wide};
use crate::limits::is_told_to_wait;
use crate::orders::{leg_of, order};

const TRIP: i64 = 188_336;
const OTHER_TRIP: i64 = 77;

async fn house(live_seats_per_trip: u32) -> House {
    House::limited(GatewayLimits {
        live_seats_per_trip,
        ..wide()
    })
    .await
}

async fn send(house: &House, key: &str, order: &Value) -> Reply {
    house
        .send(&Ask::post("/v1/holds").key(key).json(order))
        .await
}

/// An order of `seats` on the usual trip.
fn of_seats(reference: &str, seats: &[&str]) -> Value {
    let mut order = order(reference);
    order["departure"] = leg_of(TRIP, seats);
    order
}

#[tokio::test]
async fn a_tenant_holds_so_many_seats_of_a_trip_however_they_are_ordered() {
    let house = house(5).await;
    let (acme, bravo) = (
        house.key(Some("acme"), &Scope::ALL),
        house.key(Some("bravo"), &Scope::ALL),
    );
    let three = of_seats("held-0", &["1", "2", "3"]);
    assert_eq!(send(&house, &acme, &three).await.status, 201);
    house.clock.advance(Duration::from_mins(10));

    let three_more = of_seats("held-1", &["4", "5", "6"]);
    let reply = send(&house, &acme, &three_more).await;
    is_told_to_wait(&reply, 429);
    assert_eq!(reply.json()["may_be_held"], false);
    assert_eq!(
        reply.json()["detail"],
        "3 seats on trip 188336 are held by this key's tenant, or may be, and the order asks for 3 more; 5 may be held at a time; nothing was sent"
    );
    // When those that are held have ended.
    assert_eq!(reply.retry_after(), 20 * 60);
    assert_eq!(house.provider.sendings("held-1"), 0);

    assert_eq!(
        send(&house, &acme, &of_seats("held-2", &["4", "5"]))
            .await
            .status,
        201
    );
    // A repetition holds nothing more, and another tenant has a share of its own.
    assert_eq!(send(&house, &acme, &three).await.status, 201);
    assert_eq!(send(&house, &bravo, &three_more).await.status, 201);

    house.clock.advance(Duration::from_mins(21));
    let again = of_seats("held-3", &["4", "5", "6"]);
    assert_eq!(send(&house, &acme, &again).await.status, 201);
}

#[tokio::test]
async fn each_leg_counts_on_its_own_trip() {
    let house = house(3).await;
    let key = house.key(Some("acme"), &Scope::ALL);
    let mut order = of_seats("held-0", &["1", "2"]);
    order["return"] = leg_of(OTHER_TRIP, &["1", "2"]);
    assert_eq!(send(&house, &key, &order).await.status, 201);

    let mut back_is_full = of_seats("held-1", &["3"]);
    back_is_full["return"] = leg_of(OTHER_TRIP, &["3", "4"]);
    let reply = send(&house, &key, &back_is_full).await;
    is_told_to_wait(&reply, 429);
    assert!(reply.text().contains("trip 77"), "{}", reply.text());

    let mut other_way_round = order;
    other_way_round["partner_reference_no"] = json!("held-2");
    other_way_round["departure"] = leg_of(OTHER_TRIP, &["3"]);
    other_way_round["return"] = leg_of(TRIP, &["3"]);
    assert_eq!(send(&house, &key, &other_way_round).await.status, 201);
    assert_eq!(
        send(&house, &key, &of_seats("held-3", &["4"])).await.status,
        429
    );
}

#[tokio::test]
async fn an_order_that_never_fits_is_told_to_be_divided() {
    let house = house(2).await;
    let key = house.key(Some("acme"), &Scope::ALL);
    let reply = send(&house, &key, &of_seats("held-0", &["1", "2", "3"])).await;
    assert_eq!(reply.status, 429);
    assert_eq!(reply.header("retry-after"), None);
    assert!(
        reply.json()["advice"]
            .as_str()
            .unwrap()
            .starts_with("Divide it")
    );
}

#[tokio::test]
async fn what_was_provably_not_sent_is_counted_when_it_comes_again() {
    let house = house(1).await;
    let key = house.key(Some("acme"), &Scope::ALL);
    assert_eq!(house.block(&key, "away-1").await.status, 503);
    assert_eq!(house.block(&key, "held-1").await.status, 201);
    is_told_to_wait(&house.block(&key, "away-1").await, 429);
    assert_eq!(house.provider.sendings("away-1"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_at_the_same_time_do_not_pass_the_cap_together() {
    for round in 0..5 {
        let house = Arc::new(house(20).await);
        let key = house.key(Some("acme"), &Scope::ALL);
        let mut calls = JoinSet::new();
        for number in 0..100 {
            let (house, key) = (Arc::clone(&house), key.clone());
            calls.spawn(async move {
                let order = of_seats(&format!("wait-{number}"), &["1", "2"]);
                send(&house, &key, &order).await.status
            });
        }
        // Those that are let through are with the provider until the gate is opened.
        for _ in 0..90 {
            assert_eq!(calls.join_next().await.unwrap().unwrap(), 429, "{round}");
        }
        house.provider.open_gate();
        let held = calls.join_all().await;
        assert_eq!(held, [201; 10], "{round}");
    }
}

#[tokio::test]
async fn a_seat_lapses_so_often_and_is_then_left_to_others() {
    let house = House::limited(GatewayLimits {
        lapses_per_seat: 3.try_into().unwrap(),
        ..wide()
    })
    .await;
    let (acme, bravo) = (
        house.key(Some("acme"), &Scope::ALL),
        house.key(Some("bravo"), &Scope::ALL),
    );
    for number in 0..3 {
        let order = of_seats(&format!("held-{number}"), &["1", "2"]);
        assert_eq!(send(&house, &acme, &order).await.status, 201);
        house.clock.advance(Duration::from_mins(31));
        house.sweep().await;
    }
    let again = of_seats("held-3", &["3", "2"]);
    let reply = send(&house, &acme, &again).await;
    is_told_to_wait(&reply, 429);
    assert_eq!(reply.json()["may_be_held"], false);
    assert_eq!(
        reply.json()["detail"],
        "seat 2 on trip 188336 was held 3 times for this key's tenant in the last 24 hours and not booked, which is as often as it may be; nothing was sent"
    );
    // The first ended after 30 of these 93 minutes.
    assert_eq!(reply.retry_after(), (24 * 60 - 63) * 60);
    assert_eq!(house.provider.sendings("held-3"), 0);

    // Other seats of it, the same ones for others, and on other trips.
    assert_eq!(
        send(&house, &acme, &of_seats("held-4", &["3"]))
            .await
            .status,
        201
    );
    assert_eq!(send(&house, &bravo, &again).await.status, 201);
    let mut elsewhere = again.clone();
    elsewhere["partner_reference_no"] = json!("held-5");
    elsewhere["departure"]["trip_id"] = json!(OTHER_TRIP);
    assert_eq!(send(&house, &acme, &elsewhere).await.status, 201);

    house
        .clock
        .advance(Duration::from_secs(reply.retry_after()));
    let later = of_seats("held-6", &["2"]);
    assert_eq!(send(&house, &acme, &later).await.status, 201);
}

/// Seats are counted each for itself, so those of others must not hide one.
#[tokio::test]
async fn a_seat_is_counted_beside_a_thousand_holds_of_others() {
    let house = House::limited(GatewayLimits {
        lapses_per_seat: 20.try_into().unwrap(),
        ..wide()
    })
    .await;
    let acme = house.key(Some("acme"), &Scope::ALL);
    let seats = std::iter::repeat_n("1", 20).chain(std::iter::repeat_n("2", 1_000));
    for (number, seat) in seats.enumerate() {
        let order = of_seats(&format!("held-{number}"), &[seat]);
        assert_eq!(send(&house, &acme, &order).await.status, 201);
    }
    house.clock.advance(Duration::from_mins(31));
    house.sweep().await;
    is_told_to_wait(&send(&house, &acme, &of_seats("again", &["1"])).await, 429);
    assert_eq!(house.provider.sendings("again"), 0);
}

#[tokio::test]
async fn what_became_a_ticket_has_not_lapsed() {
    let house = House::limited(GatewayLimits {
        lapses_per_seat: 1.try_into().unwrap(),
        ..wide()
    })
    .await;
    let key = house.key(Some("acme"), &Scope::ALL);
    assert_eq!(house.block(&key, "held-0").await.status, 201);
    let ticket = Ask::post("/v1/holds/held-0/ticket").key(&key);
    assert_eq!(house.send(&ticket).await.status, 200);
    house.clock.advance(Duration::from_hours(1));
    house.sweep().await;
    assert_eq!(house.block(&key, "held-1").await.status, 201);
}
