//! An operator's word: what it may settle, and what it may not say.

use std::sync::Arc;

use booking_domain::{HoldState, StatusMeaning};
use booking_layers::{OperatorFinding, OperatorWord, ResolverBounds, WordError};
use booking_ports::{
    Begun, BookingBegun, HoldLedger, LedgerError, MemoryHoldLedger, Outcome, TicketError,
    UnknownKind,
};
use tokio::sync::oneshot;

use crate::setup::{FaultyLedger, MINUTE, NOW, clock, hold, order, reference, unknown};

/// A ledger with one reference, whose block ended as `outcome`.
async fn ledger(outcome: Outcome) -> Arc<MemoryHoldLedger> {
    let ledger = Arc::new(MemoryHoldLedger::new(clock()));
    let Ok(Begun::Send(permit)) = ledger.begin(&order("r-1"), MINUTE).await else {
        panic!("a fresh reference is begun")
    };
    ledger.end(&permit, &outcome).await.unwrap();
    ledger
}

/// Nobody knows whether it is held.
async fn lost() -> Arc<MemoryHoldLedger> {
    ledger(Err(unknown(&reference("r-1"), UnknownKind::ConnectionLost))).await
}

/// It is held as 7, and nobody knows whether it is booked.
async fn perhaps_booked() -> Arc<MemoryHoldLedger> {
    let ledger = ledger(Ok(hold(&reference("r-1"), "7"))).await;
    let begun = ledger.begin_booking(&reference("r-1"), MINUTE).await;
    let Ok(BookingBegun::Send(permit)) = begun else {
        panic!("{begun:?}")
    };
    let lost = TicketError::Unknown {
        reference: permit.hold.reference.clone(),
        transaction_id: permit.hold.transaction_id.clone(),
        kind: UnknownKind::ConnectionLost,
        message: "cut".to_owned(),
        retry_after: None,
        cause: None,
    };
    ledger.end_booking(&permit, &Err(lost)).await.unwrap();
    ledger
}

/// What becomes of `r-1` when an operator says so.
async fn say(
    ledger: &dyn HoldLedger,
    finding: OperatorFinding,
    transaction: &str,
) -> Result<HoldState, WordError> {
    let word = OperatorWord {
        finding,
        transaction_id: OperatorWord::transaction_id(transaction),
        because: "support said so".to_owned(),
    };
    let bounds = ResolverBounds::default();
    let recorded = word.record(ledger, &reference("r-1"), &bounds, NOW).await;
    recorded.map(|record| record.state)
}

#[tokio::test]
async fn what_is_unknown_is_held_or_booked_as_a_transaction_or_over() {
    let HoldState::Held(held) = say(&*lost().await, OperatorFinding::Held, "9")
        .await
        .unwrap()
    else {
        panic!("it is not held")
    };
    assert_eq!(held.transaction_id.as_str(), "9");
    assert!(!held.deadline.is_stated());
    assert_eq!(
        held.deadline.at(),
        NOW + ResolverBounds::default().over_after()
    );
    let HoldState::Booked(booked) = say(&*lost().await, OperatorFinding::Booked, "9")
        .await
        .unwrap()
    else {
        panic!("it is not booked")
    };
    assert_eq!(booked.status.meaning(), StatusMeaning::Booked);
    let over = say(&*lost().await, OperatorFinding::NotHeld, "").await;
    assert!(matches!(over, Ok(HoldState::Expired(None))), "{over:?}");
}

#[tokio::test]
async fn a_transaction_has_to_be_named_where_none_is_known() {
    for finding in [OperatorFinding::Held, OperatorFinding::Booked] {
        let told = say(&*lost().await, finding, "").await;
        assert!(matches!(told, Err(WordError::NoTransaction)), "{told:?}");
    }
}

#[tokio::test]
async fn of_a_hold_that_may_be_a_ticket_only_the_ticket_is_asked() {
    let ledger = perhaps_booked().await;
    let told = say(&ledger, OperatorFinding::Held, "7").await;
    assert!(matches!(told, Err(WordError::HeldIsKnown)), "{told:?}");
    let told = say(&ledger, OperatorFinding::Booked, "8").await;
    assert!(
        matches!(&told, Err(WordError::OtherTransaction(known)) if known.as_str() == "7"),
        "{told:?}"
    );
    // Each refusal gave the reference back.
    let told = say(&ledger, OperatorFinding::Booked, "").await;
    assert!(matches!(told, Ok(HoldState::Booked(_))), "{told:?}");
    let told = say(&*perhaps_booked().await, OperatorFinding::NotHeld, "").await;
    assert!(matches!(told, Ok(HoldState::Expired(Some(_)))), "{told:?}");
}

#[tokio::test]
async fn what_is_settled_busy_or_unheard_of_takes_no_word() {
    let held = ledger(Ok(hold(&reference("r-1"), "7"))).await;
    let told = say(&held, OperatorFinding::NotHeld, "").await;
    assert!(
        matches!(told, Err(WordError::NothingToSettle(_))),
        "{told:?}"
    );
    let busy = lost().await;
    let claim = busy.claim(&reference("r-1"), MINUTE).await.unwrap();
    let told = say(&busy, OperatorFinding::NotHeld, "").await;
    assert!(matches!(told, Err(WordError::Busy)), "{told:?}");
    busy.release(&claim.unwrap()).await.unwrap();
    assert!(say(&busy, OperatorFinding::NotHeld, "").await.is_ok());
    let empty = MemoryHoldLedger::new(clock());
    let told = say(&empty, OperatorFinding::NotHeld, "").await;
    assert!(
        matches!(told, Err(WordError::Ledger(LedgerError::NotFound { .. }))),
        "{told:?}"
    );
}

#[test]
fn a_number_that_would_leave_its_path_is_none() {
    for text in ["", "../1", "1/2", "1 2", "1\n", "ü", &"1".repeat(65)] {
        assert!(OperatorWord::transaction_id(text).is_none(), "{text}");
    }
    for text in ["1", "14429004", "a-b_C", &"1".repeat(64)] {
        assert!(OperatorWord::transaction_id(text).is_some(), "{text}");
    }
}

#[test]
fn a_reason_is_one_line() {
    let longest = "x".repeat(OperatorWord::REASON_MAX);
    assert_eq!(
        OperatorWord::reason(&format!(" {longest} ")),
        Some(&*longest)
    );
    for text in ["", "  ", "a\nb", "a\u{1b}b", &format!("{longest}x")] {
        assert_eq!(OperatorWord::reason(text), None, "{text}");
    }
}

/// The sender's answer comes while the operator's word is being recorded.
#[tokio::test]
async fn a_word_ends_no_hold_whose_answer_has_just_come() {
    let ledger = Arc::new(FaultyLedger::new(clock()));
    let Ok(Begun::Send(permit)) = ledger.begin(&order("r-1"), MINUTE).await else {
        panic!("a fresh reference is begun")
    };
    let lost = Err(unknown(&reference("r-1"), UnknownKind::ConnectionLost));
    ledger.end(&permit, &lost).await.unwrap();
    let (go_on, waits) = oneshot::channel();
    *ledger.next_story.lock().unwrap() = Some(waits);
    let word = {
        let ledger = ledger.clone();
        tokio::spawn(async move { say(&*ledger, OperatorFinding::NotHeld, "").await })
    };
    while ledger.next_story.lock().unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    let held = Ok(hold(&reference("r-1"), "7"));
    ledger.end(&permit, &held).await.unwrap();
    go_on.send(()).unwrap();
    let said = word.await.unwrap();
    assert!(matches!(said, Err(WordError::Busy)), "{said:?}");
    let record = ledger.find(&reference("r-1")).await.unwrap().unwrap();
    assert!(matches!(record.state, HoldState::Held(_)), "{record:?}");
}
