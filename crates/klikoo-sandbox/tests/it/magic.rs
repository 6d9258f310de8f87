//! Each magic seat ends its block as the table says.

use std::time::Duration;

use klikoo_sandbox::{Answered, MAGIC_SEATS, Sandbox};
use tokio::time::Instant;

use crate::client::{BLOCK, End, block, order, post};

/// What a block of the seat looks like from outside.
async fn seen(sandbox: &Sandbox, word: &str) -> String {
    match block(sandbox, word, word).await {
        End::Reply(reply) if !reply.whole => format!("{} cut short", reply.status),
        End::Reply(reply) => {
            let code = reply.code();
            if code.is_empty() {
                let kind = reply.header("content-type").unwrap();
                return format!("{} {kind}", reply.status);
            }
            format!("{} {code}", reply.status)
        }
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn each_word_does_what_the_table_says() {
    let sandbox = Sandbox::start().await.unwrap();
    let expected = [
        ("TAKEN", "400 400057801"),
        ("USED", "409 409056563"),
        ("INVALID", "400 400056510"),
        ("SIGNED", "400 400056508"),
        ("CLOCK", "400 400056505"),
        ("TOKEN", "401 401056535"),
        ("TOKENBAD", "401 401056500"),
        ("BLOCKED", "403 403056571"),
        ("CUT", "Closed"),
        ("LOST", "Closed"),
        ("SILENT", "Silence"),
        ("SLOW", "Silence"),
        ("E500", "500 500058504"),
        ("E503", "503 503059991"),
        ("GATEWAY", "502 text/html; charset=utf-8"),
        ("GARBAGE", "201 application/json"),
        ("TRUNC", "201 cut short"),
        ("NOID", "201 201052001"),
        ("NOTIME", "201 201052001"),
        ("PAST", "201 201052001"),
        ("ODD", "201 201052001"),
        ("LIMIT", "429 429057807"),
        ("MOVED", "307 text/html; charset=utf-8"),
        ("PAGE", "403 text/html; charset=utf-8"),
        ("OTHER", "201 201052001"),
    ];
    assert_eq!(expected.len(), MAGIC_SEATS.len());
    for (magic, (word, look)) in MAGIC_SEATS.iter().zip(expected) {
        assert_eq!(magic.word, word);
        assert_eq!(seen(&sandbox, word).await, look, "{word}");
        let held = sandbox
            .holds()
            .iter()
            .any(|hold| hold.partner_reference_no == word);
        assert_eq!(held, magic.executes, "{word}");
        let entry = sandbox.journal().pop().unwrap();
        assert_eq!(entry.fault, Some(format!("seat {word}")));
        assert_eq!(entry.executed.is_some(), magic.executes, "{word}");
    }
}

#[tokio::test]
async fn altered_receipts_differ_where_the_word_says() {
    let sandbox = Sandbox::start().await.unwrap();
    for (word, member, value) in [
        ("NOID", "transaction_id", None),
        ("NOTIME", "expired_at", None),
        ("PAST", "expired_at", Some("2024-04-30T07:56:28+07:00")),
        ("ODD", "status", Some("PONDERING")),
    ] {
        let reply = block(&sandbox, word, word).await.reply().json();
        assert_eq!(
            reply["data"].get(member).and_then(|value| value.as_str()),
            value,
            "{word}"
        );
    }
    let other = block(&sandbox, "OTHER", "OTHER").await.reply().json();
    assert_eq!(other["data"]["seats"], serde_json::json!(["ELSEWHERE"]));
}

#[tokio::test]
async fn limits_and_moves_carry_their_headers() {
    let sandbox = Sandbox::start().await.unwrap();
    let limit = block(&sandbox, "a", "LIMIT").await.reply();
    assert_eq!(limit.header("retry-after"), Some("1"));
    let moved = block(&sandbox, "b", "MOVED").await.reply();
    assert!(
        moved
            .header("location")
            .unwrap()
            .starts_with("https://elsewhere.invalid/")
    );
}

#[tokio::test]
async fn a_token_expires_once_for_each_reference() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(
        block(&sandbox, "a", "TOKEN").await.reply().code(),
        "401056535"
    );
    assert_eq!(
        block(&sandbox, "b", "TOKEN").await.reply().code(),
        "401056535"
    );
    assert_eq!(block(&sandbox, "a", "TOKEN").await.reply().status, 201);
    for _ in 0..3 {
        assert_eq!(
            block(&sandbox, "c", "TOKENBAD").await.reply().code(),
            "401056500"
        );
    }
}

#[tokio::test]
async fn a_repeat_after_an_executed_cut_finds_its_reference_used() {
    let sandbox = Sandbox::start().await.unwrap();
    assert!(matches!(block(&sandbox, "a", "CUT").await, End::Closed));
    assert_eq!(
        block(&sandbox, "a", "CUT").await.reply().code(),
        "409056563"
    );
    assert_eq!(
        block(&sandbox, "b", "CUT").await.reply().code(),
        "400057801"
    );
    assert!(matches!(block(&sandbox, "c", "CUT2").await, End::Closed));
    assert!(matches!(block(&sandbox, "d", "LOST").await, End::Closed));
    assert!(matches!(block(&sandbox, "d", "LOST").await, End::Closed));
    assert_eq!(sandbox.journal()[0].answered, Answered::Cut);
}

#[tokio::test]
async fn the_first_magic_seat_decides_on_either_leg() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut body = order("a", &["1", "TAKEN", "USED"]);
    assert_eq!(
        post(&sandbox, BLOCK, &body).await.reply().code(),
        "400057801"
    );
    body = order("a", &["1"]);
    body["return"] = crate::client::leg(188_400, &["USED"]);
    assert_eq!(
        post(&sandbox, BLOCK, &body).await.reply().code(),
        "409056563"
    );
}

#[tokio::test]
async fn a_slow_seat_answers_after_two_seconds() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut stream = tokio::net::TcpStream::connect(crate::client::address(&sandbox))
        .await
        .unwrap();
    let body = order("a", &["SLOW"]).to_string();
    let call = crate::client::draft(&sandbox, "POST", BLOCK, body.as_bytes());
    let start = Instant::now();
    tokio::io::AsyncWriteExt::write_all(&mut stream, &call.bytes())
        .await
        .unwrap();
    tokio::time::timeout(Duration::from_secs(5), stream.readable())
        .await
        .unwrap()
        .unwrap();
    assert!(start.elapsed() >= Duration::from_secs(2));
}
