//! A ledger that fails before the send, and one that fails after.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use booking_layers::{Spill, Unwritten};
use booking_ports::{Advice, LedgerError, SeatBlocker};

use super::world;
use crate::setup::{FaultyLedger, MINUTE, Scripted, hold, order, reference, told};

#[tokio::test]
async fn a_ledger_that_fails_before_means_not_sent() {
    let provider = Scripted::new(|order, _| Ok(hold(order.reference(), "1")));
    let world = world(provider.clone());
    world.ledger.begin_fails.store(true, Ordering::SeqCst);
    let error = world.blocker.block(&order("1238")).await.unwrap_err();
    assert_eq!(error.advice(), Advice::Repeat { after: None });
    assert_eq!(
        error.to_string(),
        "1238 was not sent (unrecorded): the intent could not be written down, so nothing was sent by this call; whatever was sent under this reference before stands (the ledger cannot be used: disk full)"
    );
    assert_eq!(provider.calls(), 0);

    world.ledger.begin_fails.store(false, Ordering::SeqCst);
    let outcome = world.blocker.block(&order("1238")).await;
    assert_eq!(told(&outcome), "held as 1");
}

/// Whoever heard *not sent* would block other seats, while a recovery sends these.
#[tokio::test]
async fn an_intent_that_may_have_been_written_is_unknown_and_not_sent_by_this_call() {
    let provider = Scripted::new(|order, _| Ok(hold(order.reference(), "1")));
    let world = world(provider.clone());
    world.ledger.begin_in_doubt.store(true, Ordering::SeqCst);
    let error = world.blocker.block(&order("1238")).await.unwrap_err();
    assert_eq!(error.advice(), Advice::Resolve { after: None });
    assert_eq!(
        error.to_string(),
        "whether 1238 is held is unknown (unrecorded): nothing was sent by this call, but its intent may have been written down, and would then be sent by whoever recovers (the ledger failed while making this durable, so it may be found there later: disk I/O error)"
    );
    assert_eq!(provider.calls(), 0);
}

#[tokio::test]
async fn the_answer_waits_until_its_outcome_is_durable() {
    let world = world(Scripted::new(|order, _| Ok(hold(order.reference(), "1"))));
    let free = world.ledger.gate.forget_permits(usize::MAX);
    let blocker = world.blocker.clone();
    let caller = tokio::spawn(async move { blocker.block(&order("1238")).await });
    while world.ledger.ends.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!caller.is_finished(), "told before it was durable");
    world.ledger.gate.add_permits(free);
    assert_eq!(told(&caller.await.unwrap()), "held as 1");
}

#[derive(Default)]
struct Kept {
    all: Mutex<Vec<Unwritten>>,
    fails: bool,
}

#[async_trait::async_trait]
impl Spill for Kept {
    async fn spill(&self, unwritten: &Unwritten) -> io::Result<()> {
        self.all.lock().unwrap().push(unwritten.clone());
        if self.fails {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_fails_after_means_unknown_and_is_told_until_it_listens() {
    for spill_fails in [false, true] {
        let world = world(Scripted::new(|order, _| Ok(hold(order.reference(), "1"))));
        let kept = Arc::new(Kept {
            fails: spill_fails,
            ..Kept::default()
        });
        let blocker = world.blocker.clone().with_spill(kept.clone());
        world.ledger.fail_end(Some(FaultyLedger::unavailable()));

        let outcome = blocker.block(&order("1238")).await;
        assert_eq!(told(&outcome), "unknown/unrecorded");
        {
            let all = kept.all.lock().unwrap();
            assert_eq!(all.len(), 1, "spilled before the answer, and once");
            assert_eq!(told(&all[0].outcome), "held as 1");
            assert_eq!((all[0].permit.attempt, all[0].permit.fence), (1, 1));
            assert_eq!(all[0].permit.reference, reference("1238"));
        }

        // A quarter of an hour later it has been told again, but not every moment.
        tokio::time::sleep(15 * MINUTE).await;
        let told_so_far = world.ledger.ends.load(Ordering::SeqCst);
        assert!((60..120).contains(&told_so_far), "{told_so_far}");
        assert_eq!(world.ledger.state("1238").await, Some("sending"));

        world.ledger.fail_end(None);
        assert_eq!(blocker.drain(MINUTE).await, 0);
        assert_eq!(world.ledger.state("1238").await, Some("held"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_outcome_is_spilled_while_the_ledger_does_not_answer() {
    let world = world(Scripted::new(|order, _| Ok(hold(order.reference(), "1"))));
    let kept = Arc::new(Kept::default());
    let blocker = world.blocker.clone().with_spill(kept.clone());
    let free = world.ledger.gate.forget_permits(usize::MAX);
    let caller = tokio::spawn(async move { blocker.block(&order("1238")).await });
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(told(&kept.all.lock().unwrap()[0].outcome), "held as 1");
    assert!(!caller.is_finished(), "told before it was durable");
    world.ledger.gate.add_permits(free);
    assert_eq!(told(&caller.await.unwrap()), "held as 1");
    assert_eq!(kept.all.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_outcome_in_memory_alone_is_left_open_at_the_end() {
    let world = world(Scripted::new(|order, _| Ok(hold(order.reference(), "1"))));
    world.ledger.fail_end(Some(FaultyLedger::unavailable()));
    world.blocker.block(&order("1238")).await.unwrap_err();
    assert_eq!(world.blocker.drain(Duration::from_secs(5)).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_will_never_listen_is_not_told_for_ever() {
    let world = world(Scripted::new(|order, _| Ok(hold(order.reference(), "1"))));
    let damaged = LedgerError::Damaged {
        message: "entry 3 contradicts entry 2".to_owned(),
    };
    world.ledger.fail_end(Some(damaged));
    let outcome = world.blocker.block(&order("1238")).await;
    assert_eq!(told(&outcome), "unknown/unrecorded");
    assert_eq!(world.blocker.drain(MINUTE).await, 0);
    assert_eq!(world.ledger.ends.load(Ordering::SeqCst), 1);
}
