//! The promises, each as a test that panics where one is broken.

#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is broken fails its test"
)]

use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;

use booking_domain::{BlockOrder, LegDraft, OrderDraft, PassengerDraft, SeatHold, StatusMeaning};
use time::macros::date;
use tokio::task::JoinSet;

use super::Fixture;
use crate::block_error::BlockError;
use crate::seat_blocker::SeatBlocker;

/// Every promise has the same example: how it is run.
macro_rules! example {
    () => {
        "\n```\nuse booking_ports::conformance::{self, Fixture};\n\nasync fn run_one_promise<F: Fixture>() {\n    conformance::a_taken_seat_is_refused(&F::start().await).await;\n}\n```"
    };
}

const DEPARTURE: i64 = 188_336;
const RETURN: i64 = 188_400;

fn passenger(seat: &str) -> PassengerDraft {
    PassengerDraft {
        seat_name: seat.to_owned(),
        ..OrderDraft::sample().departure.passengers.remove(0)
    }
}

fn leg(trip_id: i64, seats: &[&str]) -> LegDraft {
    LegDraft {
        trip_id,
        passengers: seats.iter().map(|seat| passenger(seat)).collect(),
    }
}

fn order(reference: &str, departure: &[&str], return_leg: &[&str]) -> BlockOrder {
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(reference.to_owned());
    draft.departure = leg(DEPARTURE, departure);
    draft.return_leg = (!return_leg.is_empty()).then(|| leg(RETURN, return_leg));
    match draft.check(date!(2026 - 11 - 24)) {
        Ok(order) => order,
        Err(faults) => unreachable!("the suite's own order is valid: {faults}"),
    }
}

/// Promises 1 and 4.
#[doc = example!()]
pub async fn a_hold_states_reference_transaction_and_a_deadline_to_come(fixture: &impl Fixture) {
    let hold = fixture
        .blocker()
        .block(&order("first", &["1", "2"], &[]))
        .await;
    let hold = hold.unwrap_or_else(|error| unreachable!("free seats are held, but: {error}"));
    assert_eq!(hold.reference.as_str(), "first");
    assert!(!hold.transaction_id.as_str().is_empty());
    assert_eq!(
        hold.status.meaning(),
        StatusMeaning::Waiting,
        "{}",
        hold.status.word()
    );
    assert_eq!(fixture.executed(), 1);
}

/// Promise 1: both legs.
#[doc = example!()]
pub async fn a_round_trip_is_held_on_both_legs(fixture: &impl Fixture) {
    let blocker = fixture.blocker();
    let both = blocker.block(&order("both", &["8"], &["9", "10"])).await;
    assert!(both.is_ok(), "{both:?}");
    assert_refused(&blocker.block(&order("there", &["8"], &[])).await, "there");
    assert_refused(
        &blocker.block(&order("back", &["11"], &["10"])).await,
        "back",
    );
}

/// Promises 2 and 4.
#[doc = example!()]
pub async fn a_taken_seat_is_refused(fixture: &impl Fixture) {
    let blocker = fixture.blocker();
    assert!(blocker.block(&order("first", &["3"], &[])).await.is_ok());
    assert_refused(
        &blocker.block(&order("second", &["3"], &[])).await,
        "second",
    );
    assert_eq!(fixture.executed(), 1);
}

/// Promise 1: all or nothing within a leg.
#[doc = example!()]
pub async fn a_refused_order_holds_none_of_its_seats(fixture: &impl Fixture) {
    let blocker = fixture.blocker();
    assert!(blocker.block(&order("first", &["5"], &[])).await.is_ok());
    assert_refused(
        &blocker.block(&order("second", &["4", "5", "6"], &[])).await,
        "second",
    );
    let rest = blocker.block(&order("third", &["4", "6"], &[])).await;
    assert!(rest.is_ok(), "{rest:?}");
}

/// Promise 1: all or nothing over both legs.
#[doc = example!()]
pub async fn a_refused_order_holds_no_seat_of_its_other_leg(fixture: &impl Fixture) {
    let blocker = fixture.blocker();
    assert!(blocker.block(&order("first", &["1"], &["7"])).await.is_ok());
    assert_refused(
        &blocker.block(&order("second", &["2"], &["7"])).await,
        "second",
    );
    let there = blocker.block(&order("third", &["2"], &[])).await;
    assert!(there.is_ok(), "{there:?}");
}

/// Promise 3: a repeat.
#[doc = example!()]
pub async fn a_reference_never_holds_twice(fixture: &impl Fixture) {
    let blocker = fixture.blocker();
    let order = order("again", &["1"], &[]);
    let first = blocker.block(&order).await;
    assert!(first.is_ok(), "{first:?}");
    match (first, blocker.block(&order).await) {
        (Ok(first), Ok(second)) => assert_eq!(first, second),
        (_, Err(BlockError::Unknown(unknown))) => assert_eq!(unknown.reference.as_str(), "again"),
        (_, other) => unreachable!("a repeat is the same hold or unknown, not {other:?}"),
    }
    assert_eq!(fixture.executed(), 1);
}

/// Promise 3: the same reference for another order.
#[doc = example!()]
pub async fn a_reference_never_holds_for_another_order(fixture: &impl Fixture) {
    let blocker = fixture.blocker();
    assert!(blocker.block(&order("again", &["1"], &[])).await.is_ok());
    let other = blocker.block(&order("again", &["2"], &[])).await;
    assert!(
        matches!(
            other,
            Err(BlockError::Unknown(_) | BlockError::Conflict { .. })
        ),
        "{other:?}"
    );
    assert_eq!(fixture.executed(), 1);
}

/// Promise 7.
#[doc = example!()]
pub async fn of_many_callers_for_one_seat_one_is_held(fixture: &impl Fixture) {
    let mut calls = JoinSet::new();
    for caller in 0..16 {
        let blocker = fixture.blocker();
        let order = order(&format!("caller-{caller}"), &["12"], &[]);
        calls.spawn(async move { blocker.block(&order).await });
    }
    let outcomes = calls.join_all().await;
    let held = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let refused = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(BlockError::Refused(_))))
        .count();
    assert_eq!((held, refused), (1, 15), "{outcomes:?}");
    assert_eq!(fixture.executed(), 1);
}

/// Promises 3 and 7.
#[doc = example!()]
pub async fn many_callers_of_one_reference_hold_once(fixture: &impl Fixture) {
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        let blocker = fixture.blocker();
        let order = order("shared", &["13"], &[]);
        calls.spawn(async move { blocker.block(&order).await });
    }
    let outcomes = calls.join_all().await;
    let not_held = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(error) if !error.may_be_held()))
        .count();
    assert!(outcomes.iter().any(Result::is_ok), "{outcomes:?}");
    assert_eq!(
        not_held, 0,
        "the reference is held, so nobody may hear otherwise: {outcomes:?}"
    );
    assert_eq!(fixture.executed(), 1);
}

/// Promise 5.
#[doc = example!()]
pub async fn no_personal_value_is_in_an_error(fixture: &impl Fixture) {
    let blocker = fixture.blocker();
    assert!(blocker.block(&order("first", &["14"], &[])).await.is_ok());
    let order = order("second", &["14"], &[]);
    let Err(error) = blocker.block(&order).await else {
        unreachable!("a taken seat is no hold")
    };
    let mut shown = format!("{error} {error:?} {}", error.advice());
    let mut cause = error.source();
    while let Some(beneath) = cause {
        let _ = write!(shown, " {beneath} {beneath:?}");
        cause = beneath.source();
    }
    for personal in order.personal_texts() {
        assert!(
            !shown.contains(&personal),
            "an error shows a personal value"
        );
    }
}

/// `Arc<dyn SeatBlocker>` and `Box<dyn SeatBlocker>` behave as what they point to.
#[doc = example!()]
pub async fn implementations_work_behind_pointers(fixture: &impl Fixture) {
    let shared: Arc<dyn SeatBlocker> = fixture.blocker();
    let boxed: Box<dyn SeatBlocker> = Box::new(Arc::clone(&shared));
    assert!(boxed.block(&order("boxed", &["15"], &[])).await.is_ok());
    assert_refused(
        &shared.block(&order("shared", &["15"], &[])).await,
        "shared",
    );
}

fn assert_refused(outcome: &Result<SeatHold, BlockError>, reference: &str) {
    match outcome {
        Err(BlockError::Refused(refusal)) => assert_eq!(refusal.reference.as_str(), reference),
        other => unreachable!("a taken seat is refused, not {other:?}"),
    }
}
