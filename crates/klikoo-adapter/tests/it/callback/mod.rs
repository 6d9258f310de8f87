//! Callbacks: what is read, and what is refused.

mod generated;

use booking_domain::{PartnerReference, StatusMeaning, TransactionId};
use booking_ports::{Callback, CallbackError, CallbackParser, ManualClock, SeatBlocker};
use klikoo_adapter::KlikooCallbacks;
use serde_json::json;

use crate::raw::{RawServer, Step, reply};
use crate::setup::{NOW, blocker_of, config_of, order};

fn parse(body: &str) -> Result<Callback, CallbackError> {
    KlikooCallbacks.parse(body.as_bytes())
}

/// What the sandbox sends, as it arrives at a partner's server.
#[tokio::test]
async fn what_the_sandbox_sends_is_read() {
    let partner = RawServer::always(Step::SendAndClose(reply(204, &[], b""))).await;
    let url = format!("{}/klikoo", partner.base_url());
    let clock = klikoo_sandbox::VirtualClock::fixed(NOW);
    let builder = klikoo_sandbox::Sandbox::builder()
        .clock(clock)
        .callback_url(&url)
        .unwrap();
    let sandbox = builder.start().await.unwrap();
    let blocker = blocker_of(config_of(&sandbox), &ManualClock::at(NOW));
    let hold = blocker.block(&order("1238", &["8"])).await.unwrap();
    while partner.seen().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let sent = partner.seen().remove(0);
    assert_eq!(
        (sent.method.as_str(), sent.path.as_str()),
        ("POST", "/klikoo")
    );
    let callback = parse(&sent.body).unwrap();
    assert_eq!(callback.reference, Some(hold.reference));
    assert_eq!(callback.transaction_id, Some(hold.transaction_id));
    assert_eq!(callback.status, hold.status);
}

/// Reference, transaction and status of a body, or what was wrong.
fn told(body: &str) -> String {
    let shown = |text: Option<&str>| text.unwrap_or("-").to_owned();
    match parse(body) {
        Ok(it) => format!(
            "{} {} {}",
            shown(it.reference.as_ref().map(PartnerReference::as_str)),
            shown(it.transaction_id.as_ref().map(TransactionId::as_str)),
            it.status.word()
        ),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_documented_body_is_read() {
    let body = json!({
        "response_code": "200022000", "response_message": "Berhasil",
        "partner_reference_id": "1238", "transaction_id": "14429004", "amount": "20000",
        "transaction_time": "2026-11-24T10:00:00+07:00", "transaction_status": "SUCCESS",
        "reason": "", "product_name": "BUS", "sn": "D14429004",
    });
    let callback = parse(&body.to_string()).unwrap();
    assert_eq!(callback.reference.unwrap().as_str(), "1238");
    assert_eq!(callback.transaction_id.unwrap().as_str(), "14429004");
    assert_eq!(callback.status.meaning(), StatusMeaning::Booked);
}

#[test]
fn forms_that_are_read() {
    for (body, expected) in [
        (
            r#"{"partner_reference_id":"r","transaction_status":"WAITING"}"#,
            "r - WAITING",
        ),
        (
            r#"{"partner_reference_id":1238,"transaction_id":7,"transaction_status":"x"}"#,
            "1238 7 x",
        ),
        (
            r#"{"partner_reference_id":null,"transaction_id":"7","transaction_status":"EXPIRED"}"#,
            "- 7 EXPIRED",
        ),
        (
            r#"{"partner_reference_id":"","transaction_id":"7","transaction_status":"FAILED"}"#,
            "- 7 FAILED",
        ),
        (
            r#" { "partner\u005freference_id" : "r" , "transaction_status" : " SUCCESS\n" } "#,
            "r - SUCCESS",
        ),
        // What does not count may be anything, and stand there twice.
        (
            r#"{"a":1e999,"a":[[{}]],"":null,"transaction_id":"7","transaction_status":"S"}"#,
            "- 7 S",
        ),
        (
            r#"{"x":{"transaction_id":"8"},"transaction_id":"7","transaction_status":"S"}"#,
            "- 7 S",
        ),
        (
            r#"{"x":"{[{[","transaction_id":"7","transaction_status":"S"}"#,
            "- 7 S",
        ),
        // Not ours to understand, fit to print all the same.
        (
            r#"{"transaction_id":"7","transaction_status":"A\u001b[31m"}"#,
            "- 7 A\\u{1b}[31m",
        ),
        (
            r#"{"transaction_id":"7","transaction_status":"call 0821 2227 4139"}"#,
            "- 7 call [personal]",
        ),
    ] {
        assert_eq!(told(body), expected, "{body}");
    }
}

#[test]
fn what_is_no_callback_is_refused() {
    let long = "9".repeat(65);
    let long_reference = format!(r#"{{"partner_reference_id":"{long}","transaction_status":"S"}}"#);
    let long_id = format!(r#"{{"transaction_id":"{long}","transaction_status":"S"}}"#);
    for (body, expected) in [
        ("", "not one JSON object"),
        ("null", "not one JSON object"),
        ("[]", "not one JSON object"),
        (r#"["1238","7","SUCCESS"]"#, "not one JSON object"),
        ("{", "not one JSON object"),
        (
            r#"{"transaction_id":"7","transaction_status":"S"} {}"#,
            "not one JSON object",
        ),
        (
            r#"{"transaction_id":"7","transaction_status":"S","\ud800":1}"#,
            "not one JSON object",
        ),
        ("{}", "has no transaction_status"),
        (r#"{"transaction_id":"7"}"#, "has no transaction_status"),
        (
            r#"{"transaction_status":"S"}"#,
            "has no partner_reference_id and no transaction_id",
        ),
        (
            r#"{"transaction_id":null,"transaction_status":"S"}"#,
            "has no partner_reference_id",
        ),
        (
            r#"{"Transaction_id":"7","transaction_status":"S"}"#,
            "has no partner_reference_id",
        ),
        (
            r#"{"transaction_id":"7","transaction_id":"7","transaction_status":"S"}"#,
            "transaction_id twice",
        ),
        (
            r#"{"transaction_id":"7","transaction_status":"S","transaction\u005fstatus":"T"}"#,
            "transaction_status twice",
        ),
        (
            r#"{"partner_reference_id":null,"partner_reference_id":"r","transaction_status":"S"}"#,
            "partner_reference_id twice",
        ),
        (
            r#"{"transaction_id":"7","transaction_status":""}"#,
            "transaction_status is not as documented",
        ),
        (
            r#"{"transaction_id":"7","transaction_status":null}"#,
            "transaction_status is not",
        ),
        (
            r#"{"transaction_id":"7","transaction_status":1}"#,
            "transaction_status is not",
        ),
        (
            r#"{"transaction_id":"7","transaction_status":"\udc00"}"#,
            "transaction_status is not",
        ),
        (
            r#"{"transaction_id":"7 8","transaction_status":"S"}"#,
            "transaction_id is not",
        ),
        (
            r#"{"transaction_id":1.5,"transaction_status":"S"}"#,
            "transaction_id is not",
        ),
        (
            r#"{"transaction_id":["7"],"transaction_status":"S"}"#,
            "transaction_id is not",
        ),
        (
            r#"{"transaction_id":"7","partner_reference_id":true,"transaction_status":"S"}"#,
            "partner_reference_id is not",
        ),
        (
            r#"{"partner_reference_id":"a b","transaction_status":"S"}"#,
            "partner_reference_id is not",
        ),
        (&long_reference, "partner_reference_id is not"),
        (&long_id, "transaction_id is not"),
    ] {
        let told = told(body);
        assert!(told.contains(expected), "{body}: {told}");
    }
    assert_eq!(
        KlikooCallbacks.parse(b"{\"a\":\"\xff\"}"),
        Err(CallbackError::NotUtf8)
    );
}

#[test]
fn length_and_depth_have_an_end() {
    let sound = r#""transaction_id":"7","transaction_status":"S""#;
    let of_length = |length: usize| {
        let empty = format!(r#"{{{sound},"x":""}}"#).len();
        format!(r#"{{{sound},"x":"{}"}}"#, "x".repeat(length - empty))
    };
    assert_eq!(told(&of_length(64 * 1024)), "- 7 S");
    assert_eq!(
        parse(&of_length(64 * 1024 + 1)),
        Err(CallbackError::TooLong { limit: 64 * 1024 })
    );
    let of_depth = |levels: usize| {
        let (open, shut) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
        format!(r#"{{{sound},"x":{open}{shut}}}"#)
    };
    assert_eq!(told(&of_depth(32)), "- 7 S");
    assert_eq!(
        parse(&of_depth(33)),
        Err(CallbackError::TooDeep { limit: 32 })
    );
    assert_eq!(
        parse(&"[".repeat(60_000)),
        Err(CallbackError::TooDeep { limit: 32 })
    );
    // A text with quotes and backslashes in it ends where it ends, and hides nothing behind it.
    let hidden = of_depth(33).replace("{\"transaction_id", r#"{"a":"\"","b":"\\","transaction_id"#);
    assert!(hidden.contains(r#""a":"\"","b":"\\","#), "{hidden}");
    assert_eq!(parse(&hidden), Err(CallbackError::TooDeep { limit: 32 }));
    // Brackets in a text nest nothing, and a quote after a backslash ends none.
    let in_text = format!(r#"{{{sound},"x":"\\\"{}"}}"#, "[".repeat(100));
    assert_eq!(told(&in_text), "- 7 S");
}
