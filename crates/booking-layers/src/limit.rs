//! Not more than the provider, or this program, can bear.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, PartnerReference};
use booking_ports::{BlockError, Clock, NotSent, NotSentKind, Outcome, SeatBlocker};
use governor::clock::Clock as Ticks;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::Semaphore;

use crate::{GovernorClock, detached};

/// When to ask again where all places are taken: a provider answers within a second or so.
const A_PLACE_MAY_BE_FREE: Duration = Duration::from_secs(1);

/// How much is too much.
///
/// ```
/// use booking_layers::Limits;
/// use std::num::NonZeroU32;
///
/// let limits = Limits {
///     in_flight: NonZeroU32::new(64).unwrap(),
///     per_second: NonZeroU32::new(200).unwrap(),
/// };
/// assert_eq!(limits.in_flight.get(), 64);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So many calls at the same time.
    pub in_flight: NonZeroU32,
    /// So many calls in a second, evenly spread after a first burst of as many.
    pub per_second: NonZeroU32,
}

/// Refuses at once what is too much, as *not sent* ([`NotSentKind::Overloaded`]) with the time
/// after which there may be room. Nobody queues: a call that waits for a place holds memory, and
/// its traveller has gone by the time it is sent.
///
/// A call keeps its place until it has ended, also where its caller has hung up: the provider is
/// at work on it all the same. Clones share the limits.
///
/// # Where it belongs
///
/// Inside [`Retry`](crate::Retry), so that repeats are limited as first calls are: around it, one
/// place would be kept for the length of a backoff, and each repeat would pass unseen.
///
/// Outside [`Recorded`](crate::Recorded), since a call that is refused must leave no sending mark.
/// Inside it, the refusal would be the ending of an attempt: two durable commits for each call too
/// many, and an *unknown* for somebody to settle wherever the process ends between the two. The
/// price is that an order whose answer is recorded already needs a place to be told it. Its
/// refusal speaks of this call alone, as every *not sent* does: what was sent under the reference
/// before stands, and asking again with the same reference tells it.
///
/// ```
/// use std::num::NonZeroU32;
/// use std::sync::Arc;
/// use booking_domain::OrderDraft;
/// use booking_layers::{Limit, Limits};
/// use booking_ports::{BlockError, ManualClock, MemorySeatBlocker, NotSentKind, SeatBlocker};
/// use time::macros::{date, datetime};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let clock = Arc::new(ManualClock::at(datetime!(2026-11-24 10:00 +7)));
/// let one = NonZeroU32::MIN;
/// let limits = Limits { in_flight: one, per_second: one };
/// let blocker = Limit::new(MemorySeatBlocker::new(clock.clone()), limits, clock);
///
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// assert!(blocker.block(&order).await.is_ok());
/// let Err(BlockError::NotSent(refused)) = blocker.block(&order).await else { panic!() };
/// assert_eq!(refused.kind, NotSentKind::Overloaded);
/// assert!(refused.retry_after.is_some());
/// # }
/// ```
pub struct Limit<B> {
    blocker: Arc<B>,
    limits: Limits,
    places: Arc<Semaphore>,
    rate: Arc<Rate>,
    clock: GovernorClock,
}

type Rate = RateLimiter<NotKeyed, InMemoryState, GovernorClock, NoOpMiddleware<Duration>>;

impl<B> Limit<B> {
    /// Lets `limits` through to `blocker`, by the monotonic time of `clock`.
    ///
    /// ```
    /// # use std::{num::NonZeroU32, sync::Arc};
    /// # use booking_layers::{Limit, Limits};
    /// # use booking_ports::{MemorySeatBlocker, SystemClock};
    /// # let clock = Arc::new(SystemClock::default());
    /// # let recorded = MemorySeatBlocker::new(clock.clone());
    /// let hundred = NonZeroU32::new(100).unwrap();
    /// let blocker = Limit::new(recorded, Limits { in_flight: hundred, per_second: hundred }, clock);
    /// ```
    #[must_use]
    pub fn new(blocker: B, limits: Limits, clock: Arc<dyn Clock>) -> Self {
        let places = usize::try_from(limits.in_flight.get()).unwrap_or(usize::MAX);
        let clock = GovernorClock(clock);
        let quota = Quota::per_second(limits.per_second);
        Self {
            blocker: Arc::new(blocker),
            limits,
            places: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            rate: Arc::new(Rate::direct_with_clock(quota, clock.clone())),
            clock,
        }
    }
}

impl<B> Clone for Limit<B> {
    fn clone(&self) -> Self {
        Self {
            blocker: Arc::clone(&self.blocker),
            limits: self.limits,
            places: Arc::clone(&self.places),
            rate: Arc::clone(&self.rate),
            clock: self.clock.clone(),
        }
    }
}

#[async_trait]
impl<B: SeatBlocker + 'static> SeatBlocker for Limit<B> {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        // The place first: a call that finds none must not use up the second's share.
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            let much = format!("{} calls are under way", self.limits.in_flight);
            return Err(overloaded(order.reference(), &much, A_PLACE_MAY_BE_FREE));
        };
        if let Err(not_until) = self.rate.check() {
            let much = format!("{} calls in a second were made", self.limits.per_second);
            let after = not_until.wait_time_from(self.clock.now());
            return Err(overloaded(order.reference(), &much, after));
        }
        detached::call(Arc::clone(&self.blocker), Arc::new(order.clone()), place).await
    }
}

fn overloaded(reference: &PartnerReference, much: &str, after: Duration) -> BlockError {
    let message = format!(
        "{much} already, which is the limit; nothing was sent by this call, and whatever was sent under this reference before stands"
    );
    NotSent {
        retry_after: Some(after),
        ..NotSent::new(reference.clone(), NotSentKind::Overloaded, message)
    }
    .into()
}
