//! Answers that were made to harm, and questions that could.

use booking_ports::{ManualClock, TransactionInquiry};

use super::replies::{META, ROW, list, one};
use super::{id, reference};
use crate::raw::{RawServer, Request, Step, json, reply, token};
use crate::setup::{CLIENT_SECRET, NOW, bearer, config, transactions, transactions_of};

#[tokio::test]
async fn a_number_that_no_path_can_carry_is_not_asked_for() {
    let server = RawServer::always(Step::Send(json(200, &one(ROW)))).await;
    let inquiry = transactions(&server.base_url());
    for odd in [
        "..",
        ".",
        "../transactions",
        "7?page=1&limit=1",
        "7#",
        "%37",
        "a/b",
        "7;8",
    ] {
        let error = inquiry.by_id(&id(odd)).await.unwrap_err();
        assert!(error.to_string().contains("cannot be asked for"), "{error}");
    }
    assert!(server.seen().is_empty());
}

/// An answer with each byte changed in turn is an answer or an error, and never a panic.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_with_one_byte_changed_is_survived() {
    let body = list(&format!("[{ROW}]"), META);
    let current = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let shown = std::sync::Arc::clone(&current);
    let server =
        RawServer::start(move |_, _| Step::SendAndClose(shown.lock().unwrap().clone())).await;
    let inquiry = transactions(&server.base_url());
    let mut found = 0;
    for place in 0..body.len() {
        for byte in [b'"', b'0', b'}', b' ', 0xff] {
            let mut bytes = body.clone().into_bytes();
            bytes[place] = byte;
            let headers = [
                ("content-type", "application/json"),
                ("connection", "close"),
            ];
            *current.lock().unwrap() = reply(200, &headers, &bytes);
            let told = inquiry.by_reference(&reference("1238"), NOW).await;
            let other = matches!(&told, Ok(found) if found.is_empty());
            // Nothing is found only where the reference has become another one.
            let at = body.find("1238").unwrap();
            assert!(
                !other || (at..at + 5).contains(&place),
                "{place} {byte} {told:?}"
            );
            found += usize::from(matches!(told, Ok(found) if !found.is_empty()));
        }
    }
    assert!(found > 50, "{found}");
}

#[tokio::test]
async fn nothing_that_a_provider_repeats_is_shown() {
    let markers = [
        "Zqtraveller",
        "zqmail@example.co.id",
        "9977553311224466",
        "1977-07-17",
    ];
    let server = RawServer::start(move |request: &Request, count| {
        if request.is_token() {
            return Step::Send(token("canary.token.text", "900"));
        }
        let mut sent: Vec<&str> = request.headers.values().map(String::as_str).collect();
        sent.extend(markers);
        let message = sent.join(" ");
        let (status, code) = [
            (400, "400026510"),
            (404, "404027999"),
            (500, "500028505"),
            (429, "429020000"),
            (500, message.as_str()),
            (200, "400026510"),
        ][count % 6];
        let body = serde_json::json!({"response_code": code, "response_message": message,
            "data": {"transaction_id": message, "status": message}});
        Step::Send(json(status, &body.to_string()))
    })
    .await;
    let clock = ManualClock::at(NOW);
    let inquiry = transactions_of(config(&server.base_url(), bearer()), &clock);
    let mut shown = Vec::new();
    for _ in 0..6 {
        let error = inquiry.by_id(&id("7")).await.unwrap_err();
        shown.push(format!("{error} {error:?}"));
        let error = inquiry
            .by_reference(&reference("1238"), NOW)
            .await
            .unwrap_err();
        shown.push(format!("{error} {error:?}"));
    }
    let shown = shown.concat();
    let signatures = server.seen().into_iter();
    let signatures = signatures.map(|it| it.headers["open-api-signature"].clone());
    let secrets = [CLIENT_SECRET, "canary.token.text"].map(str::to_owned);
    for hidden in signatures.chain(secrets).chain(markers.map(str::to_owned)) {
        assert!(!shown.contains(&hidden), "{hidden} in {shown}");
    }
    assert!(shown.contains("validation error"), "{shown}");
}
