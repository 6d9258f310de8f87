//! Time as a port, so that tests can turn it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;

/// Tells the time in two ways.
///
/// Wall time goes into headers and storage, and can step when somebody sets the clock. Monotonic
/// time never runs backwards and measures waits and ages.
///
/// ```
/// use booking_ports::{Clock, SystemClock};
///
/// let clock = SystemClock::default();
/// let begin = clock.monotonic();
/// assert!(clock.monotonic() >= begin);
/// ```
pub trait Clock: Send + Sync {
    /// The wall time, in any offset.
    ///
    /// ```
    /// # use booking_ports::{Clock, ManualClock};
    /// # use time::macros::datetime;
    /// let noon = datetime!(2026-11-24 12:00 +7);
    /// assert_eq!(ManualClock::at(noon).now(), noon);
    /// ```
    fn now(&self) -> OffsetDateTime;

    /// The time since an origin of the clock's own that stays the same for its lifetime.
    ///
    /// ```
    /// # use booking_ports::{Clock, SystemClock};
    /// let clock = SystemClock::default();
    /// let begin = clock.monotonic();
    /// let age = clock.monotonic() - begin; // never negative, whoever sets the wall clock
    /// assert!(age < std::time::Duration::from_secs(3600));
    /// ```
    fn monotonic(&self) -> Duration;
}

impl<T: Clock + ?Sized> Clock for Arc<T> {
    fn now(&self) -> OffsetDateTime {
        T::now(self)
    }

    fn monotonic(&self) -> Duration {
        T::monotonic(self)
    }
}

/// The host's clocks.
///
/// ```
/// use booking_ports::{Clock, SystemClock};
///
/// assert!(SystemClock::default().now().year() >= 2026);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    origin: std::time::Instant,
}

impl Default for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the host's clocks"
    )]
    fn default() -> Self {
        Self {
            origin: std::time::Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the host's clocks"
    )]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    fn monotonic(&self) -> Duration {
        self.origin.elapsed()
    }
}

/// A clock that stands still until a test turns it. Clones share one time.
///
/// ```
/// use booking_ports::{Clock, ManualClock};
/// use std::time::Duration;
/// use time::macros::datetime;
///
/// let clock = ManualClock::at(datetime!(2026-11-24 10:00 +7));
/// clock.advance(Duration::from_secs(90));
/// assert_eq!(clock.now(), datetime!(2026-11-24 10:01:30 +7));
/// assert_eq!(clock.monotonic(), Duration::from_secs(90));
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock {
    time: Arc<Mutex<(OffsetDateTime, Duration)>>,
}

impl ManualClock {
    /// A clock that stands at `now`.
    ///
    /// ```
    /// # use booking_ports::{Clock, ManualClock};
    /// # use time::macros::datetime;
    /// let noon = datetime!(2026-11-24 12:00 +7);
    /// assert_eq!(ManualClock::at(noon).now(), noon);
    /// ```
    #[must_use]
    pub fn at(now: OffsetDateTime) -> Self {
        Self {
            time: Arc::new(Mutex::new((now, Duration::ZERO))),
        }
    }

    /// Lets both times pass.
    ///
    /// ```
    /// # use booking_ports::{Clock, ManualClock};
    /// # use time::macros::datetime;
    /// let clock = ManualClock::at(datetime!(2026-11-24 12:00 +7));
    /// clock.advance(std::time::Duration::from_secs(60));
    /// assert_eq!(clock.now(), datetime!(2026-11-24 12:01 +7));
    /// ```
    pub fn advance(&self, by: Duration) {
        let mut time = self.lock();
        time.0 += by;
        time.1 += by;
    }

    /// Sets the wall time alone, as a person or a time server does.
    ///
    /// ```
    /// # use booking_ports::{Clock, ManualClock};
    /// # use time::macros::datetime;
    /// let clock = ManualClock::at(datetime!(2026-11-24 12:00 +7));
    /// clock.step_to(datetime!(2026-11-24 11:00 +7));
    /// assert_eq!(clock.monotonic(), std::time::Duration::ZERO);
    /// ```
    pub fn step_to(&self, now: OffsetDateTime) {
        self.lock().0 = now;
    }

    fn lock(&self) -> MutexGuard<'_, (OffsetDateTime, Duration)> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> OffsetDateTime {
        self.lock().0
    }

    fn monotonic(&self) -> Duration {
        self.lock().1
    }
}
