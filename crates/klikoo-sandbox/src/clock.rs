//! The sandbox's time, which a test can turn.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration as StdDuration;

use time::{Duration, OffsetDateTime, UtcOffset};

/// Jakarta's offset: every time that the sandbox writes carries it.
pub(crate) const JAKARTA: UtcOffset = time::macros::offset!(+7);

/// The time by which the sandbox judges timestamps, ends tokens and ends holds.
///
/// Clones share one clock: turning one turns all. Waits, such as a scripted
/// latency, are real and do not follow it.
///
/// ```
/// use std::time::Duration;
/// use klikoo_sandbox::VirtualClock;
///
/// let clock = VirtualClock::fixed(time::macros::datetime!(2024-02-07 10:28:35 +7));
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), time::macros::datetime!(2024-02-07 10:29:35 +7));
/// ```
#[derive(Clone, Debug)]
pub struct VirtualClock {
    hands: Arc<RwLock<Hands>>,
}

#[derive(Clone, Copy, Debug)]
struct Hands {
    /// `None`: the system clock goes on underneath.
    fixed: Option<OffsetDateTime>,
    offset: Duration,
}

impl VirtualClock {
    /// A clock that follows the system's, until it is turned.
    ///
    /// ```
    /// let clock = klikoo_sandbox::VirtualClock::system();
    /// assert!(clock.now().year() >= 2024);
    /// ```
    #[must_use]
    pub fn system() -> Self {
        Self::with(None)
    }

    /// A clock that stands at `instant` until it is turned.
    ///
    /// ```
    /// use klikoo_sandbox::VirtualClock;
    /// let midnight = time::macros::datetime!(2026-01-01 00:00 +7);
    /// assert_eq!(VirtualClock::fixed(midnight).now(), midnight);
    /// ```
    #[must_use]
    pub fn fixed(instant: OffsetDateTime) -> Self {
        Self::with(Some(instant))
    }

    fn with(fixed: Option<OffsetDateTime>) -> Self {
        let offset = Duration::ZERO;
        Self {
            hands: Arc::new(RwLock::new(Hands { fixed, offset })),
        }
    }

    /// The sandbox's time, with Jakarta's offset.
    ///
    /// ```
    /// let now = klikoo_sandbox::VirtualClock::system().now();
    /// assert_eq!(now.offset(), time::macros::offset!(+7));
    /// ```
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        let hands = *self.hands.read().unwrap_or_else(PoisonError::into_inner);
        let base = hands.fixed.unwrap_or_else(system_time);
        // Turned beyond the calendar's end it stays there: a test tool should not panic.
        base.checked_to_offset(JAKARTA)
            .unwrap_or(base)
            .saturating_add(hands.offset)
    }

    /// Turns the clock forward by `step`, on top of what it was turned before.
    ///
    /// ```
    /// use std::time::Duration;
    /// let clock = klikoo_sandbox::VirtualClock::system();
    /// let before = clock.now();
    /// clock.advance(Duration::from_secs(1800));
    /// assert!(clock.now() - before >= time::Duration::minutes(30));
    /// ```
    pub fn advance(&self, step: StdDuration) {
        let step = Duration::try_from(step).unwrap_or(Duration::MAX);
        let mut hands = self.hands.write().unwrap_or_else(PoisonError::into_inner);
        hands.offset = hands.offset.saturating_add(step);
    }

    /// Sets how far the clock is from what is underneath: negative is behind.
    ///
    /// ```
    /// let clock = klikoo_sandbox::VirtualClock::fixed(time::macros::datetime!(2026-01-01 00:00 +7));
    /// clock.set_offset(time::Duration::minutes(-6));
    /// assert_eq!(clock.now(), time::macros::datetime!(2025-12-31 23:54 +7));
    /// ```
    pub fn set_offset(&self, offset: Duration) {
        let mut hands = self.hands.write().unwrap_or_else(PoisonError::into_inner);
        hands.offset = offset;
    }
}

impl Default for VirtualClock {
    fn default() -> Self {
        Self::system()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox depends on no port of ours; this is its one look at the system clock"
)]
fn system_time() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// RFC 3339 to the second, as the given document writes `expired_at`.
pub(crate) fn to_seconds(instant: OffsetDateTime) -> String {
    use time::format_description::well_known::Rfc3339;
    let whole = instant.replace_nanosecond(0).unwrap_or(instant);
    // Only years of more than four digits cannot be written, and the clock has none.
    whole.format(&Rfc3339).unwrap_or_default()
}
