//! A reply answers the request that it was sent for, and no other.

use std::time::Duration;

use booking_ports::SeatBlocker;

use crate::raw::{RawServer, Step, held};
use crate::setup::{TOTAL, blocker, order, told};

#[tokio::test]
async fn a_second_reply_to_the_first_request_is_not_taken_for_the_next() {
    // Two replies at once, then silence: whoever keeps the connection would be told "held".
    let server = RawServer::start(|_, number| match number {
        0 => Step::Send([held("1"), held("2")].concat()),
        _ => Step::Send(held("its-own")),
    })
    .await;
    let blocker = blocker(&server.base_url());
    assert_eq!(
        blocker
            .block(&order("first", &["8"]))
            .await
            .unwrap()
            .transaction_id
            .as_str(),
        "1"
    );
    tokio::time::sleep(Duration::from_millis(50)).await;
    match blocker.block(&order("second", &["9"])).await {
        Ok(hold) => assert_eq!(hold.transaction_id.as_str(), "its-own"),
        outcome => assert!(told(&outcome).starts_with("unknown/"), "{outcome:?}"),
    }
}

#[tokio::test]
async fn the_late_reply_to_a_caller_who_left_is_not_taken_for_the_next() {
    let server = RawServer::start(|_, number| match number {
        0 => Step::SendLater(Duration::from_millis(300), held("late")),
        _ => Step::Send(held("its-own")),
    })
    .await;
    let blocker = blocker(&server.base_url());
    let first = order("first", &["8"]);
    let left = tokio::time::timeout(Duration::from_millis(100), blocker.block(&first)).await;
    assert!(left.is_err(), "the caller left");
    for wait in [0, 400] {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let hold = blocker.block(&order("second", &["9"])).await.unwrap();
        assert_eq!(hold.transaction_id.as_str(), "its-own");
    }
}

#[tokio::test]
async fn the_late_reply_after_a_timeout_is_not_taken_for_the_next() {
    let server = RawServer::start(|_, number| match number {
        0 => Step::SendLater(TOTAL + Duration::from_millis(200), held("late")),
        _ => Step::Send(held("its-own")),
    })
    .await;
    let blocker = blocker(&server.base_url());
    assert_eq!(
        told(&blocker.block(&order("first", &["8"])).await),
        "unknown/timeout"
    );
    for wait in [0, 400] {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let hold = blocker.block(&order("second", &["9"])).await.unwrap();
        assert_eq!(hold.transaction_id.as_str(), "its-own");
    }
}

#[tokio::test]
async fn the_rest_of_an_oversize_reply_is_not_taken_for_the_next() {
    let hidden = String::from_utf8(held("hidden")).unwrap();
    let body = format!("{}{hidden}", " ".repeat(2 << 20));
    let server = RawServer::start(move |_, number| match number {
        0 => Step::Send(crate::raw::json(201, &body)),
        _ => Step::Send(held("its-own")),
    })
    .await;
    let blocker = blocker(&server.base_url());
    assert_eq!(
        told(&blocker.block(&order("first", &["8"])).await),
        "unknown/unreadable_reply"
    );
    let hold = blocker.block(&order("second", &["9"])).await.unwrap();
    assert_eq!(hold.transaction_id.as_str(), "its-own");
}
