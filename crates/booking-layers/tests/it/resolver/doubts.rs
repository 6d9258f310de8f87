//! What is not believed, and left to a person.

use std::sync::Arc;

use async_trait::async_trait;
use booking_domain::{HoldState, OrderDraft, PartnerReference, TransactionId};
use booking_layers::{Resolver, ResolverBounds};
use booking_ports::{
    Begun, Evidence, Fact, Finding, HoldLedger as _, InquiryError, SeatBlocker as _, Transaction,
    TransactionInquiry, Unknown, UnknownKind,
};
use time::OffsetDateTime;
use time::macros::date;

use super::provider::{Fate, Provider};
use super::{KNOWN, LEASE, World, order};

#[tokio::test]
async fn a_transaction_that_does_not_match_is_left_to_a_person() {
    let world = World::new(KNOWN);
    let order = order("1238", "8");
    // Somebody used our reference for something else.
    let mut other = OrderDraft::from(&order);
    other.selling_price = "1".to_owned();
    let other = other.check(date!(2026 - 11 - 24)).unwrap();
    assert!(world.provider.block(&other).await.is_ok());
    world.provider.next(&[Fate::RequestLost]);
    world.send(&order).await;
    let record = world.settle(&order).await;
    assert!(record.is_unsettled());
    let story = world.ledger.story(order.reference()).await.unwrap();
    assert!(story.iter().any(|entry| matches!(
        &entry.fact,
        Fact::Learned(Evidence { finding: Finding::Nothing { message }, .. })
            if message.contains("another amount")
    )));
}

#[tokio::test]
async fn a_hold_whose_receipt_named_other_seats_is_not_adopted() {
    let world = World::new(KNOWN);
    let order = order("1238", "8");
    let Ok(Begun::Send(permit)) = world.ledger.begin(&order, LEASE).await else {
        unreachable!("a fresh reference is begun")
    };
    assert!(world.provider.block(&order).await.is_ok());
    let fewer = Unknown::new(
        order.reference().clone(),
        UnknownKind::MismatchedReply,
        "transaction 1 names fewer seats",
    );
    let ended = world.ledger.end(&permit, &Err(fewer.into())).await;
    assert_eq!(ended.unwrap().state, HoldState::Unknown);
    assert!(world.settle(&order).await.is_unsettled());
    let story = world.ledger.story(order.reference()).await.unwrap();
    assert!(story.iter().any(|entry| matches!(
        &entry.fact,
        Fact::Learned(Evidence { finding: Finding::Nothing { message }, .. })
            if message.contains("somebody has to look")
    )));
}

/// A search that shows less than the transaction itself, which is another amount's.
struct ShowsMore(Provider);

#[async_trait]
impl TransactionInquiry for ShowsMore {
    async fn by_reference(
        &self,
        reference: &PartnerReference,
        since: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        let mut found = self.0.by_reference(reference, since).await?;
        for transaction in &mut found {
            transaction.amount = None;
        }
        Ok(found)
    }

    async fn by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        let found = self.0.by_id(id).await?;
        Ok(found.map(|transaction| Transaction {
            amount: Some(1),
            ..transaction
        }))
    }
}

#[tokio::test]
async fn what_the_search_found_is_not_believed_before_the_transaction_itself_was_seen() {
    let world = World::new(KNOWN);
    let order = order("1238", "8");
    world.provider.next(&[Fate::AnswerLost]);
    world.send(&order).await;
    let resolver = Resolver::new(
        world.ledger.clone(),
        Arc::new(ShowsMore(world.provider.clone())),
        Arc::new(world.provider.clone()),
        Arc::new(world.clock.clone()),
        ResolverBounds {
            sends_max: 1,
            ..ResolverBounds::default()
        },
    );
    let record = resolver.settle(order.reference()).await.unwrap();
    assert_eq!(record.state, HoldState::Unknown);
    let told = world.evidence(order.reference()).await;
    assert!(
        !told.iter().any(|line| line.contains(": held as")),
        "{told:?}"
    );
}
