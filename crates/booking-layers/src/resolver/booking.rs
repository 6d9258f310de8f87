//! What became of a booking: the provider's transaction says.

use booking_domain::{SeatHold, StatusMeaning};
use booking_ports::{
    Evidence, Finding, HoldLedger, HoldRecord, LedgerError, Source, Transaction, TransactionInquiry,
};

/// Asks for the transaction of `hold` and records what it shows. Tells where the reference then
/// stands, and what the provider's word for it means; `None` where that could not be had.
pub(crate) async fn ask_about_booking(
    ledger: &dyn HoldLedger,
    inquiry: &dyn TransactionInquiry,
    hold: &SeatHold,
) -> Result<(HoldRecord, Option<StatusMeaning>), LedgerError> {
    let id = &hold.transaction_id;
    let nothing = |message: String| (Finding::Nothing { message }, None);
    let (finding, meaning) = match inquiry.by_id(id).await {
        Ok(Some(shown)) => judge(hold, &shown),
        Ok(None) => nothing(format!("transaction {id} is not known")),
        Err(error) => nothing(format!("transaction {id} could not be asked for: {error}")),
    };
    let evidence = Evidence {
        source: Source::Transaction,
        finding,
    };
    tracing::info!(reference = %hold.reference, %evidence, "evidence");
    let record = ledger.learn(&hold.reference, &evidence).await?;
    Ok((record, meaning))
}

fn judge(hold: &SeatHold, shown: &Transaction) -> (Finding, Option<StatusMeaning>) {
    let (id, word) = (&hold.transaction_id, shown.status.word());
    let another = shown
        .reference
        .as_ref()
        .is_some_and(|reference| *reference != hold.reference);
    if another || shown.id != *id {
        tracing::error!(reference = %hold.reference, transaction = %id, "a transaction is another order's");
        let message = format!("transaction {id} is another order's; somebody has to look");
        return (Finding::Nothing { message }, None);
    }
    let meaning = shown.status.meaning();
    let finding = match meaning {
        StatusMeaning::Booked => Finding::Held(SeatHold {
            status: shown.status.clone(),
            ..hold.clone()
        }),
        StatusMeaning::Ended => Finding::Over {
            message: format!("transaction {id} is {word}"),
        },
        // A booking on its way may still arrive; the transaction's end will tell.
        StatusMeaning::Waiting | StatusMeaning::Unrecognised => Finding::Nothing {
            message: format!("transaction {id} is {word}, so it is not booked yet"),
        },
    };
    (finding, Some(meaning))
}
