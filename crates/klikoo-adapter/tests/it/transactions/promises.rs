//! The contract of the port, a function for each promise, over the sandbox.

use booking_domain::StatusMeaning;
use booking_ports::{ManualClock, SeatBlocker, TransactionInquiry};
use klikoo_adapter::{HistorySearch, KlikooTransactions};
use klikoo_sandbox::{Fault, Rule, Sandbox};
use time::Duration;

use super::{id, reference, why};
use crate::faults::unknown_faults;
use crate::setup::{NOW, blocker_of, config_of, order, sandbox, transactions_of};

fn both(sandbox: &Sandbox) -> [KlikooTransactions; 2] {
    [HistorySearch::ByReference, HistorySearch::WholeWindow].map(|search| {
        transactions_of(config_of(sandbox), &ManualClock::at(NOW)).with_search(search)
    })
}

async fn blocked(sandbox: &Sandbox, orders: &[(&str, &str)]) {
    let blocker = blocker_of(config_of(sandbox), &ManualClock::at(NOW));
    for (reference, seat) in orders {
        blocker.block(&order(reference, &[seat])).await.unwrap();
    }
}

#[tokio::test]
async fn what_the_provider_says_is_answered() {
    let sandbox = sandbox().await;
    blocked(&sandbox, &[("one", "1"), ("two", "2")]).await;
    for inquiry in both(&sandbox) {
        let found = inquiry.by_reference(&reference("two"), NOW).await.unwrap();
        let [transaction] = found.as_slice() else {
            unreachable!("{found:?}")
        };
        assert_eq!(transaction.id, id("14429005"));
        assert_eq!(transaction.reference, Some(reference("two")));
        assert_eq!(transaction.amount, Some(20_000));
        let status = &transaction.status;
        assert_eq!(
            (status.meaning(), status.word()),
            (StatusMeaning::Waiting, "WAITING")
        );
        let asked = inquiry.by_id(&transaction.id).await.unwrap();
        assert_eq!(asked.as_ref(), Some(transaction));
    }
    assert_eq!(sandbox.calls("signature"), 0, "no helper is called");
    assert!(
        sandbox
            .journal()
            .iter()
            .all(|call| call.signature.is_valid())
    );
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let sandbox = sandbox().await;
    blocked(&sandbox, &[("one", "1")]).await;
    for inquiry in both(&sandbox) {
        // Not the start of a reference, another case of it, or a transaction's number.
        for other in ["two", "on", "ONE", "14429004"] {
            let found = inquiry.by_reference(&reference(other), NOW).await.unwrap();
            assert!(found.is_empty(), "{other}: {found:?}");
        }
        assert_eq!(inquiry.by_id(&id("14429005")).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_reference_of_any_characters_is_found() {
    let sandbox = sandbox().await;
    let odd = ["a+b", "a&q=b", "100%", "a/b?c#d", "%2B", "~*'()", "=\"<>\\"];
    let seats = ["1", "2", "3", "4", "5", "6", "7"];
    let orders: Vec<_> = odd.into_iter().zip(seats).collect();
    blocked(&sandbox, &orders).await;
    for inquiry in both(&sandbox) {
        for text in odd {
            let found = inquiry.by_reference(&reference(text), NOW).await.unwrap();
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].reference, Some(reference(text)));
        }
    }
}

#[tokio::test]
async fn the_state_is_that_of_now() {
    let sandbox = sandbox().await;
    blocked(&sandbox, &[("one", "1"), ("two", "2")]).await;
    let clock = ManualClock::at(NOW);
    let inquiry = transactions_of(config_of(&sandbox), &clock);
    let state = async |text| inquiry.by_id(&id(text)).await.unwrap().unwrap().status;
    sandbox.clock().advance(std::time::Duration::from_hours(1));
    clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(state("14429004").await.meaning(), StatusMeaning::Ended);
    assert_eq!(state("14429005").await.word(), "EXPIRED");
}

#[tokio::test]
async fn time_is_asked_for_with_leeway_on_both_sides() {
    let sandbox = sandbox().await;
    blocked(&sandbox, &[("one", "1")]).await;
    for inquiry in both(&sandbox) {
        let found = async |since| {
            let found = inquiry.by_reference(&reference("one"), since).await;
            found.unwrap().len()
        };
        // The provider's clock may be some minutes behind ours, and ahead of it.
        assert_eq!(found(NOW + Duration::minutes(4)).await, 1);
        assert_eq!(found(NOW + Duration::minutes(6)).await, 0);
        assert_eq!(
            found(time::macros::datetime!(-9999-01-01 0:00 UTC)).await,
            1
        );
    }
    let slow = ManualClock::at(NOW - Duration::minutes(4));
    let inquiry = transactions_of(config_of(&sandbox), &slow);
    let since = NOW - Duration::minutes(4);
    let found = inquiry
        .by_reference(&reference("one"), since)
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
}

/// Rows 5 to 12 of the failure model: none of them says that there is nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_proves_nothing_is_an_error() {
    let mut cases = tokio::task::JoinSet::new();
    let faults = unknown_faults();
    let count = faults.len();
    assert!(count > 40, "{count}");
    for fault in faults {
        cases.spawn(async move {
            let sandbox = sandbox().await;
            blocked(&sandbox, &[("one", "1")]).await;
            let about = format!("{fault:?}");
            // What a block's reply may say otherwise, an answer does not say at all.
            let about_holds = matches!(
                fault,
                Fault::ExpiredAt { .. }
                    | Fault::MissingExpiredAt
                    | Fault::MissingTransactionId
                    | Fault::StatusWord { .. }
                    | Fault::ExtraData { .. }
            );
            // A code that is one of success is no fault of an answer.
            let success = fault
                == Fault::Code {
                    text: "200052000".to_owned(),
                };
            if about_holds || success {
                return;
            }
            sandbox.add_fault(Rule::new(fault).path("/transactions"));
            let [by_reference, whole] = both(&sandbox);
            let (one, number) = (reference("one"), id("14429004"));
            let found = tokio::join!(
                by_reference.by_reference(&one, NOW),
                whole.by_reference(&one, NOW),
                by_reference.by_id(&number),
            );
            assert!(found.0.is_err(), "{about}: {found:?}");
            assert!(found.1.is_err(), "{about}: {found:?}");
            assert!(found.2.is_err(), "{about}: {found:?}");
        });
    }
    assert_eq!(cases.join_all().await.len(), count);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let sandbox = sandbox().await;
    blocked(&sandbox, &[("one", "1")]).await;
    let clock = ManualClock::at(NOW);
    let inquiry = transactions_of(config_of(&sandbox), &clock);
    assert!(inquiry.by_id(&id("14429004")).await.is_ok());
    let before = (
        sandbox.calls("access-token"),
        sandbox.calls("/transactions"),
    );
    sandbox.add_fault(Rule::new(Fault::ExpiredToken).path("/transactions").nth(1));
    assert!(inquiry.by_id(&id("14429004")).await.unwrap().is_some());
    assert_eq!(sandbox.calls("access-token"), before.0 + 1);
    assert_eq!(sandbox.calls("/transactions"), before.1 + 2);
    sandbox.clear_faults();
    sandbox.add_fault(Rule::new(Fault::InvalidToken).path("/transactions"));
    // Sooner, the one that replaced a refused one would not be replaced.
    clock.advance(std::time::Duration::from_secs(5));
    let error = inquiry.by_id(&id("14429004")).await.unwrap_err();
    assert_eq!(why(&error), "refused");
    assert_eq!(sandbox.calls("/transactions"), before.1 + 4);
}
