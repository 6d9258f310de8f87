//! The failure model's rows as data: fault, outcome, sends.
//!
//! One block makes one send; two only where a 401 about the token proves that the first did
//! nothing. The sandbox's journal counts.

use booking_ports::{ManualClock, SeatBlocker};
use klikoo_sandbox::{Fault, Rule};
use serde_json::json;

use crate::setup::{NOW, blocker_of, config_of, order, sandbox, told};

const BLOCK: &str = "block-seat";

struct Row {
    /// The number in the failure model's table.
    row: &'static str,
    fault: Fault,
    /// Only the first block meets it.
    once: bool,
    outcome: &'static str,
    sends: usize,
    /// Whether the sandbox holds the seat afterwards.
    holds: usize,
}

fn row(row: &'static str, fault: Fault, outcome: &'static str, sends: usize, holds: usize) -> Row {
    Row {
        row,
        fault,
        once: false,
        outcome,
        sends,
        holds,
    }
}

fn status(status: u16, code: Option<&str>) -> Fault {
    Fault::Status {
        status,
        code: code.map(str::to_owned),
        retry_after: None,
        location: None,
    }
}

fn executed(status: u16, code: Option<&str>) -> Fault {
    Fault::ExecuteThenStatus {
        status,
        code: code.map(str::to_owned),
    }
}

fn extra(name: &str, value: serde_json::Value) -> Fault {
    Fault::ExtraData {
        data: [(name.to_owned(), value)].into(),
    }
}

fn expired_at(text: &str) -> Fault {
    Fault::ExpiredAt {
        text: text.to_owned(),
    }
}

fn moved(code: u16) -> Fault {
    Fault::Status {
        status: code,
        code: None,
        retry_after: None,
        location: Some("/v1/open-api/elsewhere".to_owned()),
    }
}

/// Rows 5 to 12: what was sent and is not known.
fn unknown() -> Vec<Row> {
    let lost = "unknown/connection_lost";
    let unreadable = "unknown/unreadable_reply";
    let contradictory = "unknown/contradictory_reply";
    let mismatched = "unknown/mismatched_reply";
    let failure = "unknown/provider_failure";
    let not_definitive = "unknown/not_definitive";
    vec![
        row("5", Fault::CutBeforeReading, lost, 1, 0),
        row("5", Fault::ResetBeforeReading, lost, 1, 0),
        row("6", Fault::CutBeforeExecuting, lost, 1, 0),
        row("6", Fault::ResetBeforeExecuting, lost, 1, 0),
        row("7", Fault::ExecuteThenCut, lost, 1, 1),
        row("7", Fault::ExecuteThenReset, lost, 1, 1),
        row("7", Fault::NeverAnswer, "unknown/timeout", 1, 1),
        row("7", Fault::Latency { ms: 3_000 }, "unknown/timeout", 1, 1),
        row(
            "8",
            Fault::SlowBody { chunk: 1, ms: 200 },
            "unknown/timeout",
            1,
            1,
        ),
        row("8", Fault::Truncated, unreadable, 1, 1),
        row("8", Fault::NotJson, unreadable, 1, 1),
        row("8", Fault::WrongContentType, unreadable, 1, 1),
        row("8", Fault::Oversize, unreadable, 1, 1),
        row("8", Fault::InvalidUtf8, unreadable, 1, 1),
        row("8", Fault::MissingTransactionId, unreadable, 1, 1),
        row("8", Fault::MissingExpiredAt, unreadable, 1, 1),
        row("9", Fault::ErrorCodeIn2xx, contradictory, 1, 0),
        row(
            "9",
            Fault::Code {
                text: "400056510".to_owned(),
            },
            contradictory,
            1,
            1,
        ),
        row(
            "9",
            Fault::Code {
                text: "200052000".to_owned(),
            },
            contradictory,
            1,
            1,
        ),
        row(
            "9",
            Fault::Code {
                text: "no code".to_owned(),
            },
            contradictory,
            1,
            1,
        ),
        row("9", status(400, Some("201052001")), contradictory, 1, 0),
        row("9", status(400, Some("404056525")), contradictory, 1, 0),
        row("9", status(403, Some("409056563")), contradictory, 1, 0),
        row("10", extra("seats", json!(["9A"])), mismatched, 1, 1),
        row("10", extra("seats", json!([])), mismatched, 1, 1),
        row("10", extra("trip_id", json!(188_400)), mismatched, 1, 1),
        row(
            "10",
            extra("partner_reference_no", json!("another")),
            mismatched,
            1,
            1,
        ),
        row("11", executed(500, Some("500058504")), failure, 1, 1),
        row("11", status(500, Some("500059999")), failure, 1, 0),
        row("11", status(501, Some("501059976")), failure, 1, 0),
        row("11", executed(502, None), failure, 1, 1),
        row("11", status(503, Some("503059991")), failure, 1, 0),
        row("11", executed(504, None), failure, 1, 1),
        // A 5xx whose code claims something else is a failure all the same.
        row("11", executed(500, Some("400056510")), failure, 1, 1),
        row("11", executed(500, Some("201052001")), failure, 1, 1),
        row("12", moved(301), not_definitive, 1, 0),
        row("12", moved(302), not_definitive, 1, 0),
        row("12", moved(307), not_definitive, 1, 0),
        row("12", moved(308), not_definitive, 1, 0),
        row("12", status(307, Some("307050000")), not_definitive, 1, 0),
        row("12", status(400, None), not_definitive, 1, 0),
        row("12", status(401, None), not_definitive, 1, 0),
        row("12", status(403, None), not_definitive, 1, 0),
        row("12", status(404, None), not_definitive, 1, 0),
        row("12", status(408, Some("408050000")), not_definitive, 1, 0),
        row("12", status(413, None), not_definitive, 1, 0),
        row("12", status(425, Some("425050000")), not_definitive, 1, 0),
        row("12", status(429, Some("429050000")), not_definitive, 1, 0),
        row("13, 14", Fault::Duplicate, "unknown/reference_used", 1, 0),
        row("26", expired_at("2026-11-24T10:30:00"), unreadable, 1, 1),
        row(
            "26",
            expired_at("2026-11-24 10:30:00+07:00x"),
            unreadable,
            1,
            1,
        ),
        row("26", expired_at(""), unreadable, 1, 1),
        row("26", expired_at("soon"), unreadable, 1, 1),
        row(
            "A4",
            Fault::StatusWord {
                text: "FAILED".to_owned(),
            },
            contradictory,
            1,
            1,
        ),
        row(
            "A4",
            Fault::StatusWord {
                text: "EXPIRED".to_owned(),
            },
            contradictory,
            1,
            1,
        ),
    ]
}

/// Everything that is known: a refusal by the envelope, a hold, or one that is over.
fn known() -> Vec<Row> {
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
        row("9", status(409, Some("409056564")), "refused/other", 1, 0),
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

async fn check(row: Row) {
    let sandbox = sandbox().await;
    let about = format!("row {}: {:?}", row.row, row.fault);
    let mut rule = Rule::new(row.fault).path(BLOCK);
    if row.once {
        rule = rule.nth(1);
    }
    sandbox.add_fault(rule);
    let blocker = blocker_of(config_of(&sandbox), &ManualClock::at(NOW));
    let outcome = blocker.block(&order("reference-1", &["8"])).await;
    assert_eq!(told(&outcome), row.outcome, "{about}: {outcome:?}");
    if let Err(error) = &outcome {
        assert_eq!(error.reference().as_str(), "reference-1", "{about}");
        assert_eq!(
            error.may_be_held(),
            row.outcome.starts_with("unknown"),
            "{about}"
        );
    }
    assert_eq!(sandbox.calls(BLOCK), row.sends, "{about}: sends");
    assert_eq!(sandbox.holds().len(), row.holds, "{about}: holds");
    // I4: nobody hears "not held" of a seat that is held.
    let definitive = ["refused", "not_sent"]
        .iter()
        .any(|word| row.outcome.starts_with(word));
    assert!(!(definitive && row.holds > 0), "{about}");
}

async fn check_all(rows: Vec<Row>) {
    // The slow ones wait side by side.
    let mut cases = tokio::task::JoinSet::new();
    let count = rows.len();
    for row in rows {
        cases.spawn(check(row));
    }
    assert_eq!(cases.join_all().await.len(), count);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_proves_nothing_is_unknown() {
    check_all(unknown()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_is_told() {
    check_all(known()).await;
}

#[tokio::test]
async fn a_connection_that_is_closed_when_accepted_proves_nothing() {
    let sandbox = sandbox().await;
    let blocker = blocker_of(config_of(&sandbox), &ManualClock::at(NOW));
    // A token first, so that the fault meets the block.
    assert!(blocker.block(&order("first", &["1"])).await.is_ok());
    sandbox.add_fault(Rule::new(Fault::CloseOnAccept));
    let fresh = blocker_of(config_of(&sandbox), &ManualClock::at(NOW));
    // The token cannot be fetched, and nothing else was sent: that is proof.
    let outcome = fresh.block(&order("second", &["2"])).await;
    assert_eq!(told(&outcome), "not_sent/no_token");
    assert_eq!(sandbox.calls(BLOCK), 1);
}

#[tokio::test]
async fn a_deadline_in_the_far_future_is_brought_forward() {
    let sandbox = sandbox().await;
    sandbox.add_fault(Rule::new(expired_at("9999-12-31T23:59:59+07:00")));
    let blocker = blocker_of(config_of(&sandbox), &ManualClock::at(NOW));
    let hold = blocker.block(&order("reference-1", &["8"])).await.unwrap();
    assert!(hold.deadline.was_clamped());
    assert_eq!(hold.deadline.at(), NOW + time::Duration::hours(2));
}

#[tokio::test]
async fn a_new_status_word_is_kept() {
    let sandbox = sandbox().await;
    let text = "PONDERING\u{1b}[31m".to_owned();
    sandbox.add_fault(Rule::new(Fault::StatusWord { text }));
    let blocker = blocker_of(config_of(&sandbox), &ManualClock::at(NOW));
    let hold = blocker.block(&order("reference-1", &["8"])).await.unwrap();
    assert_eq!(hold.status.word(), "PONDERING\\u{1b}[31m");
    assert_eq!(
        hold.status.meaning(),
        booking_domain::StatusMeaning::Unrecognised
    );
}
