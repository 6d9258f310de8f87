//! No token to be had means that nothing was sent.

use std::time::Duration;

use booking_ports::{BlockError, ManualClock, SeatBlocker};

use crate::raw::{RawServer, Request, Step, envelope, held, json, reply, token};
use crate::setup::{NOW, bearer, blocker_of, config, order, told};

/// A provider that treats every token request so.
async fn provider(step: Step) -> RawServer {
    RawServer::start(move |request: &Request, _| {
        if request.is_token() {
            step.clone()
        } else {
            Step::Send(held("1"))
        }
    })
    .await
}

#[tokio::test]
async fn no_token_no_block() {
    let data = |data: &str| Step::Send(json(200, &envelope("200012000", data)));
    let refused = |status, code| Step::Send(json(status, &envelope(code, "null")));
    let long = format!(
        r#"{{"access_token":"{}","expires_in":900}}"#,
        "x".repeat(8 * 1024 + 1)
    );
    for (step, expected) in [
        (refused(401, "401016570"), "not_sent/token_refused"),
        (refused(400, "400016508"), "not_sent/token_refused"),
        (refused(403, "403016571"), "not_sent/token_refused"),
        (refused(400, "400016505"), "not_sent/clock"),
        (refused(500, "500019999"), "not_sent/no_token"),
        (refused(503, "503019991"), "not_sent/no_token"),
        (refused(429, "429010000"), "not_sent/no_token"),
        (refused(400, "200012000"), "not_sent/no_token"),
        (refused(200, "401016570"), "not_sent/no_token"),
        (data("null"), "not_sent/no_token"),
        (data("{}"), "not_sent/no_token"),
        (data(r#"["t",900]"#), "not_sent/no_token"),
        (data(r#"{"access_token":"t"}"#), "not_sent/no_token"),
        (data(r#"{"expires_in":900}"#), "not_sent/no_token"),
        (
            data(r#"{"access_token":"","expires_in":900}"#),
            "not_sent/no_token",
        ),
        (
            data(r#"{"access_token":null,"expires_in":900}"#),
            "not_sent/no_token",
        ),
        (
            data(r#"{"access_token":"a b","expires_in":900}"#),
            "not_sent/no_token",
        ),
        (
            data(r#"{"access_token":"a\r\nx-evil: 1","expires_in":900}"#),
            "not_sent/no_token",
        ),
        (
            data(r#"{"access_token":"é","expires_in":900}"#),
            "not_sent/no_token",
        ),
        (
            data(r#"{"access_token":"t","expires_in":-1}"#),
            "not_sent/no_token",
        ),
        (
            data(r#"{"access_token":"t","expires_in":1.5}"#),
            "not_sent/no_token",
        ),
        (
            data(r#"{"access_token":"t","expires_in":"soon"}"#),
            "not_sent/no_token",
        ),
        (data(&long), "not_sent/no_token"),
        (Step::Send(json(200, "<html>")), "not_sent/no_token"),
        (
            Step::Send(reply(200, &[("content-type", "text/html")], b"{}")),
            "not_sent/no_token",
        ),
        (Step::Close, "not_sent/no_token"),
        (Step::Reset, "not_sent/no_token"),
        (Step::SendAndStay(Vec::new()), "not_sent/no_token"),
        (
            Step::SendAndClose(token("t", "900")[..80].to_vec()),
            "not_sent/no_token",
        ),
        (
            Step::Send(json(200, &"x".repeat(2 << 20))),
            "not_sent/no_token",
        ),
    ] {
        let server = provider(step.clone()).await;
        let blocker = blocker_of(config(&server.base_url(), bearer()), &ManualClock::at(NOW));
        let outcome = blocker.block(&order("1238", &["8"])).await;
        assert_eq!(told(&outcome), expected, "{outcome:?}");
        assert_eq!((server.tokens(), server.blocks()), (1, 0), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_token_endpoint_that_nobody_serves_is_unreachable() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    let blocker = blocker_of(config(&url, bearer()), &ManualClock::at(NOW));
    assert_eq!(
        told(&blocker.block(&order("1238", &["8"])).await),
        "not_sent/unreachable"
    );
}

#[tokio::test]
async fn a_failing_endpoint_is_asked_once_in_five_seconds() {
    let server = provider(Step::Send(json(500, &envelope("500019999", "null")))).await;
    let clock = ManualClock::at(NOW);
    let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
    for (wait, asked) in [
        (0, 1),
        (0, 1),
        (4_999, 1),
        (1, 2),
        (0, 2),
        (5_000, 3),
        (60_000, 4),
    ] {
        clock.advance(Duration::from_millis(wait));
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..50 {
            let blocker = blocker.clone();
            callers.spawn(async move {
                told(&blocker.block(&order(&format!("{caller}"), &["8"])).await)
            });
        }
        let outcomes = callers.join_all().await;
        assert!(
            outcomes
                .iter()
                .all(|outcome| outcome == "not_sent/no_token"),
            "{outcomes:?}"
        );
        assert_eq!(server.tokens(), asked, "after {wait} ms more");
    }
    assert_eq!(server.blocks(), 0);
}

#[tokio::test]
async fn it_recovers_when_the_endpoint_does() {
    let server = RawServer::start(|request: &Request, number| {
        Step::Send(match (request.is_token(), number) {
            (true, 0) => json(500, &envelope("500019999", "null")),
            (true, _) => token("t", "900"),
            (false, _) => held("1"),
        })
    })
    .await;
    let clock = ManualClock::at(NOW);
    let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
    assert_eq!(
        told(&blocker.block(&order("1", &["8"])).await),
        "not_sent/no_token"
    );
    clock.advance(Duration::from_secs(5));
    assert_eq!(told(&blocker.block(&order("2", &["8"])).await), "held");
}

#[tokio::test]
async fn no_new_token_after_a_refused_one_still_proves_that_nothing_is_held() {
    let server = RawServer::start(|request: &Request, number| {
        Step::Send(match (request.is_token(), number) {
            (true, 0) => token("t", "900"),
            (true, _) => json(503, &envelope("503019991", "null")),
            (false, _) => json(401, &envelope("401056535", "null")),
        })
    })
    .await;
    let blocker = blocker_of(config(&server.base_url(), bearer()), &ManualClock::at(NOW));
    // The 401 proves that the only send did nothing.
    assert_eq!(
        told(&blocker.block(&order("1", &["8"])).await),
        "not_sent/no_token"
    );
    assert_eq!((server.tokens(), server.blocks()), (2, 1));
}

#[tokio::test]
async fn retry_after_of_the_token_reply_is_passed_on() {
    let body = envelope("503019991", "null");
    let headers = [("content-type", "application/json"), ("retry-after", "9")];
    let server = provider(Step::Send(reply(503, &headers, body.as_bytes()))).await;
    let blocker = blocker_of(config(&server.base_url(), bearer()), &ManualClock::at(NOW));
    let Err(BlockError::NotSent(not_sent)) = blocker.block(&order("1", &["8"])).await else {
        unreachable!()
    };
    assert_eq!(not_sent.retry_after, Some(Duration::from_secs(9)));
}

#[tokio::test]
async fn a_caller_who_leaves_while_fetching_leaves_the_token_to_the_others() {
    let server = RawServer::start(|request: &Request, _| {
        if request.is_token() {
            Step::SendLater(Duration::from_millis(300), token("t", "900"))
        } else {
            Step::Send(held("1"))
        }
    })
    .await;
    let blocker = blocker_of(config(&server.base_url(), bearer()), &ManualClock::at(NOW));
    let order = order("1", &["8"]);
    let left = tokio::time::timeout(Duration::from_millis(100), blocker.block(&order)).await;
    assert!(left.is_err());
    assert_eq!(told(&blocker.block(&order).await), "held");
    assert_eq!(server.tokens(), 1);
}

#[tokio::test]
async fn retry_after_is_honoured_up_to_a_minute() {
    let body = envelope("503019991", "null");
    for (asked, honoured) in [("3", 5), ("9", 9), ("60", 60), ("3600", 60)] {
        let headers = [("content-type", "application/json"), ("retry-after", asked)];
        let server = provider(Step::Send(reply(503, &headers, body.as_bytes()))).await;
        let clock = ManualClock::at(NOW);
        let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
        let wait = Duration::from_secs(honoured);
        for (passed, tokens) in [
            (Duration::ZERO, 1),
            (wait.saturating_sub(Duration::from_millis(1)), 1),
            (Duration::from_millis(1), 2),
        ] {
            clock.advance(passed);
            let outcome = blocker.block(&order("1", &["8"])).await;
            assert_eq!(told(&outcome), "not_sent/no_token");
            assert_eq!(server.tokens(), tokens, "{asked} s, {passed:?} later");
        }
    }
}
