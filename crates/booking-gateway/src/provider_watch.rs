//! How long the provider takes, seen right at the adapter.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, SeatHold};
use booking_ports::{Clock, Outcome, SeatBlocker, Ticket, TicketError, TicketIssuer};
use time::OffsetDateTime;
use tracing::Instrument as _;

/// So many of the latest blocks are remembered.
const REMEMBERED: usize = 4_096;

/// Times every block that goes to the provider, each in a span `provider` of its own; a booking has
/// such a span too. Clones share what they saw.
///
/// # Where it belongs
///
/// Right around the adapter, inside [`Recorded`](booking_layers::Recorded): outside it, answers
/// from the ledger would be taken for a fast provider.
///
/// ```
/// use std::sync::Arc;
/// use booking_gateway::ProviderWatch;
/// use booking_ports::{MemorySeatBlocker, SeatBlocker, SystemClock};
///
/// let clock = Arc::new(SystemClock::default());
/// let watch = ProviderWatch::new(clock.clone());
/// let blocker: Arc<dyn SeatBlocker> = Arc::new(watch.around(MemorySeatBlocker::new(clock)));
/// ```
#[derive(Clone)]
pub struct ProviderWatch {
    clock: Arc<dyn Clock>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    blocks: u64,
    latest: VecDeque<u32>,
    since: Option<OffsetDateTime>,
}

/// A blocker, or an issuer of tickets, that is watched.
///
/// ```
/// # use std::sync::Arc;
/// # use booking_gateway::{ProviderWatch, Watched};
/// # use booking_ports::{MemorySeatBlocker, SystemClock};
/// # let clock = Arc::new(SystemClock::default());
/// let watched: Watched<MemorySeatBlocker> =
///     ProviderWatch::new(clock.clone()).around(MemorySeatBlocker::new(clock));
/// ```
pub struct Watched<T> {
    adapter: T,
    watch: ProviderWatch,
}

impl ProviderWatch {
    /// Times by `clock`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// let watch = booking_gateway::ProviderWatch::new(Arc::new(booking_ports::SystemClock::default()));
    /// ```
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let since = Some(clock.now());
        let seen = Seen {
            since,
            ..Seen::default()
        };
        Self {
            clock,
            seen: Arc::new(Mutex::new(seen)),
        }
    }

    /// Watches what `adapter` does.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ports::{MemorySeatBlocker, SystemClock};
    /// # let clock = Arc::new(SystemClock::default());
    /// # let watch = booking_gateway::ProviderWatch::new(clock.clone());
    /// let blocker = watch.around(MemorySeatBlocker::new(clock));
    /// ```
    pub fn around<T>(&self, adapter: T) -> Watched<T> {
        Watched {
            adapter,
            watch: self.clone(),
        }
    }

    fn add(&self, took: Duration) {
        let ms = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.blocks += 1;
        if seen.latest.len() == REMEMBERED {
            seen.latest.pop_front();
        }
        seen.latest.push_back(ms);
    }

    /// Since when, how many in all, and the latest times in milliseconds, the shortest first.
    pub(crate) fn read(&self) -> (Option<OffsetDateTime>, u64, Vec<u32>) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut latest: Vec<u32> = seen.latest.iter().copied().collect();
        let (since, blocks) = (seen.since, seen.blocks);
        drop(seen);
        latest.sort_unstable();
        (since, blocks, latest)
    }
}

#[async_trait]
impl<B: SeatBlocker> SeatBlocker for Watched<B> {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let begin = self.watch.clock.monotonic();
        let span = tracing::info_span!("provider");
        let outcome = self.adapter.block(order).instrument(span).await;
        let took = self.watch.clock.monotonic().saturating_sub(begin);
        self.watch.add(took);
        metrics::histogram!("seatblock_provider_seconds").record(took.as_secs_f64());
        outcome
    }
}

#[async_trait]
impl<T: TicketIssuer> TicketIssuer for Watched<T> {
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError> {
        let span = tracing::info_span!("provider");
        self.adapter.issue(hold).instrument(span).await
    }
}
