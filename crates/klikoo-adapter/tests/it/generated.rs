//! Replies made of every combination of parts, judged by an oracle of its own.

use std::sync::{Arc, Mutex};

use booking_ports::SeatBlocker;
use proptest::prelude::*;

use crate::raw::{RawServer, Step, reply};
use crate::setup::{blocker, order, told};

const STATUSES: [u16; 17] = [
    200, 201, 202, 204, 301, 304, 307, 400, 401, 403, 404, 408, 409, 425, 429, 500, 503,
];

/// Codes as they stand in the reply; `S` stands for the status.
const CODES: [(&str, Code); 9] = [
    ("\"S052001\"", Code::Agrees),
    ("\"S0501\"", Code::Agrees),
    ("S056510", Code::Error),
    ("\"S056563\"", Code::Error),
    ("\"299052001\"", Code::Disagrees),
    ("\"\"", Code::Disagrees),
    ("\"no code\"", Code::Disagrees),
    ("null", Code::Unreadable),
    ("{}", Code::Unreadable),
];

#[derive(Clone, Copy, PartialEq)]
enum Code {
    Agrees,
    /// Agrees with the status, and its case is one of an error.
    Error,
    Disagrees,
    Unreadable,
}

const DATA: [(&str, Data); 9] = [
    (
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        Data::Hold,
    ),
    (
        r#"{"transaction_id":"1","status":"NEW","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        Data::Hold,
    ),
    (
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T09:30:00+07:00"}"#,
        Data::Past,
    ),
    (
        r#"{"transaction_id":"1","status":"FAILED","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        Data::Bad,
    ),
    (
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00"}"#,
        Data::Bad,
    ),
    (
        r#"{"transaction_id":"","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        Data::Bad,
    ),
    (r#"{"status":"WAITING"}"#, Data::Bad),
    ("[]", Data::Bad),
    ("null", Data::Bad),
];

#[derive(Clone, Copy, PartialEq)]
enum Data {
    Hold,
    Past,
    Bad,
}

const CONTENT_TYPES: [(&str, bool); 2] = [("application/json", true), ("text/html", false)];

/// What the failure model says, written without a look at the adapter.
fn oracle(status: u16, code: Code, data: Data, is_json: bool) -> &'static str {
    // A reply of these statuses has no body.
    let readable = is_json && code != Code::Unreadable && ![204, 304].contains(&status);
    let agrees = readable && matches!(code, Code::Agrees | Code::Error);
    match (status, data) {
        // `S052001` is the documented success under 201 alone.
        (201, Data::Hold) if agrees && code == Code::Agrees => "held",
        (201, Data::Past) if agrees && code == Code::Agrees => "expired",
        // What a 409 conflicts with may be our own earlier attempt.
        (408 | 409 | 425 | 429, _) => "unknown",
        (400..=499, _) if agrees => "refused",
        _ => "unknown",
    }
}

/// A server that answers what was last put there, each reply on a connection of its own.
async fn changeable() -> (RawServer, Arc<Mutex<Vec<u8>>>) {
    let current = Arc::new(Mutex::new(Vec::new()));
    let shown = Arc::clone(&current);
    let server =
        RawServer::start(move |_, _| Step::SendAndClose(shown.lock().unwrap().clone())).await;
    (server, current)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_combination_is_judged_as_the_failure_model_says() {
    let (server, current) = changeable().await;
    let blocker = blocker(&server.base_url());
    let order = order("1238", &["8"]);
    let mut count = 0;
    let mut seen = std::collections::BTreeMap::new();
    for status in STATUSES {
        for (code, kind) in CODES {
            for (data, data_kind) in DATA {
                for (content_type, is_json) in CONTENT_TYPES {
                    let code = code.replace('S', &status.to_string());
                    let body = format!(
                        r#"{{"response_code":{code},"response_message":"m","data":{data}}}"#
                    );
                    let headers = [("content-type", content_type), ("connection", "close")];
                    *current.lock().unwrap() = reply(status, &headers, body.as_bytes());
                    let told = told(&blocker.block(&order).await);
                    let outcome = told.split('/').next().unwrap();
                    let expected = oracle(status, kind, data_kind, is_json);
                    assert_eq!(outcome, expected, "{told}: {status} {content_type} {body}");
                    *seen.entry(expected).or_insert(0) += 1;
                    count += 1;
                }
            }
        }
    }
    assert_eq!(server.blocks(), count, "one send each");
    assert!(count >= 300, "{count}");
    // No outcome of the oracle goes untested.
    assert!(
        seen.len() == 4 && seen.values().all(|times| *times >= 2),
        "{seen:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_valid_reply_with_one_byte_changed_is_never_wrongly_definitive() {
    let (server, current) = changeable().await;
    let blocker = blocker(&server.base_url());
    let order = order("1238", &["8"]);
    let whole = crate::raw::held("14429004");
    let head = whole
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4;
    for at in 0..whole.len() {
        let changes: &[u8] = if at < head { b"\0 9" } else { b"\0\"}9\xff" };
        for change in changes {
            let mut bytes = whole.clone();
            bytes[at] = *change;
            *current.lock().unwrap() = bytes;
            let told = told(&blocker.block(&order).await);
            assert!(
                !told.starts_with("refused") && !told.starts_with("not_sent"),
                "{told} after byte {at} became {change}"
            );
        }
    }
}

fn any_reply() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop::collection::vec(any::<u8>(), 0..300);
    let text = "[\\[\\]{}:,\"a-z0-9 _\\\\]{0,200}".prop_map(String::into_bytes);
    let body = prop_oneof![bytes.clone(), text];
    let wrapped = (100_u16..1_000, body)
        .prop_map(|(status, body)| reply(status, &[("content-type", "application/json")], &body));
    prop_oneof![1 => bytes, 3 => wrapped]
}

#[test]
fn noise_is_never_a_hold_a_refusal_or_proof_that_nothing_was_sent() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (server, current) = runtime.block_on(changeable());
    let blocker = blocker(&server.base_url());
    let order = order("1238", &["8"]);
    proptest!(ProptestConfig::with_cases(400), |(bytes in any_reply())| {
        *current.lock().unwrap() = bytes;
        let told = told(&runtime.block_on(blocker.block(&order)));
        prop_assert!(told.starts_with("unknown/"), "{}", told);
    });
}
