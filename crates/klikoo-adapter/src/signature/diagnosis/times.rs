//! In which other forms people sign the right moment.

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::{format_description, offset};
use time::{OffsetDateTime, UtcOffset};

use super::{Facts, Mistake, Part};
use crate::Timestamp;

type Format = &'static [BorrowedFormatItem<'static>];
const JAKARTA: UtcOffset = offset!(+7);
const UTC: UtcOffset = offset!(UTC);

/// Code, how it was written, in which offset, in which format.
const WRITTEN: [(&str, &str, UtcOffset, Format); 9] = [
    (
        "time_without_milliseconds",
        "without milliseconds",
        JAKARTA,
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+07:00"),
    ),
    (
        "time_microseconds",
        "with microseconds",
        JAKARTA,
        format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]+07:00"
        ),
    ),
    (
        "time_utc",
        "in UTC, with `Z`",
        UTC,
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"),
    ),
    (
        "time_utc",
        "in UTC, with `Z` and without milliseconds",
        UTC,
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z"),
    ),
    (
        "time_utc_offset",
        "in UTC, with `+00:00`",
        UTC,
        format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]+00:00"
        ),
    ),
    (
        "time_utc_offset",
        "in UTC, with `+00:00` and without milliseconds",
        UTC,
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+00:00"),
    ),
    (
        "time_offset_without_colon",
        "with `+0700`",
        JAKARTA,
        format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]+0700"
        ),
    ),
    (
        "time_jakarta_called_utc",
        "as Jakarta's time with a `Z`",
        JAKARTA,
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"),
    ),
    (
        "time_without_t",
        "with a space in place of the `T`",
        JAKARTA,
        format_description!(
            "[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]+07:00"
        ),
    ),
];

pub(super) fn times(facts: &Facts<'_>) -> Part {
    let mut part = Part::new("time");
    let right = facts.timestamp;
    part.add(right, format!(":{right}").into(), vec![]);
    let Ok(moment) = OffsetDateTime::parse(facts.timestamp, &Rfc3339) else {
        return part;
    };
    for (code, done, offset, format) in WRITTEN {
        let local = moment.checked_to_offset(offset);
        if let Some(text) = local.and_then(|local| local.format(format).ok()) {
            add_wrong(&mut part, code, done, &text);
        }
    }
    let seconds = moment.unix_timestamp().to_string();
    add_wrong(&mut part, "time_epoch", "as seconds since 1970", &seconds);
    let milliseconds = (moment.unix_timestamp_nanos() / 1_000_000).to_string();
    add_wrong(
        &mut part,
        "time_epoch",
        "as milliseconds since 1970",
        &milliseconds,
    );
    // Differs from the right text only where that was given in another form.
    add_wrong(
        &mut part,
        "time_other_than_header",
        "in the usual form, but the header carries another text",
        Timestamp::at(moment).as_str(),
    );
    part
}

fn add_wrong(part: &mut Part, code: &'static str, done: &str, text: &str) {
    let message = format!(
        "the time was signed {done}; sign the very text of the header, written as `2024-02-07T10:28:35.000+07:00`"
    );
    part.add(
        text,
        format!(":{text}").into(),
        vec![Mistake { code, message }],
    );
}
