//! The one way in which a moment is written to Klikoo.

use std::fmt;

use time::macros::offset;
use time::{OffsetDateTime, UtcOffset};

const JAKARTA: UtcOffset = offset!(+7);

/// A moment as `Open-Api-Timestamp` carries it: `2024-02-07T10:28:35.000+07:00`.
///
/// Always in Jakarta's time with exactly three digits of milliseconds, wherever the host stands
/// and whatever offset the given time had (the given document, section A). The header and the
/// signed string must hold this same text, so make it once per request.
///
/// ```
/// use klikoo_adapter::Timestamp;
/// use time::macros::datetime;
///
/// let timestamp = Timestamp::at(datetime!(2024-02-06 22:28:35 -5));
/// assert_eq!(timestamp.as_str(), "2024-02-07T10:28:35.000+07:00");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp(String);

impl Timestamp {
    /// Writes `moment` down; what is finer than a millisecond is cut off.
    ///
    /// Years that four digits cannot hold are clamped to the first or last moment of the years
    /// 0 to 9999: a host clock that far off is refused by Klikoo in any case (`400xx6505`).
    ///
    /// ```
    /// use klikoo_adapter::Timestamp;
    /// use time::macros::datetime;
    ///
    /// let timestamp = Timestamp::at(datetime!(2024-02-28 17:00:00.0019 UTC));
    /// assert_eq!(timestamp.as_str(), "2024-02-29T00:00:00.001+07:00");
    /// ```
    #[must_use]
    pub fn at(moment: OffsetDateTime) -> Self {
        let local = moment.checked_to_offset(JAKARTA).unwrap_or(moment);
        let year = match local.year() {
            ..0 => return Self("0000-01-01T00:00:00.000+07:00".to_owned()),
            year @ 0..=9999 if local.offset() == JAKARTA => year.unsigned_abs(),
            _ => return Self("9999-12-31T23:59:59.999+07:00".to_owned()),
        };
        let mut text = String::with_capacity("2024-02-07T10:28:35.000+07:00".len());
        push_digits::<4>(&mut text, year);
        text.push('-');
        push_digits::<2>(&mut text, u32::from(u8::from(local.month())));
        text.push('-');
        push_digits::<2>(&mut text, u32::from(local.day()));
        text.push('T');
        push_digits::<2>(&mut text, u32::from(local.hour()));
        text.push(':');
        push_digits::<2>(&mut text, u32::from(local.minute()));
        text.push(':');
        push_digits::<2>(&mut text, u32::from(local.second()));
        text.push('.');
        push_digits::<3>(&mut text, u32::from(local.millisecond()));
        text.push_str("+07:00");
        Self(text)
    }

    /// The text for the header and for the string to sign.
    ///
    /// ```
    /// # use klikoo_adapter::Timestamp;
    /// # use time::macros::datetime;
    /// assert_eq!(Timestamp::at(datetime!(2026-11-24 0:00 +7)).as_str().len(), 29);
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The last `N` decimal digits of `number`. By hand, since interpreting a format description costs
/// more than the hash of a whole order.
fn push_digits<const N: u32>(text: &mut String, number: u32) {
    for place in (0..N).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use time::{Date, Duration, Month, Time};

    use super::*;

    #[test]
    fn the_same_moment_is_written_alike_from_every_offset() {
        let moment = datetime!(2024-02-07 3:28:35.123 UTC);
        for hours in -23..=23 {
            let offset = UtcOffset::from_hms(hours, 0, 0).unwrap();
            let text = Timestamp::at(moment.to_offset(offset));
            assert_eq!(text.as_str(), "2024-02-07T10:28:35.123+07:00", "{offset}");
        }
    }

    #[test]
    fn days_turn_at_midnight_in_jakarta() {
        let cases = [
            (
                datetime!(2026-11-23 16:59:59.999 UTC),
                "2026-11-23T23:59:59.999+07:00",
            ),
            (
                datetime!(2026-11-23 17:00 UTC),
                "2026-11-24T00:00:00.000+07:00",
            ),
            (
                datetime!(2024-02-28 17:00 UTC),
                "2024-02-29T00:00:00.000+07:00",
            ),
            (
                datetime!(2023-02-28 17:00 UTC),
                "2023-03-01T00:00:00.000+07:00",
            ),
            (
                datetime!(2024-12-31 16:59:59.999_999_999 UTC),
                "2024-12-31T23:59:59.999+07:00",
            ),
            (
                datetime!(2024-12-31 17:00 UTC),
                "2025-01-01T00:00:00.000+07:00",
            ),
            (
                datetime!(1969-12-31 16:59:59.9 UTC),
                "1969-12-31T23:59:59.900+07:00",
            ),
        ];
        for (moment, expected) in cases {
            assert_eq!(Timestamp::at(moment).as_str(), expected);
        }
    }

    #[test]
    fn agrees_with_the_time_crate_over_four_centuries() {
        let format = time::macros::format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3][offset_hour sign:mandatory]:[offset_minute]"
        );
        let mut moment = datetime!(1800-01-01 0:00 UTC);
        while moment.year() < 2200 {
            let expected = moment.to_offset(JAKARTA).format(format).unwrap();
            assert_eq!(Timestamp::at(moment).as_str(), expected);
            moment += Duration::hours(7919) + Duration::milliseconds(137);
        }
    }

    #[test]
    fn absurd_clocks_are_clamped_without_a_panic() {
        let last = Date::from_calendar_date(9999, Month::December, 31).unwrap();
        let evening = last.with_time(Time::from_hms(23, 0, 0).unwrap());
        assert_eq!(
            Timestamp::at(evening.assume_utc()).as_str(),
            "9999-12-31T23:59:59.999+07:00"
        );
        let first = Date::from_calendar_date(-9999, Month::January, 1).unwrap();
        let ancient = first.midnight().assume_offset(offset!(+23));
        assert_eq!(
            Timestamp::at(ancient).as_str(),
            "0000-01-01T00:00:00.000+07:00"
        );
        let before = datetime!(-0001-12-31 12:00 UTC);
        assert_eq!(
            Timestamp::at(before).as_str(),
            "0000-01-01T00:00:00.000+07:00"
        );
        let zero = datetime!(0000-01-01 0:00 +7);
        assert_eq!(
            Timestamp::at(zero).as_str(),
            "0000-01-01T00:00:00.000+07:00"
        );
    }
}
