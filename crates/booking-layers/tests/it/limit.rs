//! What is too much is refused at once, and leaves nothing behind.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use booking_layers::{Limit, Limits, Recorded};
use booking_ports::{Advice, BlockError, ManualClock, Outcome, SeatBlocker};

use crate::setup::{FaultyLedger, Gated, MINUTE, Scripted, clock, hold, order, soon, told};

fn limits(in_flight: u32, per_second: u32) -> Limits {
    Limits {
        in_flight: NonZeroU32::new(in_flight).unwrap(),
        per_second: NonZeroU32::new(per_second).unwrap(),
    }
}

fn provider() -> Arc<Scripted> {
    Scripted::new(|order, _| Ok(hold(order.reference(), "1")))
}

fn after(outcome: &Outcome) -> Duration {
    match outcome {
        Err(error @ BlockError::NotSent(_)) => match error.advice() {
            Advice::Repeat { after: Some(after) } => after,
            advice => unreachable!("{advice}"),
        },
        other => unreachable!("{}", told(other)),
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_finds_no_place_is_refused_at_once_and_leaves_no_mark() {
    let clock = clock();
    let ledger = Arc::new(FaultyLedger::new(clock.clone()));
    let provider = Gated::new(provider());
    let recorded = Recorded::new(provider.clone(), ledger.clone(), clock.clone(), MINUTE);
    let blocker = Limit::new(recorded, limits(2, 100), clock);
    let mut callers = tokio::task::JoinSet::new();
    for caller in ["first", "second"] {
        let blocker = blocker.clone();
        callers.spawn(async move { blocker.block(&order(caller)).await });
        provider.arrival().await;
    }

    let begin = tokio::time::Instant::now();
    let third = soon(blocker.block(&order("third"))).await;
    assert_eq!(begin.elapsed(), Duration::ZERO);
    assert_eq!(after(&third), Duration::from_secs(1));
    assert_eq!(
        third.unwrap_err().to_string(),
        "third was not sent (overloaded): 2 calls are under way already, which is the limit; nothing was sent by this call, and whatever was sent under this reference before stands"
    );
    assert_eq!(ledger.state("third").await, None);

    provider.open(3);
    callers.join_all().await;
    let third = soon(blocker.block(&order("third"))).await;
    assert_eq!(told(&third), "held as 1");
}

#[tokio::test(start_paused = true)]
async fn a_call_keeps_its_place_when_its_caller_hangs_up() {
    let provider = Gated::new(provider());
    let blocker = Limit::new(provider.clone(), limits(1, 100), clock());
    let first = blocker.clone();
    let caller = tokio::spawn(async move { first.block(&order("first")).await });
    provider.arrival().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());

    let second = soon(blocker.block(&order("second"))).await;
    assert_eq!(told(&second), "not_sent/overloaded");
    provider.open(2);
    tokio::time::sleep(MINUTE).await; // until nothing else is left to do
    let second = soon(blocker.block(&order("second"))).await;
    assert_eq!(told(&second), "held as 1");
}

async fn let_through(blocker: &Limit<Arc<Scripted>>, calls: usize) -> usize {
    let mut through = 0;
    for _ in 0..calls {
        through += usize::from(blocker.block(&order("1238")).await.is_ok());
    }
    through
}

#[tokio::test(start_paused = true)]
async fn so_many_calls_a_second_and_no_more() {
    let clock: Arc<ManualClock> = clock();
    let provider = provider();
    let blocker = Limit::new(provider.clone(), limits(1000, 10), clock.clone());
    assert_eq!(let_through(&blocker.clone(), 50).await, 10);
    let refused = blocker.block(&order("1238")).await;
    assert!(after(&refused) <= Duration::from_millis(100), "{refused:?}");

    clock.advance(after(&refused));
    assert_eq!(let_through(&blocker, 50).await, 1);
    clock.advance(Duration::from_millis(500));
    assert_eq!(let_through(&blocker, 50).await, 5);
    clock.advance(MINUTE);
    assert_eq!(let_through(&blocker, 50).await, 10);
    assert_eq!(provider.calls(), 26);
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_place_uses_up_no_share_of_the_second() {
    let provider = Gated::new(provider());
    let blocker = Limit::new(provider.clone(), limits(1, 2), clock());
    let first = blocker.clone();
    let caller = tokio::spawn(async move { first.block(&order("first")).await });
    provider.arrival().await;
    for _ in 0..10 {
        let refused = soon(blocker.block(&order("second"))).await;
        assert_eq!(told(&refused), "not_sent/overloaded");
    }
    provider.open(2);
    caller.await.unwrap().unwrap();
    assert_eq!(
        told(&soon(blocker.block(&order("second"))).await),
        "held as 1"
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_over_the_second_gives_its_place_back() {
    let clock = clock();
    let blocker = Limit::new(provider(), limits(1, 1), clock.clone());
    assert_eq!(let_through(&blocker, 5).await, 1);
    clock.advance(Duration::from_secs(1));
    assert_eq!(let_through(&blocker, 5).await, 1);
}
