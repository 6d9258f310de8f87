//! Sweeps of a provider that gives no answer, each question waiting for its time-out.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::TransactionId;
use booking_ports::{HoldLedger as _, InquiryError, Transaction, TransactionInquiry};

use super::provider::{Fate, HOLD};
use super::*;

const TIMEOUT: Duration = Duration::from_secs(3);

/// Whom it was asked about.
struct Silent {
    clock: ManualClock,
    asked: Mutex<Vec<PartnerReference>>,
}

#[async_trait]
impl TransactionInquiry for Silent {
    async fn by_reference(
        &self,
        reference: &PartnerReference,
        _: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        self.asked.lock().unwrap().push(reference.clone());
        self.clock.advance(TIMEOUT);
        Err(silence())
    }

    async fn by_id(&self, _: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        Err(silence())
    }
}

fn silence() -> InquiryError {
    InquiryError::Unavailable {
        message: "no answer".to_owned(),
        retry_after: None,
        cause: None,
    }
}

/// A ledger of `count` references of which nobody knows more, and a resolver that hears nothing.
async fn world_of(count: usize) -> (World, Resolver, Arc<Silent>) {
    let world = World::new(KNOWN);
    for number in 1..=count {
        world.provider.next(&[Fate::AnswerLost]);
        let order = order(&format!("ref-{number}"), &number.to_string());
        world.send(&order).await;
    }
    let silent = Arc::new(Silent {
        clock: world.clock.clone(),
        asked: Mutex::default(),
    });
    let resolver = Resolver::new(
        world.ledger.clone(),
        silent.clone(),
        // Whatever is sent once more is unknown again.
        Arc::new(world.provider.clone()),
        Arc::new(world.clock.clone()),
        ResolverBounds {
            sends_max: 1,
            ..ResolverBounds::default()
        },
    );
    world.clock.advance(Duration::from_mins(1));
    (world, resolver, silent)
}

#[tokio::test]
async fn a_sweep_that_hears_nothing_ends_and_the_next_goes_on_where_it_stopped() {
    let (_world, resolver, silent) = world_of(100).await;
    let mut asked = BTreeSet::new();
    for sweep in 1..=4 {
        let done = resolver.sweep_due(|_| ()).await.unwrap().progress;
        // Those that were begun together, and not many after.
        assert!((1..=32 + 20).contains(&done.looked_at), "{sweep}: {done:?}");
        asked.extend(silent.asked.lock().unwrap().drain(..));
    }
    assert_eq!(asked.len(), 100);
}

#[tokio::test]
async fn holds_end_and_people_are_forgotten_without_a_question() {
    let (world, resolver, silent) = world_of(1).await;
    let held = order("held", "39");
    world.send(&held).await;
    assert_eq!(resolver.expire().await.unwrap(), 0);
    world.clock.advance(HOLD.unsigned_abs());
    assert_eq!(resolver.expire().await.unwrap(), 1);
    assert_eq!(resolver.forget().await.unwrap(), 0);
    world.clock.advance(ResolverBounds::default().shred_after);
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(resolver.forget().await.unwrap(), 1);
    let record = world.ledger.find(held.reference()).await.unwrap().unwrap();
    assert!(record.has_ended() && !record.keeps_order);
    assert!(silent.asked.lock().unwrap().is_empty());
}
