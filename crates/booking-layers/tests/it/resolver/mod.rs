//! The resolver, against a model of Klikoo under every reading of its open points.

mod doubts;
mod entries;
mod ledger_fails;
mod over;
mod overtaken;
mod provider;
mod readings;
mod silence;
mod waits;

use std::sync::Arc;
use std::time::Duration;

use booking_domain::{BlockOrder, HoldState, OrderDraft, PartnerReference};
use booking_layers::{Resolver, ResolverBounds};
use booking_ports::{
    Begun, HoldLedger as _, HoldRecord, ManualClock, MemoryHoldLedger, Outcome, SeatBlocker as _,
};
use time::OffsetDateTime;
use time::macros::{date, datetime};

use self::provider::{Provider, Reading};

const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 +7);
const LEASE: Duration = Duration::from_mins(1);

struct World {
    clock: ManualClock,
    ledger: Arc<MemoryHoldLedger>,
    provider: Provider,
    resolver: Resolver,
}

impl World {
    fn new(reading: Reading) -> Self {
        let clock = ManualClock::at(NOW);
        let ledger = Arc::new(MemoryHoldLedger::new(Arc::new(clock.clone())));
        let provider = Provider::new(&clock, reading);
        let resolver = Resolver::new(
            ledger.clone(),
            Arc::new(provider.clone()),
            Arc::new(provider.clone()),
            Arc::new(clock.clone()),
            ResolverBounds::default(),
        );
        Self {
            clock,
            ledger,
            provider,
            resolver,
        }
    }

    /// Sends an order as the recording layer does.
    async fn send(&self, order: &BlockOrder) -> HoldRecord {
        let Ok(Begun::Send(permit)) = self.ledger.begin(order, LEASE).await else {
            unreachable!("a fresh reference is begun")
        };
        let outcome = self.provider.block(order).await;
        self.ledger.end(&permit, &outcome).await.unwrap()
    }

    /// Sends an order in a process that dies before it hears the answer.
    async fn send_and_die(&self, order: &BlockOrder) {
        let Ok(Begun::Send(_)) = self.ledger.begin(order, LEASE).await else {
            unreachable!("a fresh reference is begun")
        };
        let _: Outcome = self.provider.block(order).await;
        self.clock.advance(LEASE);
    }

    async fn settle(&self, order: &BlockOrder) -> HoldRecord {
        self.resolver.settle(order.reference()).await.unwrap()
    }

    async fn evidence(&self, reference: &PartnerReference) -> Vec<String> {
        let story = self.ledger.story(reference).await.unwrap();
        story.iter().map(|entry| entry.fact.to_string()).collect()
    }

    /// Nothing is claimed that the provider does not do.
    fn assert_true(&self, record: &HoldRecord) {
        let keeps = self.provider.keeps(&record.reference);
        match &record.state {
            HoldState::Held(_) => assert!(keeps, "{record:?}"),
            HoldState::Refused | HoldState::NotSent | HoldState::Expired(_) => {
                assert!(!keeps, "{record:?}");
            }
            _ => {}
        }
        assert!(self.provider.made(&record.reference) <= 1, "held twice");
    }
}

fn order(reference: &str, seat: &str) -> BlockOrder {
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(reference.to_owned());
    seat.clone_into(&mut draft.departure.passengers[0].seat_name);
    draft.check(date!(2026 - 11 - 24)).unwrap()
}

const KNOWN: Reading = Reading {
    refusal_uses_reference: false,
    duplicates_first: true,
    history: true,
};
