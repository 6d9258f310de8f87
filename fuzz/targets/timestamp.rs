//! A moment of any year and zone, as it is signed; and a text of any kind, as a moment.

#![no_main]

use klikoo_adapter::Timestamp;
use libfuzzer_sys::fuzz_target;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

fuzz_target!(|moment: (i64, u32, i32)| {
    let (seconds, nanoseconds, offset) = moment;
    let Ok(utc) = OffsetDateTime::from_unix_timestamp(seconds) else {
        return;
    };
    let utc = utc.replace_nanosecond(nanoseconds % 1_000_000_000).unwrap();
    let offset = UtcOffset::from_whole_seconds(offset % 86_400).unwrap_or(UtcOffset::UTC);
    let Some(moment) = utc.checked_to_offset(offset) else {
        return;
    };
    let text = Timestamp::at(moment);
    assert_eq!(text.as_str().len(), 29, "{text}");
    let back = OffsetDateTime::parse(text.as_str(), &Rfc3339).unwrap();
    // Beyond four digits of a year it is the nearest that can be written.
    if (1..=9998).contains(&moment.year()) {
        let off = moment - back;
        assert!(
            !off.is_negative() && off.whole_milliseconds() == 0,
            "{moment} {back}"
        );
    }
});
