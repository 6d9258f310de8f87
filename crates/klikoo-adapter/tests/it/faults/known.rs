//! Everything that is known.

use klikoo_sandbox::Fault;
use serde_json::json;

use super::row::{Row, expired_at, extra, row, status};

/// Everything that is known: a refusal by the envelope, a hold, or one that is over.
pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "9",
            status(400, Some("400056510")),
            "refused/invalid_order",
            1,
            0,
        ),
        row(
            "9",
            status(400, Some("400056512")),
            "refused/invalid_order",
            1,
            0,
        ),
        row(
            "9",
            status(400, Some("400056568")),
            "refused/invalid_order",
            1,
            0,
        ),
        row("9", status(404, Some("404057003")), "refused/product", 1, 0),
        row("9", status(400, Some("400056525")), "refused/product", 1, 0),
        row(
            "9",
            status(403, Some("403056571")),
            "refused/not_allowed",
            1,
            0,
        ),
        row("9", status(404, Some("404057009")), "refused/account", 1, 0),
        row(
            "9",
            status(401, Some("401056570")),
            "refused/credentials",
            1,
            0,
        ),
        // Not listed, of another service, and of the older length: final all the same.
        row("9", status(400, Some("400051234")), "refused/other", 1, 0),
        row("9", status(422, Some("422990000")), "refused/other", 1, 0),
        row("9", status(400, Some("4000500")), "refused/other", 1, 0),
        row("16", Fault::ExpiredToken, "refused/credentials", 2, 0),
        row("16", Fault::InvalidToken, "refused/credentials", 2, 0),
        Row {
            once: true,
            ..row("16", Fault::ExpiredToken, "held", 2, 1)
        },
        Row {
            once: true,
            ..row("16", Fault::InvalidToken, "held", 2, 1)
        },
        row("17", status(400, Some("400056505")), "refused/clock", 1, 0),
        row(
            "17",
            status(400, Some("400056508")),
            "refused/signature",
            1,
            0,
        ),
        row(
            "25",
            expired_at("2026-11-24T10:00:00+07:00"),
            "expired",
            1,
            1,
        ),
        row(
            "26",
            expired_at("2024-04-30T07:56:28+07:00"),
            "expired",
            1,
            1,
        ),
        row("26", expired_at("0000-01-01T00:00:00Z"), "expired", 1, 1),
        row("26", expired_at("2026-11-24T10:00:01+07:00"), "held", 1, 1),
        row("26", expired_at("9999-12-31T23:59:59+07:00"), "held", 1, 1),
        row(
            "A4",
            Fault::StatusWord {
                text: "PONDERING".to_owned(),
            },
            "held",
            1,
            1,
        ),
        row("-", Fault::Latency { ms: 20 }, "held", 1, 1),
        row("-", extra("seats", json!(["8"])), "held", 1, 1),
        row("-", extra("note", json!({"any": ["thing"]})), "held", 1, 1),
        row("-", Fault::SlowBody { chunk: 40, ms: 5 }, "held", 1, 1),
    ]
}
