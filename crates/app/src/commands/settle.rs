//! `seatblock settle`: an operator's word about a reference.

use std::time::Duration;

use anyhow::bail;
use booking_domain::{
    Deadline, PartnerReference, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
use booking_ports::{Evidence, Finding, HoldRecord, Source};
use clap::Args;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::hold::reference;
use super::holds::{record_json, state_now};
use crate::Run;
use crate::desk::{LEASE, Ledger};
use crate::exit::Exit;
use crate::output::{Report, columns};

/// Longest reason that is recorded, in characters.
const REASON_MAX: usize = 300;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The order's `partner_reference_no`
    #[arg(value_parser = reference)]
    reference: PartnerReference,
    /// It is held, as this transaction of the provider's
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
    TransactionId::new(text).ok_or_else(|| {
        "a transaction id has 1 to 64 letters or digits, such as 14429004".to_owned()
    })
}

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    let sound = !text.is_empty()
        && text.chars().count() <= REASON_MAX
        && !text.chars().any(char::is_control);
    sound
        .then(|| text.to_owned())
        .ok_or_else(|| format!("write one line of up to {REASON_MAX} characters"))
}

/// Records the word.
///
/// # Errors
///
/// Settings or a ledger that cannot be used; a reference that is unknown to it, or that needs no
/// settling.
pub(crate) async fn run(run: Run, arguments: Arguments) -> anyhow::Result<Exit> {
    let ledger = Ledger::existing(&run).await?;
    let reference = &arguments.reference;
    let Some(claim) = ledger.holds.claim(reference, LEASE).await? else {
        let now = run.clock.now();
        match ledger.holds.find(reference).await? {
            None => bail!("the ledger knows no {reference}; `seatblock holds` lists what it knows"),
            Some(record) if record.is_unsettled() => {
                bail!(
                    "{reference} is being sent or settled by another process; try again in a minute"
                )
            }
            Some(record) => bail!(
                "{reference} is {}, so there is nothing to settle",
                state_now(&record, now)
            ),
        }
    };
    let told = finding(&arguments, &claim.record, ledger.bounds.over_after());
    let finding = match told {
        Ok(finding) => finding,
        Err(error) => {
            ledger.holds.release(&claim).await?;
            return Err(error);
        }
    };
    let evidence = Evidence {
        source: Source::Operator {
            because: arguments.because.clone(),
        },
        finding,
    };
    let record = ledger.holds.learn(reference, &evidence).await?;
    ledger.holds.release(&claim).await?;
    run.output.result(&SettleReport {
        record: &record,
        now: run.clock.now(),
    });
    Ok(Exit::Done)
}

/// What the operator says, in the ledger's terms.
fn finding(
    arguments: &Arguments,
    record: &HoldRecord,
    over_after: Duration,
) -> anyhow::Result<Finding> {
    const WORD: &str = "told by an operator";
    if arguments.not_held {
        return Ok(Finding::Over {
            message: WORD.to_owned(),
        });
    }
    let meaning = if arguments.booked {
        StatusMeaning::Booked
    } else {
        StatusMeaning::Unrecognised
    };
    let status = ProviderStatus::new(meaning, WORD);
    let hold = match (record.hold(), &arguments.transaction_id) {
        (Some(known), Some(other)) if known.transaction_id != *other => bail!(
            "{} is held as transaction {}; if {other} is right, ask Klikoo about both",
            record.reference,
            known.transaction_id
        ),
        (Some(_), _) if !arguments.booked => bail!(
            "that {} is held is known; whether it was booked is not: say --booked or --not-held",
            record.reference
        ),
        (Some(known), _) => SeatHold {
            status,
            ..known.clone()
        },
        (None, Some(transaction_id)) => SeatHold {
            reference: record.reference.clone(),
            transaction_id: transaction_id.clone(),
            status,
            deadline: Deadline::not_stated(record.sent_at.unwrap_or(record.begun_at) + over_after),
        },
        (None, None) => bail!(
            "no transaction of {} is known; name it with --transaction-id",
            record.reference
        ),
    };
    Ok(Finding::Held(hold))
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
            ("state", state_now(self.record, self.now).to_owned()),
        ];
        format!("settled\n{}", columns(&rows))
    }
}
