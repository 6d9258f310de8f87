//! Times as whole milliseconds since 1970, in UTC.

use booking_ports::LedgerError;
use time::OffsetDateTime;

const NANOS_PER_MILLI: i128 = 1_000_000;

pub(crate) fn to_millis(at: OffsetDateTime) -> i64 {
    // Every moment of `time` fits: its years have at most six digits.
    i64::try_from(at.unix_timestamp_nanos().div_euclid(NANOS_PER_MILLI)).unwrap_or(i64::MAX)
}

pub(crate) fn from_millis(millis: i64) -> Result<OffsetDateTime, LedgerError> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * NANOS_PER_MILLI).map_err(|_| {
        LedgerError::Damaged {
            message: format!("{millis} ms is no time"),
        }
    })
}

/// As it will be read back.
pub(crate) fn stored(at: OffsetDateTime) -> OffsetDateTime {
    from_millis(to_millis(at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_time_keeps_its_milliseconds_and_no_more() {
        let at = datetime!(2026-11-24 10:00:00.123_999 +7);
        assert_eq!(stored(at), datetime!(2026-11-24 3:00:00.123 UTC));
        assert_eq!(stored(stored(at)), stored(at));
        let early = datetime!(1969-12-31 23:59:59.999_5 UTC);
        assert_eq!(to_millis(early), -1);
    }
}
