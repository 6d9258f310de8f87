//! How much may be under way at the same time: requests, connections, streams.

use std::sync::Arc;
use std::time::Duration;

use booking_gateway::GatewayLimits;
use serde_json::json;

use crate::client::{Ask, Line, Reply};
use crate::house::{House, wide};
use crate::limits::{is_told_to_wait, list};

/// Sends an order that stays at the provider's gate.
fn wait(house: &Arc<House>, key: &str, number: usize) -> tokio::task::JoinHandle<Reply> {
    let (house, key) = (Arc::clone(house), key.to_owned());
    tokio::spawn(async move { house.block(&key, &format!("wait-{number}")).await })
}

async fn until_waiting(house: &House, count: usize) {
    while house.provider.waiting() < count {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn so_many_requests_of_a_key_are_under_way() {
    let house = Arc::new(
        House::limited(GatewayLimits {
            in_flight_per_key: 4,
            ..wide()
        })
        .await,
    );
    let (key, other) = (house.master_key(), house.master_key());
    let waiting: Vec<_> = (0..4).map(|number| wait(&house, &key, number)).collect();
    until_waiting(&house, 4).await;
    is_told_to_wait(&house.send(&list(&key)).await, 429);
    assert_eq!(house.send(&list(&other)).await.status, 200);
    house.provider.open_gate();
    for answer in waiting {
        assert_eq!(answer.await.unwrap().status, 201);
    }
    assert_eq!(house.send(&list(&key)).await.status, 200);
}

#[tokio::test]
async fn an_event_stream_takes_no_place_of_a_request() {
    let house = House::limited(GatewayLimits {
        in_flight_per_key: 1,
        ..wide()
    })
    .await;
    let key = house.master_key();
    let _stream = crate::events::Reader::open(&house, &key, None).await;
    assert_eq!(house.send(&list(&key)).await.status, 200);
}

#[tokio::test]
async fn so_many_requests_are_under_way_in_all() {
    let house = Arc::new(
        House::limited(GatewayLimits {
            in_flight: 4,
            ..wide()
        })
        .await,
    );
    let (key, other) = (house.master_key(), house.master_key());
    let waiting: Vec<_> = (0..4).map(|number| wait(&house, &key, number)).collect();
    until_waiting(&house, 4).await;
    for route in crate::described::keyed() {
        let ask = Ask::new(&route.method, &route.target("held-1")).key(&other);
        is_told_to_wait(&house.send(&ask).await, 503);
    }
    // Who looks whether it lives needs none of their places.
    assert_eq!(house.send(&Ask::get("/readyz")).await.status, 200);
    house.provider.open_gate();
    for answer in waiting {
        assert_eq!(answer.await.unwrap().status, 201);
    }
    assert_eq!(house.send(&list(&key)).await.status, 200);
}

#[tokio::test]
async fn who_hangs_up_gets_the_place_back_when_the_order_has_ended() {
    let house = Arc::new(
        House::limited(GatewayLimits {
            in_flight_per_key: 1,
            ..wide()
        })
        .await,
    );
    let key = house.master_key();
    let mut line = Line::open(house.at).await;
    let order = crate::orders::order("wait-1");
    line.write(&Ask::post("/v1/holds").key(&key).json(&order).bytes())
        .await
        .unwrap();
    until_waiting(&house, 1).await;
    drop(line);
    // Else one key could have as many orders under way as it opens and closes connections.
    for _ in 0..20 {
        is_told_to_wait(&house.send(&list(&key)).await, 429);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    house.provider.open_gate();
    let mut tries = 0;
    while house.send(&list(&key)).await.status == 429 {
        tries += 1;
        assert!(tries < 500, "its place is lost");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    while house.block(&key, "wait-1").await.status != 201 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(house.provider.sendings("wait-1"), 1);
}

#[tokio::test]
async fn so_many_connections_are_taken() {
    let house = House::limited(GatewayLimits {
        connections: 5,
        ..wide()
    })
    .await;
    let mut lines = Vec::new();
    for _ in 0..5 {
        let mut line = Line::open(house.at).await;
        assert_eq!(line.send(&Ask::get("/healthz")).await.status, 200);
        lines.push(line);
    }
    let mut sixth = Line::open(house.at).await;
    let _ = sixth.write(&Ask::get("/healthz").bytes()).await;
    assert!(
        sixth.read(false).await.is_none(),
        "a sixth connection is served"
    );
    lines.pop();
    let mut tries = 0;
    loop {
        let mut line = Line::open(house.at).await;
        let _ = line.write(&Ask::get("/healthz").bytes()).await;
        if line.read(false).await.is_some() {
            break;
        }
        tries += 1;
        assert!(tries < 500, "a place is lost");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn so_many_streams_of_a_key_are_open() {
    let house = House::limited(GatewayLimits {
        streams_per_key: 2,
        ..wide()
    })
    .await;
    let (key, other) = (house.master_key(), house.master_key());
    let ask = Ask::get("/v1/events").key(&key);
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut line = Line::open(house.at).await;
        line.write(&ask.bytes()).await.unwrap();
        assert_eq!(line.head().await.unwrap().0, 200);
        open.push(line);
    }
    is_told_to_wait(&house.send(&ask).await, 429);
    let mut of_other = Line::open(house.at).await;
    of_other
        .write(&Ask::get("/v1/events").key(&other).bytes())
        .await
        .unwrap();
    assert_eq!(of_other.head().await.unwrap().0, 200);
    // A closed one gives its place back.
    open.pop();
    house.block(&key, "held-1").await;
    let mut tries = 0;
    loop {
        let mut line = Line::open(house.at).await;
        line.write(&ask.bytes()).await.unwrap();
        if line.head().await.unwrap().0 == 200 {
            break;
        }
        tries += 1;
        assert!(tries < 500, "the place of a closed stream is lost");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_slow_block_is_answered_as_under_way() {
    let answer_within = Duration::from_millis(200);
    let house = House::limited(GatewayLimits {
        answer_within,
        ..wide()
    })
    .await;
    let key = house.master_key();
    let reply = house.block(&key, "wait-1").await;
    is_told_to_wait(&reply, 202);
    assert_eq!(reply.json()["may_be_held"], true);
    assert_eq!(reply.header("location"), Some("/v1/holds/wait-1"));
    let hold = house
        .send(&Ask::get("/v1/holds/wait-1").key(&key))
        .await
        .json();
    assert_eq!(
        (&hold["state"], &hold["may_be_held"]),
        (&json!("sending"), &json!(true))
    );
    house.provider.open_gate();
    while house.block(&key, "wait-1").await.status != 201 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(house.provider.sendings("wait-1"), 1);
}

/// What is written for a reader that does not read takes memory until it does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_answer_keeps_its_place_until_it_was_read() {
    let house = House::narrow(GatewayLimits {
        in_flight_per_key: 1,
        ..wide()
    });
    let key = house.master_key();
    for number in 0..100 {
        let reply = house.block(&key, &format!("held-{number}")).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
    }
    let long = Ask::get("/v1/holds?limit=500").key(&key);
    let mut slow = Line::narrow(house.at).await;
    slow.write(&long.bytes()).await.unwrap();
    let short = Ask::get("/v1/holds/held-1").key(&key);
    let mut looks = 0;
    // Until the answer has been made.
    while house.send(&short).await.status == 200 {
        looks += 1;
        assert!(looks < 1_000, "the long answer keeps no place");
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    is_told_to_wait(&house.send(&short).await, 429);
    let read = slow.read(false).await.unwrap();
    assert_eq!(read.json()["holds"].as_array().unwrap().len(), 100);
    while house.send(&short).await.status != 200 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn strangers_of_one_address_do_not_take_all_places_of_strangers() {
    let house = House::limited(GatewayLimits {
        in_flight: 8 * 16,
        ..wide()
    })
    .await;
    let mut lines = Vec::new();
    for _ in 0..4 {
        let mut line = Line::open(house.at).await;
        let begun =
            b"POST /callbacks/klikoo HTTP/1.1\r\nHost: gateway\r\nContent-Length: 2\r\n\r\n{";
        line.write(begun).await.unwrap();
        lines.push(line);
    }
    let sign_in = Ask::post("/console/session").json(&json!({"key": "sbk_x"}));
    let is_full = async || {
        let reply = house.send(&sign_in).await;
        reply.status == 429 && reply.text().contains("from this address are under way")
    };
    let mut looks = 0;
    while !is_full().await {
        looks += 1;
        assert!(looks < 20, "one address may take all places");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Of 16 places 12 are free for others.
    drop(lines);
    while is_full().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
