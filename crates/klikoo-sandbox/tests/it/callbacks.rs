//! What the sandbox tells of its own accord, judged by a server that takes it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use klikoo_sandbox::{Answered, Fault, Rule, Sandbox, VirtualClock};
use serde_json::{Value, json};
use time::macros::datetime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::client::{block, post};

/// A partner's server. It answers every callback alike, and remembers the bodies.
struct Partner {
    url: String,
    heads: Arc<Mutex<Vec<String>>>,
    bodies: Arc<Mutex<Vec<Value>>>,
}

impl Partner {
    async fn answering(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let partner = Self {
            url: format!(
                "http://{}/klikoo/callback?key=k",
                listener.local_addr().unwrap()
            ),
            heads: Arc::default(),
            bodies: Arc::default(),
        };
        let (heads, bodies) = (Arc::clone(&partner.heads), Arc::clone(&partner.bodies));
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (head, body) = read(&mut stream).await;
                heads.lock().unwrap().push(head);
                bodies.lock().unwrap().push(body);
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        partner
    }

    fn statuses(&self) -> Vec<String> {
        let bodies = self.bodies.lock().unwrap();
        bodies
            .iter()
            .map(|body| {
                let text = |name: &str| body[name].as_str().unwrap().to_owned();
                format!(
                    "{} {}",
                    text("partner_reference_id"),
                    text("transaction_status")
                )
            })
            .collect()
    }
}

async fn read(stream: &mut TcpStream) -> (String, Value) {
    let mut bytes = Vec::new();
    loop {
        bytes.push(stream.read_u8().await.unwrap());
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .to_lowercase()
            .split("content-length: ")
            .nth(1)
            .map(|rest| rest.lines().next().unwrap().parse::<usize>().unwrap());
        if length == Some(body.len()) {
            return (head.to_owned(), serde_json::from_str(body).unwrap());
        }
    }
}

const OK: &str = "HTTP/1.1 204 No Content\r\n\r\n";
const BUSY: &str = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n";

async fn sandbox(url: &str) -> Sandbox {
    let clock = VirtualClock::fixed(datetime!(2026-11-24 10:00 +7));
    let builder = Sandbox::builder().clock(clock).callback_url(url).unwrap();
    builder.start().await.unwrap()
}

/// Waits until `count` callbacks are in the journal.
async fn sent(sandbox: &Sandbox, count: usize) {
    for _ in 0..500 {
        if sandbox.callbacks().len() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?}", sandbox.callbacks());
}

async fn book(sandbox: &Sandbox, id: &str) -> u16 {
    let path = "/v1/open-api/transports/book";
    post(sandbox, path, &json!({"transaction_id": id}))
        .await
        .reply()
        .status
}

#[tokio::test]
async fn a_block_and_its_booking_are_told_in_the_documented_form() {
    let partner = Partner::answering(OK).await;
    let sandbox = sandbox(&partner.url).await;
    block(&sandbox, "one", "1").await.reply();
    assert_eq!(book(&sandbox, "14429004").await, 201);
    // A second time it is the same ticket, and nothing has changed.
    assert_eq!(book(&sandbox, "14429004").await, 201);
    sent(&sandbox, 2).await;
    assert_eq!(partner.statuses(), ["one WAITING", "one SUCCESS"]);
    let body = partner.bodies.lock().unwrap()[1].clone();
    assert_eq!(
        body,
        json!({
            "response_code": "200022000", "response_message": "Berhasil",
            "partner_reference_id": "one", "transaction_id": "14429004", "amount": "20000",
            "transaction_time": "2026-11-24T10:00:00+07:00", "transaction_status": "SUCCESS",
            "reason": "", "product_name": "BUS", "sn": "D14429004",
        })
    );
    let head = partner.heads.lock().unwrap()[0].clone();
    assert!(
        head.starts_with("POST /klikoo/callback?key=k HTTP/1.1"),
        "{head}"
    );
    assert!(
        head.to_lowercase()
            .contains("content-type: application/json"),
        "{head}"
    );
    assert!(
        !head.to_lowercase().contains("signature"),
        "none is documented"
    );
}

#[tokio::test]
async fn what_is_refused_is_not_told_and_what_is_executed_is_whatever_the_answer() {
    let partner = Partner::answering(OK).await;
    let sandbox = sandbox(&partner.url).await;
    sandbox.add_fault(Rule::new(Fault::ExecuteThenCut).path("block-seat").nth(1));
    block(&sandbox, "cut", "1").await;
    block(&sandbox, "taken", "1").await.reply();
    block(&sandbox, "silent", "SILENT").await;
    sent(&sandbox, 2).await;
    assert_eq!(partner.statuses(), ["cut WAITING", "silent WAITING"]);
}

#[tokio::test]
async fn a_hold_that_ends_by_the_clock_is_told_once_and_a_ticket_does_not_end() {
    let partner = Partner::answering(OK).await;
    let sandbox = sandbox(&partner.url).await;
    for seat in ["1", "2", "3"] {
        block(&sandbox, seat, seat).await.reply();
    }
    assert_eq!(book(&sandbox, "14429005").await, 201);
    sent(&sandbox, 4).await;
    sandbox.clock().advance(Duration::from_mins(30));
    sent(&sandbox, 6).await;
    assert_eq!(partner.statuses()[4..], ["1 EXPIRED", "3 EXPIRED"]);
    let body = partner.bodies.lock().unwrap()[4].clone();
    assert_ne!(body["reason"], "");
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert_eq!(sandbox.callbacks().len(), 6);
}

#[tokio::test]
async fn the_journal_shows_what_became_of_each() {
    let partner = Partner::answering(BUSY).await;
    let sandbox = sandbox(&partner.url).await;
    block(&sandbox, "one", "1").await.reply();
    sent(&sandbox, 1).await;
    let entry = sandbox.callbacks().remove(0);
    assert_eq!(
        (entry.method.as_str(), entry.path.as_str()),
        ("POST", "/klikoo/callback")
    );
    assert_eq!(
        entry.answered,
        Answered::Reply {
            status: 503,
            response_code: None
        }
    );
    assert!(
        entry.body.contains("\"transaction_status\":\"WAITING\""),
        "{}",
        entry.body
    );
    assert!(!entry.is_block() && entry.executed.is_none());
    // Sent once, taken or not; and no call that came in.
    assert_eq!(
        (sandbox.callbacks().len(), sandbox.calls("callback")),
        (1, 0)
    );
    assert_eq!(sandbox.journal().len(), 2);
}

#[tokio::test]
async fn nobody_there_and_nobody_asked_for_it() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", free.local_addr().unwrap());
    drop(free);
    let missed = sandbox(&url).await;
    block(&missed, "one", "1").await.reply();
    sent(&missed, 1).await;
    assert_eq!(missed.callbacks()[0].answered, Answered::Unreachable);
    missed.shutdown().await;

    let silent = Sandbox::start().await.unwrap();
    block(&silent, "one", "1").await.reply();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(silent.journal().len(), 1);
}

#[tokio::test]
async fn a_partner_that_hangs_up_or_never_answers_holds_nothing_up() {
    let hangs_up = Partner::answering("").await;
    let cut = sandbox(&hangs_up.url).await;
    block(&cut, "one", "1").await.reply();
    sent(&cut, 1).await;
    assert_eq!(cut.callbacks()[0].answered, Answered::Cut);

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let silent = sandbox(&url).await;
    for seat in ["1", "2", "3"] {
        assert_eq!(block(&silent, seat, seat).await.reply().status, 201);
    }
    assert!(
        silent.callbacks().is_empty(),
        "the first is still waited for"
    );
    silent.shutdown().await;
}
