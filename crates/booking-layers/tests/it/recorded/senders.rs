//! One sender, who goes on without its caller and is not the only one who knows.

use std::sync::Arc;

use booking_domain::BlockOrder;
use booking_layers::Recorded;
use booking_ports::{
    Evidence, Finding, HoldLedger, MemorySeatBlocker, Outcome, SeatBlocker, Source, UnknownKind,
};
use tokio::task::JoinSet;

use super::world;
use crate::setup::{
    FaultyLedger, Gated, MINUTE, Scripted, clock, hold, order, reference, refused, told, unknown,
};

/// Looks into the ledger at the moment of sending.
struct Witness(Arc<FaultyLedger>);

#[async_trait::async_trait]
impl SeatBlocker for Witness {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let state = self.0.state(order.reference().as_str()).await;
        assert_eq!(state, Some("sending"));
        Ok(hold(order.reference(), "1"))
    }
}

#[tokio::test]
async fn the_sending_mark_stands_before_the_first_byte_leaves() {
    let clock = clock();
    let ledger = Arc::new(FaultyLedger::new(clock.clone()));
    let blocker = Recorded::new(Witness(ledger.clone()), ledger, clock, MINUTE);
    assert_eq!(told(&blocker.block(&order("1238")).await), "held as 1");
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_stop_the_send() {
    let provider = Gated::new(Scripted::new(|order, _| Ok(hold(order.reference(), "1"))));
    let world = world(provider.clone());
    let blocker = world.blocker.clone();
    let caller = tokio::spawn(async move { blocker.block(&order("1238")).await });
    provider.arrival().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());

    provider.open(1);
    assert_eq!(world.blocker.drain(MINUTE).await, 0);
    assert_eq!(world.ledger.state("1238").await, Some("held"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_callers_of_one_reference_one_sends() {
    let inner = Scripted::new(|order, _| Ok(hold(order.reference(), "1")));
    let provider = Gated::new(inner.clone());
    let world = world(provider.clone());
    let mut callers = JoinSet::new();
    for _ in 0..64 {
        let blocker = world.blocker.clone();
        callers.spawn(async move { told(&blocker.block(&order("1238")).await) });
    }
    let mut busy = Vec::new();
    while busy.len() < 63 {
        busy.push(callers.join_next().await.unwrap().unwrap());
    }
    provider.open(64);
    assert_eq!(callers.join_next().await.unwrap().unwrap(), "held as 1");
    assert!(busy.iter().all(|answer| answer == "busy"), "{busy:?}");
    assert_eq!(inner.calls(), 1);
}

/// 64 callers for one seat, each under a reference of its own (T5).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_callers_for_one_seat_one_holds_it() {
    for _ in 0..200 {
        let world = world(MemorySeatBlocker::new(clock()));
        let mut callers = JoinSet::new();
        for caller in 0..64 {
            let blocker = world.blocker.clone();
            callers
                .spawn(async move { told(&blocker.block(&order(&format!("c-{caller}"))).await) });
        }
        let mut answers = callers.join_all().await;
        answers.sort();
        assert_eq!(answers[0], "held as 1");
        assert!(
            answers[1..]
                .iter()
                .all(|answer| answer == "refused/seat_unavailable"),
            "{answers:?}"
        );
    }
}

#[tokio::test]
async fn a_panic_beneath_is_unknown_and_recorded() {
    let world = world(Scripted::new(|_, _| panic!("Pandu was here")));
    let outcome = world.blocker.block(&order("1238")).await;
    assert_eq!(told(&outcome), "unknown/interrupted");
    assert!(!format!("{outcome:?}").contains("Pandu"), "{outcome:?}");
    assert_eq!(world.ledger.state("1238").await, Some("unknown"));
}

/// Lets a sender's lease pass, then `meanwhile` happen, and the sender end with `late`.
async fn after_the_lease(
    meanwhile: impl AsyncFnOnce(&FaultyLedger),
    late: impl Fn(&BlockOrder) -> Outcome + Send + Sync + 'static,
) -> String {
    let provider = Gated::new(Scripted::new(move |order, _| late(order)));
    let world = world(provider.clone());
    let blocker = world.blocker.clone();
    let caller = tokio::spawn(async move { blocker.block(&order("1238")).await });
    provider.arrival().await;
    world.clock.advance(MINUTE);
    meanwhile(&world.ledger).await;
    provider.open(1);
    told(&caller.await.unwrap())
}

#[tokio::test]
async fn a_late_sender_tells_what_somebody_else_found_out() {
    let found = async |ledger: &FaultyLedger| {
        let reference = reference("1238");
        ledger.claim(&reference, MINUTE).await.unwrap().unwrap();
        let evidence = Evidence {
            source: Source::History,
            finding: Finding::Held(hold(&reference, "7")),
        };
        ledger.learn(&reference, &evidence).await.unwrap();
    };
    let late = |order: &BlockOrder| Err(unknown(order.reference(), UnknownKind::Timeout));
    assert_eq!(after_the_lease(found, late).await, "held as 7");
}

#[tokio::test]
async fn a_late_refusal_is_not_told_while_a_repeat_may_hold() {
    let repeat = async |ledger: &FaultyLedger| {
        let claim = ledger.claim(&reference("1238"), MINUTE).await;
        ledger.repeat(&claim.unwrap().unwrap()).await.unwrap();
    };
    let late = |order: &BlockOrder| Err(refused(order.reference()));
    assert_eq!(after_the_lease(repeat, late).await, "unknown/sender_lost");
}

#[tokio::test]
async fn a_late_hold_is_told_as_held() {
    let claimed = async |ledger: &FaultyLedger| {
        let claim = ledger.claim(&reference("1238"), MINUTE).await;
        assert_eq!(claim.unwrap().unwrap().record.state.name(), "unknown");
    };
    let late = |order: &BlockOrder| Ok(hold(order.reference(), "1"));
    assert_eq!(after_the_lease(claimed, late).await, "held as 1");
}

#[tokio::test]
async fn a_sender_that_got_to_its_sending_in_the_second_half_of_its_lease_does_not_send() {
    let clock = clock();
    for (takes, answer, calls) in [
        (MINUTE, "not_sent/unrecorded", 0),
        (MINUTE / 2, "not_sent/unrecorded", 0),
        (MINUTE * 29 / 60, "held as 1", 1),
    ] {
        let mut ledger = FaultyLedger::new(clock.clone());
        ledger.slow_begin = Some((clock.clone(), takes));
        let provider = Scripted::new(|order, _| Ok(hold(order.reference(), "1")));
        let blocker = Recorded::new(provider.clone(), Arc::new(ledger), clock.clone(), MINUTE);
        let outcome = blocker.block(&order("1238")).await;
        assert_eq!((told(&outcome).as_str(), provider.calls()), (answer, calls));
    }
}
