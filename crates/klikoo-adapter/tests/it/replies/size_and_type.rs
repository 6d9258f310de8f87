//! The declared type, the encoding, the length, and `Retry-After`.

use std::time::Duration;

use booking_ports::{BlockError, SeatBlocker};

use super::told_of;
use crate::raw::{RawServer, Step, envelope, json, reply};
use crate::setup::{blocker, order};

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn the_content_type_has_to_say_json() {
    let body = envelope(
        "201052001",
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
    );
    for (value, expected) in [
        ("application/json", "held"),
        ("application/json; charset=utf-8", "held"),
        ("Application/JSON ;charset=UTF-8", "held"),
        ("text/html", "unknown/unreadable_reply"),
        ("text/plain", "unknown/unreadable_reply"),
        ("application/jsonp", "unknown/unreadable_reply"),
        ("application/problem+json", "unknown/unreadable_reply"),
        ("", "unknown/unreadable_reply"),
    ] {
        let bytes = reply(201, &[("content-type", value)], body.as_bytes());
        assert_eq!(told_of(Step::Send(bytes)).await, expected, "{value}");
    }
    let none = reply(201, &[], body.as_bytes());
    assert_eq!(told_of(Step::Send(none)).await, "unknown/unreadable_reply");
    let packed = reply(
        201,
        &[JSON, ("content-encoding", "gzip")],
        b"\x1f\x8b\x08\x00\x00\x00",
    );
    assert_eq!(
        told_of(Step::Send(packed)).await,
        "unknown/unreadable_reply"
    );
}

#[tokio::test]
async fn text_that_is_no_utf8() {
    let good = crate::raw::held("1");
    let text = String::from_utf8(good).unwrap();
    for broken in [&b"\xff"[..], b"\xed\xa0\x80", b"\xc3\x28"] {
        let mut bytes = text.replace("content-length: ", "x-length: ").into_bytes();
        let at = bytes.windows(5).position(|five| five == b"pesan").unwrap();
        bytes.splice(at..at + 5, broken.iter().copied());
        assert_eq!(
            told_of(Step::SendAndClose(bytes)).await,
            "unknown/unreadable_reply"
        );
    }
}

#[tokio::test]
async fn a_mebibyte_is_read_and_no_byte_more() {
    let hold =
        r#""transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00""#;
    let padded = |length: usize| {
        let body = envelope("201052001", &format!("{{{hold},\"x\":\"\"}}"));
        let more = "x".repeat(length - body.len());
        envelope("201052001", &format!("{{{hold},\"x\":\"{more}\"}}"))
    };
    for (length, expected) in [
        (1 << 20, "held"),
        ((1 << 20) + 1, "unknown/unreadable_reply"),
    ] {
        let body = padded(length);
        assert_eq!(body.len(), length);
        assert_eq!(
            told_of(Step::Send(json(201, &body))).await,
            expected,
            "{length} stated"
        );
        let open = format!("HTTP/1.1 201 C\r\ncontent-type: application/json\r\n\r\n{body}");
        assert_eq!(
            told_of(Step::SendAndClose(open.into_bytes())).await,
            expected,
            "{length} open"
        );
    }
}

#[tokio::test]
async fn a_reply_without_an_end_is_left() {
    // Sixteen megabytes, as fast as they are taken; whoever reads them all needs them in memory.
    let endless = format!(
        "HTTP/1.1 201 C\r\ncontent-type: application/json\r\n\r\n{}",
        " ".repeat(16 << 20)
    );
    assert_eq!(
        told_of(Step::SendAndStay(endless.into_bytes())).await,
        "unknown/unreadable_reply"
    );
    let announced =
        b"HTTP/1.1 201 C\r\ncontent-type: application/json\r\ncontent-length: 9999999999\r\n\r\n{"
            .to_vec();
    assert_eq!(
        told_of(Step::SendAndStay(announced)).await,
        "unknown/unreadable_reply"
    );
}

#[tokio::test]
async fn retry_after_is_kept_and_capped() {
    for (header, seconds) in [
        ("7", Some(7)),
        ("0", Some(0)),
        ("99999999", Some(300)),
        ("soon", None),
        ("-1", None),
        ("Tue, 24 Nov 2026 03:00:09 GMT", Some(9)),
        ("Tue, 24 Nov 2026 02:59:00 GMT", Some(0)),
        ("Wed, 25 Nov 2026 03:00:00 GMT", Some(300)),
    ] {
        let body = envelope("429050000", "null");
        let date = ("date", "Tue, 24 Nov 2026 03:00:00 GMT");
        let bytes = reply(429, &[JSON, date, ("retry-after", header)], body.as_bytes());
        let server = RawServer::always(Step::Send(bytes)).await;
        let outcome = blocker(&server.base_url())
            .block(&order("1238", &["8"]))
            .await;
        let Err(BlockError::Unknown(unknown)) = outcome else {
            unreachable!("{outcome:?}")
        };
        assert_eq!(
            unknown.retry_after,
            seconds.map(Duration::from_secs),
            "{header}"
        );
    }
}
