//! A ledger that fails after the one repeat.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::HoldState;
use booking_layers::{Resolver, ResolverBounds, Spill, Unwritten};
use booking_ports::{Begun, HoldLedger as _, ManualClock, SeatBlocker as _};

use super::provider::{Fate, Provider};
use super::{KNOWN, LEASE, NOW, order};
use crate::setup::{FaultyLedger, MINUTE, told};

#[derive(Default)]
struct Kept(Mutex<Vec<Unwritten>>);

#[async_trait]
impl Spill for Kept {
    async fn spill(&self, unwritten: &Unwritten) -> io::Result<()> {
        self.0.lock().unwrap().push(unwritten.clone());
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn how_the_repeat_ended_is_spilled_and_told_until_the_ledger_listens() {
    let clock = ManualClock::at(NOW);
    let ledger = Arc::new(FaultyLedger::new(Arc::new(clock.clone())));
    let provider = Provider::new(&clock, KNOWN);
    let kept = Arc::new(Kept::default());
    let resolver = Resolver::new(
        ledger.clone(),
        Arc::new(provider.clone()),
        Arc::new(provider.clone()),
        Arc::new(clock.clone()),
        ResolverBounds::default(),
    )
    .with_spill(kept.clone());
    let order = order("1238", "8");
    let Ok(Begun::Send(permit)) = ledger.begin(&order, LEASE).await else {
        unreachable!("a fresh reference is begun")
    };
    provider.next(&[Fate::RequestLost]);
    let lost = provider.block(&order).await;
    ledger.end(&permit, &lost).await.unwrap();

    ledger.fail_end(Some(FaultyLedger::unavailable()));
    resolver.settle(order.reference()).await.unwrap_err();
    {
        let all = kept.0.lock().unwrap();
        assert_eq!(all.len(), 1, "spilled before the answer, and once");
        assert_eq!(all[0].permit.attempt, 2);
        assert!(told(&all[0].outcome).starts_with("held as"), "{all:?}");
    }
    tokio::time::sleep(MINUTE).await;
    assert_eq!(ledger.state("1238").await, Some("unknown"));

    ledger.fail_end(None);
    assert_eq!(resolver.drain(Duration::from_secs(15)).await, 0);
    let record = ledger.find(order.reference()).await.unwrap().unwrap();
    assert!(matches!(record.state, HoldState::Held(_)), "{record:?}");
    assert_eq!(provider.sendings(), 2);
}
