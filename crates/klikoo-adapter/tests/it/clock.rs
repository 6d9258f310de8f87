//! This host's clock and the provider's.

use std::time::Duration;

use booking_ports::{BlockError, ManualClock, SeatBlocker};
use klikoo_adapter::Authorization;

use crate::raw::{RawServer, Request, Step, envelope, held, reply, token};
use crate::setup::{NOW, NOW_IN_HTTP, bearer, blocker_of, config, order, told};

/// A reply with a `Date`.
fn dated(bytes: &[u8], date: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    text.replacen("\r\n", &format!("\r\ndate: {date}\r\n"), 1)
        .into_bytes()
}

/// A provider whose clock always says [`NOW_IN_HTTP`].
async fn provider() -> RawServer {
    RawServer::start(|request: &Request, number| {
        let plain = if request.is_token() {
            token("t", "900")
        } else {
            held(&number.to_string())
        };
        Step::Send(dated(&plain, NOW_IN_HTTP))
    })
    .await
}

#[tokio::test]
async fn a_clock_beyond_the_cap_signs_nothing_until_it_is_set_right() {
    for minutes in [5, -5, 60, -60] {
        let server = provider().await;
        let clock = ManualClock::at(NOW + time::Duration::minutes(minutes));
        let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
        for attempt in 0..3 {
            let outcome = blocker.block(&order("1238", &["8"])).await;
            assert_eq!(
                told(&outcome),
                "not_sent/clock",
                "{minutes} min, attempt {attempt}"
            );
            let Err(BlockError::NotSent(not_sent)) = outcome else {
                unreachable!()
            };
            let side = if minutes > 0 { "ahead of" } else { "behind" };
            let words = format!("{} s {side}", minutes.abs() * 60);
            assert!(not_sent.message.contains(&words), "{}", not_sent.message);
        }
        assert_eq!(server.blocks(), 0, "the token's reply told the time");
        clock.step_to(NOW);
        assert_eq!(
            told(&blocker.block(&order("1238", &["8"])).await),
            "held",
            "{minutes} min"
        );
        assert_eq!((server.tokens(), server.blocks()), (1, 1));
    }
}

#[tokio::test]
async fn a_clock_within_the_cap_signs() {
    for seconds in [0, 1, -1, 240, -240] {
        let server = provider().await;
        let clock = ManualClock::at(NOW + time::Duration::seconds(seconds));
        let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
        assert_eq!(
            told(&blocker.block(&order("1238", &["8"])).await),
            "held",
            "{seconds} s"
        );
    }
    let server = provider().await;
    let clock = ManualClock::at(NOW + time::Duration::seconds(241));
    let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
    assert_eq!(
        told(&blocker.block(&order("1238", &["8"])).await),
        "not_sent/clock"
    );
}

#[tokio::test]
async fn a_wrong_date_does_not_stop_sales_for_good() {
    let server = provider().await;
    let clock = ManualClock::at(NOW + time::Duration::minutes(5));
    let blocker = blocker_of(config(&server.base_url(), Authorization::None), &clock);
    // Without a token nothing is known before the first block.
    let first = blocker.block(&order("1", &["8"])).await;
    assert_eq!(told(&first), "held");
    assert_eq!(
        told(&blocker.block(&order("2", &["8"])).await),
        "not_sent/clock"
    );
    clock.advance(Duration::from_secs(15 * 60 + 1));
    let later = blocker.block(&order("3", &["8"])).await;
    assert_eq!(server.blocks(), 2, "{later:?}");
}

#[tokio::test]
async fn a_step_between_two_blocks_is_seen() {
    let server = provider().await;
    let clock = ManualClock::at(NOW);
    let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
    assert_eq!(told(&blocker.block(&order("1", &["8"])).await), "held");
    clock.step_to(NOW + time::Duration::hours(1));
    assert_eq!(
        told(&blocker.block(&order("2", &["9"])).await),
        "not_sent/clock"
    );
    clock.step_to(NOW);
    assert_eq!(told(&blocker.block(&order("3", &["10"])).await), "held");
}

#[tokio::test]
async fn clocks_that_disagree_about_a_deadline_leave_it_unknown() {
    // The hold ends at 10:30; ours says 10:28, the provider's says 10:30.
    let body = held("1");
    let server = RawServer::always(Step::Send(dated(&body, "Tue, 24 Nov 2026 03:30:00 GMT"))).await;
    let clock = ManualClock::at(NOW + time::Duration::minutes(28));
    let blocker = blocker_of(config(&server.base_url(), Authorization::None), &clock);
    assert_eq!(
        told(&blocker.block(&order("1238", &["8"])).await),
        "unknown/contradictory_reply"
    );
    // And the other way about.
    let server = RawServer::always(Step::Send(dated(&body, "Tue, 24 Nov 2026 03:28:00 GMT"))).await;
    let clock = ManualClock::at(NOW + time::Duration::minutes(30));
    let blocker = blocker_of(config(&server.base_url(), Authorization::None), &clock);
    assert_eq!(
        told(&blocker.block(&order("1238", &["8"])).await),
        "unknown/contradictory_reply"
    );
    // Both past it.
    let server = RawServer::always(Step::Send(dated(&body, "Tue, 24 Nov 2026 03:30:01 GMT"))).await;
    let blocker = blocker_of(config(&server.base_url(), Authorization::None), &clock);
    assert_eq!(
        told(&blocker.block(&order("1238", &["8"])).await),
        "expired"
    );
}

#[tokio::test]
async fn a_refused_timestamp_tells_the_difference() {
    let body = envelope("400056505", "null");
    let headers = [("content-type", "application/json"), ("date", NOW_IN_HTTP)];
    for (seconds, expected) in [
        (200, "this host's clock is 200 s ahead of the provider's"),
        (-200, "this host's clock is 200 s behind the provider's"),
        // The clock is not what was wrong.
        (1, "this host's clock is within 2 s of the provider's"),
    ] {
        let server = RawServer::always(Step::Send(reply(400, &headers, body.as_bytes()))).await;
        let clock = ManualClock::at(NOW + time::Duration::seconds(seconds));
        let blocker = blocker_of(config(&server.base_url(), Authorization::None), &clock);
        let Err(BlockError::Refused(refusal)) = blocker.block(&order("1238", &["8"])).await else {
            unreachable!()
        };
        assert!(refusal.message.contains(expected), "{}", refusal.message);
        assert_eq!(server.blocks(), 1);
    }
}

#[tokio::test]
async fn a_date_that_is_none_is_passed_over() {
    for date in [
        "",
        "yesterday",
        "Tue, 24 Nov 1900 03:00:00 GMT",
        "99999999999999999999",
        "Tue, 99 Nov 2026 03:00:00 GMT",
    ] {
        let server = RawServer::always(Step::Send(dated(&held("1"), date))).await;
        let blocker = blocker_of(
            config(&server.base_url(), Authorization::None),
            &ManualClock::at(NOW),
        );
        for _ in 0..2 {
            assert_eq!(
                told(&blocker.block(&order("1238", &["8"])).await),
                "held",
                "{date}"
            );
        }
    }
}
