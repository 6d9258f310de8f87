//! Orders, holds and short ways for the promises.

use std::fmt::Debug;
use std::time::Duration;

use booking_domain::{
    BlockOrder, Deadline, OrderDraft, PartnerReference, ProviderStatus, SeatHold, StatusMeaning,
    TransactionId,
};
use time::macros::date;

use super::LedgerFixture;
use crate::block_error::{
    BlockError, NotSent, NotSentKind, Refusal, RefusalKind, Unknown, UnknownKind,
};
use crate::clock::Clock;
use crate::ledger::{
    Begun, BookingBegun, BookingOutcome, BookingPermit, Claim, Evidence, Finding, HoldRecord,
    Listing, Outcome, Page, SendPermit, Source,
};
use crate::tickets::{BookingCode, BookingCodes, Ticket, TicketError};

pub(super) const LEASE: Duration = Duration::from_mins(1);

pub(super) fn draft(name: &str) -> OrderDraft {
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(name.to_owned());
    draft
}

pub(super) fn checked(draft: OrderDraft) -> BlockOrder {
    sure(draft.check(date!(2026 - 11 - 24)))
}

pub(super) fn order(name: &str) -> BlockOrder {
    checked(draft(name))
}

pub(super) fn other_order(name: &str) -> BlockOrder {
    let mut draft = draft(name);
    "9".clone_into(&mut draft.departure.passengers[0].seat_name);
    checked(draft)
}

pub(super) fn reference(name: &str) -> PartnerReference {
    sure(PartnerReference::new(name))
}

pub(super) fn hold(fixture: &impl LedgerFixture, name: &str, minutes: i64) -> SeatHold {
    let now = fixture.clock().now();
    let Some(transaction_id) = TransactionId::new(format!("T-{name}")) else {
        unreachable!("the suite's own number is one")
    };
    let stated = now + time::Duration::minutes(minutes);
    SeatHold {
        reference: reference(name),
        transaction_id,
        status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
        deadline: Deadline::stated(stated, now, time::Duration::hours(2)),
    }
}

pub(super) fn refused(name: &str) -> BlockError {
    let message = "seat is not available";
    Refusal::new(
        reference(name),
        RefusalKind::SeatUnavailable,
        "400050007",
        message,
    )
    .into()
}

pub(super) fn not_sent(name: &str) -> BlockError {
    NotSent::new(
        reference(name),
        NotSentKind::Unreachable,
        "connection refused",
    )
    .into()
}

pub(super) fn unknown(name: &str, kind: UnknownKind) -> BlockError {
    Unknown::new(reference(name), kind, "no answer within 30 s").into()
}

pub(super) fn evidence(finding: Finding) -> Evidence {
    let source = Source::History;
    Evidence { source, finding }
}

pub(super) fn nothing() -> Evidence {
    let message = "no transaction names the reference".to_owned();
    evidence(Finding::Nothing { message })
}

/// The provider says so.
pub(super) fn ended() -> Evidence {
    let message = "it is EXPIRED".to_owned();
    evidence(Finding::Over { message })
}

/// Time says so.
pub(super) fn over() -> Evidence {
    let message = "nothing can be held so long".to_owned();
    let finding = Finding::Over { message };
    Evidence {
        source: Source::Time,
        finding,
    }
}

/// The value; anything else breaks a promise.
pub(super) fn sure<T, E: Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| unreachable!("{error:?}"))
}

pub(super) async fn begin(fixture: &impl LedgerFixture, name: &str) -> Begun {
    sure(fixture.ledger().begin(&order(name), LEASE).await)
}

pub(super) async fn send(fixture: &impl LedgerFixture, name: &str) -> SendPermit {
    begin_order(fixture, &order(name)).await
}

pub(super) async fn begin_order(fixture: &impl LedgerFixture, order: &BlockOrder) -> SendPermit {
    match sure(fixture.ledger().begin(order, LEASE).await) {
        Begun::Send(permit) => permit,
        other => unreachable!("a reference that may be sent is {other:?}"),
    }
}

pub(super) async fn end(
    fixture: &impl LedgerFixture,
    permit: &SendPermit,
    outcome: impl Into<Outcome>,
) -> HoldRecord {
    sure(fixture.ledger().end(permit, &outcome.into()).await)
}

/// An attempt that ended unknown.
pub(super) async fn lose(fixture: &impl LedgerFixture, name: &str) -> SendPermit {
    let permit = send(fixture, name).await;
    end(fixture, &permit, Err(unknown(name, UnknownKind::Timeout))).await;
    permit
}

pub(super) async fn claim(fixture: &impl LedgerFixture, name: &str) -> Option<Claim> {
    sure(fixture.ledger().claim(&reference(name), LEASE).await)
}

pub(super) async fn claimed(fixture: &impl LedgerFixture, name: &str) -> Claim {
    match claim(fixture, name).await {
        Some(claim) => claim,
        None => unreachable!("{name} waits to be settled"),
    }
}

/// The mark of one more attempt under a claim of its own.
pub(super) async fn repeat(fixture: &impl LedgerFixture, name: &str) -> SendPermit {
    let claim = claimed(fixture, name).await;
    sure(fixture.ledger().repeat(&claim).await)
}

pub(super) async fn learn(
    fixture: &impl LedgerFixture,
    name: &str,
    evidence: Evidence,
) -> HoldRecord {
    sure(fixture.ledger().learn(&reference(name), &evidence).await)
}

pub(super) async fn find(fixture: &impl LedgerFixture, name: &str) -> HoldRecord {
    match sure(fixture.ledger().find(&reference(name)).await) {
        Some(record) => record,
        None => unreachable!("{name} was begun"),
    }
}

/// The references of a list.
pub(super) async fn names(
    fixture: &impl LedgerFixture,
    listing: impl Into<Listing>,
    page: Page,
) -> Vec<String> {
    let records = sure(fixture.ledger().list(&listing.into(), page).await).records;
    let reference = |record: HoldRecord| record.reference.to_string();
    records.into_iter().map(reference).collect()
}

pub(super) fn let_leases_pass(fixture: &impl LedgerFixture) {
    fixture.clock().advance(LEASE);
}

pub(super) fn ticket(name: &str) -> Ticket {
    let (Some(transaction_id), Some(departure)) = (
        TransactionId::new(format!("T-{name}")),
        BookingCode::new("D14429004"),
    ) else {
        unreachable!("the suite's own numbers are some")
    };
    Ticket {
        transaction_id,
        booking_codes: BookingCodes {
            departure,
            return_leg: None,
        },
        status: ProviderStatus::new(StatusMeaning::Booked, "SUCCESS"),
    }
}

/// A booking whose answer was lost.
pub(super) fn booking_unknown(permit: &BookingPermit) -> TicketError {
    TicketError::Unknown {
        reference: permit.hold.reference.clone(),
        transaction_id: permit.hold.transaction_id.clone(),
        kind: UnknownKind::Timeout,
        message: "no answer within 30 s".to_owned(),
        retry_after: None,
        cause: None,
    }
}

/// A hold for half an hour.
pub(super) async fn held(fixture: &impl LedgerFixture, name: &str) -> SeatHold {
    let permit = send(fixture, name).await;
    let hold = hold(fixture, name, 30);
    end(fixture, &permit, Ok(hold.clone())).await;
    hold
}

pub(super) async fn begin_booking(fixture: &impl LedgerFixture, name: &str) -> BookingBegun {
    sure(
        fixture
            .ledger()
            .begin_booking(&reference(name), LEASE)
            .await,
    )
}

pub(super) async fn book(fixture: &impl LedgerFixture, name: &str) -> BookingPermit {
    match begin_booking(fixture, name).await {
        BookingBegun::Send(permit) => *permit,
        other => unreachable!("a hold that may be booked is {other:?}"),
    }
}

pub(super) async fn end_booking(
    fixture: &impl LedgerFixture,
    permit: &BookingPermit,
    outcome: BookingOutcome,
) -> HoldRecord {
    sure(fixture.ledger().end_booking(permit, &outcome).await)
}
