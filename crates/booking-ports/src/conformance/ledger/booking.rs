//! Tickets: booked once, and never taken for over while they may exist.

#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is broken fails its test"
)]

use std::time::Duration;

use booking_domain::{HoldState, SeatHold};

use super::samples::{
    LEASE, begin, begin_booking, book, booking_unknown, claim, claimed, end_booking, evidence,
    find, held, learn, let_leases_pass, lose, over, reference, send, sure, ticket,
};
use super::{LedgerFixture, example};
use crate::block_error::{BlockError, NotSentKind, UnknownKind};
use crate::clock::Clock;
use crate::ledger::{Begun, BookingBegun, Evidence, Finding, Page, Source, Which};
use crate::tickets::TicketError;

/// Promise 2, of bookings.
#[doc = example!()]
pub async fn of_many_callers_one_books(fixture: &impl LedgerFixture) {
    held(fixture, "1").await;
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let ledger = fixture.ledger();
            tokio::spawn(async move { ledger.begin_booking(&reference("1"), LEASE).await })
        })
        .collect();
    let mut sent = 0;
    for caller in callers {
        match sure(sure(caller.await)) {
            BookingBegun::Send(_) => sent += 1,
            BookingBegun::Busy { left } => assert!(left <= LEASE, "{left:?}"),
            other @ BookingBegun::Recorded(_) => unreachable!("{other:?}"),
        }
    }
    assert_eq!(sent, 1);
    // Whoever only asks for the hold is not kept waiting by its booking.
    assert!(matches!(begin(fixture, "1").await, Begun::Recorded(_)));
}

/// Booking twice is booking once.
#[doc = example!()]
pub async fn a_ticket_is_given_again(fixture: &impl LedgerFixture) {
    let hold = held(fixture, "1").await;
    let permit = book(fixture, "1").await;
    assert_eq!((permit.attempt, permit.may_be_booked), (1, false));
    let record = end_booking(fixture, &permit, Ok(ticket("1"))).await;
    let booked = SeatHold {
        status: ticket("1").status,
        ..hold
    };
    assert_eq!(record.state, HoldState::Booked(booked));
    fixture.reopen().await;
    let BookingBegun::Recorded(record) = begin_booking(fixture, "1").await else {
        unreachable!("a booked hold is not booked again");
    };
    assert_eq!(record.booking.ticket, Some(ticket("1")));
    assert!(record.has_ended() && !record.is_unsettled());
}

/// There is nothing to book before the seats are held.
#[doc = example!()]
pub async fn what_is_not_held_is_not_booked(fixture: &impl LedgerFixture) {
    send(fixture, "sending").await;
    lose(fixture, "unknown").await;
    for name in ["sending", "unknown"] {
        let begun = begin_booking(fixture, name).await;
        assert!(matches!(begun, BookingBegun::Recorded(_)), "{begun:?}");
        assert_eq!(find(fixture, name).await.booking.attempts, 0);
    }
}

/// What a claim knew is compared with what is there: also after it was stored and read.
#[doc = example!()]
pub async fn what_may_be_a_ticket_is_concluded_under_its_claim(fixture: &impl LedgerFixture) {
    held(fixture, "1").await;
    let permit = book(fixture, "1").await;
    end_booking(fixture, &permit, Err(booking_unknown(&permit))).await;
    let claim = claimed(fixture, "1").await;
    let told = Evidence {
        source: Source::Operator {
            because: "nobody has it".to_owned(),
        },
        ..over()
    };
    let record = sure(fixture.ledger().conclude(&claim, &told).await);
    assert_eq!(record.state.name(), "expired");
}

/// It may be a ticket by now, which no deadline ends.
#[doc = example!()]
pub async fn an_unknown_booking_is_not_ended_by_time(fixture: &impl LedgerFixture) {
    held(fixture, "1").await;
    let permit = book(fixture, "1").await;
    let record = end_booking(fixture, &permit, Err(booking_unknown(&permit))).await;
    assert!(record.is_unsettled() && record.booking.is_open());
    fixture.clock().advance(Duration::from_hours(1));
    let record = learn(fixture, "1", over()).await;
    assert!(matches!(record.state, HoldState::Held(_)), "{record:?}");
    let answer = record.answer(fixture.clock().now());
    let kind = match answer {
        Some(Err(BlockError::Unknown(unknown))) => unknown.kind,
        other => unreachable!("it may be a ticket, and is {other:?}"),
    };
    assert_eq!(kind, UnknownKind::BookingUnknown);
    let ledger = fixture.ledger();
    let next = sure(
        ledger
            .list(&Which::NextToExpire.into(), Page::first(9))
            .await,
    );
    assert_eq!(next.rows(), 0, "{next:?}");
    assert_eq!(
        sure(ledger.list(&Which::Unsettled.into(), Page::first(9)).await).rows(),
        1
    );
    assert!(
        ledger.shred(&reference("1")).await.is_err(),
        "its order is still needed"
    );
    claimed(fixture, "1").await;
}

/// Proof that nothing was booked.
#[doc = example!()]
pub async fn a_booking_that_was_not_sent_leaves_it_held(fixture: &impl LedgerFixture) {
    let hold = held(fixture, "1").await;
    let permit = book(fixture, "1").await;
    let error = TicketError::NotSent {
        reference: reference("1"),
        transaction_id: hold.transaction_id.clone(),
        kind: NotSentKind::Unreachable,
        message: "connection refused".to_owned(),
        retry_after: None,
        cause: None,
    };
    let record = end_booking(fixture, &permit, Err(error)).await;
    assert_eq!(record.state, HoldState::Held(hold));
    assert!(!record.is_unsettled());
    let again = book(fixture, "1").await;
    assert_eq!((again.attempt, again.may_be_booked), (2, false));
}

/// What the provider shows as booked is booked, whoever knows its codes.
#[doc = example!()]
pub async fn evidence_of_a_ticket_settles_an_unknown_booking(fixture: &impl LedgerFixture) {
    let hold = held(fixture, "1").await;
    let permit = book(fixture, "1").await;
    end_booking(fixture, &permit, Err(booking_unknown(&permit))).await;
    let found = SeatHold {
        status: ticket("1").status,
        ..hold
    };
    let record = learn(fixture, "1", evidence(Finding::Held(found.clone()))).await;
    assert_eq!(record.state, HoldState::Booked(found));
    assert!(!record.is_unsettled());
    assert!(claim(fixture, "1").await.is_none());
    // Its codes can still be asked for.
    let permit = book(fixture, "1").await;
    let record = end_booking(fixture, &permit, Ok(ticket("1"))).await;
    assert_eq!(record.booking.ticket, Some(ticket("1")));
}

/// The provider's word that it is over speaks of the ticket too.
#[doc = example!()]
pub async fn evidence_that_it_is_over_settles_an_unknown_booking(fixture: &impl LedgerFixture) {
    let hold = held(fixture, "1").await;
    let permit = book(fixture, "1").await;
    end_booking(fixture, &permit, Err(booking_unknown(&permit))).await;
    let expired = Evidence {
        source: Source::Transaction,
        finding: Finding::Over {
            message: "transaction T-1 is EXPIRED".to_owned(),
        },
    };
    let record = learn(fixture, "1", expired).await;
    assert_eq!(record.state, HoldState::Expired(Some(hold)));
    assert!(!record.is_unsettled());
}

/// Promise 4, of bookings.
#[doc = example!()]
pub async fn the_mark_of_a_booking_outlives_its_process(fixture: &impl LedgerFixture) {
    held(fixture, "1").await;
    book(fixture, "1").await;
    let_leases_pass(fixture);
    fixture.reopen().await;
    assert!(find(fixture, "1").await.is_unsettled());
    let again = book(fixture, "1").await;
    assert_eq!((again.attempt, again.may_be_booked), (2, true));
}

/// Promise 5, of bookings: also after the hold was given up.
#[doc = example!()]
pub async fn a_late_ticket_counts(fixture: &impl LedgerFixture) {
    held(fixture, "1").await;
    let permit = book(fixture, "1").await;
    let gone = Evidence {
        source: Source::Transaction,
        finding: Finding::Over {
            message: "transaction T-1 is EXPIRED".to_owned(),
        },
    };
    learn(fixture, "1", gone).await;
    let record = end_booking(fixture, &permit, Ok(ticket("1"))).await;
    assert!(matches!(record.state, HoldState::Booked(_)), "{record:?}");
    assert_eq!(record.booking.ticket, Some(ticket("1")));
}

/// What the provider shows of another transaction says nothing about this one.
#[doc = example!()]
pub async fn evidence_of_another_transactions_ticket_settles_nothing(fixture: &impl LedgerFixture) {
    let hold = held(fixture, "1").await;
    let permit = book(fixture, "1").await;
    end_booking(fixture, &permit, Err(booking_unknown(&permit))).await;
    let other = SeatHold {
        transaction_id: ticket("2").transaction_id,
        status: ticket("2").status,
        ..hold.clone()
    };
    let record = learn(fixture, "1", evidence(Finding::Held(other))).await;
    assert_eq!(record.state, HoldState::Held(hold));
    assert!(record.is_unsettled());
}

/// Another transaction's ticket is nobody's.
#[doc = example!()]
pub async fn a_ticket_of_another_transaction_books_nothing(fixture: &impl LedgerFixture) {
    held(fixture, "1").await;
    let permit = book(fixture, "1").await;
    let record = end_booking(fixture, &permit, Ok(ticket("2"))).await;
    assert!(matches!(record.state, HoldState::Held(_)), "{record:?}");
    assert!(record.is_unsettled());
}
