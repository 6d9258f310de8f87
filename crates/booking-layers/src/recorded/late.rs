//! What becomes of an outcome that the ledger did not take at once.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use booking_ports::{HoldLedger, LedgerError, SendPermit};

use super::spill::{Spill, Unwritten};

/// How soon a ledger that failed is told an outcome again, and how seldom in the end.
const SOONEST: Duration = Duration::from_millis(100);
const SELDOMEST: Duration = Duration::from_secs(10);

/// Keeps it where it outlives the process, if there is such a place.
pub(crate) async fn spill(spill: Option<&dyn Spill>, unwritten: &Unwritten, error: &LedgerError) {
    let SendPermit {
        reference, attempt, ..
    } = &unwritten.permit;
    tracing::error!(%reference, attempt, %error, "an outcome could not be recorded");
    if let Some(spill) = spill
        && let Err(error) = spill.spill(unwritten).await
    {
        tracing::error!(%reference, attempt, %error, "an outcome could not be spilled either");
    }
}

/// Tells the ledger until it has understood, or says something else than that it cannot be
/// used at the moment.
pub(crate) async fn insist(ledger: &dyn HoldLedger, unwritten: &Unwritten, mut error: LedgerError) {
    let SendPermit {
        reference, attempt, ..
    } = &unwritten.permit;
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
        match ledger.end(&unwritten.permit, &unwritten.outcome).await {
            Ok(_) => {
                tracing::info!(%reference, attempt, "an outcome was recorded late");
                return;
            }
            Err(again) => error = again,
        }
    }
    tracing::error!(%reference, attempt, %error, "an outcome was given up: it stays unknown until somebody settles it");
}
