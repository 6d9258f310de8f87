//! `seatblock recover`: takes over what a dead process left, and settles what is unknown.

use std::time::Duration;

use booking_layers::{Merged, Sweep, SweepProgress};
use booking_ports::HoldRecord;
use clap::Args;
use serde_json::{Map, Value, json};

use crate::Run;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::{Report, columns, note, object};

/// How long a watcher waits between two sweeps.
const BETWEEN_SWEEPS: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Go on, a sweep every 30 s, until interrupted
    #[arg(long)]
    watch: bool,
}

/// Sweeps the ledger.
///
/// # Errors
///
/// Settings or a ledger that cannot be used.
pub(crate) async fn run(run: Run, arguments: Arguments) -> anyhow::Result<Exit> {
    let desk = Desk::open(&run).await?;
    let mut interrupt = Interrupt::listen()?;
    loop {
        let merged = desk.ledger.merge_spill().await;
        let told = |progress: SweepProgress| {
            tracing::info!(
                looked_at = progress.looked_at,
                settled = progress.settled,
                "recovering"
            );
        };
        let sweep = tokio::select! {
            sweep = desk.resolver.sweep(told) => sweep?,
            () = interrupt.wait() => {
                note("interrupted; what was settled is recorded");
                return Ok(Exit::Unknown);
            }
        };
        run.output.result(&RecoverReport {
            merged,
            sweep: &sweep,
            can_repeat: desk.ledger.keeps_orders,
        });
        if !arguments.watch {
            return Ok(if sweep.left.is_empty() {
                Exit::Done
            } else {
                Exit::Unknown
            });
        }
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_SWEEPS) => {}
            () = interrupt.wait() => return Ok(Exit::Done),
        }
    }
}

struct RecoverReport<'a> {
    merged: Merged,
    sweep: &'a Sweep,
    can_repeat: bool,
}

/// What is left to do about a reference that could not be settled.
fn advice(record: &HoldRecord) -> String {
    let reference = &record.reference;
    format!(
        "see `seatblock hold {reference}`; ask Klikoo for it, and tell the answer with `seatblock settle {reference}`, or wait: it ends by itself"
    )
}

impl Report for RecoverReport<'_> {
    fn json(&self) -> Map<String, Value> {
        let progress = self.sweep.progress;
        let left: Value = self
            .sweep
            .left
            .iter()
            .map(|record| {
                json!({
                    "partner_reference_no": record.reference.as_str(),
                    "state": record.state.name().replace(' ', "_"),
                    "advice": advice(record),
                })
            })
            .collect();
        object([
            ("outcome", "recovered".into()),
            ("merged", self.merged.told.into()),
            ("looked_at", progress.looked_at.into()),
            ("settled", progress.settled.into()),
            ("expired", progress.expired.into()),
            ("left", left),
        ])
    }

    fn text(&self) -> String {
        let progress = self.sweep.progress;
        let mut rows = vec![
            ("from the spill file", self.merged.told.to_string()),
            ("looked at", progress.looked_at.to_string()),
            ("settled", progress.settled.to_string()),
            ("expired", progress.expired.to_string()),
            ("left", self.sweep.left.len().to_string()),
        ];
        for record in &self.sweep.left {
            let state = record.state.name();
            rows.push((
                "",
                format!("{} ({state}): {}", record.reference, advice(record)),
            ));
        }
        if !self.sweep.left.is_empty() && !self.can_repeat {
            let why =
                "without ledger.key_file orders are not stored, so none could be sent once more";
            rows.push(("note", why.to_owned()));
        }
        format!("recovered\n{}", columns(&rows))
    }
}
