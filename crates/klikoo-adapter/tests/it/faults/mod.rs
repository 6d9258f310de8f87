//! The failure model's rows as data: fault, outcome, sends.
//!
//! One block makes one send; two only where a 401 about the token proves that the first did
//! nothing. The sandbox's journal counts.

mod known;
mod row;
mod unknown;

use booking_ports::{ManualClock, SeatBlocker};
use klikoo_sandbox::{Fault, Rule};

use self::row::{Row, expired_at};
use crate::setup::{NOW, blocker_of, config_of, order, sandbox, told};

const BLOCK: &str = "block-seat";

/// Every fault after which nobody knows.
pub(crate) fn unknown_faults() -> Vec<Fault> {
    unknown::rows().into_iter().map(|row| row.fault).collect()
}

async fn check(row: Row) {
    let sandbox = sandbox().await;
    let about = format!("row {}: {:?}", row.number, row.fault);
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
    check_all(unknown::rows()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_is_told() {
    check_all(known::rows()).await;
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
