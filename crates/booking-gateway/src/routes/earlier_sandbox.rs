//! Holds of a sandbox that is gone.

use booking_ports::HoldRecord;

use crate::gateway::Shared;
use crate::problem::{Problem, ProblemKind};

/// Refuses to ask a sandbox of this run about a hold of an earlier one. The ledger outlives such a
/// sandbox, the next one counts its transactions from the same number, and would answer with
/// somebody else's ticket.
pub(super) fn refuse(gateway: &Shared, record: &HoldRecord) -> Result<(), Problem> {
    let made_at = record.sent_at.unwrap_or(record.begun_at);
    let is_asked_by_number = record.hold().is_some() && record.booking.ticket.is_none();
    if !gateway.options.sandbox || !is_asked_by_number || made_at >= gateway.began_at {
        return Ok(());
    }
    let reference = &record.reference;
    let detail = format!(
        "{reference} was held by the sandbox of an earlier run of this gateway; the one inside this run knows nothing of it, and nothing was asked. Begin with an empty ledger (another XDG_STATE_HOME), or run `seatblock sandbox --settings s.toml` beside the gateway, and that with `--config s.toml`"
    );
    Err(Problem::new(ProblemKind::NotBookable, detail).about(reference, "unconfirmed", true))
}
