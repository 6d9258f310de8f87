//! A resolver that stands still for so long that another one has taken over.

use std::sync::Arc;

use booking_domain::HoldState;
use booking_layers::{Resolver, ResolverBounds};
use booking_ports::{Begun, Clock as _, HoldLedger as _, ManualClock, SeatBlocker as _};
use tokio::sync::oneshot;

use super::provider::{Fate, Provider};
use super::{KNOWN, LEASE, NOW, order};
use crate::setup::FaultyLedger;

/// What becomes of a reference whose repeat, by the other one, ends like `repeat`, when the first one
/// goes on after all that was sent before is over.
async fn settled_late(repeat: Fate) -> HoldState {
    let clock = ManualClock::at(NOW);
    let ledger = Arc::new(FaultyLedger::new(Arc::new(clock.clone())));
    let provider = Provider::new(&clock, KNOWN);
    let bounds = ResolverBounds::default();
    let resolver = Resolver::new(
        ledger.clone(),
        Arc::new(provider.clone()),
        Arc::new(provider.clone()),
        Arc::new(clock.clone()),
        bounds,
    );
    let order = order("1238", "8");
    let Ok(Begun::Send(permit)) = ledger.begin(&order, LEASE).await else {
        unreachable!("a fresh reference is begun")
    };
    provider.next(&[Fate::RequestLost, repeat]);
    let lost = provider.block(&order).await;
    ledger.end(&permit, &lost).await.unwrap();

    clock.advance(bounds.over_after().saturating_sub(bounds.lease * 2));
    let (go_on, waits) = oneshot::channel();
    *ledger.next_story.lock().unwrap() = Some(waits);
    let late = {
        let (resolver, reference) = (resolver.clone(), order.reference().clone());
        tokio::spawn(async move { resolver.settle(&reference).await })
    };
    while ledger.next_story.lock().unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    // As after a sleep of the machine: what counts its own waking time sees nothing of it.
    clock.step_to(clock.now() + bounds.lease);
    resolver.settle(order.reference()).await.unwrap();
    clock.step_to(clock.now() + bounds.lease);
    go_on.send(()).unwrap();
    late.await.unwrap().unwrap();

    assert_eq!(provider.sendings(), 2);
    assert!(provider.keeps(order.reference()));
    let record = ledger.find(order.reference()).await.unwrap();
    record.unwrap().state
}

#[tokio::test]
async fn time_does_not_end_what_another_one_holds() {
    let state = settled_late(Fate::Answered).await;
    assert!(matches!(state, HoldState::Held(_)), "{state:?}");
}

#[tokio::test]
async fn time_does_not_end_what_another_one_has_sent() {
    assert_eq!(settled_late(Fate::AnswerLost).await, HoldState::Unknown);
}
