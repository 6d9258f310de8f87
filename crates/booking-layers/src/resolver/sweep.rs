//! Settles everything that waits to be settled.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use booking_ports::{DamagedRecord, HoldRecord, LedgerError, Page, Which};
use tokio::task::JoinSet;

use super::Resolver;
use super::due::is_due;

/// How many references are settled at the same time.
const AT_ONCE: usize = 32;

/// How many records are read at a time.
const PAGE: u32 = 500;

/// After so long a sweep that comes again begins nothing more: what it has begun is finished, and the
/// next one goes on where it stopped.
const LONGEST: std::time::Duration = std::time::Duration::from_mins(1);

/// What a sweep has done so far.
///
/// ```
/// use booking_layers::SweepProgress;
///
/// let progress = SweepProgress { looked_at: 3, settled: 2, ..Default::default() };
/// assert_eq!(progress.looked_at - progress.settled, 1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepProgress {
    /// References that waited to be settled and were looked at.
    pub looked_at: usize,
    /// Those of them that are settled now.
    pub settled: usize,
    /// Holds whose deadline had passed, and that are now recorded as ended.
    pub expired: usize,
    /// References that ended long enough ago, and whose people are now forgotten.
    pub shredded: usize,
}

/// What a sweep has done, and what it left.
///
/// ```
/// use booking_layers::Sweep;
///
/// fn report(sweep: &Sweep) -> String {
///     format!("{} settled, {} left", sweep.progress.settled, sweep.left.len())
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sweep {
    /// What was done.
    pub progress: SweepProgress,
    /// What is still to be settled: a person has to look, or time has to pass.
    pub left: Vec<HoldRecord>,
    /// What cannot be read, so that nobody knows whether it holds seats.
    pub damaged: Vec<DamagedRecord>,
}

impl Resolver {
    /// Settles all that can be settled now, records holds whose deadline has passed as ended, and
    /// shreds the orders of what ended [long enough](super::ResolverBounds::shred_after) ago.
    /// `progress` is called after each.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: the ledger failed; what was settled before is recorded.
    ///
    /// ```
    /// # use booking_layers::Resolver;
    /// # use booking_ports::LedgerError;
    /// async fn left(resolver: &Resolver) -> Result<usize, LedgerError> {
    ///     Ok(resolver.sweep(|_| ()).await?.left.len())
    /// }
    /// ```
    pub async fn sweep(
        &self,
        mut progress: impl FnMut(SweepProgress) + Send,
    ) -> Result<Sweep, LedgerError> {
        let mut done = SweepProgress::default();
        let expired = |expired| {
            done.expired = expired;
            progress(done);
        };
        let expired = self.expire_each(expired).await?;
        let settled = |settled| progress(SweepProgress { expired, ..settled });
        let mut sweep = self.settle_those(0, settled, |_| true).await?;
        sweep.progress.expired = expired;
        let mut done = sweep.progress;
        let shredded = |shredded| {
            done.shredded = shredded;
            progress(done);
        };
        // What could be settled is; people wait for the next sweep.
        if let Err(error) = self.forget_each(shredded).await {
            tracing::warn!(%error, "not all could be shredded that have ended");
        }
        sweep.progress = done;
        Ok(sweep)
    }

    /// Settles as [`sweep`](Self::sweep) does, for a process that does it again and again, beside others
    /// that do the same: what was asked about lately is left alone, the longer the older it is, and
    /// after a minute nothing more is begun, so that a provider that is silent is asked by 32 at a time
    /// and holds nothing else up. What time alone does is left to [`expire`](Self::expire) and
    /// [`forget`](Self::forget).
    ///
    /// # Errors
    ///
    /// As [`sweep`](Self::sweep).
    ///
    /// ```
    /// # use booking_layers::Resolver;
    /// # use booking_ports::LedgerError;
    /// async fn look_after(resolver: &Resolver) -> Result<usize, LedgerError> {
    ///     Ok(resolver.sweep_due(|_| ()).await?.progress.settled)
    /// }
    /// ```
    pub async fn sweep_due(
        &self,
        progress: impl FnMut(SweepProgress) + Send,
    ) -> Result<Sweep, LedgerError> {
        let now = self.clock.now();
        let (clock, tasks) = (Arc::clone(&self.clock), Arc::clone(&self.tasks));
        let begun = clock.monotonic();
        let after = self.go_on_after.swap(0, Ordering::Relaxed);
        let is_looked_at = |record: &HoldRecord| {
            // Whoever ends begins nothing more.
            if tasks.is_closed() || !is_due(record, now) {
                return false;
            }
            let is_over = clock.monotonic().saturating_sub(begun) >= LONGEST;
            if is_over {
                // The first that is left out; later ones find it written down.
                let before = record.number.saturating_sub(1);
                let (go_on, relaxed) = (&self.go_on_after, Ordering::Relaxed);
                let _written_before = go_on.compare_exchange(0, before, relaxed, relaxed);
            }
            !is_over
        };
        self.settle_those(after, progress, is_looked_at).await
    }

    /// Those that the ledger numbers higher than `after`.
    async fn settle_those(
        &self,
        after: u64,
        mut progress: impl FnMut(SweepProgress) + Send,
        is_looked_at: impl Fn(&HoldRecord) -> bool + Send,
    ) -> Result<Sweep, LedgerError> {
        let mut sweep = Sweep::default();
        let mut page = Page {
            after: Some(after).filter(|after| *after > 0),
            limit: PAGE,
        };
        let mut failed = None;
        while failed.is_none() {
            let listed = self.ledger.list(&Which::Unsettled.into(), page).await?;
            let Some(next) = listed.next_page(PAGE) else {
                break;
            };
            page = next;
            listed.damaged.iter().for_each(tell);
            sweep.damaged.extend(listed.damaged);
            let mut waiting = listed.records.into_iter();
            let mut running = JoinSet::new();
            loop {
                while running.len() < AT_ONCE
                    && let Some(record) = waiting.by_ref().find(|record| is_looked_at(record))
                {
                    let resolver = self.clone();
                    running.spawn(async move {
                        let settled = resolver.settle(&record.reference).await;
                        (record, settled)
                    });
                }
                let Some(ended) = running.join_next().await else {
                    break;
                };
                let Ok((listed, settled)) = ended else {
                    tracing::error!("settling ended by an internal error");
                    continue;
                };
                let record = match settled {
                    Ok(record) => record,
                    // Another was at it meanwhile, and knows more.
                    Err(LedgerError::Fenced { .. } | LedgerError::NotFound { .. }) => continue,
                    // The record was read, but not all that it follows from.
                    Err(error @ LedgerError::Damaged { .. }) => {
                        let damaged = DamagedRecord::of(&listed, &error);
                        tell(&damaged);
                        sweep.damaged.push(damaged);
                        continue;
                    }
                    Err(error) => {
                        // Those that have begun are finished, so that their claims are given back.
                        failed = Some(error);
                        waiting = Vec::new().into_iter();
                        continue;
                    }
                };
                sweep.progress.looked_at += 1;
                if record.is_unsettled() {
                    sweep.left.push(record);
                } else {
                    sweep.progress.settled += 1;
                }
                progress(sweep.progress);
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        Ok(sweep)
    }
}

fn tell(damaged: &DamagedRecord) {
    tracing::error!(
        reference = damaged.reference,
        damage = damaged.message,
        "a record is damaged and cannot be settled; `seatblock ledger check` tells more"
    );
}
