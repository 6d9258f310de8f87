//! Orders, providers and ledgers that do as they are told.

mod ledger;
mod log;
mod provider;

use std::sync::Arc;
use std::time::Duration;

use booking_domain::{
    BlockOrder, Deadline, OrderDraft, PartnerReference, ProviderStatus, SeatHold, StatusMeaning,
    TransactionId,
};
use booking_ports::{
    BlockError, Clock, ManualClock, NotSent, NotSentKind, Outcome, Refusal, RefusalKind, Unknown,
    UnknownKind,
};
use time::OffsetDateTime;
use time::macros::{date, datetime};

pub(crate) use ledger::FaultyLedger;
pub(crate) use log::Log;
pub(crate) use provider::{Gated, Scripted};

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 +7);
pub(crate) const MINUTE: Duration = Duration::from_mins(1);

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(NOW))
}

pub(crate) fn reference(text: &str) -> PartnerReference {
    PartnerReference::new(text).unwrap()
}

pub(crate) fn order(reference: &str) -> BlockOrder {
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(reference.to_owned());
    draft.check(date!(2026 - 11 - 24)).unwrap()
}

/// A hold under `reference` that ends half an hour after [`NOW`].
pub(crate) fn hold(reference: &PartnerReference, transaction: &str) -> SeatHold {
    let end = NOW + time::Duration::minutes(30);
    SeatHold {
        reference: reference.clone(),
        transaction_id: TransactionId::new(transaction).unwrap(),
        status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
        deadline: Deadline::stated(end, NOW, time::Duration::hours(2)),
    }
}

pub(crate) fn refused(reference: &PartnerReference) -> BlockError {
    let kind = RefusalKind::SeatUnavailable;
    Refusal::new(
        reference.clone(),
        kind,
        "seat_unavailable",
        "seat 8 is taken",
    )
    .into()
}

pub(crate) fn not_sent(reference: &PartnerReference, kind: NotSentKind) -> BlockError {
    NotSent::new(reference.clone(), kind, "a test says so").into()
}

pub(crate) fn unknown(reference: &PartnerReference, kind: UnknownKind) -> BlockError {
    Unknown::new(reference.clone(), kind, "a test says so").into()
}

/// What comes out before anything else has to happen: on a paused clock, a call that waits for
/// another fails its test instead of hanging.
pub(crate) async fn soon<T>(call: impl Future<Output = T>) -> T {
    tokio::time::timeout(MINUTE, call).await.unwrap()
}

/// What came out, in one word or two.
pub(crate) fn told(outcome: &Outcome) -> String {
    match outcome {
        Ok(hold) => format!("held as {}", hold.transaction_id),
        Err(BlockError::Refused(refusal)) => format!("refused/{}", refusal.kind),
        Err(BlockError::NotSent(not_sent)) => format!("not_sent/{}", not_sent.kind),
        Err(BlockError::Unknown(unknown)) => format!("unknown/{}", unknown.kind),
        Err(BlockError::Expired(_)) => "expired".to_owned(),
        Err(BlockError::Conflict { .. }) => "conflict".to_owned(),
        Err(BlockError::Busy { .. }) => "busy".to_owned(),
    }
}

/// The test runtime's time, which stands still while anything runs and jumps when all sleep.
pub(crate) struct RuntimeClock(tokio::time::Instant);

impl RuntimeClock {
    pub(crate) fn start() -> Arc<Self> {
        Arc::new(Self(tokio::time::Instant::now()))
    }
}

impl Clock for RuntimeClock {
    fn now(&self) -> OffsetDateTime {
        NOW + self.0.elapsed()
    }

    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
}
