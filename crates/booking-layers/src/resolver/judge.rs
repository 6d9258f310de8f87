//! What a provider's transactions say about a reference.

use booking_domain::{Deadline, SeatHold, StatusMeaning, TransactionId};
use booking_ports::{Finding, HoldRecord, Transaction};
use time::OffsetDateTime;

/// What transactions prove.
pub(super) struct Judged {
    pub(super) finding: Finding,
    /// Whether something is there that is not believed, so that a person has to look: it may be ours all
    /// the same, and then time does not end it.
    pub(super) is_doubtful: bool,
}

impl Judged {
    pub(super) fn nothing(message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            finding: Finding::Nothing { message },
            is_doubtful: false,
        }
    }

    pub(super) fn doubtful(message: impl Into<String>) -> Self {
        Self {
            is_doubtful: true,
            ..Self::nothing(message)
        }
    }

    /// The transaction that is believed to hold.
    pub(super) fn held(&self) -> Option<&TransactionId> {
        match &self.finding {
            Finding::Held(hold) => Some(&hold.transaction_id),
            _ => None,
        }
    }
}

impl From<Finding> for Judged {
    fn from(finding: Finding) -> Self {
        Self {
            finding,
            is_doubtful: false,
        }
    }
}

/// What `transactions`, all of which the provider shows for the reference of `record`, prove. Seats of a
/// transaction that is found are kept until `over_at` at the latest.
pub(super) fn judge(
    record: &HoldRecord,
    transactions: &[Transaction],
    over_at: OffsetDateTime,
) -> Judged {
    for transaction in transactions {
        if let Some(what) = mismatch(record, transaction) {
            tracing::error!(
                reference = %record.reference, transaction = %transaction.id,
                "a transaction under this reference has another {what} than was ordered"
            );
            return Judged::doubtful(format!(
                "transaction {} has another {what} than was ordered; somebody has to look",
                transaction.id
            ));
        }
    }
    let (ended, live): (Vec<_>, Vec<_>) = transactions
        .iter()
        .partition(|transaction| transaction.status.meaning() == StatusMeaning::Ended);
    match (&live[..], &ended[..]) {
        ([], []) => Judged::nothing("no transaction names the reference"),
        ([transaction], _) => Finding::Held(SeatHold {
            reference: record.reference.clone(),
            transaction_id: transaction.id.clone(),
            status: transaction.status.clone(),
            deadline: Deadline::not_stated(over_at),
        })
        .into(),
        ([], [.., last]) => {
            let message = format!("transaction {} is {}", last.id, last.status.word());
            Finding::Over { message }.into()
        }
        (live, _) => {
            tracing::error!(reference = %record.reference, "several live transactions under one reference");
            let ids: Vec<_> = live.iter().map(|one| one.id.as_str()).collect();
            Judged::doubtful(format!(
                "several live transactions name the reference ({}); somebody has to look",
                ids.join(", ")
            ))
        }
    }
}

fn mismatch(record: &HoldRecord, transaction: &Transaction) -> Option<&'static str> {
    if transaction
        .reference
        .as_ref()
        .is_some_and(|reference| *reference != record.reference)
    {
        return Some("reference");
    }
    transaction
        .amount
        .is_some_and(|amount| amount != record.outline.selling_price.get())
        .then_some("amount")
}
