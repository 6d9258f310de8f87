//! T7: one reference is one order with one answer, however often and by how many it is sent.

use std::sync::Arc;

use serde_json::Value;
use tokio::task::JoinSet;

use crate::client::{Ask, Line, Reply};
use crate::house::House;
use crate::orders::{order, there_and_back};

const KEYS: usize = 1_000;
const WORKERS: usize = 16;

/// By number, so that every fate is seen often.
fn reference(number: usize) -> String {
    let fate = ["held", "no", "held", "away", "held", "clock", "held"][number % 7];
    format!("{fate}-{number}")
}

fn ask(key: &str, order: &Value) -> Ask {
    Ask::post("/v1/holds").key(key).json(order)
}

/// What was ordered, changed in one point.
fn changed(mut order: Value, how: u32) -> Value {
    match how % 5 {
        0 => order["selling_price"] = "20001".into(),
        1 => order["departure"]["trip_id"] = 188_337.into(),
        2 => order["departure"]["passengers"][0]["seat_name"] = "9A".into(),
        3 => order["departure"]["passengers"][0]["dob"] = "1990-03-01".into(),
        _ => order["order_detail"]["phone_number"] = "081294482355".into(),
    }
    order
}

/// All but when to ask again is the same.
fn stored(reply: &Reply) -> (u16, Vec<u8>) {
    (reply.status, reply.body.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_references_are_answered_the_same_for_ever() {
    let house = Arc::new(House::open().await);
    let key = house.master_key();
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        let (house, key) = (Arc::clone(&house), key.clone());
        workers.spawn(async move {
            let mut random = fastrand::Rng::with_seed(worker as u64);
            let mut lines = Vec::new();
            for _ in 0..4 {
                lines.push(Line::open(house.at).await);
            }
            let (mut sent, mut altered, mut busy) = (0, 0, 0);
            for number in (worker..KEYS).step_by(WORKERS) {
                let reference = reference(number);
                let order = order(&reference);
                let ask = ask(&key, &order);
                // At the same time.
                let [one, two, three, four] = &mut lines[..] else {
                    unreachable!()
                };
                let together = tokio::join!(
                    one.send(&ask),
                    two.send(&ask),
                    three.send(&ask),
                    four.send(&ask)
                );
                let together = [together.0, together.1, together.2, together.3];
                sent += 4;
                let answers: Vec<&Reply> = together.iter().filter(|it| !is_busy(it)).collect();
                busy += together.len() - answers.len();
                for reply in together.iter().filter(|it| is_busy(it)) {
                    assert!(reply.retry_after() >= 1);
                }
                let first = stored(answers.first().expect("one of them sent it"));
                assert!(answers.iter().all(|it| repeats(it, &first)), "{reference}");
                // Later.
                for _ in 0..random.usize(0..=16) {
                    let is_altered = random.u8(0..10) == 0;
                    let again = if is_altered {
                        self::ask(&key, &changed(order.clone(), random.u32(..)))
                    } else {
                        ask.clone()
                    };
                    let reply = lines[random.usize(0..4)].send(&again).await;
                    sent += 1;
                    if is_altered {
                        altered += 1;
                        assert_eq!(reply.status, 422, "{reference}: {}", reply.text());
                        assert_eq!(reply.json()["outcome"], "conflict");
                    } else {
                        assert!(repeats(&reply, &first), "{reference}: {}", reply.text());
                    }
                }
                // What was not sent is sent again; everything else was sent once.
                if !reference.starts_with("away-") {
                    assert_eq!(house.provider.sendings(&reference), 1, "{reference}");
                }
            }
            (sent, altered, busy)
        });
    }
    let (mut sent, mut altered, mut busy) = (0, 0, 0);
    while let Some(done) = workers.join_next().await {
        let done = done.unwrap();
        (sent, altered, busy) = (sent + done.0, altered + done.1, busy + done.2);
    }
    println!("T7: {KEYS} references, {sent} requests, {altered} changed, {busy} busy");
    assert!(sent > 9_000 && altered > 500, "{sent} {altered}");
}

fn is_busy(reply: &Reply) -> bool {
    reply.status == 409 && reply.json()["outcome"] == "in_progress"
}

fn repeats(reply: &Reply, first: &(u16, Vec<u8>)) -> bool {
    stored(reply) == *first
}

#[tokio::test]
async fn an_order_without_a_reference_is_none() {
    let house = House::open().await;
    let key = house.master_key();
    for absent in [true, false] {
        let mut order = order("x");
        if absent {
            order
                .as_object_mut()
                .unwrap()
                .remove("partner_reference_no");
        } else {
            order["partner_reference_no"] = Value::Null;
        }
        for _ in 0..3 {
            let reply = house.send(&ask(&key, &order)).await;
            assert_eq!(reply.status, 400);
            assert_eq!(reply.json()["problems"][0]["path"], "partner_reference_no");
            assert_eq!(reply.json()["problems"][0]["code"], "missing");
        }
    }
    assert_eq!(house.provider.sendings("missing"), 0);
}

#[tokio::test]
async fn who_comes_while_it_is_sent_is_told_to_wait() {
    let house = Arc::new(House::open().await);
    let key = house.master_key();
    let first = tokio::spawn({
        let (house, key) = (Arc::clone(&house), key.clone());
        async move { house.block(&key, "wait-1").await }
    });
    while house.provider.waiting() == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..20 {
        let reply = house.block(&key, "wait-1").await;
        assert_eq!((reply.status, reply.retry_after() >= 1), (409, true));
        let problem = reply.json();
        assert_eq!(problem["outcome"], "in_progress");
        assert_eq!(problem["may_be_held"], true);
        let other = house.send(&ask(&key, &there_and_back("wait-1"))).await;
        assert_eq!(other.status, 422);
    }
    house.provider.open_gate();
    let first = first.await.unwrap();
    assert_eq!(first.status, 201);
    assert_eq!(stored(&house.block(&key, "wait-1").await), stored(&first));
    assert_eq!(house.provider.sendings("wait-1"), 1);
}

#[tokio::test]
async fn what_is_unknown_is_settled_by_repeating_and_stays_as_it_is_then() {
    let house = House::open().await;
    let key = house.master_key();
    let first = house.block(&key, "gone-1").await;
    assert_eq!(first.status, 202, "{}", first.text());
    assert!(first.retry_after() >= 1);
    assert_eq!(first.header("location"), Some("/v1/holds/gone-1"));
    house.clock.advance(std::time::Duration::from_secs(10));
    let settled = house.block(&key, "gone-1").await;
    assert_eq!(settled.status, 201, "{}", settled.text());
    for _ in 0..5 {
        assert_eq!(stored(&house.block(&key, "gone-1").await), stored(&settled));
    }
    assert_eq!(house.provider.sendings("gone-1"), 1);
}

/// Other seats beside a ticket would be a second ticket.
#[tokio::test]
async fn a_conflict_with_what_became_a_ticket_says_that_seats_are_held() {
    let house = House::open().await;
    let key = house.master_key();
    assert_eq!(house.block(&key, "booked-1").await.status, 201);
    let ticket = Ask::post("/v1/holds/booked-1/ticket").key(&key);
    assert_eq!(house.send(&ticket).await.status, 200);
    let other = changed(crate::orders::order("booked-1"), 1);
    let reply = house.send(&ask(&key, &other)).await;
    assert_eq!(reply.status, 422, "{}", reply.text());
    assert_eq!(reply.json()["may_be_held"], true);
}
