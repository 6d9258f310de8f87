//! Replies byte by byte: each row one reply, and what it proves.

use std::time::Duration;

use booking_ports::{BlockError, SeatBlocker};

use crate::raw::{RawServer, Step, envelope, json, reply};
use crate::setup::{blocker, order, round_trip, told};

const JSON: (&str, &str) = ("content-type", "application/json");

/// Blocks seat 8 against a server that answers so, and checks that it was asked once.
async fn told_of(step: Step) -> String {
    let server = RawServer::always(step).await;
    let outcome = blocker(&server.base_url())
        .block(&order("1238", &["8"]))
        .await;
    assert_eq!(server.blocks(), 1, "{outcome:?}");
    told(&outcome)
}

async fn told_of_json(status: u16, body: &str) -> String {
    told_of(Step::Send(json(status, body))).await
}

async fn told_of_data(data: &str) -> String {
    told_of_json(201, &envelope("201052001", data)).await
}

#[tokio::test]
async fn data_that_states_a_hold() {
    for data in [
        // The documented sample's form.
        r#"{"transaction_id":"14429004","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        // Numbers where strings belong, other offsets, fractions, more fields.
        r#"{"transaction_id":14429004,"status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T03:30:00Z"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T03:30:00.123456-00:00"}"#,
        r#"{"transaction_id":"1","status":"NEW","expired_at":"2026-11-24T10:30:00+07:00","x":null}"#,
        r#"{"transaction_id":"1","status":"SUCCESS","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#" { "expired_at" : "2026-11-24T10:30:00+07:00" , "status" : "WAITING" , "transaction_id" : "1" } "#,
    ] {
        assert_eq!(told_of_data(data).await, "held", "{data}");
    }
}

#[tokio::test]
async fn data_that_lacks_something() {
    let long = format!(
        r#"{{"transaction_id":"{}","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}}"#,
        "9".repeat(65)
    );
    for data in [
        "null",
        "{}",
        "[]",
        "\"\"",
        "7",
        "true",
        r#"["14429004","WAITING","2026-11-24T10:30:00+07:00"]"#,
        r#"[{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}]"#,
        r#"{"status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING"}"#,
        r#"{"transaction_id":null,"status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":" ","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1 2","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1\u0000","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":["1"],"status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":true,"status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":null,"expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":1,"expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":null}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":1795490000}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-13-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T25:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"Tue, 24 Nov 2026 03:30:00 GMT"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"+12026-11-24T10:30:00+07:00"}"#,
        // Which of the two counts?
        r#"{"transaction_id":"1","transaction_id":"2","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"Transaction_Id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        &long,
    ] {
        assert_eq!(
            told_of_data(data).await,
            "unknown/unreadable_reply",
            "{data}"
        );
    }
}

#[tokio::test]
async fn data_about_something_else() {
    let hold =
        r#""transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00""#;
    for (more, expected) in [
        (r#""partner_reference_no":"1238""#, "held"),
        (r#""partner_reference_no":1238"#, "held"),
        (
            r#""partner_reference_no":"1239""#,
            "unknown/mismatched_reply",
        ),
        (r#""partner_reference_no":null"#, "unknown/mismatched_reply"),
        (
            r#""partner_reference_no":"1238 ""#,
            "unknown/mismatched_reply",
        ),
        (r#""trip_id":188336"#, "held"),
        (r#""trip_id":"188336""#, "held"),
        (r#""trip_id":188337"#, "unknown/mismatched_reply"),
        (
            r#""departure":{"trip_id":188337}"#,
            "unknown/mismatched_reply",
        ),
        (r#""seats":["8"]"#, "held"),
        (r#""seats":[8]"#, "held"),
        (r#""seats":[{"name":"8"}]"#, "held"),
        (r#""seats":["8","9"]"#, "unknown/mismatched_reply"),
        (r#""seats":[]"#, "unknown/mismatched_reply"),
        (r#""seats":["9A"]"#, "unknown/mismatched_reply"),
        (
            r#""departure":{"passengers":[{"seat_name":"7"}]}"#,
            "unknown/mismatched_reply",
        ),
    ] {
        assert_eq!(
            told_of_data(&format!("{{{hold},{more}}}")).await,
            expected,
            "{more}"
        );
    }
}

#[tokio::test]
async fn what_a_reply_hides_deep_down_is_not_passed_over() {
    let hold =
        r#""transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00""#;
    // Deeper than a reader follows, or a number that none can hold: what is beside it is unread.
    let deep = format!(
        r#"{{{hold},"seats":["9A"],"x":{}{}}}"#,
        "[".repeat(300),
        "]".repeat(300)
    );
    let huge = format!(r#"{{{hold},"seats":["9A"],"x":1e999}}"#);
    let twice = format!(r#"{{{hold},"seats":["9A"],"seats":["8"]}}"#);
    for data in [deep, huge, twice] {
        let told = told_of_data(&data).await;
        assert!(told.starts_with("unknown/"), "{told}: {data}");
    }
}

#[tokio::test]
async fn some_seats_or_one_leg_are_no_hold() {
    let data = |more: &str| {
        format!(
            r#"{{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00",{more}}}"#
        )
    };
    let order = round_trip("1238", &["8", "9"], &["1", "2"]);
    for (more, expected) in [
        (r#""seats":["1","2","8","9"]"#, "held"),
        (r#""seats":["8","9","2","1"]"#, "held"),
        (r#""seats":["8","9"]"#, "unknown/mismatched_reply"),
        (r#""seats":["8"]"#, "unknown/mismatched_reply"),
        (r#""seats":["8","8","9","9"]"#, "unknown/mismatched_reply"),
        (r#""trip_id":188336"#, "unknown/mismatched_reply"),
        (
            r#""departure":{"trip_id":188336},"return":{"trip_id":188400}"#,
            "held",
        ),
        (
            r#""departure":{"trip_id":188336},"return":{"trip_id":188401}"#,
            "unknown/mismatched_reply",
        ),
    ] {
        let reply = json(201, &envelope("201052001", &data(more)));
        let server = RawServer::always(Step::Send(reply)).await;
        let outcome = blocker(&server.base_url()).block(&order).await;
        assert_eq!(told(&outcome), expected, "{more}: {outcome:?}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_reply() {
    let held = envelope(
        "201052001",
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
    );
    let (lost, unreadable) = ("unknown/connection_lost", "unknown/unreadable_reply");
    let stated = |length: usize, body: &str| {
        format!(
            "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let chunked = |body: &str| {
        format!(
            "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{body}"
        )
    };
    for (bytes, expected) in [
        (String::new(), lost),
        ("\r\n\r\n".to_owned(), lost),
        ("SSH-2.0-OpenSSH_9.6\r\n".to_owned(), lost),
        ("HTTP/1.1 2".to_owned(), lost),
        ("HTTP/1.1 201 Created\r\ncontent-type: app".to_owned(), lost),
        ("HTTP/1.1 abc Created\r\n\r\n".to_owned(), lost),
        ("HTTP/3 201 Created\r\n\r\n".to_owned(), lost),
        (held.clone(), lost),
        // Lengths that lie.
        (stated(held.len() + 1, &held), unreadable),
        (stated(held.len() - 1, &held), unreadable),
        (
            format!(
                "HTTP/1.1 201 C\r\ncontent-type: application/json\r\ncontent-length: -1\r\n\r\n{held}"
            ),
            lost,
        ),
        (
            format!(
                "HTTP/1.1 201 C\r\ncontent-type: application/json\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{held}"
            ),
            lost,
        ),
        (stated(0, ""), unreadable),
        (
            chunked(&format!("{:x}\r\n{held}\r\n", held.len())),
            unreadable,
        ),
        (
            chunked(&format!("{:x}\r\n{held}", held.len() + 9)),
            unreadable,
        ),
        (chunked(&format!("zz\r\n{held}\r\n0\r\n\r\n")), unreadable),
        (chunked("ffffffffffffffff\r\n"), unreadable),
        (chunked("fffffffffffffffff\r\n"), unreadable),
    ] {
        let told = told_of(Step::SendAndClose(bytes.clone().into_bytes())).await;
        assert_eq!(told, expected, "{bytes}");
    }
    // The same bytes told rightly are a hold.
    assert_eq!(
        told_of(Step::SendAndClose(stated(held.len(), &held).into_bytes())).await,
        "held"
    );
    let whole = chunked(&format!("{:x}\r\n{held}\r\n0\r\n\r\n", held.len()));
    assert_eq!(
        told_of(Step::SendAndClose(whole.into_bytes())).await,
        "held"
    );
}

#[tokio::test]
async fn a_body_that_is_cut_anywhere_is_no_hold() {
    let whole = crate::raw::held("14429004");
    let head = whole
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4;
    for end in head..whole.len() {
        let told = told_of(Step::SendAndClose(whole[..end].to_vec())).await;
        assert_eq!(told, "unknown/unreadable_reply", "cut at {end}");
    }
    // Without a stated length the end of the connection ends the body: JSON has to be whole.
    let open = String::from_utf8(whole).unwrap();
    let open: String = open
        .lines()
        .filter(|line| !line.starts_with("content-length"))
        .map(|line| format!("{line}\r\n"))
        .collect();
    let open = open.trim_end().to_owned();
    assert_eq!(
        told_of(Step::SendAndClose(open.clone().into_bytes())).await,
        "held"
    );
    for short in 1..60 {
        let told = told_of(Step::SendAndClose(
            open[..open.len() - short].as_bytes().to_vec(),
        ))
        .await;
        assert_eq!(told, "unknown/unreadable_reply", "{short} short");
    }
}

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
        assert_eq!(told_of_json(201, &body).await, expected, "{length} stated");
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
async fn a_slow_reply_is_a_timeout_wherever_it_stops() {
    let whole = crate::raw::held("1");
    for sent in [0, 1, 20, whole.len() - 1] {
        let told = told_of(Step::SendAndStay(whole[..sent].to_vec())).await;
        assert_eq!(told, "unknown/timeout", "{sent} bytes sent");
    }
    let pause = Duration::from_millis(20);
    assert_eq!(
        told_of(Step::Drip(whole.clone(), 1, pause)).await,
        "unknown/timeout"
    );
    assert_eq!(told_of(Step::Drip(whole, 20, pause)).await, "held");
}

#[tokio::test]
async fn interim_replies_are_passed_over() {
    let interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n";
    let bytes = [&interim[..], &crate::raw::held("1")].concat();
    assert_eq!(told_of(Step::Send(bytes)).await, "held");
    let switching =
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n".to_vec();
    let told = told_of(Step::SendAndClose(switching)).await;
    assert!(told.starts_with("unknown/"), "{told}");
}

#[tokio::test]
async fn retry_after_is_kept_and_capped() {
    for (header, seconds) in [
        ("7", Some(7)),
        ("0", Some(0)),
        ("99999999", Some(300)),
        ("soon", None),
        ("-1", None),
    ] {
        let body = envelope("429050000", "null");
        let bytes = reply(429, &[JSON, ("retry-after", header)], body.as_bytes());
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
