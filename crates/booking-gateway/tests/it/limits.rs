//! How often and how much, and that who meets a bound is told when to come again.

use std::time::Duration;

use booking_gateway::GatewayLimits;
use serde_json::json;

use crate::client::{Ask, Reply};
use crate::house::{House, wide};

pub(crate) fn list(key: &str) -> Ask {
    Ask::get("/v1/holds").key(key)
}

pub(crate) fn is_told_to_wait(reply: &Reply, status: u16) {
    assert_eq!(reply.status, status, "{}", reply.text());
    assert!(reply.retry_after() >= 1);
}

#[tokio::test]
async fn a_key_asks_so_often_in_a_second_and_another_is_not_hindered() {
    let per_second = 20.try_into().unwrap();
    let house = House::limited(GatewayLimits {
        per_second,
        ..wide()
    })
    .await;
    let (key, other) = (house.master_key(), house.master_key());
    for _ in 0..20 {
        assert_eq!(house.send(&list(&key)).await.status, 200);
    }
    is_told_to_wait(&house.send(&list(&key)).await, 429);
    assert_eq!(house.send(&list(&other)).await.status, 200);
    house.clock.advance(Duration::from_millis(50));
    assert_eq!(house.send(&list(&key)).await.status, 200);
    is_told_to_wait(&house.send(&list(&key)).await, 429);
}

#[tokio::test]
async fn a_key_signs_in_as_often_as_it_may_ask() {
    let house = House::limited(GatewayLimits {
        per_second: 20.try_into().unwrap(),
        ..wide()
    })
    .await;
    let (key, other) = (house.master_key(), house.master_key());
    let sign_in = |key: &str| Ask::post("/console/session").json(&json!({"key": key}));
    for _ in 0..20 {
        assert_eq!(house.send(&sign_in(&key)).await.status, 200);
    }
    let reply = house.send(&sign_in(&key)).await;
    is_told_to_wait(&reply, 429);
    assert!(reply.header("set-cookie").is_none(), "{reply:?}");
    // It is one measure for all that the key does.
    is_told_to_wait(&house.send(&list(&key)).await, 429);
    assert_eq!(house.send(&sign_in(&other)).await.status, 200);
    house.clock.advance(Duration::from_millis(50));
    assert_eq!(house.send(&sign_in(&key)).await.status, 200);
}

#[tokio::test]
async fn a_key_blocks_so_often_in_an_hour() {
    let blocks_per_hour = 5.try_into().unwrap();
    let house = House::limited(GatewayLimits {
        blocks_per_hour,
        ..wide()
    })
    .await;
    let key = house.master_key();
    for number in 0..5 {
        assert_eq!(
            house.block(&key, &format!("held-{number}")).await.status,
            201
        );
    }
    let reply = house.block(&key, "held-6").await;
    is_told_to_wait(&reply, 429);
    assert_eq!(reply.retry_after(), 720);
    assert_eq!(house.provider.sendings("held-6"), 0);
    assert_eq!(house.send(&list(&key)).await.status, 200);
    house.clock.advance(Duration::from_mins(12));
    assert_eq!(house.block(&key, "held-6").await.status, 201);
}

#[tokio::test]
async fn tries_without_a_valid_key_are_counted_and_a_valid_one_still_passes() {
    let failures_per_minute = 10.try_into().unwrap();
    let house = House::limited(GatewayLimits {
        failures_per_minute,
        ..wide()
    })
    .await;
    let key = house.master_key();
    let wrong = format!("{}0", &key[..key.len() - 1]);
    for number in 0..10 {
        let reply = if number % 2 == 0 {
            house.send(&list(&wrong)).await
        } else {
            house
                .send(&Ask::post("/console/session").json(&json!({"key": wrong})))
                .await
        };
        assert_eq!(reply.status, 401);
    }
    is_told_to_wait(&house.send(&list(&wrong)).await, 429);
    is_told_to_wait(&house.send(&Ask::get("/v1/holds")).await, 429);
    is_told_to_wait(
        &house
            .send(&Ask::post("/console/session").json(&json!({"key": "x"})))
            .await,
        429,
    );
    assert_eq!(house.send(&list(&key)).await.status, 200);
    house.clock.advance(Duration::from_secs(6));
    assert_eq!(house.send(&list(&wrong)).await.status, 401);
}
