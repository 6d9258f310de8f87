//! A clock for deadlines.

use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;

use crate::clock::Clock;

/// A clock whose time never falls behind what has passed since it was made: the later of the wall
/// clock and of its reading then, with the monotonic time since.
///
/// Whether a hold has ended is asked of this one. A wall clock that steps back would show it live
/// after its deadline; by the later reading it ends too early at worst. It is no clock to sign with:
/// a timestamp has to be what the wall clock says, right or wrong.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use booking_ports::{Clock, ManualClock, SteadyClock};
/// use time::macros::datetime;
///
/// let wall = ManualClock::at(datetime!(2026-11-24 10:00 +7));
/// let steady = SteadyClock::of(Arc::new(wall.clone()));
/// wall.advance(Duration::from_secs(60));
/// wall.step_to(datetime!(2026-11-24 9:00 +7));
/// assert_eq!(steady.now(), datetime!(2026-11-24 10:01 +7));
/// ```
#[derive(Clone)]
pub struct SteadyClock {
    clock: Arc<dyn Clock>,
    began: OffsetDateTime,
    began_monotonic: Duration,
}

impl SteadyClock {
    /// `clock`, from now on without steps back.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ports::{Clock, SteadyClock, SystemClock};
    /// let steady = SteadyClock::of(Arc::new(SystemClock::default()));
    /// assert!(steady.now() >= time::macros::datetime!(2026-01-01 0:00 UTC));
    /// ```
    #[must_use]
    pub fn of(clock: Arc<dyn Clock>) -> Self {
        Self {
            began: clock.now(),
            began_monotonic: clock.monotonic(),
            clock,
        }
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> OffsetDateTime {
        let passed = self.monotonic().saturating_sub(self.began_monotonic);
        let passed = passed.try_into().unwrap_or(time::Duration::MAX);
        self.clock.now().max(self.began.saturating_add(passed))
    }

    fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }
}
