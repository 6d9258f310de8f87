//! The civil day that the rules of an order count in.

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
