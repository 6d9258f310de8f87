//! What a client tells of itself, and what it tells Klikoo of our traces.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use booking_ports::{ManualClock, SeatBlocker};
use klikoo_adapter::{Authorization, KlikooClient, KlikooSeatBlocker};
use klikoo_sandbox::{Fault, Rule};

use crate::raw::{RawServer, Step, held, token};
use crate::setup::{NOW, bearer, blocker_of, config, config_of, order, sandbox};

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn the_age_of_the_token_is_that_of_the_one_in_use() {
    let sandbox = sandbox().await;
    let clock = ManualClock::at(NOW);
    let client = KlikooClient::new(config_of(&sandbox), Arc::new(clock.clone())).unwrap();
    let blocker = KlikooSeatBlocker::new(client.clone());
    assert_eq!(client.token_age(), None);
    blocker.block(&order("one", &["1"])).await.unwrap();
    assert_eq!(client.token_age(), Some(Duration::ZERO));
    clock.advance(Duration::from_mins(13));
    assert_eq!(client.token_age(), Some(Duration::from_mins(13)));
    // Due for renewal, a minute before its end.
    clock.advance(Duration::from_mins(1));
    assert_eq!(client.token_age(), None);
    sandbox.clock().advance(Duration::from_mins(14));
    blocker.block(&order("two", &["2"])).await.unwrap();
    clock.advance(Duration::from_secs(7));
    assert_eq!(client.token_age(), Some(Duration::from_secs(7)));
    // A refused one is in use no more, nor the one that stands in for it and is refused too.
    sandbox.add_fault(Rule::new(Fault::InvalidToken).path("block-seat"));
    assert!(blocker.block(&order("three", &["3"])).await.is_err());
    assert_eq!(client.token_age(), None);
}

#[tokio::test]
async fn the_difference_of_the_clocks_is_told_with_its_sign() {
    let sandbox = sandbox().await;
    for minutes in [-2, 3] {
        let clock = ManualClock::at(NOW + time::Duration::minutes(minutes));
        let client = KlikooClient::new(config_of(&sandbox), Arc::new(clock)).unwrap();
        assert_eq!(client.clock_difference(), None);
        let blocker = KlikooSeatBlocker::new(client.clone());
        let reference = format!("r{minutes}");
        blocker
            .block(&order(&reference, &[&minutes.unsigned_abs().to_string()]))
            .await
            .unwrap();
        assert_eq!(
            client.clock_difference(),
            Some(time::Duration::minutes(minutes))
        );
    }
}

#[tokio::test]
async fn each_sending_carries_its_trace_and_is_signed_without_it() {
    let sandbox = sandbox().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let config = config_of(&sandbox).with_trace_headers(Arc::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
        Some(TRACE.to_owned())
    }));
    assert!(format!("{config:?}").contains("trace_context: set"));
    sandbox.add_fault(Rule::new(Fault::ExpiredToken).path("block-seat").nth(1));
    let blocker = blocker_of(config, &ManualClock::at(NOW));
    blocker.block(&order("one", &["1"])).await.unwrap();
    // Two sendings of the block; the two requests for a token ask for none.
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let journal = sandbox.journal();
    let blocks: Vec<_> = journal.iter().filter(|entry| entry.is_block()).collect();
    assert_eq!(blocks.len(), 2);
    assert!(blocks.iter().all(|entry| entry.signature.is_valid()));
}

async fn sent_with(hook: Option<&'static str>) -> Vec<Option<String>> {
    let server = RawServer::start(|request, _| {
        Step::Send(if request.is_token() {
            token("t", "900")
        } else {
            held("7")
        })
    })
    .await;
    let config = config(&server.base_url(), bearer());
    let config = config.with_trace_headers(Arc::new(move || hook.map(str::to_owned)));
    let blocker = blocker_of(config, &ManualClock::at(NOW));
    blocker.block(&order("one", &["8"])).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 2, "a token, a block");
    seen.iter()
        .map(|request| request.headers.get("traceparent").cloned())
        .collect()
}

#[tokio::test]
async fn only_what_has_the_form_of_the_standard_is_sent() {
    assert_eq!(sent_with(Some(TRACE)).await, [None, Some(TRACE.to_owned())]);
    for odd in [
        None,
        Some(""),
        Some("00-x"),
        Some("Pandu"),
        Some("a\r\nb: c"),
    ] {
        assert_eq!(sent_with(odd).await, [None, None], "{odd:?}");
    }
    let server = RawServer::always(Step::Send(held("7"))).await;
    let blocker = blocker_of(
        config(&server.base_url(), Authorization::None),
        &ManualClock::at(NOW),
    );
    blocker.block(&order("one", &["8"])).await.unwrap();
    assert!(
        !server.seen()[0].headers.contains_key("traceparent"),
        "none by default"
    );
}
