//! Moments, as every answer writes them.

use booking_domain::JAKARTA;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// In Jakarta's time, to the millisecond.
pub(crate) fn rfc3339(moment: OffsetDateTime) -> String {
    let nanosecond = u32::from(moment.millisecond()) * 1_000_000;
    moment
        .replace_nanosecond(nanosecond)
        .unwrap_or(moment)
        .checked_to_offset(JAKARTA)
        .and_then(|local| local.format(&Rfc3339).ok())
        .unwrap_or_default()
}
