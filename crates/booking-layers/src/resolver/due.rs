//! When a reference is asked about again.

use booking_ports::HoldRecord;
use time::{Duration, OffsetDateTime};

/// One reference is asked about again no sooner, and no later.
const SOONEST: Duration = Duration::seconds(10);
const LATEST: Duration = Duration::minutes(10);

/// Whether it is time to ask about `record` again: after an eighth of its age.
pub(super) fn is_due(record: &HoldRecord, now: OffsetDateTime) -> bool {
    let age = now - record.sent_at.unwrap_or(record.begun_at);
    let pause = (age / 8_i32).clamp(SOONEST, LATEST);
    now - record.changed_at >= pause
}

#[cfg(test)]
mod tests {
    use booking_domain::OrderDraft;
    use booking_ports::HoldRecord;
    use time::Duration;
    use time::macros::{date, datetime};

    use super::is_due;

    #[test]
    fn the_older_the_less_often() {
        let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
        let now = datetime!(2026-11-24 10:00 +7);
        let mut record = HoldRecord::begun(&order, now - Duration::hours(1));
        for (asked_ago, age, due) in [
            (9, 9, false),
            (10, 10, true),
            (59, 480, false),
            (60, 480, true),
            (599, 100_000, false),
            (600, 100_000, true),
        ] {
            record.begun_at = now - Duration::seconds(age);
            record.changed_at = now - Duration::seconds(asked_ago);
            assert_eq!(is_due(&record, now), due, "{asked_ago} s, {age} s");
        }
    }
}
