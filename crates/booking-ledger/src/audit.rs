//! Whether a ledger is sound, and a copy of it for others.

use std::io::Write;

use booking_domain::{JAKARTA, Tenant};
use booking_ports::{HoldRecord, LedgerError};
use serde::Serialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::row::{DerivedRow, EntryRow, HoldRow};

/// So many references are read at once.
pub(crate) const PAGE: i64 = 500;

/// What a check looked at and found.
///
/// ```
/// use booking_ledger::Checked;
///
/// assert!(Checked { holds: 2, entries: 5, faults: vec![] }.is_sound());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many references were looked at.
    pub holds: u64,
    /// How many entries they have.
    pub entries: u64,
    /// What is wrong, a sentence each.
    pub faults: Vec<String>,
}

impl Checked {
    /// Whether nothing is wrong.
    ///
    /// ```
    /// # use booking_ledger::Checked;
    /// assert!(Checked::default().is_sound());
    /// ```
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

#[derive(Serialize)]
struct Line<'a> {
    number: i64,
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
    product_code: String,
    selling_price: u64,
    legs: &'a RawValue,
    state: &'a str,
    attempts: u32,
    begun_at: String,
    changed_at: String,
    entries: Vec<LineEntry<'a>>,
}

#[derive(Serialize)]
struct LineEntry<'a> {
    at: String,
    fact: &'a RawValue,
}

/// A reference with its entries, as both were at one moment.
pub(crate) type Hold = (HoldRow, Vec<EntryRow>);

/// Gives each reference its entries. Both are sorted by the reference's number.
pub(crate) fn with_entries(rows: Vec<HoldRow>, entries: Vec<EntryRow>) -> Vec<Hold> {
    let mut entries = entries.into_iter().peekable();
    let with_entries = |row: HoldRow| {
        let mut own = Vec::new();
        while let Some(entry) = entries.next_if(|entry| entry.hold == row.number) {
            own.push(entry);
        }
        (row, own)
    };
    rows.into_iter().map(with_entries).collect()
}

impl Checked {
    /// Looks at these too.
    pub(crate) fn look(&mut self, page: &[Hold]) {
        for (row, entries) in page {
            self.holds += 1;
            self.entries += entries.len() as u64;
            match fault(row, entries) {
                Ok(None) => {}
                Ok(Some(fault)) => self.faults.push(fault),
                Err(error) => self.faults.push(error.to_string()),
            }
        }
    }
}

/// Writes a line for each; answers how many.
pub(crate) fn export(page: &[Hold], out: &mut (dyn Write + Send)) -> Result<u64, LedgerError> {
    for (row, entries) in page {
        let mut line = line(row, entries)?;
        line.push(b'\n');
        out.write_all(&line)
            .map_err(|error| LedgerError::Unavailable {
                message: format!("the export cannot be written: {error}"),
                cause: None,
            })?;
    }
    Ok(page.len() as u64)
}

fn fault(row: &HoldRow, entries: &[EntryRow]) -> Result<Option<String>, LedgerError> {
    let mut record = row.beginning()?;
    for entry in entries {
        let entry = entry.entry()?;
        if let Err(error) = record.apply(&entry.fact, entry.at) {
            return Ok(Some(format!("{}: {error}", record.reference)));
        }
    }
    // Written anew on both sides, so that only what it means is compared.
    let stored = DerivedRow::of(&row.record()?)?;
    let sound = DerivedRow::of(&record)? == stored
        && stored.deadline == row.derived.deadline
        && stored.unsettled == row.derived.unsettled;
    Ok((!sound).then(|| {
        format!(
            "{} is {} in the table, but {} by its entries, or differs from them otherwise",
            record.reference,
            row.derived.state,
            record.state.name()
        )
    }))
}

fn line(row: &HoldRow, entries: &[EntryRow]) -> Result<Vec<u8>, LedgerError> {
    let record: HoldRecord = row.record()?;
    let entries = entries
        .iter()
        .map(|entry| {
            Ok(LineEntry {
                at: in_jakarta(entry.entry()?.at)?,
                fact: raw(&entry.fact)?,
            })
        })
        .collect::<Result<_, LedgerError>>()?;
    let line = Line {
        number: row.number,
        reference: record.reference.to_string(),
        tenant: record.outline.tenant.as_ref().map(Tenant::as_str),
        product_code: record.outline.product_code.to_string(),
        selling_price: record.outline.selling_price.get(),
        legs: raw(row.legs())?,
        state: record.state.name(),
        attempts: record.attempts,
        begun_at: in_jakarta(record.begun_at)?,
        changed_at: in_jakarta(record.changed_at)?,
        entries,
    };
    serde_json::to_vec(&line).map_err(|_| unreadable())
}

fn raw(json: &str) -> Result<&RawValue, LedgerError> {
    serde_json::from_str(json).map_err(|_| unreadable())
}

fn in_jakarta(at: OffsetDateTime) -> Result<String, LedgerError> {
    at.to_offset(JAKARTA)
        .format(&Rfc3339)
        .map_err(|_| unreadable())
}

fn unreadable() -> LedgerError {
    LedgerError::Damaged {
        message: "a reference cannot be written as JSON".to_owned(),
    }
}
