//! How far a sweep has come, for a person who watches.

use std::time::Duration;

use booking_layers::SweepProgress;
use booking_ports::{HoldLedger, LedgerError, Page, Which};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tracing::Level;

use crate::output::Output;

/// How many records are counted at a time.
const PAGE: u32 = 500;

/// A bar on stderr, where that is a terminal and neither JSON nor logs are asked for; else nothing.
pub(super) struct Bar(Option<ProgressBar>);

impl Bar {
    /// Counts what is to be looked at, where it is to be drawn.
    ///
    /// # Errors
    ///
    /// The ledger's.
    pub(super) async fn start(
        output: Output,
        ledger: &dyn HoldLedger,
    ) -> Result<Self, LedgerError> {
        let target = ProgressDrawTarget::stderr();
        if output.json || target.is_hidden() || tracing::enabled!(Level::INFO) {
            return Ok(Self(None));
        }
        let mut all = 0;
        let mut page = Page::first(PAGE);
        loop {
            let listed = ledger.list(&Which::Unsettled.into(), page).await?;
            let Some(next) = listed.next_page(PAGE) else {
                break;
            };
            page = next;
            all += listed.records.len() as u64;
        }
        let bar = ProgressBar::with_draw_target(Some(all), target);
        // The template is a constant, and a wrong one would show the library's own bar.
        if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos} of {len} looked at, {msg}")
        {
            bar.set_style(style);
        }
        bar.set_message(words(SweepProgress::default()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Ok(Self(Some(bar)))
    }

    pub(super) fn show(&self, progress: SweepProgress) {
        if let Some(bar) = &self.0 {
            let looked_at = progress.looked_at as u64;
            // Others may begin and lose more meanwhile.
            bar.set_length(bar.length().unwrap_or(0).max(looked_at));
            bar.set_position(looked_at);
            bar.set_message(words(progress));
        }
    }
}

/// Takes the bar away: the result stands for itself.
impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

fn words(progress: SweepProgress) -> String {
    let left = progress.looked_at.saturating_sub(progress.settled);
    format!("{} settled, {left} left", progress.settled)
}
