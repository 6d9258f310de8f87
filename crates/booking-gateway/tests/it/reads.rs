//! How often the provider is asked for places, trips and seats, however often the gateway is.

use std::sync::Arc;
use std::time::Duration;

use booking_gateway::{GatewayLimits, Scope};

use crate::client::{Ask, Line, Reply};
use crate::house::{House, wide};
use crate::limits::is_told_to_wait;

const PLACES: &str = "/v1/places?role=source";
const TRIPS: &str = "/v1/trips?from=city:1&to=city:2&date=2026-11-26&seats=1";

fn seats_of(trip: u32) -> String {
    format!("/v1/trips/{trip}/seats")
}

async fn get(house: &House, key: &str, target: &str) -> Reply {
    house.send(&Ask::get(target).key(key)).await
}

/// A question that stays at the provider's gate, where `trip` is below 100.
fn ask(house: &Arc<House>, key: &str, trip: u32) -> tokio::task::JoinHandle<Reply> {
    let (house, key) = (Arc::clone(house), key.to_owned());
    tokio::spawn(async move { get(&house, &key, &seats_of(trip)).await })
}

async fn until_waiting(house: &House, count: usize) {
    while house.provider.waiting() < count {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn age(reply: &Reply) -> &str {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.header("age").unwrap()
}

#[tokio::test]
async fn a_hundred_who_ask_the_same_at_the_same_time_are_one_call() {
    let house = Arc::new(House::open().await);
    let key = house.master_key();
    let asking: Vec<_> = (0..100).map(|_| ask(&house, &key, 7)).collect();
    until_waiting(&house, 1).await;
    // Nobody is good for another trip.
    assert_eq!(get(&house, &key, &seats_of(188_336)).await.status, 200);
    house.provider.open_gate();
    for reply in asking {
        let reply = reply.await.unwrap();
        assert_eq!(age(&reply), "0");
        assert_eq!(reply.json()["trip_id"], 7);
    }
    assert_eq!(house.provider.reads(), 2);
}

#[tokio::test]
async fn an_answer_says_its_age_and_is_soon_too_old() {
    let house = House::open().await;
    let key = house.master_key();
    for target in [TRIPS, &seats_of(188_336)] {
        let before = house.provider.reads();
        assert_eq!(age(&get(&house, &key, target).await), "0");
        house.clock.advance(Duration::from_millis(1_900));
        assert_eq!(age(&get(&house, &key, target).await), "1");
        assert_eq!(house.provider.reads(), before + 1);
        house.clock.advance(Duration::from_millis(100));
        assert_eq!(age(&get(&house, &key, target).await), "0");
        assert_eq!(house.provider.reads(), before + 2);
    }
    let before = house.provider.reads();
    assert_eq!(age(&get(&house, &key, PLACES).await), "0");
    house.clock.advance(Duration::from_secs(599));
    assert_eq!(age(&get(&house, &key, PLACES).await), "599");
    assert_eq!(house.provider.reads(), before + 1);
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(age(&get(&house, &key, PLACES).await), "0");
}

#[tokio::test]
async fn what_failed_is_asked_again() {
    let house = House::open().await;
    let key = house.master_key();
    for (word, status) in [("silent", 504), ("odd", 502), ("burst", 500)] {
        for _ in 0..2 {
            let target = format!("{PLACES}&keyword={word}");
            assert_eq!(get(&house, &key, &target).await.status, status);
        }
    }
    assert_eq!(house.provider.reads(), 6);
}

#[tokio::test]
async fn no_tenant_learns_from_an_age_what_another_asked() {
    let house = House::open().await;
    let (acme, bravo) = (
        house.key(Some("acme"), &[Scope::Read]),
        house.key(Some("bravo"), &[Scope::Read]),
    );
    assert_eq!(age(&get(&house, &acme, TRIPS).await), "0");
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(age(&get(&house, &bravo, TRIPS).await), "0");
    assert_eq!(age(&get(&house, &acme, TRIPS).await), "1");
}

#[tokio::test]
async fn a_tenant_costs_so_many_calls_in_a_second_and_blocks_still_pass() {
    let house = House::limited(GatewayLimits {
        reads_per_second_per_tenant: 3.try_into().unwrap(),
        reads_per_second: 5.try_into().unwrap(),
        ..wide()
    })
    .await;
    let (reader, shop) = (
        house.key(Some("acme"), &[Scope::Read]),
        house.key(Some("acme"), &Scope::ALL),
    );
    let other = house.key(Some("bravo"), &[Scope::Read]);
    for trip in 101..104 {
        assert_eq!(get(&house, &reader, &seats_of(trip)).await.status, 200);
    }
    is_told_to_wait(&get(&house, &reader, &seats_of(104)).await, 429);
    // Another key of the same tenant has the same share; what is known costs nothing.
    is_told_to_wait(&get(&house, &shop, TRIPS).await, 429);
    assert_eq!(get(&house, &shop, &seats_of(101)).await.status, 200);
    assert_eq!(house.block(&shop, "held-1").await.status, 201);

    // Two more make five in all.
    assert_eq!(get(&house, &other, PLACES).await.status, 200);
    assert_eq!(get(&house, &other, TRIPS).await.status, 200);
    is_told_to_wait(&get(&house, &other, &seats_of(104)).await, 503);
    assert_eq!(house.provider.reads(), 5);
    assert_eq!(house.block(&shop, "held-2").await.status, 201);

    house.clock.advance(Duration::from_secs(1));
    assert_eq!(get(&house, &reader, &seats_of(104)).await.status, 200);
}

#[tokio::test]
async fn questions_that_wait_leave_half_of_the_places_to_blocks() {
    let house = Arc::new(
        House::limited(GatewayLimits {
            in_flight: 6,
            in_flight_per_key: 4,
            ..wide()
        })
        .await,
    );
    let keys = ["acme", "bravo"].map(|tenant| house.key(Some(tenant), &Scope::ALL));
    let [acme, bravo] = &keys;
    let mut asking: Vec<_> = (1..3).map(|trip| ask(&house, acme, trip)).collect();
    until_waiting(&house, 2).await;
    is_told_to_wait(&get(&house, acme, &seats_of(3)).await, 429);
    asking.push(ask(&house, bravo, 3));
    until_waiting(&house, 3).await;
    is_told_to_wait(&get(&house, bravo, &seats_of(4)).await, 503);
    for key in &keys {
        let reference = format!("held-{key}");
        assert_eq!(house.block(key, &reference[..20]).await.status, 201);
    }
    house.provider.open_gate();
    for reply in asking {
        assert_eq!(reply.await.unwrap().status, 200);
    }
    assert_eq!(get(&house, acme, &seats_of(5)).await.status, 200);
}

#[tokio::test]
async fn who_hangs_up_takes_the_answer_from_nobody() {
    let house = Arc::new(House::open().await);
    let key = house.master_key();
    let mut line = Line::open(house.at).await;
    let first = Ask::get(&seats_of(7)).key(&key);
    line.write(&first.bytes()).await.unwrap();
    until_waiting(&house, 1).await;
    let second = ask(&house, &key, 7);
    drop(line);
    tokio::time::sleep(Duration::from_millis(50)).await;
    house.provider.open_gate();
    assert_eq!(second.await.unwrap().status, 200);
    assert_eq!(house.provider.reads(), 1);
}

#[tokio::test]
async fn a_trip_that_is_not_there_is_not_found() {
    let house = House::open().await;
    let key = house.master_key();
    // The provider says so; nothing else is asked of it.
    let reply = get(&house, &key, &seats_of(404)).await;
    assert_eq!(reply.status, 404);
    assert_eq!(reply.json()["code"], "404057003");
    assert_eq!(house.provider.reads(), 1);
    for odd in [
        "+5",
        "%2B5",
        "05",
        "0",
        "-5",
        "5.0",
        "five",
        "99999999999999999999",
    ] {
        let target = format!("/v1/trips/{odd}/seats");
        assert_eq!(get(&house, &key, &target).await.status, 404, "{odd}");
    }
    assert_eq!(house.provider.reads(), 1);
}

#[tokio::test]
async fn whoever_has_blocked_sees_the_seats_anew() {
    let house = House::open().await;
    let key = house.master_key();
    let seats = seats_of(188_336);
    let before = house.provider.reads();
    get(&house, &key, &seats).await;
    assert_eq!(house.block(&key, "held-1").await.status, 201);
    get(&house, &key, &seats).await;
    assert_eq!(house.provider.reads(), before + 2);
}
