//! Until when seats are kept: pure functions of the time given.

use time::{Duration, OffsetDateTime};

/// The moment at which a hold ends.
///
/// ```
/// use booking_domain::Deadline;
/// use time::macros::datetime;
/// use time::Duration;
///
/// let now = datetime!(2026-11-24 10:00 +7);
/// let deadline = Deadline::stated(datetime!(2026-11-24 10:30 +7), now, Duration::hours(2));
/// assert_eq!(deadline.time_left(now), Duration::minutes(30));
/// assert!(!deadline.has_passed(now));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    at: OffsetDateTime,
    stated: Option<OffsetDateTime>,
}

impl Deadline {
    /// The deadline that a provider stated, but never later than `now + longest`: a deadline in
    /// the far future is a provider's mistake, and nobody should plan on it.
    ///
    /// ```
    /// # use booking_domain::Deadline;
    /// # use time::{Duration, macros::datetime};
    /// let now = datetime!(2026-11-24 10:00 +7);
    /// let absurd = Deadline::stated(datetime!(2099-01-01 0:00 +7), now, Duration::hours(2));
    /// assert_eq!(absurd.at(), datetime!(2026-11-24 12:00 +7));
    /// assert!(absurd.was_clamped());
    /// ```
    #[must_use]
    pub fn stated(stated: OffsetDateTime, now: OffsetDateTime, longest: Duration) -> Self {
        let latest = now.checked_add(longest).unwrap_or(stated);
        // At the very ends of the calendar an offset may not fit; the instant counts.
        let latest = latest.checked_to_offset(stated.offset()).unwrap_or(latest);
        Self {
            at: stated.min(latest),
            stated: Some(stated),
        }
    }

    /// The same deadline, `by` earlier: for a host whose clock is known to be so far behind the
    /// provider's, and would else believe in the hold for that much too long.
    ///
    /// ```
    /// # use booking_domain::Deadline;
    /// # use time::{Duration, macros::datetime};
    /// let now = datetime!(2026-11-24 10:00 +7);
    /// let deadline = Deadline::stated(now + Duration::HOUR, now, Duration::hours(2));
    /// let sooner = deadline.brought_forward(Duration::MINUTE);
    /// assert_eq!(sooner.time_left(now), Duration::minutes(59));
    /// assert_eq!(sooner.stated_at(), deadline.stated_at());
    /// ```
    #[must_use]
    pub fn brought_forward(self, by: Duration) -> Self {
        let at = self.at.saturating_sub(by.max(Duration::ZERO));
        Self { at, ..self }
    }

    /// The end of a hold of which no deadline is known, because its receipt was lost and only its
    /// transaction was found: `at` is when even the longest hold would be over. It may end sooner,
    /// so it is shown to nobody as time left, and the provider is asked before anything is built
    /// on it.
    ///
    /// ```
    /// # use booking_domain::Deadline;
    /// # use time::macros::datetime;
    /// let end = datetime!(2026-11-24 12:00 +7);
    /// assert!(!Deadline::not_stated(end).is_stated());
    /// assert!(Deadline::not_stated(end).has_passed(end));
    /// ```
    #[must_use]
    pub fn not_stated(at: OffsetDateTime) -> Self {
        Self { at, stated: None }
    }

    /// Whether the provider stated it.
    ///
    /// ```
    /// # use booking_domain::Deadline;
    /// # use time::{Duration, macros::datetime};
    /// let now = datetime!(2026-11-24 10:00 +7);
    /// assert!(Deadline::stated(now + Duration::HOUR, now, Duration::hours(2)).is_stated());
    /// ```
    #[must_use]
    pub fn is_stated(&self) -> bool {
        self.stated.is_some()
    }

    /// What the provider stated, be it believed or not.
    ///
    /// ```
    /// # use booking_domain::Deadline;
    /// # use time::{Duration, macros::datetime};
    /// let absurd = datetime!(2099-01-01 0:00 +7);
    /// let deadline = Deadline::stated(absurd, datetime!(2026-11-24 10:00 +7), Duration::hours(2));
    /// assert_eq!(deadline.stated_at(), Some(absurd));
    /// ```
    #[must_use]
    pub fn stated_at(&self) -> Option<OffsetDateTime> {
        self.stated
    }

    /// When the hold ends.
    ///
    /// ```
    /// # use booking_domain::Deadline;
    /// # use time::{Duration, macros::datetime};
    /// let end = datetime!(2026-11-24 10:30 +7);
    /// assert_eq!(Deadline::stated(end, datetime!(2026-11-24 10:00 +7), Duration::hours(2)).at(), end);
    /// ```
    #[must_use]
    pub fn at(&self) -> OffsetDateTime {
        self.at
    }

    /// Whether the provider stated a later one than is believed: one beyond the longest hold, or
    /// one that this host's clock would reach too late.
    ///
    /// ```
    /// # use booking_domain::Deadline;
    /// # use time::{Duration, macros::datetime};
    /// let now = datetime!(2026-11-24 10:00 +7);
    /// assert!(!Deadline::stated(now + Duration::HOUR, now, Duration::hours(2)).was_clamped());
    /// ```
    #[must_use]
    pub fn was_clamped(&self) -> bool {
        self.stated.is_some_and(|stated| stated != self.at)
    }

    /// Whether the hold has ended at `now`. At the deadline itself it has.
    ///
    /// ```
    /// # use booking_domain::Deadline;
    /// # use time::{Duration, macros::datetime};
    /// let now = datetime!(2026-11-24 10:00 +7);
    /// assert!(Deadline::stated(now, now, Duration::hours(2)).has_passed(now));
    /// ```
    #[must_use]
    pub fn has_passed(&self, now: OffsetDateTime) -> bool {
        now >= self.at
    }

    /// The time left at `now`, never negative.
    ///
    /// ```
    /// # use booking_domain::Deadline;
    /// # use time::{Duration, macros::datetime};
    /// let now = datetime!(2026-11-24 10:00 +7);
    /// let deadline = Deadline::stated(now + Duration::MINUTE, now, Duration::hours(2));
    /// assert_eq!(deadline.time_left(now + Duration::HOUR), Duration::ZERO);
    /// ```
    #[must_use]
    pub fn time_left(&self, now: OffsetDateTime) -> Duration {
        (self.at - now).max(Duration::ZERO)
    }

    /// Whether something that takes up to `margin` can still be begun at `now` and be done
    /// before the hold ends. Booking outside of that risks paying for seats that were let go; a
    /// deadline that was not stated allows nothing.
    ///
    /// ```
    /// # use booking_domain::Deadline;
    /// # use time::{Duration, macros::datetime};
    /// let now = datetime!(2026-11-24 10:00 +7);
    /// let deadline = Deadline::stated(now + Duration::MINUTE, now, Duration::hours(2));
    /// assert!(deadline.allows(Duration::seconds(30), now));
    /// assert!(!deadline.allows(Duration::seconds(60), now));
    /// ```
    #[must_use]
    pub fn allows(&self, margin: Duration, now: OffsetDateTime) -> bool {
        self.is_stated() && self.time_left(now) > margin
    }
}
