//! `seatblock settle`: an operator's word about a reference, recorded as it is said.

use anyhow::anyhow;
use booking_domain::{PartnerReference, TransactionId};
use booking_layers::{OperatorFinding, OperatorWord, WordError};
use booking_ports::{HoldRecord, LedgerError};
use clap::Args;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::hold::reference;
use super::holds::record_json;
use crate::Run;
use crate::clock::in_jakarta;
use crate::desk::Ledger;
use crate::exit::Exit;
use crate::output::{Report, columns};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The order's `partner_reference_no`
    #[arg(value_parser = reference)]
    reference: PartnerReference,
    /// It is held, as this transaction of the provider's; Klikoo is not asked, `recover` asks it
    #[arg(long, value_name = "ID", value_parser = transaction_id, required_unless_present_any = ["not_held", "booked"], conflicts_with = "not_held")]
    transaction_id: Option<TransactionId>,
    /// It is booked; with --transaction-id where that was not known
    #[arg(long, conflicts_with = "not_held")]
    booked: bool,
    /// It is neither held nor booked
    #[arg(long)]
    not_held: bool,
    /// Who says so, and how they know; without names of travellers
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    because: String,
}

fn transaction_id(text: &str) -> Result<TransactionId, String> {
    OperatorWord::transaction_id(text).ok_or_else(|| {
        "a transaction id has 1 to 64 letters, digits, - and _, such as 14429004".to_owned()
    })
}

fn reason(text: &str) -> Result<String, String> {
    let reason = OperatorWord::reason(text).map(str::to_owned);
    reason.ok_or_else(|| {
        let max = OperatorWord::REASON_MAX;
        format!("write one line of up to {max} characters")
    })
}

/// Records the word.
///
/// # Errors
///
/// Settings or a ledger that cannot be used; a reference that is unknown to it, or that needs no
/// settling.
pub(crate) async fn run(run: Run, arguments: Arguments) -> anyhow::Result<Exit> {
    let ledger = Ledger::existing(&run).await?;
    let finding = arguments.finding();
    let (reference, now) = (&arguments.reference, run.clock.now());
    let word = OperatorWord {
        finding,
        transaction_id: arguments.transaction_id,
        because: arguments.because,
    };
    let recorded = word
        .record(&*ledger.holds, reference, &ledger.bounds, now)
        .await;
    let record = recorded.map_err(|error| not_recorded(error, reference, &word, now))?;
    run.output.result(&SettleReport {
        record: &record,
        now: run.clock.now(),
    });
    Ok(Exit::Done)
}

impl Arguments {
    fn finding(&self) -> OperatorFinding {
        match (self.not_held, self.booked) {
            (true, _) => OperatorFinding::NotHeld,
            (_, true) => OperatorFinding::Booked,
            _ => OperatorFinding::Held,
        }
    }
}

/// Why the word was not recorded, for whoever typed it.
fn not_recorded(
    error: WordError,
    reference: &PartnerReference,
    word: &OperatorWord,
    now: OffsetDateTime,
) -> anyhow::Error {
    match error {
        WordError::Ledger(LedgerError::NotFound { .. }) => {
            anyhow!("the ledger knows no {reference}; `seatblock holds` lists what it knows")
        }
        WordError::Busy => anyhow!(
            "{reference} is being sent or settled by another process; try again in a minute"
        ),
        WordError::MayBeUnderWay(until) => anyhow!(
            "the process that was sending {reference} cannot be seen any more and may still be at it; \
             seats may be held. Say --not-held after {}, if it is so then",
            in_jakarta(until)
        ),
        WordError::NothingToSettle(record) => anyhow!(
            "{reference} is {}, so there is nothing to settle",
            record.state_at(now)
        ),
        WordError::OtherTransaction(known) => {
            let other = word.transaction_id.as_ref();
            let other = other.map_or("the other", TransactionId::as_str);
            anyhow!(
                "{reference} is held as transaction {known}; if {other} is right, ask Klikoo about both"
            )
        }
        WordError::HeldIsKnown => anyhow!(
            "that {reference} is held is known; whether it was booked is not: say --booked or --not-held"
        ),
        WordError::NoTransaction => {
            anyhow!("no transaction of {reference} is known; name it with --transaction-id")
        }
        error => error.into(),
    }
}

struct SettleReport<'a> {
    record: &'a HoldRecord,
    now: OffsetDateTime,
}

impl Report for SettleReport<'_> {
    fn json(&self) -> Map<String, Value> {
        let mut members = record_json(self.record, self.now);
        members.insert("outcome".to_owned(), "settled".into());
        members
    }

    fn text(&self) -> String {
        let rows = [
            ("reference", self.record.reference.to_string()),
            ("state", self.record.state_at(self.now).to_owned()),
            ("evidence", "your word; Klikoo was not asked".to_owned()),
        ];
        format!("settled\n{}", columns(&rows))
    }
}
