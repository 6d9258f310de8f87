//! `seatblock hold`: the whole story of a reference.

use anyhow::bail;
use booking_domain::{PartnerReference, rfc3339};
use booking_ports::{Entry, HoldRecord};
use clap::Args;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::holds::record_json;
use crate::Run;
use crate::desk::Ledger;
use crate::exit::Exit;
use crate::output::{Report, columns};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The order's `partner_reference_no`
    #[arg(value_parser = reference)]
    reference: PartnerReference,
}

pub(crate) fn reference(text: &str) -> Result<PartnerReference, String> {
    PartnerReference::new(text).map_err(|fault| fault.message)
}

/// Tells every attempt, answer and piece of evidence.
///
/// # Errors
///
/// Settings or a ledger that cannot be used; a reference that the ledger does not know.
pub(crate) async fn run(run: Run, arguments: Arguments) -> anyhow::Result<Exit> {
    let ledger = Ledger::existing(&run).await?;
    let Some(record) = ledger.holds.find(&arguments.reference).await? else {
        bail!(
            "the ledger knows no {}; `seatblock holds` lists what it knows",
            arguments.reference
        );
    };
    let story = ledger.holds.story(&arguments.reference).await?;
    run.output.result(&HoldReport {
        record: &record,
        story: &story,
        now: run.clock.now(),
    });
    Ok(Exit::Done)
}

struct HoldReport<'a> {
    record: &'a HoldRecord,
    story: &'a [Entry],
    now: OffsetDateTime,
}

impl Report for HoldReport<'_> {
    fn json(&self) -> Map<String, Value> {
        let mut members = record_json(self.record, self.now);
        let story: Value = self
            .story
            .iter()
            .map(|entry| json!({"at": rfc3339(entry.at), "fact": entry.fact.to_string()}))
            .collect();
        members.insert("outcome".to_owned(), "found".into());
        members.insert("story".to_owned(), story);
        members
    }

    fn text(&self) -> String {
        let mut rows = vec![("reference", self.record.reference.to_string())];
        rows.push(("state", self.record.state_at(self.now).to_owned()));
        let lines: Vec<String> = self
            .story
            .iter()
            .map(|entry| {
                let at = rfc3339(entry.at);
                format!("  {at}  {}\n", entry.fact)
            })
            .collect();
        format!("{}{}", columns(&rows), lines.concat())
    }
}
