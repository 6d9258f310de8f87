//! While no token is accepted, tokens are asked for once in five seconds at most.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use booking_ports::{BlockError, ManualClock, NotSent, SeatBlocker};
use klikoo_adapter::KlikooSeatBlocker;
use tokio::task::JoinSet;

use crate::raw::{RawServer, Request, Step, envelope, held, json, token};
use crate::setup::{NOW, bearer, blocker_of, config, order, told};

/// A provider that gives tokens and refuses each of them as long as `refuses` says so.
async fn provider(refuses: &Arc<AtomicBool>) -> RawServer {
    let refuses = Arc::clone(refuses);
    RawServer::start(move |request: &Request, number| {
        Step::Send(if request.is_token() {
            token(&format!("token-{number}"), "900")
        } else if refuses.load(Ordering::SeqCst) {
            json(401, &envelope("401056500", "null"))
        } else {
            held("1")
        })
    })
    .await
}

async fn outcome(blocker: &KlikooSeatBlocker) -> String {
    told(&blocker.block(&order("1238", &["8"])).await)
}

async fn not_sent(blocker: &KlikooSeatBlocker) -> NotSent {
    let Err(BlockError::NotSent(not_sent)) = blocker.block(&order("1238", &["8"])).await else {
        unreachable!()
    };
    not_sent
}

#[tokio::test]
async fn while_every_token_is_refused_one_is_fetched_in_five_seconds() {
    let server = provider(&Arc::new(AtomicBool::new(true))).await;
    let clock = ManualClock::at(NOW);
    // A hundred callers may take their time on a busy machine.
    let config = config(&server.base_url(), bearer())
        .with_timeouts(Duration::from_secs(10), Duration::from_secs(30));
    let blocker = blocker_of(config, &clock);
    // The first is replaced at once: it may have been an old one.
    for (wait, fetched) in [
        (0, 2),
        (0, 2),
        (4_999, 2),
        (1, 3),
        (4_999, 3),
        (1, 4),
        (60_000, 5),
    ] {
        clock.advance(Duration::from_millis(wait));
        let mut callers = JoinSet::new();
        for _ in 0..100 {
            let blocker = blocker.clone();
            callers.spawn(async move { outcome(&blocker).await });
        }
        let heard = callers.join_all().await;
        let is_known = |it: &String| it == "refused/credentials" || it == "not_sent/no_token";
        assert!(heard.iter().all(is_known), "{heard:?}");
        assert_eq!(server.tokens(), fetched, "after {wait} ms more");
    }
}

#[tokio::test]
async fn meanwhile_nothing_is_sent_and_everybody_hears_how_long() {
    let refuses = Arc::new(AtomicBool::new(true));
    let server = provider(&refuses).await;
    let clock = ManualClock::at(NOW);
    let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
    assert_eq!(outcome(&blocker).await, "refused/credentials");
    let sent = server.seen().len();
    for (passed, left) in [(0, 5_000), (1_500, 3_500), (3_499, 1)] {
        clock.advance(Duration::from_millis(passed));
        let told = not_sent(&blocker).await;
        assert_eq!(told.retry_after, Some(Duration::from_millis(left)));
        assert!(told.message.contains("refused both"), "{}", told.message);
    }
    assert_eq!(server.seen().len(), sent, "not a byte");
    // Setting the wall clock changes nothing; time does.
    clock.step_to(NOW + time::Duration::hours(1));
    assert_eq!(outcome(&blocker).await, "not_sent/no_token");
    clock.step_to(NOW);
    refuses.store(false, Ordering::SeqCst);
    clock.advance(Duration::from_millis(1));
    assert_eq!(outcome(&blocker).await, "held");
    assert_eq!(server.tokens(), 3);
}

#[tokio::test]
async fn a_refusal_after_the_pause_that_forbids_a_third_token_proves_that_nothing_is_held() {
    let server = provider(&Arc::new(AtomicBool::new(true))).await;
    let clock = ManualClock::at(NOW);
    let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
    assert_eq!(outcome(&blocker).await, "refused/credentials");
    clock.advance(Duration::from_secs(5));
    // One token, one sending, refused; no more of either.
    let told = not_sent(&blocker).await;
    assert_eq!(told.retry_after, Some(Duration::from_secs(5)));
    assert_eq!((server.tokens(), server.blocks()), (3, 3));
}

#[tokio::test]
async fn a_token_that_served_for_a_while_is_replaced_at_once() {
    // Every token is refused from its second use on.
    let used = Mutex::new(HashSet::new());
    let server = RawServer::start(move |request: &Request, number| {
        if request.is_token() {
            return Step::Send(token(&format!("token-{number}"), "900"));
        }
        let is_new = used
            .lock()
            .unwrap()
            .insert(request.headers["authorization"].clone());
        Step::Send(if is_new {
            held("1")
        } else {
            json(401, &envelope("401056535", "null"))
        })
    })
    .await;
    let clock = ManualClock::at(NOW);
    let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
    for round in 1..5 {
        assert_eq!(outcome(&blocker).await, "held", "{round}");
        assert_eq!(server.tokens(), round);
        clock.advance(Duration::from_secs(5));
    }
    assert_eq!(outcome(&blocker).await, "held");
    // Not as fast as they are used up.
    assert_eq!(outcome(&blocker).await, "not_sent/no_token");
    assert_eq!(server.tokens(), 5);
}

#[tokio::test]
async fn a_refusal_of_the_credentials_is_remembered_too() {
    let server =
        RawServer::start(|_, _| Step::Send(json(401, &envelope("401016570", "null")))).await;
    let clock = ManualClock::at(NOW);
    let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
    for (wait, left, asked) in [(0, 5, 1), (3, 2, 1), (2, 5, 2)] {
        clock.advance(Duration::from_secs(wait));
        let told = not_sent(&blocker).await;
        assert_eq!(told.kind.as_str(), "token_refused");
        assert_eq!(told.retry_after, Some(Duration::from_secs(left)));
        assert_eq!(server.tokens(), asked);
    }
}

#[tokio::test]
async fn callers_who_leave_one_after_the_other_fetch_one() {
    // It never answers.
    let server = RawServer::always(Step::SendAndStay(Vec::new())).await;
    let blocker = blocker_of(config(&server.base_url(), bearer()), &ManualClock::at(NOW));
    for _ in 0..20 {
        let order = order("1238", &["8"]);
        let left = tokio::time::timeout(Duration::from_millis(20), blocker.block(&order)).await;
        assert!(left.is_err());
    }
    assert_eq!(server.tokens(), 1);
}
