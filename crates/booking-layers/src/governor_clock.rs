//! The time by which rates are counted.

use std::sync::Arc;
use std::time::Duration;

use booking_ports::Clock;

/// The port's monotonic clock, as the crate `governor` wants it: for whoever counts rates of their
/// own beside [`Limit`](crate::Limit).
///
/// ```
/// use std::num::NonZeroU32;
/// use std::sync::Arc;
/// use booking_layers::GovernorClock;
/// use booking_ports::SystemClock;
/// use governor::{Quota, RateLimiter};
///
/// let clock = GovernorClock(Arc::new(SystemClock::default()));
/// let calls = RateLimiter::direct_with_clock(Quota::per_second(NonZeroU32::MIN), clock);
/// assert!(calls.check().is_ok());
/// ```
#[derive(Clone)]
pub struct GovernorClock(pub Arc<dyn Clock>);

impl governor::clock::Clock for GovernorClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.monotonic()
    }
}
