//! The access token: fetched once however many wait, renewed in time, dropped when refused.

use std::sync::Arc;
use std::time::Duration;

use booking_ports::{ManualClock, SeatBlocker};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::raw::{RawServer, Request, Step, envelope, held, json, token};
use crate::setup::{NOW, bearer, blocker_of, config, order, told};

/// A provider whose n-th request, if it is for a token, gets `token-n` that lives `seconds`.
async fn provider(seconds: &'static str) -> RawServer {
    RawServer::start(move |request: &Request, number| {
        Step::Send(if request.is_token() {
            token(&format!("token-{number}"), seconds)
        } else {
            held("1")
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_callers_that_start_at_once_fetch_one() {
    let server = RawServer::start(|request: &Request, _| {
        // Slow enough that all of them are waiting.
        let wait = Duration::from_millis(200);
        Step::SendLater(
            wait,
            if request.is_token() {
                token("t", "900")
            } else {
                held("1")
            },
        )
    })
    .await;
    let config = config(&server.base_url(), bearer())
        .with_timeouts(Duration::from_secs(10), Duration::from_secs(30));
    let blocker = blocker_of(config, &ManualClock::at(NOW));
    let start = Arc::new(Barrier::new(1_000));
    let mut callers = JoinSet::new();
    for caller in 0..1_000 {
        let (blocker, start) = (blocker.clone(), Arc::clone(&start));
        callers.spawn(async move {
            start.wait().await;
            told(
                &blocker
                    .block(&order(&format!("caller-{caller}"), &["8"]))
                    .await,
            )
        });
    }
    let outcomes = callers.join_all().await;
    assert_eq!(
        outcomes.iter().filter(|outcome| *outcome == "held").count(),
        1_000
    );
    assert_eq!((server.tokens(), server.blocks()), (1, 1_000));
}

#[tokio::test]
async fn a_token_is_renewed_a_minute_before_its_end() {
    // Lifetime, position, tokens fetched by then.
    for (lifetime, seconds, fetched) in [
        ("900", 0, 1),
        ("900", 1, 1),
        ("900", 839, 1),
        ("900", 840, 2),
        ("900", 841, 2),
        ("900", 899, 2),
        ("900", 900, 2),
        ("900", 901, 2),
        ("900", 100_000, 2),
        ("\"900\"", 839, 1),
        ("\"900\"", 840, 2),
        // Half of a short life is better than none of it.
        ("60", 29, 1),
        ("60", 30, 2),
        ("1", 0, 1),
        ("1", 1, 2),
        ("18446744073709551615", 100_000, 1),
    ] {
        let server = provider(lifetime).await;
        let clock = ManualClock::at(NOW);
        let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
        assert!(blocker.block(&order("1", &["8"])).await.is_ok());
        clock.advance(Duration::from_secs(seconds));
        clock.step_to(NOW);
        assert!(blocker.block(&order("2", &["8"])).await.is_ok());
        assert_eq!(server.tokens(), fetched, "{lifetime} s, after {seconds} s");
    }
}

#[tokio::test]
async fn the_age_counts_from_before_the_request() {
    let clock = ManualClock::at(NOW);
    let turned = clock.clone();
    let server = RawServer::start(move |request: &Request, _| {
        if !request.is_token() {
            return Step::Send(held("1"));
        }
        // The reply was ten minutes on its way.
        turned.advance(Duration::from_mins(10));
        Step::Send(token("t", "900"))
    })
    .await;
    let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
    assert_eq!(told(&blocker.block(&order("1", &["8"])).await), "held");
    clock.advance(Duration::from_mins(4));
    clock.step_to(NOW);
    let _ = blocker.block(&order("2", &["8"])).await;
    assert_eq!(server.tokens(), 2);
}

#[tokio::test]
async fn setting_the_wall_clock_does_not_age_a_token() {
    let server = provider("900").await;
    let clock = ManualClock::at(NOW);
    let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
    for step in [0, 365, -365] {
        clock.step_to(NOW + time::Duration::days(step));
        let _ = blocker.block(&order("1", &["8"])).await;
    }
    assert_eq!(server.tokens(), 1);
}

#[tokio::test]
async fn callers_at_the_moment_of_renewal_fetch_one_more() {
    let server = provider("900").await;
    let clock = ManualClock::at(NOW);
    // Two hundred callers may take their time on a busy machine.
    let config = config(&server.base_url(), bearer())
        .with_timeouts(Duration::from_secs(10), Duration::from_secs(30));
    let blocker = blocker_of(config, &clock);
    assert!(blocker.block(&order("1", &["8"])).await.is_ok());
    for round in 2..6 {
        clock.advance(Duration::from_mins(14));
        clock.step_to(NOW);
        let mut callers = JoinSet::new();
        for caller in 0..200 {
            let blocker = blocker.clone();
            callers.spawn(async move {
                blocker
                    .block(&order(&format!("{round}-{caller}"), &["8"]))
                    .await
            });
        }
        for outcome in callers.join_all().await {
            assert_eq!(told(&outcome), "held", "{outcome:?}");
        }
        assert_eq!(server.tokens(), round);
    }
}

/// A provider that refuses the tokens that `refuses` names, by `code`.
async fn refusing(code: &'static str, refuses: fn(&str) -> bool) -> RawServer {
    RawServer::start(move |request: &Request, number| {
        if request.is_token() {
            return Step::Send(token(&format!("token-{number}"), "900"));
        }
        let sent = request.headers["authorization"]
            .strip_prefix("Bearer ")
            .unwrap();
        Step::Send(if refuses(sent) {
            json(401, &envelope(code, "null"))
        } else {
            held("1")
        })
    })
    .await
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_call_sent_once_more() {
    for code in ["401056535", "401056500", "401016535", "401006500"] {
        let server = refusing(code, |token| token == "token-0").await;
        let blocker = blocker_of(config(&server.base_url(), bearer()), &ManualClock::at(NOW));
        assert_eq!(
            told(&blocker.block(&order("1238", &["8"])).await),
            "held",
            "{code}"
        );
        assert_eq!((server.tokens(), server.blocks()), (2, 2));
        // The same body; another token, and so another signature.
        let blocks: Vec<_> = server
            .seen()
            .into_iter()
            .filter(Request::is_block)
            .collect();
        assert_eq!(blocks[0].body, blocks[1].body);
        for header in ["authorization", "open-api-signature"] {
            assert_ne!(blocks[0].headers[header], blocks[1].headers[header]);
        }
        // The new one is kept.
        assert_eq!(told(&blocker.block(&order("1239", &["9"])).await), "held");
        assert_eq!((server.tokens(), server.blocks()), (2, 3));
    }
}

#[tokio::test]
async fn a_second_refusal_stops() {
    let server = refusing("401056535", |_| true).await;
    let blocker = blocker_of(config(&server.base_url(), bearer()), &ManualClock::at(NOW));
    let outcome = blocker.block(&order("1238", &["8"])).await;
    assert_eq!(told(&outcome), "refused/credentials");
    assert_eq!((server.tokens(), server.blocks()), (2, 2));
}

#[tokio::test]
async fn other_401s_are_not_repeated() {
    for (body, expected) in [
        (envelope("401056570", "null"), "refused/credentials"),
        (envelope("401059999", "null"), "refused/other"),
        (envelope("400056535", "null"), "unknown/contradictory_reply"),
        ("<html>log in</html>".to_owned(), "unknown/not_definitive"),
    ] {
        let server = RawServer::start(move |request: &Request, _| {
            Step::Send(if request.is_token() {
                token("t", "900")
            } else {
                json(401, &body)
            })
        })
        .await;
        let blocker = blocker_of(config(&server.base_url(), bearer()), &ManualClock::at(NOW));
        assert_eq!(told(&blocker.block(&order("1238", &["8"])).await), expected);
        assert_eq!((server.tokens(), server.blocks()), (1, 1));
    }
}

#[tokio::test]
async fn many_callers_of_a_refused_token_fetch_one_more() {
    let server = refusing("401056535", |token| token == "token-0").await;
    let blocker = blocker_of(config(&server.base_url(), bearer()), &ManualClock::at(NOW));
    let mut callers = JoinSet::new();
    for caller in 0..100 {
        let blocker = blocker.clone();
        callers.spawn(async move {
            told(
                &blocker
                    .block(&order(&format!("caller-{caller}"), &["8"]))
                    .await,
            )
        });
    }
    let outcomes = callers.join_all().await;
    assert!(
        outcomes.iter().all(|outcome| outcome == "held"),
        "{outcomes:?}"
    );
    assert_eq!(server.tokens(), 2);
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_in_its_place() {
    let server = provider("900").await;
    let blocker = blocker_of(
        config(&server.base_url(), klikoo_adapter::Authorization::None),
        &ManualClock::at(NOW),
    );
    assert!(blocker.block(&order("1238", &["8"])).await.is_ok());
    assert_eq!(server.tokens(), 0);
    assert!(!server.seen()[0].headers.contains_key("authorization"));
}
