//! How long an answer is waited for, and what is told when it is not there yet.

use std::time::Duration;

use booking_domain::PartnerReference;
use booking_gateway::GatewayLimits;
use booking_ports::{HoldLedger as _, HoldRecord};

use crate::client::{Ask, Reply};
use crate::house::{House, wide};
use crate::limits::is_told_to_wait;

async fn impatient() -> House {
    House::limited(GatewayLimits {
        answer_within: Duration::from_millis(100),
        ..wide()
    })
    .await
}

async fn post(house: &House, key: &str, target: &str) -> Reply {
    house.send(&Ask::post(target).key(key)).await
}

/// Asks until the answer has another status than 202 and 409.
async fn in_the_end(house: &House, key: &str, target: &str) -> Reply {
    loop {
        let reply = post(house, key, target).await;
        if !matches!(reply.status, 202 | 409) {
            return reply;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_ticket_that_is_not_there_yet_may_be_one() {
    let house = impatient().await;
    let key = house.master_key();
    assert_eq!(house.block(&key, "held-late").await.status, 201);
    let target = "/v1/holds/held-late/ticket";
    let reply = post(&house, &key, target).await;
    is_told_to_wait(&reply, 202);
    let answer = reply.json();
    assert_eq!(answer["state"], "perhaps_booked");
    assert_eq!(answer["outcome"], "unknown");
    assert_eq!(answer["may_be_held"], true);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .contains("still being booked")
    );

    // Nobody was told no, and the work goes on without who asked.
    house.provider.open_gate();
    let reply = in_the_end(&house, &key, target).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.json()["booking"]["codes"]["departure"].is_string());
    assert_eq!(house.provider.tickets("held-late"), 1);
}

#[tokio::test]
async fn an_inquiry_that_is_not_answered_yet_tells_where_it_stands() {
    let house = impatient().await;
    let key = house.master_key();
    assert_eq!(house.block(&key, "gone-late").await.status, 202);
    let target = "/v1/holds/gone-late/inquiry";
    let reply = post(&house, &key, target).await;
    is_told_to_wait(&reply, 202);
    assert_eq!(reply.json()["state"], "unknown");
    assert_eq!(reply.json()["may_be_held"], true);
    house.provider.open_gate();
    let reply = in_the_end(&house, &key, target).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    while house.provider.questions("gone-late") == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Until the ledger has it so. What the gateway does by itself begins within ten seconds.
async fn until(house: &House, reference: &str, is_so: impl Fn(&HoldRecord) -> bool) {
    let reference = PartnerReference::new(reference).unwrap();
    for _ in 0..300 {
        let record = house.ledger.find(&reference).await.unwrap().unwrap();
        if is_so(&record) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{reference} stays as it is");
}

#[tokio::test]
async fn a_provider_that_never_answers_holds_up_neither_ends_nor_forgetting() {
    let house = House::open().await;
    let key = house.master_key();
    assert_eq!(house.block(&key, "gone-late").await.status, 202);
    house.clock.advance(Duration::from_mins(1));
    // A sweep asks, and waits for ever.
    while house.provider.waiting() == 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(house.block(&key, "held-1").await.status, 201);
    house.clock.advance(Duration::from_mins(31));
    until(&house, "held-1", |record| record.state.name() == "expired").await;
    house.clock.advance(Duration::from_hours(25));
    until(&house, "held-1", |record| !record.keeps_order).await;
    let unknown = PartnerReference::new("gone-late").unwrap();
    let record = house.ledger.find(&unknown).await.unwrap().unwrap();
    assert_eq!(record.state.name(), "unknown");
    house.provider.open_gate();
}
