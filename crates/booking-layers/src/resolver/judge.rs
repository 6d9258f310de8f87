//! What a provider's transactions say about a reference.

use booking_domain::{Deadline, SeatHold, StatusMeaning, TransactionId};
use booking_ports::{Finding, HoldRecord, Transaction};
use time::OffsetDateTime;

/// What `transactions`, all of which the provider shows for the reference of `record`, prove; and
/// the one to ask for by its number. Seats of a transaction that is found are kept until `over_at`
/// at the latest.
pub(super) fn judge(
    record: &HoldRecord,
    transactions: &[Transaction],
    over_at: OffsetDateTime,
) -> (Finding, Option<TransactionId>) {
    let nothing = |message: String| (Finding::Nothing { message }, None);
    let (ended, live): (Vec<_>, Vec<_>) = transactions
        .iter()
        .partition(|transaction| transaction.status.meaning() == StatusMeaning::Ended);
    match (&live[..], &ended[..]) {
        ([], []) => nothing("no transaction names the reference".to_owned()),
        ([transaction], _) => match mismatch(record, transaction) {
            None => {
                let hold = SeatHold {
                    reference: record.reference.clone(),
                    transaction_id: transaction.id.clone(),
                    status: transaction.status.clone(),
                    deadline: Deadline::not_stated(over_at),
                };
                (Finding::Held(hold), Some(transaction.id.clone()))
            }
            Some(what) => {
                tracing::error!(
                    reference = %record.reference, transaction = %transaction.id,
                    "a transaction under this reference has another {what} than was ordered"
                );
                nothing(format!(
                    "transaction {} has another {what} than was ordered; somebody has to look",
                    transaction.id
                ))
            }
        },
        ([], ended) => {
            let [.., last] = ended else {
                return nothing("no transaction names the reference".to_owned());
            };
            let message = format!("transaction {} is {}", last.id, last.status.word());
            (Finding::Over { message }, None)
        }
        (live, _) => {
            tracing::error!(reference = %record.reference, "several live transactions under one reference");
            let ids: Vec<_> = live.iter().map(|one| one.id.as_str()).collect();
            nothing(format!(
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
