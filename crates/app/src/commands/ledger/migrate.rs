//! `seatblock ledger migrate`: brings the schema up to date, when somebody is there to see it.

use booking_ledger::LedgerSchema;
use serde_json::{Map, Value};

use crate::Run;
use crate::exit::Exit;
use crate::output::{Report, columns, object};
use crate::settings::LedgerSettings;

/// Migrates.
///
/// # Errors
///
/// Settings or a ledger that cannot be used, one of a newer schema among them.
pub(super) async fn run(run: &Run) -> anyhow::Result<Exit> {
    let place = LedgerSettings::load(run.config.as_deref())?.place;
    let before = place.migrate().await?;
    run.output.result(&MigrateReport(before));
    Ok(Exit::Done)
}

struct MigrateReport(LedgerSchema);

impl MigrateReport {
    fn word(&self) -> &'static str {
        match self.0.found {
            None => "made",
            Some(_) if self.0.is_old() => "migrated",
            Some(_) => "up_to_date",
        }
    }
}

impl Report for MigrateReport {
    fn json(&self) -> Map<String, Value> {
        object([
            ("outcome", self.word().into()),
            ("schema_before", self.0.found.into()),
            ("schema", self.0.known.into()),
        ])
    }

    fn text(&self) -> String {
        let mut rows = Vec::new();
        if let Some(found) = self.0.found {
            rows.push(("schema before", found.to_string()));
        }
        rows.push(("schema", self.0.known.to_string()));
        format!("{}\n{}", self.word().replace('_', " "), columns(&rows))
    }
}
