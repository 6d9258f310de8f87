//! The ledger, and what stands around the provider: the one place that stacks the layers.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use booking_domain::BlockOrder;
use booking_gateway::ProviderWatch;
use booking_layers::{
    FileSpill, Merged, Recorded, RecordedTickets, Resolver, ResolverBounds, Settled, Traced,
};
use booking_ledger::LedgerStore;
use booking_ports::{Clock, HoldLedger, Outcome, SeatBlocker};

use crate::Run;
use crate::clock::EarlierClock;
use crate::input::shown;
use crate::output::note;
use crate::set_back;
use crate::settings::{self, LedgerSettings, Mistakes, Purpose, Settings};
use crate::wiring::Provider;

/// For how long a sender keeps one at least, so that a ledger that is slow for a moment is no reason not
/// to send.
const SHORTEST: Duration = Duration::from_secs(10);

/// How often what a failing ledger would not take is told to it again.
const BETWEEN_MERGES: Duration = Duration::from_secs(30);

/// The ledger alone.
pub(crate) struct Ledger {
    pub(crate) holds: Arc<dyn HoldLedger>,
    /// The same, for what only its store can be asked.
    pub(crate) store: Arc<dyn LedgerStore>,
    pub(crate) bounds: ResolverBounds,
    /// What the ledger would not take waits here.
    spill: FileSpill,
    /// Whether orders are stored, sealed, so that one can be sent once more.
    pub(crate) keeps_orders: bool,
}

impl Ledger {
    /// Opens what the settings name, and makes it where it is not there.
    ///
    /// # Errors
    ///
    /// Mistakes in settings, a key file or the ledger itself.
    pub(crate) async fn open(run: &Run) -> anyhow::Result<Self> {
        Self::of(run, LedgerSettings::load(run.config.as_deref())?, true).await
    }

    /// Opens what is there, says which one that is, and makes none: whoever looks for holds in the
    /// wrong place must not be told that there are none.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); there is no ledger.
    pub(crate) async fn existing(run: &Run) -> anyhow::Result<Self> {
        Self::of(run, LedgerSettings::load(run.config.as_deref())?, false).await
    }

    async fn of(run: &Run, settings: LedgerSettings, makes: bool) -> anyhow::Result<Self> {
        let bounds = ResolverBounds {
            longest_hold: settings.longest_hold,
            shred_after: settings.shred_after,
            ..ResolverBounds::default()
        };
        let keeps_orders = settings.key_file.is_some();
        if let Some(exposure) = &settings.exposure {
            note(format_args!("warning: {exposure}"));
        }
        let mut place = settings.place;
        if let Some(file) = &settings.key_file {
            if let Some(exposure) = file.exposed() {
                note(format_args!("warning: {exposure}"));
            }
            let key = settings::ledger_key(file).map_err(|mistake| Mistakes(vec![mistake]))?;
            place = place.sealed_by(key);
        }
        if !makes {
            let shown = shown(Path::new(&place.to_string()));
            if place.schema().await?.found.is_none() {
                bail!(
                    "there is no ledger at {shown}, and this command makes none. Run it with the settings and the environment of whatever has sent the orders: ledger.url names the ledger, or else XDG_STATE_HOME its folder (docs/operating.md, \"Running commands beside the gateway\")"
                );
            }
            note(format_args!("the ledger is {shown}"));
        }
        let store = place.open(run.clock.clone()).await?;
        let holds: Arc<dyn HoldLedger> = store.clone();
        #[cfg(feature = "kill-points")]
        let holds = Arc::new(crate::kill_points::KillPoints(holds));
        Ok(Self {
            holds,
            store,
            bounds,
            spill: FileSpill::new(settings.spill_file),
            keeps_orders,
        })
    }

    /// What the ledger would not take waits here.
    pub(crate) fn spill_file(&self) -> &Path {
        self.spill.path()
    }

    /// Tells the ledger again and again what it would not take, for as long as the process lives.
    pub(crate) fn keep_merging_spill(&self) {
        let (spill, holds) = (self.spill.clone(), Arc::clone(&self.holds));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(BETWEEN_MERGES).await;
                match spill.merge(&holds).await {
                    Ok(merged) if merged == Merged::default() => {}
                    Ok(merged) => tracing::warn!(
                        told = merged.told,
                        kept = merged.kept,
                        unreadable = merged.unreadable,
                        "the spill file was told to the ledger"
                    ),
                    Err(error) => tracing::warn!(%error, "the spill file cannot be told"),
                }
            }
        });
    }

    /// Tells the ledger what it would not take before, and the person what stays in the way.
    pub(crate) async fn merge_spill(&self) -> Merged {
        let file = shown(self.spill.path());
        match self.spill.merge(&self.holds).await {
            Ok(merged) => {
                if merged.kept > 0 {
                    note(format_args!(
                        "warning: {} answers in {file} were not taken by the ledger and stay there; -v tells why",
                        merged.kept
                    ));
                }
                if merged.unreadable > 0 {
                    note(format_args!(
                        "warning: {} lines of {file} make no sense, perhaps cut short by a crash; look at them, then take them out",
                        merged.unreadable
                    ));
                }
                merged
            }
            Err(error) => {
                note(format_args!(
                    "warning: {file} cannot be merged into the ledger: {error}"
                ));
                Merged::default()
            }
        }
    }
}

/// Who is called, where the ledger keeps what is answered.
fn settings(run: &Run) -> Result<Settings, Mistakes> {
    Settings::load(run.config.as_deref(), Purpose::RecordedCalls)
}

/// A provider behind its layers, with a ledger and a resolver.
pub(crate) struct Desk {
    pub(crate) provider: Provider,
    pub(crate) ledger: Ledger,
    pub(crate) resolver: Resolver,
    pub(crate) tickets: RecordedTickets,
    recorded: Recorded<Arc<dyn SeatBlocker>>,
    clock: Arc<dyn Clock>,
}

impl Desk {
    /// Opens ledger and provider as the settings say.
    ///
    /// # Errors
    ///
    /// Mistakes in settings or files, a ledger that cannot be used, a sandbox that cannot start.
    pub(crate) async fn open(run: &Run) -> anyhow::Result<Self> {
        let provider = Provider::of(run, settings(run)?).await?;
        Self::of(run, provider, Ledger::open(run).await?).await
    }

    /// As [`open`](Self::open), of a ledger that is there.
    ///
    /// # Errors
    ///
    /// As [`Ledger::existing`] and [`open`](Self::open).
    pub(crate) async fn existing(run: &Run) -> anyhow::Result<Self> {
        let settings = settings(run)?;
        let ledger = Ledger::existing(run).await?;
        let provider = Provider::of(run, settings).await?;
        Self::of(run, provider, ledger).await
    }

    /// As [`open`](Self::open), with `watch` right around the adapter.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub(crate) async fn watched(run: &Run, watch: &ProviderWatch) -> anyhow::Result<Self> {
        let mut provider = Provider::of(run, settings(run)?).await?;
        provider.blocker = Arc::new(watch.around(provider.blocker));
        provider.tickets = Arc::new(watch.around(provider.tickets));
        Self::of(run, provider, Ledger::open(run).await?).await
    }

    async fn of(run: &Run, provider: Provider, ledger: Ledger) -> anyhow::Result<Self> {
        set_back::refuse(&*ledger.store).await?;
        // A sender that is still at it must not be given up: a call, with its token and the repeat after
        // a refused one, has to fit into the second half, and a question before a booking into the first.
        // Where a sender cannot be seen any more, its order is not sent once more for so long.
        let lease = SHORTEST.max(provider.timeout.saturating_mul(4));
        let bounds = ResolverBounds {
            lease: ledger.bounds.lease.max(lease),
            ..ledger.bounds
        };
        let recorded = Recorded::new(
            provider.blocker.clone(),
            ledger.holds.clone(),
            run.clock.clone(),
            lease,
        )
        .with_spill(Arc::new(ledger.spill.clone()));
        let clock = run.clock.clone();
        let transactions = Arc::new(Traced::new(provider.transactions.clone(), clock));
        let resolver = Resolver::new(
            ledger.holds.clone(),
            transactions.clone(),
            provider.blocker.clone(),
            Arc::new(EarlierClock {
                host: run.clock.clone(),
                client: provider.client.clone(),
            }),
            bounds,
        )
        .with_spill(Arc::new(ledger.spill.clone()));
        let tickets = RecordedTickets::new(
            provider.tickets.clone(),
            transactions,
            ledger.holds.clone(),
            run.clock.clone(),
            lease,
        );
        Ok(Self {
            tickets,
            recorded,
            provider,
            ledger,
            resolver,
            clock: run.clock.clone(),
        })
    }

    /// Remembers again and again how far the ledger has come, for what goes on for long.
    pub(crate) async fn keep_remembering(&self) {
        set_back::keep_remembering(Arc::clone(&self.ledger.store)).await;
    }

    /// At the end of a command: remembers how far the ledger has come.
    pub(crate) async fn close(&self) {
        set_back::remember(&*self.ledger.store).await;
    }

    /// Blocks through the layers. What an earlier attempt under the reference left unknown is
    /// settled, as far as it can be now.
    pub(crate) async fn block(&self, order: &BlockOrder) -> Outcome {
        let reference = order.reference();
        let known = self.ledger.holds.find(reference).await;
        if matches!(&known, Ok(Some(record)) if record.awaits_answer()) {
            // Its answer may have been had, and not written down.
            self.ledger.merge_spill().await;
        }
        Traced::new(self.settled(), self.clock.clone())
            .block(order)
            .await
    }

    /// Blocks, records, and settles what comes again.
    pub(crate) fn settled(&self) -> Settled<Recorded<Arc<dyn SeatBlocker>>> {
        Settled::new(
            self.recorded.clone(),
            self.ledger.holds.clone(),
            self.resolver.clone(),
            self.clock.clone(),
        )
    }

    /// Takes nothing more, waits for what is under way, and tells how many attempts have no
    /// durable outcome when `grace` is over.
    pub(crate) async fn drain(&self, grace: Duration) -> usize {
        let (blocks, bookings, repeats) = tokio::join!(
            self.recorded.drain(grace),
            self.tickets.drain(grace),
            self.resolver.drain(grace)
        );
        blocks + bookings + repeats
    }
}
