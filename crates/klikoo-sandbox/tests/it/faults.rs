//! Each scripted fault does what it says.

use std::time::Duration;

use klikoo_sandbox::{Answered, Fault, Rule, Sandbox};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::client::{BLOCK, End, Reply, address, block, draft, exchange, get, order, read};

/// Blocks seat 1 while `fault` strikes, and says whether the block was executed.
async fn struck(fault: Fault) -> (End, bool) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_fault(Rule::new(fault).path("block-seat"));
    let end = block(&sandbox, "r", "1").await;
    let executed = !sandbox.holds().is_empty();
    let entry = sandbox.journal().pop().unwrap();
    assert_eq!(entry.executed.is_some(), executed);
    assert!(entry.fault.is_some());
    (end, executed)
}

async fn executed_reply(fault: Fault) -> Reply {
    let (end, executed) = struck(fault).await;
    assert!(executed);
    end.reply()
}

async fn refused_reply(fault: Fault) -> Reply {
    let (end, executed) = struck(fault).await;
    assert!(!executed);
    end.reply()
}

#[tokio::test]
async fn cuts_and_resets_leave_no_answer() {
    for (fault, executed, reset) in [
        (Fault::CutBeforeReading, false, false),
        (Fault::ResetBeforeReading, false, true),
        (Fault::CutBeforeExecuting, false, false),
        (Fault::ResetBeforeExecuting, false, true),
        (Fault::ExecuteThenCut, true, false),
        (Fault::ExecuteThenReset, true, true),
    ] {
        let (end, held) = struck(fault.clone()).await;
        assert_eq!(held, executed, "{fault:?}");
        let as_said = if reset {
            matches!(end, End::Reset)
        } else {
            matches!(end, End::Closed)
        };
        assert!(as_said, "{fault:?} {end:?}");
    }
}

#[tokio::test]
async fn a_cut_before_reading_does_not_wait_for_the_body() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_fault(Rule::new(Fault::CutBeforeReading));
    let head = format!("POST {BLOCK} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n");
    assert!(matches!(
        exchange(address(&sandbox), head.as_bytes()).await,
        End::Closed
    ));
    let entry = sandbox.journal().pop().unwrap();
    assert_eq!((entry.body.as_str(), entry.answered), ("", Answered::Cut));
}

#[tokio::test]
async fn silence_executes_and_says_nothing() {
    let (end, executed) = struck(Fault::NeverAnswer).await;
    assert!(executed && matches!(end, End::Silence), "{end:?}");
}

#[tokio::test]
async fn latency_executes_first_and_answers_late() {
    let start = Instant::now();
    let reply = executed_reply(Fault::Latency { ms: 150 }).await;
    assert_eq!(reply.status, 201);
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn the_builders_latency_is_for_blocks_alone() {
    let latency = Duration::from_millis(150);
    let sandbox = Sandbox::builder().latency(latency).start().await.unwrap();
    let start = Instant::now();
    get(&sandbox, "/v1/open-api/transactions?page=1&limit=1").await;
    assert!(start.elapsed() < latency);
    let start = Instant::now();
    block(&sandbox, "r", "1").await.reply();
    assert!(start.elapsed() >= latency);
}

#[tokio::test]
async fn a_client_that_hangs_up_during_a_wait_is_held_for_all_the_same() {
    let sandbox = Sandbox::builder()
        .latency(Duration::from_mins(1))
        .start()
        .await
        .unwrap();
    assert!(matches!(block(&sandbox, "r", "1").await, End::Silence));
    assert_eq!(sandbox.holds().len(), 1);
}

#[tokio::test]
async fn statuses_come_with_an_envelope_or_a_page() {
    let page = executed_reply(Fault::ExecuteThenStatus {
        status: 504,
        code: None,
    })
    .await;
    assert_eq!(page.status, 504);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(page.body.starts_with(b"<!doctype html>"));
    let code = Some("500059999".to_owned());
    let envelope = executed_reply(Fault::ExecuteThenStatus { status: 500, code }).await;
    assert_eq!(
        (envelope.status, envelope.code().as_str()),
        (500, "500059999")
    );

    let limited = refused_reply(Fault::Status {
        status: 429,
        code: None,
        retry_after: Some(7),
        location: None,
    });
    let limited = limited.await;
    assert_eq!(
        (limited.status, limited.header("retry-after")),
        (429, Some("7"))
    );
    let moved = refused_reply(Fault::Status {
        status: 308,
        code: None,
        retry_after: None,
        location: Some("http://elsewhere.invalid/".to_owned()),
    });
    assert_eq!(
        moved.await.header("location"),
        Some("http://elsewhere.invalid/")
    );
    for status in [408, 425] {
        let fault = Fault::Status {
            status,
            code: None,
            retry_after: None,
            location: None,
        };
        assert_eq!(refused_reply(fault).await.status, status);
    }
}

#[tokio::test]
async fn bodies_are_spoilt_as_named() {
    let truncated = executed_reply(Fault::Truncated).await;
    assert_eq!(truncated.status, 201);
    assert!(!truncated.whole && !truncated.body.is_empty());

    let not_json = executed_reply(Fault::NotJson).await;
    assert_eq!(not_json.header("content-type"), Some("application/json"));
    assert!(serde_json::from_slice::<serde_json::Value>(&not_json.body).is_err());

    let mistyped = executed_reply(Fault::WrongContentType).await;
    assert_eq!(
        mistyped.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(mistyped.code(), "201052001");

    let oversize = executed_reply(Fault::Oversize).await;
    assert!(oversize.whole && oversize.body.len() > 1024 * 1024);
    assert_eq!(oversize.code(), "201052001");

    let garbled = executed_reply(Fault::InvalidUtf8).await;
    assert!(std::str::from_utf8(&garbled.body).is_err());
    let rest: Vec<u8> = garbled
        .body
        .into_iter()
        .filter(|byte| *byte != 0xff)
        .collect();
    assert!(serde_json::from_slice::<serde_json::Value>(&rest).is_ok());
}

#[tokio::test]
async fn a_slow_body_comes_in_pieces() {
    let start = Instant::now();
    let reply = executed_reply(Fault::SlowBody { chunk: 16, ms: 10 }).await;
    assert!(reply.whole);
    let pieces = u32::try_from(reply.body.len().div_ceil(16)).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(10) * pieces);
}

#[tokio::test]
async fn refusals_carry_their_codes_and_execute_nothing() {
    for (fault, status, code) in [
        (Fault::ExpiredToken, 401, "401056535"),
        (Fault::InvalidToken, 401, "401056500"),
        (Fault::Duplicate, 409, "409056563"),
        (Fault::ErrorCodeIn2xx, 201, "500058504"),
    ] {
        let reply = refused_reply(fault).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, code));
    }
}

#[tokio::test]
async fn receipts_are_edited_as_told() {
    let text = |text: &str| text.to_owned();
    let no_id = executed_reply(Fault::MissingTransactionId).await.json();
    assert_eq!(no_id["data"].get("transaction_id"), None);
    let no_time = executed_reply(Fault::MissingExpiredAt).await.json();
    assert_eq!(no_time["data"].get("expired_at"), None);
    let late = executed_reply(Fault::ExpiredAt {
        text: text("2024-04-30T07:56:28"),
    })
    .await
    .json();
    assert_eq!(late["data"]["expired_at"], "2024-04-30T07:56:28");
    let word = executed_reply(Fault::StatusWord { text: text("NEW") })
        .await
        .json();
    assert_eq!(word["data"]["status"], "NEW");
    let code = executed_reply(Fault::Code {
        text: text("2000200"),
    })
    .await;
    assert_eq!((code.status, code.code().as_str()), (201, "2000200"));
    let data = [
        ("trip_id".to_owned(), json!(1)),
        ("status".to_owned(), json!(null)),
    ]
    .into();
    let extra = executed_reply(Fault::ExtraData { data }).await.json();
    assert_eq!(extra["data"]["trip_id"], 1);
    assert_eq!(extra["data"]["status"], json!(null));
}

#[tokio::test]
async fn the_date_may_be_off_the_clock() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_fault(Rule::new(Fault::DateHeader { offset: -3600 }));
    sandbox
        .clock()
        .set_offset(time::macros::datetime!(2026-01-01 0:00 UTC) - sandbox.clock().now());
    let date = block(&sandbox, "r", "1")
        .await
        .reply()
        .header("date")
        .unwrap()
        .to_owned();
    assert!(date.starts_with("Wed, 31 Dec 2025 23:00:0"), "{date}");
}

#[tokio::test]
async fn a_literal_reply_is_sent_as_it_stands() {
    for execute in [true, false] {
        let fault = Fault::Reply {
            execute,
            status: 299,
            headers: [("x-trace".to_owned(), "7".to_owned())].into(),
            body: "{\"any\":1}".to_owned(),
        };
        let (end, executed) = struck(fault).await;
        let reply = end.reply();
        assert_eq!(executed, execute);
        assert_eq!((reply.status, reply.header("x-trace")), (299, Some("7")));
        assert_eq!(reply.body, b"{\"any\":1}");
        assert_eq!(reply.header("x-klikoo-sandbox"), Some("true"));
    }
}

#[tokio::test]
async fn close_on_accept_counts_connections() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_fault(Rule::new(Fault::CloseOnAccept).nth(2));
    assert_eq!(block(&sandbox, "a", "1").await.reply().status, 201);
    // Nothing is read, so the system may say so with a reset.
    assert!(matches!(
        block(&sandbox, "b", "2").await,
        End::Closed | End::Reset
    ));
    assert_eq!(block(&sandbox, "b", "2").await.reply().status, 201);
    assert_eq!((sandbox.connections(), sandbox.journal().len()), (3, 2));
}

#[tokio::test]
async fn refused_connections_come_back_on_the_same_port() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut standing = TcpStream::connect(address(&sandbox)).await.unwrap();
    let call = |reference: &str, seat: &str| {
        draft(
            &sandbox,
            "POST",
            BLOCK,
            order(reference, &[seat]).to_string().as_bytes(),
        )
        .bytes()
    };
    standing.write_all(&call("a", "1")).await.unwrap();
    assert_eq!(read(&mut standing).await.reply().status, 201);

    sandbox.add_fault(Rule::new(Fault::RefuseConnections { ms: 300 }));
    assert!(matches!(block(&sandbox, "b", "2").await, End::Refused));
    standing.write_all(&call("c", "3")).await.unwrap();
    assert_eq!(read(&mut standing).await.reply().status, 201);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(block(&sandbox, "b", "2").await.reply().status, 201);
}

#[tokio::test]
async fn rules_look_at_reference_seat_and_count() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_fault(
        Rule::new(Fault::Duplicate)
            .path("block-seat")
            .reference("r")
            .seat("9")
            .nth(2),
    );
    assert_eq!(block(&sandbox, "other", "9A").await.reply().status, 201);
    assert_eq!(block(&sandbox, "r", "37").await.reply().code(), "400057802");
    assert_eq!(block(&sandbox, "r", "99").await.reply().code(), "400057802");
    assert_eq!(block(&sandbox, "r", "9B").await.reply().code(), "409056563");
    assert_eq!(block(&sandbox, "r", "9B").await.reply().status, 201);
    assert_eq!(sandbox.journal()[3].fault.as_deref(), Some("duplicate"));
}

#[tokio::test]
async fn a_rule_goes_before_magic_and_can_be_taken_away() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_fault(Rule::new(Fault::Latency { ms: 1 }));
    assert_eq!(block(&sandbox, "a", "TAKEN").await.reply().status, 201);
    sandbox.clear_faults();
    assert_eq!(
        block(&sandbox, "b", "TAKEN2").await.reply().code(),
        "400057801"
    );
}

#[tokio::test]
async fn faults_strike_other_calls_too() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_fault(Rule::new(Fault::InvalidToken).path("transactions"));
    let reply = get(&sandbox, "/v1/open-api/transactions?page=1&limit=1").await;
    assert_eq!(reply.code(), "401026500");
}

#[tokio::test]
async fn a_code_is_changed_in_a_list_as_well() {
    let sandbox = Sandbox::start().await.unwrap();
    let text = "400026510".to_owned();
    sandbox.add_fault(Rule::new(Fault::Code { text }));
    let target = "/v1/open-api/transactions?page=1&limit=1";
    let reply = crate::client::get(&sandbox, target).await;
    assert_eq!((reply.status, reply.code().as_str()), (200, "400026510"));
}
