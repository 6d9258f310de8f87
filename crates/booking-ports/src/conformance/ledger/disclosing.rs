//! Who reads personal data is told.

#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is broken fails its test"
)]

use super::samples::{
    LEASE, end, find, held, hold, learn, lose, order, reference, refused, send, sure,
};
use super::{LedgerFixture, example};
use crate::ledger::{Evidence, Finding, Source};

/// Where there is an order to give, the story says to whom it was given, also after a restart.
#[doc = example!()]
pub async fn a_disclosure_is_told_before_the_order_is_given(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    let ledger = fixture.ledger();
    let given = sure(
        ledger
            .disclose(&reference("1"), "night shift\nlost ticket")
            .await,
    );
    assert_eq!(given, fixture.keeps_orders().then(|| order("1")));
    // The answer was given, so the process may end.
    fixture.reopen().await;
    let ledger = fixture.ledger();
    let story = sure(ledger.story(&reference("1")).await);
    let told: Vec<String> = story.iter().map(|entry| entry.fact.to_string()).collect();
    let all = [
        "attempt 1: sending",
        "disclosed to night shift\\u{a}lost ticket",
    ];
    let told_of = if fixture.keeps_orders() { 2 } else { 1 };
    assert_eq!(told, all[..told_of]);
    end(fixture, &permit, Err(refused("1"))).await;
    sure(ledger.shred(&reference("1")).await);
    let before = sure(ledger.story(&reference("1")).await).len();
    assert!(sure(ledger.disclose(&reference("1"), "again").await).is_none());
    assert_eq!(sure(ledger.story(&reference("1")).await).len(), before);
}

/// Neither the state nor when it last changed, nor the right of whoever is at it.
#[doc = example!()]
pub async fn a_disclosure_changes_nothing_else(fixture: &impl LedgerFixture) {
    held(fixture, "held").await;
    let permit = send(fixture, "sending").await;
    for name in ["held", "sending"] {
        let before = find(fixture, name).await;
        fixture.clock().advance(LEASE / 4);
        sure(fixture.ledger().disclose(&reference(name), "a test").await);
        let after = find(fixture, name).await;
        assert_eq!(format!("{after:?}"), format!("{before:?}"));
    }
    let record = end(fixture, &permit, Ok(hold(fixture, "sending", 30))).await;
    assert_eq!(record.state.name(), "held");
}

/// Anybody may call: it is told, and nothing follows from it.
#[doc = example!()]
pub async fn a_callback_settles_nothing(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let message = "a callback said SUCCESS".to_owned();
    for finding in [
        Finding::Nothing {
            message: message.clone(),
        },
        Finding::Over { message },
        Finding::Held(hold(fixture, "1", 30)),
    ] {
        let source = Source::Callback;
        let record = learn(fixture, "1", Evidence { source, finding }).await;
        assert_eq!(record.state.name(), "unknown");
        assert!(record.is_unsettled());
    }
    fixture.reopen().await;
    let story = sure(fixture.ledger().story(&reference("1")).await);
    let told = story.get(2).map(|entry| entry.fact.to_string());
    let expected = "the provider's callback: a callback said SUCCESS";
    assert_eq!(told.as_deref(), Some(expected));
}
