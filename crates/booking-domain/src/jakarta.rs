//! The civil day that the rules of an order count in, and moments as everything writes them.

use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset};

/// The offset of Jakarta's time (WIB), without daylight saving: UTC+07:00.
///
/// ```
/// assert_eq!(booking_domain::JAKARTA.whole_hours(), 7);
/// ```
pub const JAKARTA: UtcOffset = time::macros::offset!(+7);

/// The day in Jakarta at `now`, wherever the host stands.
///
/// ```
/// use booking_domain::day_in_jakarta;
/// use time::macros::{date, datetime};
///
/// assert_eq!(day_in_jakarta(datetime!(2026-11-23 17:00 UTC)), date!(2026 - 11 - 24));
/// ```
#[must_use]
pub fn day_in_jakarta(now: OffsetDateTime) -> Date {
    // At the very end of the representable calendar the shift does not fit; the day as it stands
    // is the best answer.
    now.checked_to_offset(JAKARTA).unwrap_or(now).date()
}

/// `moment` without what is less than a millisecond: as exactly as ledgers keep it, so that a time of
/// theirs can be compared with it.
///
/// ```
/// use booking_domain::to_millisecond;
/// use time::macros::datetime;
///
/// let moment = datetime!(2026-11-24 10:00:00.123_999 +7);
/// assert_eq!(to_millisecond(moment), datetime!(2026-11-24 10:00:00.123 +7));
/// ```
#[must_use]
pub fn to_millisecond(moment: OffsetDateTime) -> OffsetDateTime {
    let nanosecond = u32::from(moment.millisecond()) * 1_000_000;
    moment.replace_nanosecond(nanosecond).unwrap_or(moment)
}

/// `moment` as RFC 3339 in Jakarta's time, to the millisecond, as ledgers keep it; empty for a year
/// that RFC 3339 cannot write.
///
/// ```
/// use booking_domain::rfc3339;
/// use time::macros::datetime;
///
/// assert_eq!(rfc3339(datetime!(2024-02-28 17:00 UTC)), "2024-02-29T00:00:00+07:00");
/// assert_eq!(rfc3339(datetime!(2024-02-28 17:00:00.123456 UTC)), "2024-02-29T00:00:00.123+07:00");
/// ```
#[must_use]
pub fn rfc3339(moment: OffsetDateTime) -> String {
    to_millisecond(moment)
        .checked_to_offset(JAKARTA)
        .and_then(|local| local.format(&Rfc3339).ok())
        .unwrap_or_default()
}
