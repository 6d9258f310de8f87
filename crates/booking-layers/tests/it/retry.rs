//! What is repeated, how often, and how soon.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use booking_domain::PartnerReference;
use booking_layers::{Recorded, Retry, RetryBudget, RetryPolicy};
use booking_ports::{
    BlockError, Expired, HoldLedger, MemoryHoldLedger, NotSent, NotSentKind, SeatBlocker,
    UnknownKind,
};
use tokio::time::Instant;

use crate::setup::{
    MINUTE, Scripted, clock, hold, not_sent, order, reference, refused, told, unknown,
};

fn retry<B>(blocker: B) -> Retry<B> {
    Retry::new(blocker, RetryPolicy::default(), RetryBudget::default(), 7)
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_repeated_as_the_same_order() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let provider = Scripted::new(move |order, call| {
        log.lock().unwrap().push(order.clone());
        match call {
            1 => Err(not_sent(order.reference(), NotSentKind::Unreachable)),
            2 => Err(not_sent(order.reference(), NotSentKind::Overloaded)),
            _ => Ok(hold(order.reference(), "1")),
        }
    });
    let outcome = retry(provider).block(&order("1238")).await;
    assert_eq!(told(&outcome), "held as 1");
    assert_eq!(*seen.lock().unwrap(), vec![order("1238"); 3]);
}

#[tokio::test(start_paused = true)]
async fn one_call_makes_at_most_three_attempts() {
    let provider =
        Scripted::new(|order, _| Err(not_sent(order.reference(), NotSentKind::Unreachable)));
    let rich = RetryBudget::default();
    (0..1000).for_each(|_| rich.call());
    let blocker = Retry::new(provider.clone(), RetryPolicy::default(), rich, 7);
    let outcome = blocker.block(&order("1238")).await;
    assert_eq!(told(&outcome), "not_sent/unreachable");
    assert_eq!(provider.calls(), 3);
}

#[tokio::test(start_paused = true)]
async fn nothing_else_is_ever_repeated() {
    type Make = fn(&PartnerReference) -> BlockError;
    let unknowns: [Make; 5] = [
        |reference| unknown(reference, UnknownKind::Timeout),
        |reference| unknown(reference, UnknownKind::ConnectionLost),
        |reference| unknown(reference, UnknownKind::ProviderFailure),
        |reference| unknown(reference, UnknownKind::Unrecorded),
        |reference| unknown(reference, UnknownKind::Interrupted),
    ];
    let unmended: [Make; 4] = [
        |reference| not_sent(reference, NotSentKind::Tls),
        |reference| not_sent(reference, NotSentKind::TokenRefused),
        |reference| not_sent(reference, NotSentKind::Clock),
        |reference| not_sent(reference, NotSentKind::Unsendable),
    ];
    let answers: [Make; 4] = [
        refused,
        |reference| Expired::from(hold(reference, "1")).into(),
        |reference| BlockError::Conflict {
            reference: reference.clone(),
        },
        |reference| BlockError::Busy {
            reference: reference.clone(),
            after: Duration::from_millis(1),
        },
    ];
    for make in unknowns.into_iter().chain(unmended).chain(answers) {
        let provider = Scripted::new(move |order, _| Err(make(order.reference())));
        let outcome = retry(provider.clone()).block(&order("1238")).await;
        assert_eq!(provider.calls(), 1, "{outcome:?}");
        assert_eq!(told(&outcome), told(&Err(make(&reference("1238")))));
    }
}

fn asks_to_wait(reference: &PartnerReference, wait: Duration) -> BlockError {
    NotSent {
        retry_after: Some(wait),
        ..NotSent::new(reference.clone(), NotSentKind::Overloaded, "full")
    }
    .into()
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_asked_for_is_kept() {
    let provider = Scripted::new(|order, call| match call {
        1 => Err(asks_to_wait(order.reference(), Duration::from_secs(7))),
        _ => Ok(hold(order.reference(), "1")),
    });
    let begin = Instant::now();
    retry(provider).block(&order("1238")).await.unwrap();
    let took = begin.elapsed();
    assert!((7000..7010).contains(&took.as_millis()), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn no_repeat_begins_after_the_time_that_a_call_has() {
    for (asked, calls) in [
        (RetryPolicy::default().within, 1),
        (Duration::MAX, 1),
        // Twice this one does not fit.
        (RetryPolicy::default().within * 3 / 5, 2),
    ] {
        let provider = Scripted::new(move |order, _| Err(asks_to_wait(order.reference(), asked)));
        let begin = Instant::now();
        let outcome = retry(provider.clone()).block(&order("1238")).await;
        assert_eq!(told(&outcome), "not_sent/overloaded");
        assert_eq!(provider.calls(), calls, "{asked:?}");
        assert!(begin.elapsed() < RetryPolicy::default().within);
    }
}

#[tokio::test(start_paused = true)]
async fn all_clones_share_one_budget() {
    let provider =
        Scripted::new(|order, _| Err(not_sent(order.reference(), NotSentKind::Unreachable)));
    let first = retry(provider.clone());
    let second = first.clone();
    let count = async |blocker: &Retry<_>, calls: usize| {
        let before = provider.calls();
        for call in 0..calls {
            let reference = format!("{before}-{call}");
            let _not_sent = blocker.block(&order(&reference)).await;
        }
        provider.calls() - before
    };
    assert_eq!(count(&first, 1).await, 3, "two repeats are lent");
    assert_eq!(
        count(&second, 19).await,
        19,
        "and paid back by twenty calls"
    );
    assert_eq!(count(&first, 9).await, 9);
    assert_eq!(count(&second, 1).await, 2, "the tenth earns one more");
}

#[test]
fn calls_of_long_ago_earn_nothing() {
    let budget = RetryBudget::default();
    for _ in 0..100_000 {
        budget.call();
    }
    let repeats = (0..1000).filter(|_| budget.repeat()).count();
    assert_eq!(repeats, 10);
}

#[tokio::test(start_paused = true)]
async fn chance_is_passed_in_and_differs_from_call_to_call() {
    let waits = async |seed: u64| {
        let policy = RetryPolicy::default();
        let provider =
            Scripted::new(|order, _| Err(not_sent(order.reference(), NotSentKind::Unreachable)));
        let blocker = Retry::new(provider, policy, RetryBudget::default(), seed);
        let begin = Instant::now();
        let _not_sent = blocker.block(&order("1238")).await;
        begin.elapsed()
    };
    let (one, two) = (waits(1).await, waits(2).await);
    assert_eq!(one, waits(1).await);
    assert_ne!(one, two);
    let first = RetryPolicy::default().first_wait;
    for took in [one, two] {
        assert!(
            (3 * first..6 * first + MINUTE / 1000).contains(&took),
            "{took:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_recorded() {
    let clock = clock();
    let ledger = Arc::new(MemoryHoldLedger::new(clock.clone()));
    let provider = Scripted::new(|order, call| match call {
        1 => Err(not_sent(order.reference(), NotSentKind::Unreachable)),
        _ => Ok(hold(order.reference(), "1")),
    });
    let blocker = retry(Recorded::new(provider, ledger.clone(), clock, MINUTE));
    blocker.block(&order("1238")).await.unwrap();
    let story = ledger.story(&reference("1238")).await.unwrap();
    let facts: Vec<String> = story.iter().map(|entry| entry.fact.to_string()).collect();
    assert_eq!(
        facts,
        [
            "attempt 1: sending",
            "attempt 1: 1238 was not sent (unreachable): a test says so",
            "attempt 2: sending",
            "attempt 2: held as 1",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_hangs_up_between_two_attempts_ends_the_call() {
    let provider =
        Scripted::new(|order, _| Err(not_sent(order.reference(), NotSentKind::Unreachable)));
    let blocker = retry(provider.clone());
    let caller = tokio::spawn(async move { blocker.block(&order("1238")).await });
    while provider.calls() == 0 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    tokio::time::sleep(MINUTE).await;
    assert_eq!(provider.calls(), 1);
}
