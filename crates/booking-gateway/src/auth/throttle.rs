//! How often each of many may do something: keys, addresses, tenants, references.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use booking_layers::GovernorClock;
use booking_ports::Clock;
use governor::clock::Clock as Ticks;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// A rate for each of many.
pub(crate) struct Throttle<K: std::hash::Hash + Eq + Clone> {
    limiter: RateLimiter<K, DefaultKeyedStateStore<K>, GovernorClock, NoOpMiddleware<Duration>>,
    clock: GovernorClock,
    /// In whole seconds of the monotonic clock.
    forgot_at: AtomicU64,
}

/// So many are remembered before those that have their whole share again are forgotten.
const REMEMBERED: usize = 10_000;

impl<K: std::hash::Hash + Eq + Clone> Throttle<K> {
    pub(crate) fn per_second(rate: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        Self::of(Quota::per_second(rate), clock)
    }

    pub(crate) fn per_minute(rate: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        Self::of(Quota::per_minute(rate), clock)
    }

    pub(crate) fn per_hour(rate: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        Self::of(Quota::per_hour(rate), clock)
    }

    fn of(quota: Quota, clock: Arc<dyn Clock>) -> Self {
        let clock = GovernorClock(clock);
        Self {
            limiter: RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone()),
            clock,
            forgot_at: AtomicU64::new(0),
        }
    }

    /// Forgets those that have their whole share again, which looks at each: not at every call.
    fn forget(&self) {
        if self.limiter.len() <= REMEMBERED {
            return;
        }
        let now = self.clock.now().as_secs();
        let before = self.forgot_at.swap(now, Ordering::Relaxed);
        if now > before {
            self.limiter.retain_recent();
        }
    }

    /// Takes one of the share of `key`, or tells when there will be one.
    pub(crate) fn take(&self, key: &K) -> Result<(), Duration> {
        self.forget();
        self.limiter
            .check_key(key)
            .map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }
}

/// Of an IPv6 address its network: whoever has one address has 2^64 of them.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_none() => {
            let mask = u128::MAX << 64;
            IpAddr::V6((u128::from(v6) & mask).into())
        }
        other => other.to_canonical(),
    }
}
