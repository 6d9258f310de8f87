//! Until when seats are kept.

use booking_domain::Deadline;
use time::macros::datetime;
use time::{Date, Duration, OffsetDateTime, UtcOffset};

const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 +7);
const LONGEST: Duration = Duration::hours(2);

#[test]
fn a_stated_deadline_is_believed_up_to_the_longest_hold() {
    for (after, believed, clamped) in [
        (Duration::ZERO, Duration::ZERO, false),
        (Duration::minutes(30), Duration::minutes(30), false),
        (LONGEST, LONGEST, false),
        (LONGEST + Duration::NANOSECOND, LONGEST, true),
        (Duration::days(365_000), LONGEST, true),
        (-Duration::days(1), -Duration::days(1), false),
    ] {
        let deadline = Deadline::stated(NOW + after, NOW, LONGEST);
        assert_eq!(deadline.at(), NOW + believed, "{after}");
        assert_eq!(deadline.was_clamped(), clamped, "{after}");
    }
}

#[test]
fn at_the_second() {
    let end = NOW + Duration::minutes(30);
    let deadline = Deadline::stated(end, NOW, LONGEST);
    for (at, passed, left) in [
        (end - Duration::SECOND, false, Duration::SECOND),
        (end - Duration::NANOSECOND, false, Duration::NANOSECOND),
        (end, true, Duration::ZERO),
        (end + Duration::SECOND, true, Duration::ZERO),
    ] {
        assert_eq!(deadline.has_passed(at), passed, "{at}");
        assert_eq!(deadline.time_left(at), left, "{at}");
    }
}

#[test]
fn the_same_instant_in_any_offset() {
    let end = NOW + Duration::minutes(30);
    for hours in [-12, 0, 7, 14] {
        let offset = UtcOffset::from_hms(hours, 0, 0).unwrap();
        let deadline = Deadline::stated(end.to_offset(offset), NOW, LONGEST);
        assert!(!deadline.was_clamped());
        assert!(deadline.has_passed(end.to_offset(UtcOffset::UTC)));
        assert_eq!(deadline.at().offset(), offset);
    }
}

#[test]
fn a_margin_before_the_end() {
    let deadline = Deadline::stated(NOW + Duration::minutes(30), NOW, LONGEST);
    let margin = Duration::minutes(5);
    assert!(deadline.allows(margin, NOW + Duration::minutes(25) - Duration::NANOSECOND));
    assert!(!deadline.allows(margin, NOW + Duration::minutes(25)));
    assert!(!deadline.allows(Duration::ZERO, NOW + Duration::minutes(30)));
}

#[test]
fn what_was_stated_is_kept_whatever_is_believed() {
    let absurd = NOW + Duration::days(365);
    let deadline = Deadline::stated(absurd, NOW, LONGEST);
    assert!(deadline.is_stated());
    assert_eq!(deadline.stated_at(), Some(absurd));
    let unknown = Deadline::not_stated(NOW + LONGEST);
    assert!(!unknown.is_stated());
    assert_eq!(unknown.stated_at(), None);
    assert!(!unknown.allows(Duration::ZERO, NOW));
}

#[test]
fn a_deadline_is_only_ever_brought_forward() {
    let end = NOW + Duration::minutes(30);
    let deadline = Deadline::stated(end, NOW, LONGEST);
    for (by, at) in [
        (Duration::SECOND, end - Duration::SECOND),
        (Duration::ZERO, end),
        (-Duration::HOUR, end),
    ] {
        let sooner = deadline.brought_forward(by);
        assert_eq!(sooner.at(), at, "{by}");
        assert_eq!(sooner.stated_at(), Some(end), "{by}");
        assert_eq!(sooner.was_clamped(), at != end, "{by}");
    }
}

#[test]
fn a_clamped_deadline_also_ends() {
    let deadline = Deadline::stated(datetime!(9999-12-31 23:59:59 UTC), NOW, LONGEST);
    assert!(!deadline.has_passed(NOW + LONGEST - Duration::SECOND));
    assert!(deadline.has_passed(NOW + LONGEST));
}

#[test]
fn the_ends_of_the_calendar_do_not_panic() {
    let last = OffsetDateTime::new_utc(Date::MAX, time::Time::MAX);
    let first = OffsetDateTime::new_utc(Date::MIN, time::Time::MIDNIGHT);
    let far_east = UtcOffset::from_hms(23, 59, 59).unwrap();
    let far_west = UtcOffset::from_hms(-23, -59, -59).unwrap();
    let easternmost = Date::MAX.with_time(time::Time::MAX).assume_offset(far_west);
    let westernmost = Date::MIN.midnight().assume_offset(far_east);
    let instants = [first, last, easternmost, westernmost, NOW];
    for stated in instants {
        for now in instants {
            for longest in [Duration::ZERO, LONGEST, Duration::MAX, Duration::MIN] {
                let deadline = Deadline::stated(stated, now, longest);
                assert!(deadline.time_left(now) >= Duration::ZERO);
                assert_eq!(deadline.has_passed(now), deadline.at() <= now);
            }
        }
    }
}
