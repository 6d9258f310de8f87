//! How far this host's clock is from the provider's, by the `Date` header of its replies.
//!
//! A provider refuses timestamps that are minutes off, so a request signed by a clock known to be
//! wrong is not worth sending. The estimate is never used to "correct" a timestamp: a clock is
//! mended by its operator.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use booking_domain::Deadline;
use booking_ports::Clock;
use time::{Duration, OffsetDateTime};

/// How long a reading of the provider's clock is believed. It ages with this host's oscillator
/// only, so minutes are nothing; yet a wrong `Date` must not stop sales for good.
const BELIEVED_FOR: std::time::Duration = std::time::Duration::from_mins(15);

#[derive(Default)]
pub(crate) struct ClockSkew {
    latest: Mutex<Option<Reading>>,
}

#[derive(Clone, Copy)]
struct Reading {
    provider: OffsetDateTime,
    monotonic: std::time::Duration,
}

impl ClockSkew {
    /// Takes down a reply's `Date` header, if it is one.
    pub(crate) fn observe(&self, date: Option<&str>, clock: &dyn Clock) {
        let Some(date) = date.and_then(|text| httpdate::parse_http_date(text).ok()) else {
            return;
        };
        let Ok(since_epoch) = date.duration_since(SystemTime::UNIX_EPOCH) else {
            return;
        };
        let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
        let Ok(provider) = OffsetDateTime::from_unix_timestamp(seconds) else {
            return;
        };
        let reading = Reading {
            provider,
            monotonic: clock.monotonic(),
        };
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }

    /// The provider's time now, where a recent reply told it.
    pub(crate) fn provider_now(&self, clock: &dyn Clock) -> Option<OffsetDateTime> {
        let reading = (*self.latest.lock().unwrap_or_else(PoisonError::into_inner))?;
        let age = clock.monotonic().checked_sub(reading.monotonic)?;
        (age <= BELIEVED_FOR).then(|| reading.provider.checked_add(age.try_into().ok()?))?
    }

    /// This host's time, to be signed; or how far it is off, where that is known to be more than
    /// `most`. One look at the clock for both: it may be set at any moment.
    pub(crate) fn signing_time(
        &self,
        clock: &dyn Clock,
        most: std::time::Duration,
    ) -> Result<OffsetDateTime, Duration> {
        let now = clock.now();
        match self.provider_now(clock).map(|provider| now - provider) {
            Some(skew) if skew.unsigned_abs() > most => {
                tracing::error!(skew = %in_words(skew), "clock too far off to sign");
                Err(skew)
            }
            _ => Ok(now),
        }
    }

    /// How far this host's wall clock is ahead of the provider's; negative where it is behind.
    pub(crate) fn estimate(&self, clock: &dyn Clock) -> Option<Duration> {
        Some(clock.now() - self.provider_now(clock)?)
    }
}

/// What time it is, by everybody who has told.
#[derive(Clone, Copy)]
pub(crate) struct Clocks {
    pub(crate) here: OffsetDateTime,
    pub(crate) provider: Option<OffsetDateTime>,
}

impl Clocks {
    /// Whether `deadline` has passed; `None` where the clocks disagree about that.
    pub(crate) fn agree_passed(&self, deadline: &Deadline) -> Option<bool> {
        let passed = deadline.has_passed(self.here);
        self.provider
            .is_none_or(|provider| deadline.has_passed(provider) == passed)
            .then_some(passed)
    }

    /// How far this host's clock is behind the provider's, in whole seconds and never too few.
    /// Less than a second is nothing: a `Date` tells no parts of one.
    pub(crate) fn behind(&self) -> Duration {
        let behind = self.provider.map_or(Duration::ZERO, |it| it - self.here);
        if behind < Duration::SECOND {
            return Duration::ZERO;
        }
        let part = i64::from(behind.subsec_nanoseconds() > 0);
        Duration::seconds(behind.whole_seconds() + part)
    }
}

/// "12 s ahead of the provider's" and the like; a `Date` is up to a second old when it is read,
/// and a reply takes its time, so that a smaller difference is none.
pub(crate) fn in_words(skew: Duration) -> String {
    let seconds = skew.whole_seconds();
    if seconds.abs() <= 2 {
        return "within 2 s of the provider's".to_owned();
    }
    let side = if seconds < 0 { "behind" } else { "ahead of" };
    format!("{} s {side} the provider's", seconds.unsigned_abs())
}

/// What to tell a person of a clock that may not sign.
pub(crate) fn too_far_off(skew: Duration) -> String {
    format!(
        "this host's clock is {}, too far for a signature to be accepted; set the clock",
        in_words(skew)
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use booking_ports::ManualClock;
    use time::macros::datetime;

    use super::ClockSkew;

    #[test]
    fn a_clock_that_is_set_right_is_seen_at_once() {
        let clock = ManualClock::at(datetime!(2026-11-24 10:10 +7));
        let skew = ClockSkew::default();
        skew.observe(Some("Tue, 24 Nov 2026 03:00:00 GMT"), &clock);
        assert_eq!(skew.estimate(&clock), Some(time::Duration::minutes(10)));

        clock.advance(Duration::from_mins(1));
        assert_eq!(skew.estimate(&clock), Some(time::Duration::minutes(10)));

        clock.step_to(datetime!(2026-11-24 10:01 +7));
        assert_eq!(skew.estimate(&clock), Some(time::Duration::ZERO));
    }

    #[test]
    fn a_reading_is_not_believed_for_ever() {
        let clock = ManualClock::at(datetime!(2026-11-24 10:10 +7));
        let skew = ClockSkew::default();
        skew.observe(Some("Tue, 24 Nov 2026 03:00:00 GMT"), &clock);
        clock.advance(Duration::from_secs(901));
        assert_eq!(skew.estimate(&clock), None);
    }

    #[test]
    fn anything_but_a_date_is_passed_over() {
        let clock = ManualClock::at(datetime!(2026-11-24 10:10 +7));
        let skew = ClockSkew::default();
        for text in [
            None,
            Some(""),
            Some("yesterday"),
            Some("Thu, 01 Jan 1970 99:99:99 GMT"),
        ] {
            skew.observe(text, &clock);
            assert_eq!(skew.estimate(&clock), None, "{text:?}");
        }
    }
}
