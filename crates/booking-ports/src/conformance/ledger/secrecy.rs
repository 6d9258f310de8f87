//! What a ledger keeps of people.

#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is broken fails its test"
)]

use super::samples::{
    LEASE, end, evidence, find, hold, learn, lose, order, other_order, reference, refused, send,
    sure,
};
use super::{LedgerFixture, example};
use crate::ledger::{Finding, LedgerError, Page, Which};

/// Promise 7: only here, and only so long.
#[doc = example!()]
pub async fn an_order_is_given_back_until_it_is_shredded(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    fixture.reopen().await;
    let kept = sure(fixture.ledger().order(&reference("1")).await);
    assert_eq!(kept, fixture.keeps_orders().then(|| order("1")));
    assert_eq!(find(fixture, "1").await.keeps_order, fixture.keeps_orders());
    end(fixture, &permit, Err(refused("1"))).await;
    for _ in 0..2 {
        sure(fixture.ledger().shred(&reference("1")).await);
        assert!(sure(fixture.ledger().order(&reference("1")).await).is_none());
        assert!(!find(fixture, "1").await.keeps_order);
    }
    fixture.reopen().await;
    assert!(sure(fixture.ledger().order(&reference("1")).await).is_none());
}

/// What may still be needed stays.
#[doc = example!()]
pub async fn what_is_unsettled_is_not_shredded(fixture: &impl LedgerFixture) {
    send(fixture, "sending").await;
    lose(fixture, "unknown").await;
    for name in ["sending", "unknown"] {
        let shredded = fixture.ledger().shred(&reference(name)).await;
        assert!(
            matches!(shredded, Err(LedgerError::Unsettled { .. })),
            "{shredded:?}"
        );
        let kept = sure(fixture.ledger().order(&reference(name)).await);
        assert_eq!(kept.is_some(), fixture.keeps_orders());
    }
}

/// Promise 7.
#[doc = example!()]
pub async fn no_personal_value_is_in_record_story_or_error(fixture: &impl LedgerFixture) {
    let ledger = fixture.ledger();
    lose(fixture, "1").await;
    let found = evidence(Finding::Held(hold(fixture, "1", 30)));
    learn(fixture, "1", found).await;
    send(fixture, "2").await;
    let shown = [
        format!("{:?}", sure(ledger.story(&reference("1")).await)),
        format!(
            "{:?}",
            sure(ledger.list(&Which::All.into(), Page::first(9)).await)
        ),
        format!("{:?}", sure(ledger.begin(&order("1"), LEASE).await)),
        format!("{:?}", sure(ledger.begin(&other_order("1"), LEASE).await)),
        format!("{:?}", sure(ledger.claim(&reference("2"), LEASE).await)),
        format!("{:?}", ledger.shred(&reference("2")).await),
    ]
    .concat();
    for personal in order("1").personal_texts() {
        assert!(!shown.contains(&personal), "a personal value is shown");
    }
}
