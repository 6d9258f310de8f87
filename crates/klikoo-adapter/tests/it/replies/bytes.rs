//! Bytes that are no reply, and replies that break off.

use std::time::Duration;

use super::told_of;
use crate::raw::{Step, envelope};

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
    let lines = open
        .lines()
        .filter(|line| !line.starts_with("content-length"));
    let open = lines.collect::<Vec<_>>().join("\r\n");
    assert_eq!(
        told_of(Step::SendAndClose(open.clone().into_bytes())).await,
        "held"
    );
    for short in 1..60 {
        let told = told_of(Step::SendAndClose(
            open.as_bytes()[..open.len() - short].to_vec(),
        ))
        .await;
        assert_eq!(told, "unknown/unreadable_reply", "{short} short");
    }
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
