//! What becomes of an outcome that the ledger does not take at once.

use std::pin::pin;
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use booking_domain::PartnerReference;
use booking_ports::{HoldLedger, HoldRecord, LedgerError, SendPermit};

use super::spill::{Spill, Unwritten};

/// How long a ledger may take before what it is told is kept elsewhere too: by then the process may be
/// told to end, and the ledger waits far longer for a server that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// How soon a ledger that failed is told an outcome again, and how seldom in the end.
const SOONEST: Duration = Duration::from_millis(100);
const SELDOMEST: Duration = Duration::from_secs(10);

/// Tells the ledger how an attempt ended. What it does not take, or not soon, goes where it outlives the
/// process, if there is such a place.
pub(crate) async fn end(
    ledger: &dyn HoldLedger,
    spill: Option<&dyn Spill>,
    unwritten: &Unwritten,
) -> Result<HoldRecord, LedgerError> {
    let mut ending = pin!(ledger.end(&unwritten.permit, &unwritten.outcome));
    let soon = tokio::time::timeout(PATIENCE, &mut ending).await;
    if let Ok(Ok(record)) = soon {
        return Ok(record);
    }
    let why = match &soon {
        Ok(Err(error)) => error.to_string(),
        _ => "the ledger has not answered yet".to_owned(),
    };
    // In a place of its own, since it is seldom needed.
    Box::pin(keep(spill, unwritten, &why)).await;
    match soon {
        Ok(ended) => ended,
        Err(_) => ending.await,
    }
}

async fn keep(spill: Option<&dyn Spill>, unwritten: &Unwritten, why: &str) {
    let SendPermit {
        reference, attempt, ..
    } = &unwritten.permit;
    tracing::error!(%reference, attempt, why, "an outcome could not be recorded");
    if let Some(spill) = spill
        && let Err(error) = spill.spill(unwritten).await
    {
        tracing::error!(%reference, attempt, %error, "an outcome could not be spilled either");
    }
}

/// [Insists](insist) on how an attempt to block ended.
pub(crate) async fn insist_on_end(
    ledger: &dyn HoldLedger,
    unwritten: &Unwritten,
    error: LedgerError,
) {
    let Unwritten {
        permit, outcome, ..
    } = unwritten;
    let again = || ledger.end(permit, outcome);
    insist(&permit.reference, permit.attempt, error, again).await;
}

/// Tells the ledger, by `tell`, until it has understood, or says something else than that it cannot be
/// used at the moment: how an attempt ended to block, or to book, what `reference` names.
pub(crate) async fn insist<F>(
    reference: &PartnerReference,
    attempt: u32,
    mut error: LedgerError,
    tell: impl Fn() -> F,
) where
    F: Future<Output = Result<HoldRecord, LedgerError>>,
{
    let waits = ExponentialBuilder::new()
        .with_min_delay(SOONEST)
        .with_max_delay(SELDOMEST)
        .without_max_times();
    for wait in waits.build() {
        if !matches!(
            error,
            LedgerError::Unavailable { .. } | LedgerError::InDoubt { .. }
        ) {
            break;
        }
        tokio::time::sleep(wait).await;
        match tell().await {
            Ok(_) => {
                tracing::info!(%reference, attempt, "an outcome was recorded late");
                return;
            }
            Err(again) => error = again,
        }
    }
    tracing::error!(%reference, attempt, %error, "an outcome was given up: it stays unknown until somebody settles it");
}
