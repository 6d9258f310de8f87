//! One seat, one winner; one reference, one hold; all seats or none.

use std::sync::Arc;
use std::time::Duration;

use klikoo_sandbox::{HoldState, Sandbox, TripSpec, VirtualClock};
use serde_json::Value;
use time::macros::datetime;

use crate::client::{BLOCK, block, get, leg, order, post};

const BOOK: &str = "/v1/open-api/transports/book";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_callers_for_one_seat_one_wins() {
    let sandbox = Arc::new(Sandbox::start().await.unwrap());
    for seat in ["1", "2", "3"] {
        let callers: Vec<_> = (0..64)
            .map(|caller| {
                let sandbox = Arc::clone(&sandbox);
                let reference = format!("{seat}-{caller}");
                tokio::spawn(async move { block(&sandbox, &reference, seat).await.reply().code() })
            })
            .collect();
        let mut codes = Vec::new();
        for caller in callers {
            codes.push(caller.await.unwrap());
        }
        assert_eq!(codes.iter().filter(|code| *code == "201052001").count(), 1);
        assert_eq!(codes.iter().filter(|code| *code == "400057801").count(), 63);
    }
    assert_eq!(sandbox.holds().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_callers_with_one_reference_one_wins() {
    let sandbox = Arc::new(
        Sandbox::builder()
            .trip(TripSpec::new(7, 64))
            .start()
            .await
            .unwrap(),
    );
    let callers: Vec<_> = (1..=64)
        .map(|seat: u32| {
            let sandbox = Arc::clone(&sandbox);
            tokio::spawn(async move {
                let mut body = order("one", &[]);
                body["departure"] = leg(7, &[&seat.to_string()]);
                post(&sandbox, BLOCK, &body).await.reply().code()
            })
        })
        .collect();
    let mut won = 0;
    for caller in callers {
        match caller.await.unwrap().as_str() {
            "201052001" => won += 1,
            code => assert_eq!(code, "409056563"),
        }
    }
    assert_eq!((won, sandbox.holds().len()), (1, 1));
}

#[tokio::test]
async fn both_legs_are_held_or_neither() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut first = order("first", &["1"]);
    first["return"] = leg(188_400, &["5", "6"]);
    assert_eq!(post(&sandbox, BLOCK, &first).await.reply().status, 201);

    for (reference, seats, back) in [("return", ["2", "3"], "6"), ("departure", ["4", "1"], "7")] {
        let mut body = order(reference, &seats);
        body["return"] = leg(188_400, &["8", back]);
        assert_eq!(
            post(&sandbox, BLOCK, &body).await.reply().code(),
            "400057801"
        );
    }
    assert_eq!(sandbox.holds().len(), 1);
    // Nothing of the refused ones stuck, and their references are not used up.
    let mut again = order("return", &["2", "3", "4"]);
    again["return"] = leg(188_400, &["7", "8"]);
    assert_eq!(post(&sandbox, BLOCK, &again).await.reply().status, 201);
}

#[tokio::test]
async fn a_reference_never_holds_twice() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(block(&sandbox, "r", "1").await.reply().status, 201);
    for seat in ["1", "2", "99"] {
        assert_eq!(
            block(&sandbox, "r", seat).await.reply().code(),
            "409056563",
            "{seat}"
        );
    }
    // Not even when its hold has ended.
    sandbox.clock().advance(Duration::from_hours(1));
    assert_eq!(block(&sandbox, "r", "2").await.reply().code(), "409056563");
    assert_eq!(sandbox.holds().len(), 1);
}

#[tokio::test]
async fn a_refused_block_may_use_its_reference_up() {
    let sandbox = Sandbox::builder()
        .refused_uses_reference(true)
        .start()
        .await
        .unwrap();
    assert_eq!(block(&sandbox, "a", "1").await.reply().status, 201);
    assert_eq!(block(&sandbox, "b", "1").await.reply().code(), "400057801");
    assert_eq!(block(&sandbox, "b", "2").await.reply().code(), "409056563");
}

#[tokio::test]
async fn holds_end_by_the_clock() {
    let clock = VirtualClock::fixed(datetime!(2026-11-24 23:55 +7));
    let sandbox = Sandbox::builder()
        .clock(clock)
        .hold_for(Duration::from_mins(10))
        .start()
        .await
        .unwrap();
    block(&sandbox, "a", "1").await.reply();
    sandbox.clock().advance(Duration::from_millis(599_999));
    assert_eq!(block(&sandbox, "b", "1").await.reply().code(), "400057801");
    sandbox.clock().advance(Duration::from_millis(1));
    assert_eq!(block(&sandbox, "b", "1").await.reply().status, 201);
    let states: Vec<_> = sandbox.holds().iter().map(|hold| hold.state).collect();
    assert_eq!(states, [HoldState::Expired, HoldState::Waiting]);

    let shown = get(&sandbox, "/v1/open-api/transactions/14429004").await;
    assert_eq!(shown.json()["data"]["status"], "EXPIRED");
    // A clock turned back does not give the seat to both.
    sandbox.clock().set_offset(time::Duration::ZERO);
    assert_eq!(sandbox.holds()[0].state, HoldState::Expired);
}

#[tokio::test]
async fn only_a_waiting_hold_is_booked_and_stays_booked() {
    let sandbox = Sandbox::start().await.unwrap();
    let book = |id: &str| serde_json::json!({ "transaction_id": id });
    let mut both = order("a", &["1"]);
    both["return"] = leg(188_400, &["1"]);
    post(&sandbox, BLOCK, &both).await.reply();
    block(&sandbox, "b", "2").await.reply();

    let first = post(&sandbox, BOOK, &book("14429004")).await.reply();
    assert_eq!((first.status, first.code().as_str()), (201, "201052001"));
    let data = &first.json()["data"];
    assert_eq!(data["status"], "SUCCESS");
    assert_ne!(data["booking_codes"]["return"], "");
    let second = post(&sandbox, BOOK, &book("14429004")).await.reply();
    assert_eq!(second.json(), first.json());

    sandbox.clock().advance(Duration::from_hours(1));
    assert_eq!(
        post(&sandbox, BOOK, &book("14429005")).await.reply().code(),
        "400057803"
    );
    assert_eq!(block(&sandbox, "c", "1").await.reply().code(), "400057801");
    for unknown in ["14429006", "0", "014429004", "x"] {
        assert_eq!(
            post(&sandbox, BOOK, &book(unknown)).await.reply().code(),
            "404057005"
        );
    }
    for wrong in [Value::from(14_429_004), Value::from("")] {
        let body = serde_json::json!({ "transaction_id": wrong });
        assert_eq!(post(&sandbox, BOOK, &body).await.reply().status, 400);
    }
}
