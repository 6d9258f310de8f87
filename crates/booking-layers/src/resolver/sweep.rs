//! Settles everything that waits to be settled, and forgets whose time has come.

use std::sync::Arc;

use booking_ports::{
    DamagedRecord, Evidence, Finding, HoldRecord, LedgerError, Page, Source, Which,
};
use tokio::task::JoinSet;

use super::Resolver;
use super::due::is_due;
use crate::shredder::Shredder;

/// How many references are settled at the same time.
const AT_ONCE: usize = 32;

/// How many records are read at a time.
const PAGE: u32 = 500;

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
        progress: impl FnMut(SweepProgress) + Send,
    ) -> Result<Sweep, LedgerError> {
        self.sweep_those(progress, |_| true).await
    }

    /// As [`sweep`](Self::sweep), but what was asked about lately is left alone, the longer the
    /// older it is: for a process that sweeps again and again, beside others that do the same.
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
        let tasks = Arc::clone(&self.tasks);
        // Whoever ends begins nothing more.
        let is_looked_at = move |record: &HoldRecord| !tasks.is_closed() && is_due(record, now);
        self.sweep_those(progress, is_looked_at).await
    }

    async fn sweep_those(
        &self,
        mut progress: impl FnMut(SweepProgress) + Send,
        is_looked_at: impl Fn(&HoldRecord) -> bool + Send,
    ) -> Result<Sweep, LedgerError> {
        let mut sweep = Sweep::default();
        self.end_passed_holds(&mut sweep.progress, &mut progress)
            .await?;
        let mut page = Page::first(PAGE);
        let mut failed = None;
        while failed.is_none() {
            let listed = self.ledger.list(&Which::Unsettled.into(), page).await?;
            let Some(next) = listed.next_page(PAGE) else {
                break;
            };
            page = next;
            for damaged in &listed.damaged {
                tracing::error!(
                    reference = damaged.reference,
                    damage = damaged.message,
                    "a record is damaged and cannot be settled; `seatblock ledger check` tells more"
                );
            }
            sweep.damaged.extend(listed.damaged);
            let mut waiting = listed.records.into_iter();
            let mut running = JoinSet::new();
            loop {
                while running.len() < AT_ONCE
                    && let Some(record) = waiting.by_ref().find(|record| is_looked_at(record))
                {
                    let resolver = self.clone();
                    running.spawn(async move { resolver.settle(&record.reference).await });
                }
                let Some(settled) = running.join_next().await else {
                    break;
                };
                let record = match settled {
                    Ok(Ok(record)) => record,
                    // Another was at it meanwhile, and knows more.
                    Ok(Err(LedgerError::Fenced { .. } | LedgerError::NotFound { .. })) => continue,
                    Ok(Err(error)) => {
                        // Those that have begun are finished, so that their claims are given back.
                        failed = Some(error);
                        waiting = Vec::new().into_iter();
                        continue;
                    }
                    Err(_) => {
                        tracing::error!("settling ended by an internal error");
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
        self.shred_ended(&mut sweep.progress, &mut progress).await;
        Ok(sweep)
    }

    async fn end_passed_holds(
        &self,
        done: &mut SweepProgress,
        progress: &mut (impl FnMut(SweepProgress) + Send),
    ) -> Result<(), LedgerError> {
        loop {
            let now = self.clock.now();
            let first = self
                .ledger
                .list(&Which::NextToExpire.into(), Page::first(PAGE))
                .await?;
            let passed: Vec<_> = first
                .records
                .iter()
                .filter(|record| record.deadline().is_some_and(|it| it.has_passed(now)))
                .collect();
            if passed.is_empty() {
                return Ok(());
            }
            for record in passed {
                let message = "its deadline has passed".to_owned();
                let evidence = Evidence {
                    source: Source::Time,
                    finding: Finding::Over { message },
                };
                self.ledger.learn(&record.reference, &evidence).await?;
                done.expired += 1;
                progress(*done);
            }
        }
    }
    async fn shred_ended(
        &self,
        done: &mut SweepProgress,
        progress: &mut (impl FnMut(SweepProgress) + Send),
    ) {
        let keep = self.bounds.shred_after.try_into();
        let keep = keep.unwrap_or(time::Duration::MAX);
        let Some(moment) = self.clock.now().checked_sub(keep) else {
            return;
        };
        let tell = |shredded| {
            done.shredded = shredded;
            progress(*done);
        };
        let shredder = Shredder::new(Arc::clone(&self.ledger));
        // What could be settled is; people wait for the next sweep.
        if let Err(error) = shredder.ended_before(moment, tell).await {
            tracing::warn!(%error, "not all could be shredded that have ended");
        }
    }
}
