//! Repeating what provably never left.

mod budget;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use backon::{BackoffBuilder as _, ExponentialBuilder};
use booking_domain::BlockOrder;
use booking_ports::{Advice, BlockError, Outcome, SeatBlocker};
use tokio::time::Instant;

pub use budget::RetryBudget;

/// One call makes no more attempts than this.
const ATTEMPTS: usize = 3;

/// How patient a call is.
///
/// ```
/// use booking_layers::RetryPolicy;
/// use std::time::Duration;
///
/// let impatient = RetryPolicy { within: Duration::from_secs(3), ..RetryPolicy::default() };
/// assert!(impatient.first_wait < impatient.within);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The wait before the first repeat; the next is twice as long. To each comes a random part
    /// of itself, so that callers who failed together do not come again together.
    pub first_wait: Duration,
    /// No repeat begins later than this after the call. An attempt under way is never cut.
    pub within: Duration,
}

impl Default for RetryPolicy {
    /// 250 ms, within 15 s.
    fn default() -> Self {
        Self {
            first_wait: Duration::from_millis(250),
            within: Duration::from_secs(15),
        }
    }
}

/// Repeats an order that provably never left, where the error's own [`Advice`] is to repeat: the
/// same order under the same reference, at most three attempts a call, within the policy's time
/// and the budget that all callers share. A wait that the provider or a limit asks for is kept; one
/// that is longer than the time left ends the call at once, with the error that asked for it.
///
/// Nothing else is repeated. *Refused* is an answer. *Unknown* may be held, and belongs to the
/// resolver, which looks before it sends. *Busy* and *conflict* are another caller's affair.
///
/// A caller that hangs up between two attempts ends the call: nothing is under way then. Each
/// attempt gets its own timestamp and signature, since the adapter makes them as it sends.
///
/// # Where it belongs
///
/// Outside [`Recorded`](crate::Recorded), so that the ledger counts every attempt; it lets a
/// reference that was *not sent* be begun again. Inside, one sending mark would stand for several
/// sends, the lease would run while the layer sleeps, and after a crash nobody could tell which of
/// them had left. Outside [`Limit`](crate::Limit), or repeats would pass it unseen.
///
/// ```
/// use std::sync::Arc;
/// use booking_domain::OrderDraft;
/// use booking_layers::{Retry, RetryBudget, RetryPolicy};
/// use booking_ports::{MemorySeatBlocker, SeatBlocker, SystemClock};
/// use time::macros::date;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let provider = MemorySeatBlocker::new(Arc::new(SystemClock::default()));
/// let seed = 7; // of the program's source of chance
/// let blocker = Retry::new(provider, RetryPolicy::default(), RetryBudget::default(), seed);
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// assert!(blocker.block(&order).await.is_ok());
/// # }
/// ```
#[derive(Clone)]
pub struct Retry<B> {
    blocker: B,
    policy: RetryPolicy,
    budget: RetryBudget,
    next_seed: Arc<AtomicU64>,
}

impl<B> Retry<B> {
    /// Repeats what `blocker` did not send. `seed` is where the random part of the waits comes
    /// from: another in each process.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_layers::{Retry, RetryBudget, RetryPolicy};
    /// # use booking_ports::{MemorySeatBlocker, SystemClock};
    /// # let provider = MemorySeatBlocker::new(Arc::new(SystemClock::default()));
    /// let blocker = Retry::new(provider, RetryPolicy::default(), RetryBudget::default(), 7);
    /// ```
    #[must_use]
    pub fn new(blocker: B, policy: RetryPolicy, budget: RetryBudget, seed: u64) -> Self {
        Self {
            blocker,
            policy,
            budget,
            next_seed: Arc::new(AtomicU64::new(seed)),
        }
    }

    /// The waits of one call, by chance of its own.
    fn waits(&self) -> impl Iterator<Item = Duration> + Send + use<B> {
        ExponentialBuilder::new()
            .with_min_delay(self.policy.first_wait)
            .without_max_delay()
            .with_max_times(ATTEMPTS - 1)
            .with_jitter()
            .with_jitter_seed(self.next_seed.fetch_add(1, Ordering::Relaxed))
            .build()
    }
}

#[async_trait]
impl<B: SeatBlocker> SeatBlocker for Retry<B> {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let begin = Instant::now();
        let mut waits = self.waits();
        self.budget.call();
        loop {
            let outcome = self.blocker.block(order).await;
            let Err(error @ BlockError::NotSent(not_sent)) = &outcome else {
                return outcome;
            };
            let Advice::Repeat { after } = error.advice() else {
                return outcome;
            };
            let Some(wait) = waits.next() else {
                return outcome;
            };
            let wait = wait.max(after.unwrap_or_default());
            let left = self.policy.within.saturating_sub(begin.elapsed());
            if wait >= left || !self.budget.repeat() {
                return outcome;
            }
            tracing::debug!(kind = %not_sent.kind, ?wait, "to be repeated");
            tokio::time::sleep(wait).await;
        }
    }
}
