//! In which other forms people sign the right moment.

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::{format_description, offset};

use super::{Facts, Mistake, Part, add};
use crate::Timestamp;

pub(super) fn times(facts: &Facts<'_>) -> Part {
    type Format = &'static [BorrowedFormatItem<'static>];
    enum Zone {
        Jakarta,
        Utc,
    }
    const FORM: &str = "write it as `2024-02-07T10:28:35.000+07:00`, the very text of the header";
    let written: [(&'static str, &str, Zone, Format); 9] = [
        (
            "time_without_milliseconds",
            "without milliseconds",
            Zone::Jakarta,
            format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+07:00"),
        ),
        (
            "time_microseconds",
            "with microseconds",
            Zone::Jakarta,
            format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]+07:00"
            ),
        ),
        (
            "time_utc",
            "in UTC, with `Z`",
            Zone::Utc,
            format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
            ),
        ),
        (
            "time_utc",
            "in UTC, with `Z` and without milliseconds",
            Zone::Utc,
            format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z"),
        ),
        (
            "time_utc_offset",
            "in UTC, with `+00:00`",
            Zone::Utc,
            format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]+00:00"
            ),
        ),
        (
            "time_utc_offset",
            "in UTC, with `+00:00` and without milliseconds",
            Zone::Utc,
            format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+00:00"),
        ),
        (
            "time_offset_without_colon",
            "with `+0700`",
            Zone::Jakarta,
            format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]+0700"
            ),
        ),
        (
            "time_jakarta_called_utc",
            "as Jakarta's time with a `Z`",
            Zone::Jakarta,
            format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
            ),
        ),
        (
            "time_without_t",
            "with a space in place of the `T`",
            Zone::Jakarta,
            format_description!(
                "[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]+07:00"
            ),
        ),
    ];
    let mut part = Part::new();
    add(&mut part, format!(":{}", facts.timestamp).into(), vec![]);
    let Ok(moment) = OffsetDateTime::parse(facts.timestamp, &Rfc3339) else {
        return part;
    };
    let mut wrong = |code: &'static str, done: &str, text: String| {
        let message = format!("the time was signed {done}; {FORM}");
        add(
            &mut part,
            format!(":{text}").into(),
            vec![Mistake { code, message }],
        );
    };
    for (code, done, zone, format) in written {
        let offset = match zone {
            Zone::Jakarta => offset!(+7),
            Zone::Utc => offset!(UTC),
        };
        let local = moment.checked_to_offset(offset);
        if let Some(text) = local.and_then(|local| local.format(format).ok()) {
            wrong(code, done, text);
        }
    }
    let seconds = moment.unix_timestamp();
    let milliseconds = moment.unix_timestamp_nanos() / 1_000_000;
    wrong("time_epoch", "as seconds since 1970", seconds.to_string());
    wrong(
        "time_epoch",
        "as milliseconds since 1970",
        milliseconds.to_string(),
    );
    // Differs from the right text only where that was given in another form.
    wrong(
        "time_other_than_header",
        "in the usual form, but the header carries another text",
        Timestamp::at(moment).to_string(),
    );
    part
}
