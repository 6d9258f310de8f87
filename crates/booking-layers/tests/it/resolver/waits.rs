//! When a resolver sends nothing, or waits.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{HoldState, PartnerReference, TransactionId};
use booking_layers::{Resolver, ResolverBounds};
use booking_ports::{
    Begun, Clock as _, Evidence, Finding, HoldLedger as _, InquiryError, ManualClock, Source,
    Transaction, TransactionInquiry, Unknown, UnknownKind,
};
use time::OffsetDateTime;

use super::provider::Fate;
use super::{KNOWN, LEASE, World, order};

#[tokio::test]
async fn what_a_dead_process_left_is_settled_once_its_lease_has_passed() {
    let world = World::new(KNOWN);
    let order = order("1238", "8");
    let Ok(Begun::Send(_)) = world.ledger.begin(&order, LEASE).await else {
        unreachable!()
    };
    // Its sender may still be alive.
    assert_eq!(world.settle(&order).await.state, HoldState::Sending);
    world.clock.advance(LEASE);
    assert!(matches!(
        world.settle(&order).await.state,
        HoldState::Held(_)
    ));
    assert_eq!(world.provider.made(order.reference()), 1);
}

#[tokio::test]
async fn two_resolvers_do_not_work_on_one_reference() {
    let world = World::new(KNOWN);
    let order = order("1238", "8");
    world.provider.next(&[Fate::RequestLost]);
    world.send(&order).await;
    let claim = world.ledger.claim(order.reference(), LEASE).await.unwrap();
    assert!(claim.is_some());
    assert_eq!(world.settle(&order).await.state, HoldState::Unknown);
    assert_eq!(world.provider.sendings(), 1);
}

#[tokio::test]
async fn a_shredded_order_is_not_sent_again() {
    let world = World::new(KNOWN);
    let order = order("1238", "8");
    world.provider.next(&[Fate::RequestLost]);
    world.send(&order).await;
    world.clock.advance(ResolverBounds::default().over_after());
    // Settled by hand, then opened again by nothing: an operator's word ends it.
    let because = "the provider's desk says so".to_owned();
    let evidence = Evidence {
        source: Source::Operator { because },
        finding: Finding::Over {
            message: "not held".to_owned(),
        },
    };
    let record = world
        .ledger
        .learn(order.reference(), &evidence)
        .await
        .unwrap();
    assert_eq!(record.state, HoldState::Expired(None));
    world.ledger.shred(order.reference()).await.unwrap();
    world.settle(&order).await;
    assert_eq!(world.provider.sendings(), 1);
}

/// A history that takes four minutes, while somebody sets the clock back.
struct Slow(ManualClock);

#[async_trait]
impl TransactionInquiry for Slow {
    async fn by_reference(
        &self,
        _: &PartnerReference,
        _: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        let now = self.0.now();
        self.0.advance(Duration::from_mins(4));
        self.0.step_to(now);
        Ok(Vec::new())
    }

    async fn by_id(&self, _: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        Ok(None)
    }
}

#[tokio::test]
async fn a_resolver_whose_lease_is_over_sends_no_more() {
    let world = World::new(KNOWN);
    let order = order("1238", "8");
    world.provider.next(&[Fate::RequestLost]);
    world.send(&order).await;
    let resolver = Resolver::new(
        world.ledger.clone(),
        Arc::new(Slow(world.clock.clone())),
        Arc::new(world.provider.clone()),
        Arc::new(world.clock.clone()),
        ResolverBounds::default(),
    );
    let record = resolver.settle(order.reference()).await.unwrap();
    assert_eq!(record.state, HoldState::Unknown);
    assert_eq!(world.provider.sendings(), 1);
}

/// "Too many requests", with a time after which to ask again.
#[tokio::test]
async fn a_provider_that_asked_to_be_left_alone_is_sent_nothing_before() {
    const WAIT: Duration = Duration::from_mins(2);
    const ALMOST: Duration = Duration::from_secs(119);
    let world = World::new(KNOWN);
    let order = order("1238", "8");
    let Ok(Begun::Send(permit)) = world.ledger.begin(&order, LEASE).await else {
        unreachable!("a fresh reference is begun")
    };
    let busy = Unknown {
        retry_after: Some(WAIT),
        ..Unknown::new(
            order.reference().clone(),
            UnknownKind::NotDefinitive,
            "too many requests",
        )
    };
    world.ledger.end(&permit, &Err(busy.into())).await.unwrap();
    for passes in [Duration::ZERO, ALMOST] {
        world.clock.advance(passes);
        assert_eq!(world.settle(&order).await.state, HoldState::Unknown);
        assert_eq!(world.provider.sendings(), 0, "after {passes:?}");
    }
    world.clock.advance(Duration::from_secs(1));
    let record = world.settle(&order).await;
    assert!(matches!(record.state, HoldState::Held(_)), "{record:?}");
    assert_eq!(world.provider.sendings(), 1);
}
