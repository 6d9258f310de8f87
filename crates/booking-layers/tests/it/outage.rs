//! A provider that is down for ten minutes (T11).

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, Deadline, SeatHold};
use booking_layers::{Limit, Limits, Recorded, Retry, RetryBudget, RetryPolicy, Traced};
use booking_ports::{Clock, MemoryHoldLedger, NotSentKind, Outcome, SeatBlocker};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::setup::{MINUTE, RuntimeClock, hold, not_sent, order};

const DOWN: Duration = Duration::from_mins(10);
const EVERY: Duration = Duration::from_millis(20);
const ANSWERS_WITHIN: Duration = Duration::from_millis(40);
const NORMAL_AFTER: Duration = Duration::from_secs(5);

/// Refuses connections, or lets them time out, until [`DOWN`] has passed.
struct Provider {
    clock: Arc<RuntimeClock>,
    attempts: Mutex<HashMap<String, u32>>,
}

#[async_trait]
impl SeatBlocker for Provider {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let reference = order.reference();
        let attempt = {
            let mut attempts = self.attempts.lock().unwrap();
            let attempt = attempts.entry(reference.to_string()).or_default();
            *attempt += 1;
            attempts.len()
        };
        if self.clock.monotonic() < DOWN {
            let connect_timeout = Duration::from_secs(if attempt % 2 == 0 { 3 } else { 0 });
            tokio::time::sleep(connect_timeout).await;
            return Err(not_sent(reference, NotSentKind::Unreachable));
        }
        tokio::time::sleep(ANSWERS_WITHIN).await;
        let end = self.clock.now() + MINUTE;
        Ok(SeatHold {
            deadline: Deadline::stated(end, self.clock.now(), time::Duration::HOUR),
            ..hold(reference, "1")
        })
    }
}

#[tokio::test(start_paused = true)]
async fn ten_minutes_of_outage_are_not_made_worse_and_end_within_seconds() {
    let clock = RuntimeClock::start();
    let provider = Arc::new(Provider {
        clock: clock.clone(),
        attempts: Mutex::default(),
    });
    let ledger = Arc::new(MemoryHoldLedger::new(clock.clone()));
    let limits = Limits {
        in_flight: NonZeroU32::new(256).unwrap(),
        per_second: NonZeroU32::new(100).unwrap(),
    };
    let recorded = Recorded::new(provider.clone(), ledger, clock.clone(), MINUTE);
    let limited = Limit::new(recorded, limits, clock.clone());
    let policy = RetryPolicy::default();
    let retried = Retry::new(limited, policy, RetryBudget::default(), 7);
    let blocker = Arc::new(Traced::new(retried, clock.clone()));

    let mut calls = JoinSet::new();
    let mut made = 0;
    while clock.monotonic() < DOWN + 2 * NORMAL_AFTER {
        let blocker = blocker.clone();
        let call = order(&format!("order-{made}"));
        calls.spawn(async move {
            let begin = Instant::now();
            let outcome = blocker.block(&call).await;
            (begin, begin.elapsed(), outcome)
        });
        made += 1;
        tokio::time::sleep(EVERY).await;
    }

    let (mut refused, mut repeated_into_service) = (0, 0);
    let start = Instant::now() - clock.monotonic();
    while let Some(call) = calls.join_next().await {
        let (begin, took, outcome) = call.unwrap();
        let (begin, end) = (begin - start, begin + took - start);
        if begin >= DOWN + NORMAL_AFTER {
            assert!(outcome.is_ok(), "at {begin:?}: {outcome:?}");
            assert!(took < 2 * ANSWERS_WITHIN, "at {begin:?}: {took:?}");
        } else if begin < DOWN {
            assert!(end < DOWN + NORMAL_AFTER, "{begin:?} to {end:?}");
            refused += u32::from(outcome.is_err());
            repeated_into_service += u32::from(outcome.is_ok());
        }
    }
    assert!(refused > 29_000, "{refused} of {made}");
    assert!(repeated_into_service > 0, "nobody was helped by a repeat");

    let attempts = provider.attempts.lock().unwrap();
    let wire: u32 = attempts.values().sum();
    assert!(attempts.values().all(|attempts| *attempts <= 3));
    let ratio = f64::from(wire) / f64::from(made);
    assert!((1.09..=1.10).contains(&ratio), "{wire} for {made}: {ratio}");
}
