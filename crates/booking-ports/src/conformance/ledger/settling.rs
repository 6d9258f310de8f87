//! What becomes of what is not known.

#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is broken fails its test"
)]

use std::time::Duration;

use booking_domain::HoldState;

use super::samples::{
    begin, claim, claimed, end, ended, evidence, find, hold, learn, let_leases_pass, lose, nothing,
    over, reference, refused, repeat, send, sure, unknown,
};
use super::{LedgerFixture, example};
use crate::block_error::{BlockError, Expired, UnknownKind};
use crate::ledger::{Begun, Evidence, Finding, LedgerError, Source};

/// Promise 5.
#[doc = example!()]
pub async fn a_late_ending_of_a_sender_that_was_given_up_is_recorded(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    let_leases_pass(fixture);
    let claim = claimed(fixture, "1").await;
    let kept = hold(fixture, "1", 30);
    let record = end(fixture, &permit, Ok(kept.clone())).await;
    assert_eq!(record.state, HoldState::Held(kept));
    // It ended nobody's lease but its own.
    let repeated = fixture.ledger().repeat(&claim).await;
    assert!(
        matches!(repeated, Err(LedgerError::Fenced { .. })),
        "{repeated:?}"
    );
}

/// "Seat not available" may be the hold of the first attempt.
#[doc = example!()]
pub async fn a_refusal_of_a_repeat_leaves_it_unknown(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let second = repeat(fixture, "1").await;
    assert_eq!(second.attempt, 2);
    let record = end(fixture, &second, Err(refused("1"))).await;
    assert_eq!(record.state, HoldState::Unknown);
    assert_eq!(record.open_attempts.into_iter().collect::<Vec<_>>(), [1]);
}

/// A refusal decides once it is the last word on every attempt.
#[doc = example!()]
pub async fn a_refusal_of_every_attempt_refuses(fixture: &impl LedgerFixture) {
    let first = send(fixture, "1").await;
    let_leases_pass(fixture);
    let second = repeat(fixture, "1").await;
    let record = end(fixture, &second, Err(refused("1"))).await;
    assert_eq!(record.state, HoldState::Unknown);
    let record = end(fixture, &first, Err(refused("1"))).await;
    assert_eq!(record.state, HoldState::Refused);
}

/// "Reference already used" means that the first attempt landed.
#[doc = example!()]
pub async fn a_used_reference_of_a_repeat_is_held_without_receipt(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let second = repeat(fixture, "1").await;
    let used = unknown("1", UnknownKind::ReferenceUsed);
    let record = end(fixture, &second, Err(used)).await;
    assert_eq!(record.state, HoldState::HeldWithoutReceipt);
    assert!(record.is_unsettled());
    let found = evidence(Finding::Held(hold(fixture, "1", 30)));
    let record = learn(fixture, "1", found).await;
    assert!(matches!(record.state, HoldState::Held(_)), "{record:?}");
}

/// What used it was not an attempt of this record, so no number of repeats tells more.
#[doc = example!()]
pub async fn a_reference_used_before_its_first_attempt_stays_unknown(fixture: &impl LedgerFixture) {
    let first = send(fixture, "1").await;
    end(
        fixture,
        &first,
        Err(unknown("1", UnknownKind::ReferenceUsed)),
    )
    .await;
    let second = repeat(fixture, "1").await;
    let used = unknown("1", UnknownKind::ReferenceUsed);
    let record = end(fixture, &second, Err(used)).await;
    assert_eq!(record.state, HoldState::Unknown);
    let third = repeat(fixture, "1").await;
    let record = end(fixture, &third, Err(refused("1"))).await;
    assert_eq!(record.state, HoldState::Unknown);
}

/// An ending that belongs to no attempt leaves open what was sent.
#[doc = example!()]
pub async fn an_ending_without_an_answer_is_unknown(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    let conflict = BlockError::Conflict {
        reference: reference("1"),
    };
    let record = end(fixture, &permit, Err(conflict)).await;
    assert_eq!(record.state, HoldState::Unknown);
    assert!(matches!(record.ending, Some(BlockError::Unknown(_))));
}

/// The sender has seen the deadline pass, though the ledger's clock has not.
#[doc = example!()]
pub async fn an_expired_ending_is_expired_by_its_senders_clock(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    let kept = hold(fixture, "1", 1);
    let expired = BlockError::from(Expired::from(kept.clone()));
    let record = end(fixture, &permit, Err(expired)).await;
    assert_eq!(record.state, HoldState::Expired(Some(kept)));
}

/// Promise 3: evidence moves what is unknown.
#[doc = example!()]
pub async fn evidence_of_a_hold_settles(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let kept = hold(fixture, "1", 30);
    learn(fixture, "1", evidence(Finding::Held(kept.clone()))).await;
    fixture.reopen().await;
    let record = find(fixture, "1").await;
    assert_eq!(record.state, HoldState::Held(kept));
    assert!(!record.is_unsettled());
}

/// Promise 3: what is unknown, and what was held.
#[doc = example!()]
pub async fn evidence_that_it_is_over_settles(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let record = learn(fixture, "1", over()).await;
    assert_eq!(record.state, HoldState::Expired(None));
    let permit = send(fixture, "2").await;
    let kept = hold(fixture, "2", 30);
    end(fixture, &permit, Ok(kept.clone())).await;
    let record = learn(fixture, "2", ended()).await;
    assert_eq!(record.state, HoldState::Expired(Some(kept)));
}

/// Evidence of nothing is a line in the story, and no more.
#[doc = example!()]
pub async fn evidence_of_nothing_settles_nothing(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let record = learn(fixture, "1", nothing()).await;
    assert_eq!(record.state, HoldState::Unknown);
    let story = sure(fixture.ledger().story(&reference("1")).await);
    assert_eq!(story.len(), 3, "{story:?}");
}

/// Promise 5: also after it was given up.
#[doc = example!()]
pub async fn late_evidence_reopens_what_was_given_up(fixture: &impl LedgerFixture) {
    let permit = lose(fixture, "1").await;
    learn(fixture, "1", over()).await;
    let kept = hold(fixture, "1", 30);
    let record = end(fixture, &permit, Ok(kept.clone())).await;
    assert_eq!(record.state, HoldState::Held(kept));
}

/// Promise 2, of resolvers.
#[doc = example!()]
pub async fn a_claim_is_exclusive(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let first = claimed(fixture, "1").await;
    assert!(claim(fixture, "1").await.is_none());
    assert!(matches!(begin(fixture, "1").await, Begun::Busy { .. }));
    let_leases_pass(fixture);
    let second = claimed(fixture, "1").await;
    assert!(second.fence > first.fence, "{first:?} {second:?}");
}

/// Promise 2: whoever was given up sends no more.
#[doc = example!()]
pub async fn a_claim_that_is_over_sends_nothing(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let first = claimed(fixture, "1").await;
    let_leases_pass(fixture);
    let late = fixture.ledger().repeat(&first).await;
    assert!(matches!(late, Err(LedgerError::Fenced { .. })), "{late:?}");
    let second = claimed(fixture, "1").await;
    let fenced = fixture.ledger().repeat(&first).await;
    assert!(
        matches!(fenced, Err(LedgerError::Fenced { .. })),
        "{fenced:?}"
    );
    // Nor does it give back what is another's.
    sure(fixture.ledger().release(&first).await);
    assert!(claim(fixture, "1").await.is_none());
    assert_eq!(sure(fixture.ledger().repeat(&second).await).attempt, 2);
}

/// Promise 2: there is nothing left to ask the provider for.
#[doc = example!()]
pub async fn a_claim_of_what_was_settled_sends_nothing(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let claim = claimed(fixture, "1").await;
    learn(fixture, "1", over()).await;
    let repeated = fixture.ledger().repeat(&claim).await;
    assert!(
        matches!(repeated, Err(LedgerError::Fenced { .. })),
        "{repeated:?}"
    );
    assert_eq!(find(fixture, "1").await.attempts, 1);
}

/// A resolver that is done need not let its lease pass.
#[doc = example!()]
pub async fn a_claim_given_back_is_free(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let first = claimed(fixture, "1").await;
    sure(fixture.ledger().release(&first).await);
    claimed(fixture, "1").await;
}

/// There is nothing to find out.
#[doc = example!()]
pub async fn what_is_settled_is_not_claimed(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    assert!(claim(fixture, "1").await.is_none(), "it is being sent");
    end(fixture, &permit, Err(refused("1"))).await;
    assert!(claim(fixture, "1").await.is_none(), "it is refused");
}

/// Whoever says that its time is over looked before it was held.
#[doc = example!()]
pub async fn time_ends_no_hold_before_its_deadline(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    let kept = hold(fixture, "1", 30);
    end(fixture, &permit, Ok(kept.clone())).await;
    let record = learn(fixture, "1", over()).await;
    assert_eq!(record.state, HoldState::Held(kept));
    let story = sure(fixture.ledger().story(&reference("1")).await);
    assert_eq!(story.len(), 2, "{story:?}");
}

/// What nobody finds is over for whoever knows of everything that was sent.
#[doc = example!()]
pub async fn who_was_overtaken_concludes_nothing(fixture: &impl LedgerFixture) {
    lose(fixture, "1").await;
    let first = claimed(fixture, "1").await;
    let_leases_pass(fixture);
    let second = claimed(fixture, "1").await;
    let again = sure(fixture.ledger().repeat(&second).await);
    for _ in 0..2 {
        let refused = fixture.ledger().conclude(&first, &over()).await;
        assert!(
            matches!(&refused, Err(LedgerError::Fenced { reference: it }) if *it == reference("1")),
            "{refused:?}"
        );
        assert_eq!(find(fixture, "1").await.state, HoldState::Unknown);
        end(fixture, &again, Err(unknown("1", UnknownKind::Timeout))).await;
    }
    let record = sure(fixture.ledger().conclude(&second, &over()).await);
    assert_eq!(record.state, HoldState::Expired(None));
}

/// How a sending ended is written without a claim, and is no less true for one.
#[doc = example!()]
pub async fn who_knew_less_than_a_sender_concludes_nothing(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    let_leases_pass(fixture);
    let claim = claimed(fixture, "1").await;
    let kept = hold(fixture, "1", 30);
    end(fixture, &permit, Ok(kept.clone())).await;
    let told = Evidence {
        source: Source::Operator {
            because: "nobody has it".to_owned(),
        },
        ..over()
    };
    let refused = fixture.ledger().conclude(&claim, &told).await;
    assert!(
        matches!(&refused, Err(LedgerError::Fenced { .. })),
        "{refused:?}"
    );
    assert_eq!(find(fixture, "1").await.state, HoldState::Held(kept));
}

/// Promise 3 asks for every change, and time passes for all who look.
#[doc = example!()]
pub async fn the_end_of_a_hold_is_told_once(fixture: &impl LedgerFixture) {
    let permit = send(fixture, "1").await;
    let kept = hold(fixture, "1", 30);
    end(fixture, &permit, Ok(kept.clone())).await;
    fixture.clock().advance(Duration::from_mins(31));
    for _ in 0..2 {
        let record = learn(fixture, "1", over()).await;
        assert_eq!(record.state, HoldState::Expired(Some(kept.clone())));
    }
    fixture.reopen().await;
    let story = sure(fixture.ledger().story(&reference("1")).await);
    assert_eq!(story.len(), 3, "{story:?}");
}
