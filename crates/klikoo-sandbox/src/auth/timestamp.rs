//! The `Open-Api-Timestamp` header (the given document, table A).

use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How the header must end: the given document writes Jakarta's offset out.
const OFFSET: &str = "+07:00";

/// Whether `text` is `yyyy-mm-ddThh:mm:ss`, then perhaps `.` and three digits,
/// then `+07:00`, and no further from `now` than `window`.
pub(crate) fn is_acceptable(text: &str, now: OffsetDateTime, window: Duration) -> bool {
    read(text).is_some_and(|sent| (now - sent).unsigned_abs() <= window)
}

fn read(text: &str) -> Option<OffsetDateTime> {
    let local = text.strip_suffix(OFFSET)?;
    let well_formed = match local.len() {
        19 => true,
        23 => local.as_bytes().get(19) == Some(&b'.'),
        _ => false,
    };
    if !well_formed || local.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn takes_the_documented_forms_only() {
        for good in ["2024-02-07T10:28:35.000+07:00", "2024-02-07T10:28:35+07:00"] {
            assert_eq!(
                read(good),
                Some(datetime!(2024-02-07 10:28:35 +7)),
                "{good}"
            );
        }
        for bad in [
            "",
            "2024-02-07T10:28:35.000+07:0",
            "2024-02-07T10:28:35.000+0700",
            "2024-02-07T03:28:35.000Z",
            "2024-02-07T03:28:35.000+00:00",
            "2024-02-07 10:28:35.000+07:00",
            "2024-02-07t10:28:35.000+07:00",
            "2024-02-07T10:28:35.00+07:00",
            "2024-02-07T10:28:35,000+07:00",
            "2024-02-30T10:28:35.000+07:00",
            "1707276515",
            "日本日本日本日+07:00",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_window_is_closed_at_both_ends() {
        let sent = "2024-02-07T10:28:35.000+07:00";
        let window = Duration::from_mins(5);
        for (now, expected) in [
            (datetime!(2024-02-07 10:33:35 +7), true),
            (datetime!(2024-02-07 10:33:35.001 +7), false),
            (datetime!(2024-02-07 10:23:35 +7), true),
            (datetime!(2024-02-07 10:23:34.999 +7), false),
        ] {
            assert_eq!(is_acceptable(sent, now, window), expected, "{now}");
        }
    }
}
