//! `seatblock ledger shred`: forgets people.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use booking_domain::PartnerReference;
use booking_layers::{Erased, Shredder};
use booking_ports::LedgerError;
use clap::Args;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::Run;
use crate::commands::hold::reference;
use crate::desk::Ledger;
use crate::exit::Exit;
use crate::input;
use crate::output::{Report, columns, object};

/// Longest text that is looked for; no value of an order is longer.
const PERSON_MAX: usize = 1024;

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Arguments {
    /// The `partner_reference_no` of a settled order
    #[arg(value_parser = reference)]
    reference: Option<PartnerReference>,
    /// Every order that ended at least so long ago, such as 24h
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    ended_for: Option<Duration>,
    /// Every order that names one person: a file (or - for stdin) with one line of plain text, their
    /// identity number, email address or phone number as it was ordered. None of these belongs on a
    /// command line
    #[arg(long, value_name = "FILE")]
    person: Option<PathBuf>,
}

/// Does it.
///
/// # Errors
///
/// A ledger that cannot be used; a reference that is unknown or not settled; a file without a
/// text to look for.
pub(super) async fn run(run: &Run, ledger: &Ledger, arguments: Arguments) -> anyhow::Result<Exit> {
    let shredder = Shredder::new(ledger.holds.clone());
    if let Some(file) = &arguments.person {
        let person = person(file)?;
        let report = PersonReport {
            erased: shredder.person(&person).await?,
            keeps_orders: ledger.keeps_orders,
        };
        run.output.result(&report);
        return Ok(report.exit());
    }
    if let Some(ended_for) = arguments.ended_for {
        let moment = time::Duration::try_from(ended_for)
            .ok()
            .and_then(|ago| run.clock.now().checked_sub(ago))
            .context("--ended-for goes back beyond all time")?;
        let orders = shredder.ended_before(moment, |_| ()).await?;
        run.output.result(&RuleReport { orders });
        return Ok(Exit::Done);
    }
    let Some(reference) = arguments.reference else {
        bail!("name a reference, --ended-for or --person");
    };
    match ledger.holds.shred(&reference).await {
        Ok(()) => {
            run.output.result(&ReferenceReport(&reference));
            Ok(Exit::Done)
        }
        Err(error @ LedgerError::Unsettled { .. }) => Err(error)
            .with_context(|| format!("see `seatblock hold {reference}`, and settle it first")),
        Err(error) => Err(error.into()),
    }
}

/// The text to look for.
fn person(file: &Path) -> anyhow::Result<Zeroizing<String>> {
    let bytes = Zeroizing::new(input::read_capped(file, PERSON_MAX)?);
    let text = std::str::from_utf8(&bytes).unwrap_or_default().trim();
    if text.is_empty() || bytes.len() > PERSON_MAX || text.lines().count() > 1 {
        bail!(
            "{} has to hold one line of text: an identity number, an email address or a phone number",
            input::shown(file)
        );
    }
    let is_a_date = text.len() == 10 && text.bytes().all(|it| it.is_ascii_digit() || it == b'-');
    if is_a_date && text.contains('-') {
        bail!(
            "a date of birth belongs to many people; give an identity number, an email address or a phone number"
        );
    }
    Ok(Zeroizing::new(text.to_owned()))
}

struct ReferenceReport<'a>(&'a PartnerReference);

impl Report for ReferenceReport<'_> {
    fn json(&self) -> Map<String, Value> {
        object([
            ("outcome", "shredded".into()),
            ("partner_reference_no", self.0.as_str().into()),
        ])
    }

    fn text(&self) -> String {
        format!(
            "shredded\n{}",
            columns(&[("reference", self.0.to_string())])
        )
    }
}

struct RuleReport {
    orders: usize,
}

impl Report for RuleReport {
    fn json(&self) -> Map<String, Value> {
        object([
            ("outcome", "shredded".into()),
            ("orders", self.orders.into()),
        ])
    }

    fn text(&self) -> String {
        format!(
            "shredded\n{}",
            columns(&[("orders", self.orders.to_string())])
        )
    }
}

struct PersonReport {
    erased: Erased,
    keeps_orders: bool,
}

impl PersonReport {
    fn is_whole(&self) -> bool {
        let erased = &self.erased;
        erased.unsettled.is_empty() && erased.unreadable.is_empty() && erased.damaged.is_empty()
    }

    fn exit(&self) -> Exit {
        if self.is_whole() {
            Exit::Done
        } else {
            Exit::Unknown
        }
    }

    fn word(&self) -> &'static str {
        if self.is_whole() {
            "shredded"
        } else {
            "incomplete"
        }
    }
}

fn texts(references: &[PartnerReference]) -> Vec<&str> {
    references.iter().map(PartnerReference::as_str).collect()
}

impl Report for PersonReport {
    fn json(&self) -> Map<String, Value> {
        object([
            ("outcome", self.word().into()),
            ("shredded", texts(&self.erased.shredded).into()),
            ("unsettled", texts(&self.erased.unsettled).into()),
            ("unreadable", texts(&self.erased.unreadable).into()),
            ("damaged", self.erased.damaged.clone().into()),
        ])
    }

    fn text(&self) -> String {
        let mut rows = vec![("orders", self.erased.shredded.len().to_string())];
        for reference in &self.erased.unsettled {
            let what = format!("{reference} may still be needed; settle it, then shred again");
            rows.push(("left", what));
        }
        for reference in &self.erased.unreadable {
            let what = format!("{reference} was sealed by another key; give that ledger.key_file");
            rows.push(("left", what));
        }
        for reference in &self.erased.damaged {
            let what = format!("{reference} is damaged; `seatblock ledger check` tells more");
            rows.push(("left", what));
        }
        if self.erased.shredded.is_empty() && self.is_whole() && self.keeps_orders {
            let why = "no order that is kept has this text, letter for letter; a phone number may stand there as 08…, 62… or +62…";
            rows.push(("note", why.to_owned()));
        }
        if !self.keeps_orders {
            let why = "without ledger.key_file no order is stored, and none that was can be read";
            rows.push(("note", why.to_owned()));
        }
        format!("{}\n{}", self.word(), columns(&rows))
    }
}
