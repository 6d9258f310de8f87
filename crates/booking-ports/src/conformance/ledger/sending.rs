//! Who may send.

#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is broken fails its test"
)]

use booking_domain::HoldState;
use tokio::task::JoinSet;

use super::samples::{
    LEASE, begin, claimed, end, evidence, find, hold, learn, let_leases_pass, lose, not_sent,
    order, other_order, reference, refused, send, sure,
};
use super::{LedgerFixture, example};
use crate::block_error::{BlockError, UnknownKind};
use crate::clock::Clock;
use crate::ledger::{Begun, Finding};

/// Promise 2.
#[doc = example!()]
pub async fn of_many_callers_one_sends(fixture: &impl LedgerFixture) {
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        let (ledger, order) = (fixture.ledger(), order("shared"));
        calls.spawn(async move { ledger.begin(&order, LEASE).await });
    }
    let all: Vec<Begun> = calls.join_all().await.into_iter().map(sure).collect();
    let senders = all.iter().filter(|begun| matches!(begun, Begun::Send(_)));
    let busy = all
        .iter()
        .filter(|begun| matches!(begun, Begun::Busy { .. }));
    assert_eq!((senders.count(), busy.count()), (1, 15), "{all:?}");
}

/// Promise 2: until the sender has ended, or its lease has.
#[doc = example!()]
pub async fn a_sender_keeps_others_busy(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    fixture.clock().advance(LEASE / 2);
    match begin(fixture, "1").await {
        Begun::Busy { left } => assert_eq!(left, LEASE / 2),
        other => unreachable!("another caller is sending, yet: {other:?}"),
    }
    end(fixture, &permit, Ok(hold(fixture, "1", 30))).await;
    assert!(matches!(begin(fixture, "1").await, Begun::Recorded(_)));
}

/// Promise 6: in flight and after.
#[doc = example!()]
pub async fn another_order_under_the_reference_is_a_conflict(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    let ledger = fixture.ledger();
    let other = sure(ledger.begin(&other_order("1"), LEASE).await);
    assert!(matches!(other, Begun::Conflict), "{other:?}");
    end(fixture, &permit, Err(not_sent("1"))).await;
    let other = sure(ledger.begin(&other_order("1"), LEASE).await);
    assert!(matches!(other, Begun::Conflict), "{other:?}");
    assert_eq!(find(fixture, "1").await.attempts, 1);
}

/// Promise 6: only a fingerprint is left to compare.
#[doc = example!()]
pub async fn another_order_is_a_conflict_after_shredding_too(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    end(fixture, &permit, Err(refused("1"))).await;
    sure(fixture.ledger().shred(&reference("1")).await);
    fixture.reopen().await;
    let other = sure(fixture.ledger().begin(&other_order("1"), LEASE).await);
    assert!(matches!(other, Begun::Conflict), "{other:?}");
    let same = begin(fixture, "1").await;
    assert!(matches!(same, Begun::Recorded(_)), "{same:?}");
}

/// Promises 1 and 6: the same order, the same answer.
#[doc = example!()]
pub async fn a_final_answer_is_given_again(fixture: &impl LedgerFixture) {
    let (held, no) = (send(fixture, "held").await, send(fixture, "no").await);
    let kept = hold(fixture, "held", 30);
    end(fixture, &held, Ok(kept.clone())).await;
    end(fixture, &no, Err(refused("no"))).await;
    fixture.reopen().await;
    match begin(fixture, "held").await {
        Begun::Recorded(record) => {
            assert_eq!(record.state, HoldState::Held(kept.clone()));
            let answer = record.answer(fixture.clock().now());
            assert!(
                matches!(&answer, Some(Ok(again)) if *again == kept),
                "{answer:?}"
            );
        }
        other => unreachable!("a held reference is {other:?}"),
    }
    let Begun::Recorded(record) = begin(fixture, "no").await else {
        unreachable!("a refused reference is recorded")
    };
    let answer = record.answer(fixture.clock().now());
    let said = answer.and_then(Result::err).map(|error| error.to_string());
    assert_eq!(said, Some(refused("no").to_string()));
}

/// Promise 6: whoever settled it need not have let go.
#[doc = example!()]
pub async fn an_answer_needs_no_end_of_the_claim(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let _claim = claimed(fixture, "1").await;
    assert!(matches!(begin(fixture, "1").await, Begun::Busy { .. }));
    let found = evidence(Finding::Held(hold(fixture, "1", 30)));
    learn(fixture, "1", found).await;
    let begun = begin(fixture, "1").await;
    assert!(matches!(begun, Begun::Recorded(_)), "{begun:?}");
}

/// Promise 4.
#[doc = example!()]
pub async fn a_sender_that_let_its_lease_pass_leaves_an_unknown(fixture: &impl LedgerFixture) {
    send(fixture, "1").await;
    let_leases_pass(fixture);
    let Begun::Recorded(record) = begin(fixture, "1").await else {
        unreachable!("what was marked as sent is not sent again")
    };
    assert_eq!(record.state, HoldState::Unknown);
    match record.answer(fixture.clock().now()) {
        Some(Err(BlockError::Unknown(unknown))) => {
            assert_eq!(unknown.kind, UnknownKind::SenderLost);
        }
        other => unreachable!("a dead sender leaves {other:?}"),
    }
}

/// A reference whose latest attempt provably never left is begun again, by one sender.
#[doc = example!()]
pub async fn what_was_not_sent_is_begun_again(fixture: &impl LedgerFixture) {
    let first = send(fixture, "1").await;
    let record = end(fixture, &first, Err(not_sent("1"))).await;
    assert_eq!(record.state, HoldState::NotSent);
    let second = send(fixture, "1").await;
    assert_eq!(second.attempt, 2);
    assert!(second.fence > first.fence, "{first:?} {second:?}");
    assert!(matches!(begin(fixture, "1").await, Begun::Busy { .. }));
    let record = end(fixture, &second, Err(refused("1"))).await;
    assert_eq!(record.state, HoldState::Refused);
}

/// Promises 1 and 4: intent and sending mark are there after the process.
#[doc = example!()]
pub async fn a_sending_mark_outlives_its_process(fixture: &impl LedgerFixture) {
    send(fixture, "1").await;
    fixture.reopen().await;
    assert_eq!(find(fixture, "1").await.state, HoldState::Sending);
    match begin(fixture, "1").await {
        // Its sender may live, for all that this ledger knows.
        Begun::Busy { .. } => {}
        // It knows better.
        Begun::Recorded(record) => assert_eq!(record.state, HoldState::Unknown),
        begun => unreachable!("what may have been sent is not sent again: {begun:?}"),
    }
    let_leases_pass(fixture);
    let claim = claimed(fixture, "1").await;
    assert_eq!(claim.record.state, HoldState::Unknown);
    fixture.reopen().await;
    assert_eq!(find(fixture, "1").await.state, HoldState::Unknown);
}
