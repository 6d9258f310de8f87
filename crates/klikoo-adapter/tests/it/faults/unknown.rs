//! What was sent and is not known.

use klikoo_sandbox::Fault;
use serde_json::json;

use super::row::{Row, executed, expired_at, extra, moved, row, status};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![
        // Rows 13 and 14.
        row("13, 14", Fault::Duplicate, "unknown/reference_used", 1, 0),
    ];
    rows.extend(cut_or_silent());
    rows.extend(unreadable());
    rows.extend(contradictory());
    rows.extend(mismatched());
    rows.extend(failures());
    rows.extend(not_definitive());
    rows
}

/// Rows 5 to 8: the connection, not the words.
fn cut_or_silent() -> Vec<Row> {
    let lost = "unknown/connection_lost";
    let timeout = "unknown/timeout";
    vec![
        row("5", Fault::CutBeforeReading, lost, 1, 0),
        row("5", Fault::ResetBeforeReading, lost, 1, 0),
        row("6", Fault::CutBeforeExecuting, lost, 1, 0),
        row("6", Fault::ResetBeforeExecuting, lost, 1, 0),
        row("7", Fault::ExecuteThenCut, lost, 1, 1),
        row("7", Fault::ExecuteThenReset, lost, 1, 1),
        row("7", Fault::NeverAnswer, timeout, 1, 1),
        row("7", Fault::Latency { ms: 5_000 }, timeout, 1, 1),
        row("8", Fault::SlowBody { chunk: 1, ms: 200 }, timeout, 1, 1),
    ]
}

/// Rows 8 and 26: words that cannot be read.
fn unreadable() -> Vec<Row> {
    let unreadable = "unknown/unreadable_reply";
    vec![
        row("8", Fault::Truncated, unreadable, 1, 1),
        row("8", Fault::NotJson, unreadable, 1, 1),
        row("8", Fault::WrongContentType, unreadable, 1, 1),
        row("8", Fault::Oversize, unreadable, 1, 1),
        row("8", Fault::InvalidUtf8, unreadable, 1, 1),
        row("8", Fault::MissingTransactionId, unreadable, 1, 1),
        row("8", Fault::MissingExpiredAt, unreadable, 1, 1),
        row("26", expired_at("2026-11-24T10:30:00"), unreadable, 1, 1),
        row(
            "26",
            expired_at("2026-11-24 10:30:00+07:00x"),
            unreadable,
            1,
            1,
        ),
        row("26", expired_at(""), unreadable, 1, 1),
        row("26", expired_at("soon"), unreadable, 1, 1),
    ]
}

/// Row 9: words that contradict each other.
fn contradictory() -> Vec<Row> {
    let contradictory = "unknown/contradictory_reply";
    vec![
        row("9", Fault::ErrorCodeIn2xx, contradictory, 1, 0),
        row(
            "9",
            Fault::Code {
                text: "400056510".to_owned(),
            },
            contradictory,
            1,
            1,
        ),
        row(
            "9",
            Fault::Code {
                text: "200052000".to_owned(),
            },
            contradictory,
            1,
            1,
        ),
        row(
            "9",
            Fault::Code {
                text: "no code".to_owned(),
            },
            contradictory,
            1,
            1,
        ),
        row("9", status(400, Some("201052001")), contradictory, 1, 0),
        row("9", status(400, Some("404056525")), contradictory, 1, 0),
        row(
            "13",
            status(409, Some("409056564")),
            "unknown/not_definitive",
            1,
            0,
        ),
        row("9", status(403, Some("409056563")), contradictory, 1, 0),
        row(
            "A4",
            Fault::StatusWord {
                text: "FAILED".to_owned(),
            },
            contradictory,
            1,
            1,
        ),
        row(
            "A4",
            Fault::StatusWord {
                text: "EXPIRED".to_owned(),
            },
            contradictory,
            1,
            1,
        ),
    ]
}

/// Row 10: words about something else.
fn mismatched() -> Vec<Row> {
    let mismatched = "unknown/mismatched_reply";
    vec![
        row("10", extra("seats", json!(["9A"])), mismatched, 1, 1),
        row("10", extra("seats", json!([])), mismatched, 1, 1),
        row("10", extra("trip_id", json!(188_400)), mismatched, 1, 1),
        row(
            "10",
            extra("partner_reference_no", json!("another")),
            mismatched,
            1,
            1,
        ),
    ]
}

/// Row 11: the provider's own failures.
fn failures() -> Vec<Row> {
    let failure = "unknown/provider_failure";
    vec![
        row("11", executed(500, Some("500058504")), failure, 1, 1),
        row("11", status(500, Some("500059999")), failure, 1, 0),
        row("11", status(501, Some("501059976")), failure, 1, 0),
        row("11", executed(502, None), failure, 1, 1),
        row("11", status(503, Some("503059991")), failure, 1, 0),
        row("11", executed(504, None), failure, 1, 1),
        // A 5xx whose code claims something else is a failure all the same.
        row("11", executed(500, Some("400056510")), failure, 1, 1),
        row("11", executed(500, Some("201052001")), failure, 1, 1),
    ]
}

/// Row 12: nobody knows whose words.
fn not_definitive() -> Vec<Row> {
    let not_definitive = "unknown/not_definitive";
    vec![
        row("12", moved(301), not_definitive, 1, 0),
        row("12", moved(302), not_definitive, 1, 0),
        row("12", moved(307), not_definitive, 1, 0),
        row("12", moved(308), not_definitive, 1, 0),
        row("12", status(307, Some("307050000")), not_definitive, 1, 0),
        row("12", status(400, None), not_definitive, 1, 0),
        row("12", status(401, None), not_definitive, 1, 0),
        row("12", status(403, None), not_definitive, 1, 0),
        row("12", status(404, None), not_definitive, 1, 0),
        row("12", status(408, Some("408050000")), not_definitive, 1, 0),
        row("12", status(413, None), not_definitive, 1, 0),
        row("12", status(425, Some("425050000")), not_definitive, 1, 0),
        row("12", status(429, Some("429050000")), not_definitive, 1, 0),
    ]
}
