//! Days: the leap day, the day of the check, and midnight in Jakarta.

use booking_domain::{JAKARTA, OrderDraft, day_in_jakarta, rfc3339};
use time::macros::{date, datetime};
use time::{Date, Duration, OffsetDateTime, UtcOffset};

fn born(dob: &str, today: Date) -> bool {
    let mut draft = OrderDraft::sample();
    dob.clone_into(&mut draft.departure.passengers[0].dob);
    draft.check(today).is_ok()
}

#[test]
fn a_child_born_today_travels_and_one_born_tomorrow_does_not() {
    for (today, dob, tomorrow) in [
        (date!(2026 - 11 - 24), "2026-11-24", "2026-11-25"),
        (date!(2028 - 02 - 28), "2028-02-28", "2028-02-29"),
        (date!(2028 - 02 - 29), "2028-02-29", "2028-03-01"),
        (date!(2026 - 12 - 31), "2026-12-31", "2027-01-01"),
    ] {
        assert!(born(dob, today), "{dob} on {today}");
        assert!(!born(tomorrow, today), "{tomorrow} on {today}");
        assert!(
            born(tomorrow, today.next_day().unwrap()),
            "{tomorrow} a day later"
        );
    }
}

#[test]
fn every_day_of_two_leap_cycles_is_read_back_as_written() {
    let mut day = date!(1996 - 01 - 01);
    while day < date!(2004 - 12 - 31) {
        let mut draft = OrderDraft::sample();
        draft.departure.passengers[0].dob = day.to_string();
        let order = draft.check(date!(2026 - 11 - 24)).unwrap();
        assert_eq!(
            order.departure().passengers()[0].date_of_birth().expose(),
            &day
        );
        day = day.next_day().unwrap();
    }
}

#[test]
fn the_day_turns_at_midnight_in_jakarta() {
    for (before, day) in [
        (
            datetime!(2026-11-24 16:59:59.999_999_999 UTC),
            date!(2026 - 11 - 24),
        ),
        (
            datetime!(2028-02-28 16:59:59.999_999_999 UTC),
            date!(2028 - 02 - 28),
        ),
        (
            datetime!(2028-02-29 16:59:59.999_999_999 UTC),
            date!(2028 - 02 - 29),
        ),
        (
            datetime!(2027-02-28 16:59:59.999_999_999 UTC),
            date!(2027 - 02 - 28),
        ),
        (
            datetime!(2026-12-31 16:59:59.999_999_999 UTC),
            date!(2026 - 12 - 31),
        ),
    ] {
        for offset in [-12, -5, 0, 7, 14] {
            let before = before.to_offset(UtcOffset::from_hms(offset, 0, 0).unwrap());
            let after = before + Duration::NANOSECOND;
            assert_eq!(day_in_jakarta(before), day, "{before}");
            assert_eq!(day_in_jakarta(after), day.next_day().unwrap(), "{after}");
        }
    }
    assert_eq!(JAKARTA, UtcOffset::from_hms(7, 0, 0).unwrap());
}

#[test]
fn the_ends_of_the_calendar_do_not_panic() {
    for end in [
        OffsetDateTime::new_utc(Date::MAX, time::Time::MAX),
        OffsetDateTime::new_utc(Date::MIN, time::Time::MIDNIGHT),
        Date::MIN
            .midnight()
            .assume_offset(UtcOffset::from_hms(14, 0, 0).unwrap()),
    ] {
        let day = day_in_jakarta(end);
        assert!((Date::MIN..=Date::MAX).contains(&day));
        assert!(rfc3339(end).is_empty() || rfc3339(end).ends_with("+07:00"));
    }
}
