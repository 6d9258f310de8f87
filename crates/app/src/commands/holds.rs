//! `seatblock holds`: the references of the ledger, in a table.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use booking_domain::{Deadline, SeatName, Tenant, TripId, rfc3339};
use booking_ports::{DamagedRecord, HoldLedger, HoldRecord, LedgerError, Listing, Page, Which};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::Run;
use crate::clock::time_left;
use crate::desk::Ledger;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::{Report, object};

/// How often a watched table is drawn anew.
const REDRAW: Duration = Duration::from_secs(1);

/// How many records are read at a time.
const PAGE: u32 = 500;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only those of this state
    #[arg(long, value_name = "STATE")]
    state: Option<State>,
    /// Only those of this tenant
    #[arg(long, value_name = "NAME", value_parser = tenant)]
    tenant: Option<Tenant>,
    /// Only those of this trip, there or back
    #[arg(long, value_name = "TRIP_ID", value_parser = trip)]
    trip: Option<TripId>,
    /// At most so many, those that were begun last
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
    /// Draw the table anew each second, until interrupted
    #[arg(long)]
    watch: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    Sending,
    Held,
    HeldWithoutReceipt,
    Refused,
    NotSent,
    Unknown,
    Booked,
    Expired,
    /// What has to be settled: unknown, held without receipt, sending
    Unsettled,
}

impl State {
    fn which(self) -> Which {
        Which::State(match self {
            Self::Sending => "sending",
            Self::Held => "held",
            Self::HeldWithoutReceipt => "held without receipt",
            Self::Refused => "refused",
            Self::NotSent => "not sent",
            Self::Unknown => "unknown",
            Self::Booked => "booked",
            Self::Expired => "expired",
            Self::Unsettled => return Which::Unsettled,
        })
    }
}

fn tenant(text: &str) -> Result<Tenant, String> {
    Tenant::new(text).map_err(|fault| fault.message)
}

fn trip(text: &str) -> Result<TripId, String> {
    let id = text
        .parse()
        .map_err(|_| "is not a whole number".to_owned())?;
    TripId::new(id).map_err(|fault| fault.message)
}

/// Lists the ledger.
///
/// # Errors
///
/// Settings or a ledger that cannot be used.
pub(crate) async fn run(run: Run, arguments: Arguments) -> anyhow::Result<Exit> {
    let ledger = Ledger::existing(&run).await?;
    let listing = Listing {
        tenant: arguments.tenant,
        trip: arguments.trip,
        ..arguments.state.map_or(Which::All, State::which).into()
    };
    let mut interrupt = Interrupt::listen()?;
    loop {
        let (mut records, damaged) = all(&*ledger.holds, &listing).await?;
        if let Some(limit) = arguments.limit {
            records.drain(..records.len().saturating_sub(limit));
        }
        let redraws = arguments.watch && std::io::stdout().is_terminal() && !run.output.json;
        if redraws {
            // Clears the screen and begins at its top.
            write!(std::io::stdout(), "\u{1b}[2J\u{1b}[H")?;
        }
        let told = run.output.result(&HoldsReport {
            records: &records,
            damaged: &damaged,
            now: run.clock.now(),
        });
        if !arguments.watch || !told {
            return Ok(Exit::Done);
        }
        tokio::select! {
            () = tokio::time::sleep(REDRAW) => {}
            () = interrupt.wait() => return Ok(Exit::Done),
        }
    }
}

/// Every record that there is, page by page, and those that cannot be read.
async fn all(
    ledger: &dyn HoldLedger,
    listing: &Listing,
) -> Result<(Vec<HoldRecord>, Vec<DamagedRecord>), LedgerError> {
    let (mut records, mut damaged) = (Vec::new(), Vec::new());
    let mut page = Page::first(PAGE);
    loop {
        let more = ledger.list(listing, page).await?;
        match more.next_page(PAGE) {
            None => return Ok((records, damaged)),
            Some(next) => page = next,
        }
        records.extend(more.records);
        damaged.extend(more.damaged);
    }
}

struct HoldsReport<'a> {
    records: &'a [HoldRecord],
    damaged: &'a [DamagedRecord],
    now: OffsetDateTime,
}

impl Report for HoldsReport<'_> {
    fn json(&self) -> Map<String, Value> {
        let holds: Value = self
            .records
            .iter()
            .map(|record| Value::Object(record_json(record, self.now)))
            .collect();
        let mut told = object([("outcome", "listed".into()), ("holds", holds)]);
        if !self.damaged.is_empty() {
            let damaged = self.damaged.iter().map(damaged_json).collect();
            told.insert("damaged".to_owned(), damaged);
        }
        told
    }

    fn text(&self) -> String {
        let header = ["REFERENCE", "TRIP", "SEATS", "STATE", "HELD UNTIL", "LEFT"];
        let rows = self.records.iter().map(|record| row(record, self.now));
        let rows: Vec<[String; 6]> = std::iter::once(header.map(str::to_owned))
            .chain(rows)
            .collect();
        let widths: Vec<usize> = (0..header.len())
            .map(|column| {
                let width = |row: &[String; 6]| row[column].chars().count();
                rows.iter().map(width).max().unwrap_or(0)
            })
            .collect();
        let line = |row: &[String; 6]| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            format!("{}\n", cells.join("  ").trim_end())
        };
        let damaged = self.damaged.iter().map(|damaged| {
            format!(
                "{} is damaged ({}); `seatblock ledger check` tells more\n",
                damaged.reference, damaged.message
            )
        });
        rows.iter().map(line).chain(damaged).collect()
    }
}

fn row(record: &HoldRecord, now: OffsetDateTime) -> [String; 6] {
    let join = |words: Vec<String>| words.join(" + ");
    let legs = &record.outline.legs;
    let seats = |leg: &booking_ports::LegOutline| {
        let names: Vec<&str> = leg.seats.iter().map(SeatName::as_str).collect();
        names.join(",")
    };
    let (until, left) = match record.deadline() {
        Some(deadline) if !deadline.is_stated() => ("not stated".to_owned(), String::new()),
        Some(deadline) => (rfc3339(deadline.at()), time_left(deadline.time_left(now))),
        None => Default::default(),
    };
    [
        record.reference.to_string(),
        join(legs.iter().map(|leg| leg.trip_id.to_string()).collect()),
        join(legs.iter().map(seats).collect()),
        record.state_at(now).to_owned(),
        until,
        left,
    ]
}

/// What stands where a record cannot be read.
pub(crate) fn damaged_json(damaged: &DamagedRecord) -> Value {
    json!({"partner_reference_no": damaged.reference, "message": damaged.message})
}

/// A record without anything personal.
pub(crate) fn record_json(record: &HoldRecord, now: OffsetDateTime) -> Map<String, Value> {
    let legs: Value = record
        .outline
        .legs
        .iter()
        .map(|leg| {
            let seats: Vec<&str> = leg.seats.iter().map(SeatName::as_str).collect();
            json!({"trip_id": leg.trip_id.get(), "seats": seats})
        })
        .collect();
    let hold = record.hold();
    let stated = hold.map(|hold| hold.deadline).filter(Deadline::is_stated);
    let mut told = object([
        ("partner_reference_no", record.reference.as_str().into()),
        ("state", record.state_at(now).replace(' ', "_").into()),
        ("legs", legs),
        ("selling_price", record.outline.selling_price.get().into()),
        ("attempts", record.attempts.into()),
        (
            "transaction_id",
            hold.map(|hold| hold.transaction_id.as_str()).into(),
        ),
        ("expires_at", stated.map(|it| rfc3339(it.at())).into()),
        (
            "seconds_left",
            stated.map(|it| it.time_left(now).whole_seconds()).into(),
        ),
        ("begun_at", rfc3339(record.begun_at).into()),
        ("changed_at", rfc3339(record.changed_at).into()),
    ]);
    if let Some(tenant) = &record.outline.tenant {
        told.insert("tenant".to_owned(), tenant.as_str().into());
    }
    told
}
