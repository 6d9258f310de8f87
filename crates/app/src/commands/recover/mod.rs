//! `seatblock recover`: takes over what a dead process left, and settles what is unknown.

mod bar;
mod left;

use std::time::Duration;

use booking_layers::{Merged, Sweep, SweepProgress};
use booking_ports::{DamagedRecord, LedgerError};
use clap::Args;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use self::bar::Bar;
use self::left::Left;

use crate::Run;
use crate::commands::holds::damaged_json;
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
    let desk = Desk::existing(&run).await?;
    let mut interrupt = Interrupt::listen()?;
    loop {
        let merged = desk.ledger.merge_spill().await;
        let bar = Bar::start(run.output, &desk.ledger.holds).await?;
        let told = |progress: SweepProgress| {
            bar.show(progress);
            tracing::info!(
                looked_at = progress.looked_at,
                settled = progress.settled,
                "recovering"
            );
        };
        let mut sweep = tokio::select! {
            sweep = desk.resolver.sweep(told) => sweep?,
            () = interrupt.wait() => {
                note("interrupted; what was settled is recorded");
                return Ok(Exit::Unknown);
            }
        };
        drop(bar);
        let progress = sweep.progress;
        let left = left(&desk, &mut sweep, run.clock.now()).await?;
        let damaged = sweep.damaged;
        run.output.result(&RecoverReport {
            merged,
            progress,
            left: &left,
            damaged: &damaged,
            can_repeat: desk.ledger.keeps_orders,
        });
        if !arguments.watch {
            return Ok(if left.is_empty() && damaged.is_empty() {
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

/// What the sweep left, with the reason that its story tells; damaged where that cannot be read.
async fn left(
    desk: &Desk,
    sweep: &mut Sweep,
    now: OffsetDateTime,
) -> Result<Vec<Left>, LedgerError> {
    let over_after = desk.ledger.bounds.over_after();
    let mut all = Vec::with_capacity(sweep.left.len());
    for record in std::mem::take(&mut sweep.left) {
        match desk.ledger.holds.story(&record.reference).await {
            Ok(story) => all.push(Left::new(record, &story, over_after, now)),
            Err(error @ LedgerError::Damaged { .. }) => {
                sweep.damaged.push(DamagedRecord::of(&record, &error));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

struct RecoverReport<'a> {
    merged: Merged,
    progress: SweepProgress,
    left: &'a [Left],
    damaged: &'a [DamagedRecord],
    can_repeat: bool,
}

impl Report for RecoverReport<'_> {
    fn json(&self) -> Map<String, Value> {
        let progress = self.progress;
        let left: Value = self.left.iter().map(Left::json).collect();
        object([
            ("outcome", "recovered".into()),
            ("merged", self.merged.told.into()),
            ("looked_at", progress.looked_at.into()),
            ("settled", progress.settled.into()),
            ("expired", progress.expired.into()),
            ("shredded", progress.shredded.into()),
            ("left", left),
            ("damaged", self.damaged.iter().map(damaged_json).collect()),
        ])
    }

    fn text(&self) -> String {
        let progress = self.progress;
        let mut rows = vec![
            ("from the spill file", self.merged.told.to_string()),
            ("looked at", progress.looked_at.to_string()),
            ("settled", progress.settled.to_string()),
            ("expired", progress.expired.to_string()),
            ("forgotten", progress.shredded.to_string()),
            ("left", self.left.len().to_string()),
        ];
        if !self.left.is_empty() && !self.can_repeat {
            let why =
                "without ledger.key_file orders are not stored, so none could be sent once more";
            rows.push(("note", why.to_owned()));
        }
        for damaged in self.damaged {
            let what = format!(
                "{} ({}); `seatblock ledger check` tells more",
                damaged.reference, damaged.message
            );
            rows.push(("damaged", what));
        }
        let left: Vec<String> = self.left.iter().map(Left::text).collect();
        format!("recovered\n{}{}", columns(&rows), left.concat())
    }
}
