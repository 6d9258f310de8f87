//! When a reference may be called over, and what a named transaction changes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use booking_domain::{
    BlockOrder, HoldState, PartnerReference, ProviderStatus, StatusMeaning, TransactionId,
};
use booking_layers::{Resolver, ResolverBounds};
use booking_ports::{
    Clock as _, HoldLedger as _, HoldRecord, InquiryError, SeatBlocker as _, Transaction,
    TransactionInquiry, UnknownKind,
};
use time::OffsetDateTime;

use super::provider::Fate;
use super::{KNOWN, World, order};
use crate::setup::{MINUTE, Scripted, unknown};

/// A history that shows what a test puts there, and transactions that it does not find.
#[derive(Default)]
struct Shown {
    is_silent: AtomicBool,
    found: Mutex<Vec<Transaction>>,
    hidden: Mutex<Vec<Transaction>>,
    asked_since: Mutex<Option<OffsetDateTime>>,
}

#[async_trait]
impl TransactionInquiry for Shown {
    async fn by_reference(
        &self,
        _: &PartnerReference,
        since: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        *self.asked_since.lock().unwrap() = Some(since);
        if self.is_silent.load(Ordering::SeqCst) {
            return Err(InquiryError::Unavailable {
                message: "a test says so".to_owned(),
                retry_after: None,
                cause: None,
            });
        }
        Ok(self.found.lock().unwrap().clone())
    }

    async fn by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        let all = [self.found.lock().unwrap(), self.hidden.lock().unwrap()];
        let mut all = all.iter().flat_map(|some| some.iter());
        Ok(all.find(|transaction| transaction.id == *id).cloned())
    }
}

fn transaction(id: &str, reference: &str, meaning: StatusMeaning, amount: u64) -> Transaction {
    let word = match meaning {
        StatusMeaning::Ended => "FAILED",
        _ => "WAITING",
    };
    Transaction {
        id: TransactionId::new(id).unwrap(),
        reference: PartnerReference::new(reference).ok(),
        status: ProviderStatus::new(meaning, word),
        amount: Some(amount),
    }
}

/// A world with `fates` whose history is `Shown`.
fn shown(fates: &[Fate]) -> (World, Arc<Shown>, Resolver) {
    let world = World::new(KNOWN);
    world.provider.next(fates);
    let history = Arc::new(Shown::default());
    let resolver = Resolver::new(
        world.ledger.clone(),
        history.clone(),
        Arc::new(world.provider.clone()),
        Arc::new(world.clock.clone()),
        ResolverBounds::default(),
    );
    (world, history, resolver)
}

async fn settled(resolver: &Resolver, order: &BlockOrder) -> HoldState {
    resolver.settle(order.reference()).await.unwrap().state
}

#[tokio::test]
async fn one_failed_transaction_of_two_sendings_ends_nothing_while_the_other_may_be_accepted() {
    let (world, history, resolver) = shown(&[Fate::RequestLost; 2]);
    let order = order("1238", "8");
    world.send(&order).await;
    assert_eq!(settled(&resolver, &order).await, HoldState::Unknown);
    assert_eq!(world.provider.sendings(), 2);

    let failed = transaction("7", "1238", StatusMeaning::Ended, 20_000);
    history.found.lock().unwrap().push(failed);
    assert_eq!(settled(&resolver, &order).await, HoldState::Unknown);
    world
        .clock
        .advance(ResolverBounds::default().accepted_for());
    assert_eq!(settled(&resolver, &order).await, HoldState::Expired(None));
}

#[tokio::test]
async fn of_one_sending_a_failed_transaction_is_the_end() {
    let (world, history, resolver) = shown(&[Fate::RequestLost]);
    let order = order("1238", "8");
    world.send(&order).await;
    let failed = transaction("7", "1238", StatusMeaning::Ended, 20_000);
    history.found.lock().unwrap().push(failed);
    assert_eq!(settled(&resolver, &order).await, HoldState::Expired(None));
}

#[tokio::test]
async fn what_does_not_match_is_left_to_a_person_for_ever_and_nothing_is_sent_beside_it() {
    for (name, meaning) in [
        ("ended", StatusMeaning::Ended),
        ("live", StatusMeaning::Waiting),
    ] {
        let (world, history, resolver) = shown(&[Fate::RequestLost]);
        let order = order("1238", "8");
        world.send(&order).await;
        let other = transaction("7", "1238", meaning, 1);
        history.found.lock().unwrap().push(other);
        for _ in 0..3 {
            assert_eq!(
                settled(&resolver, &order).await,
                HoldState::Unknown,
                "{name}"
            );
            world.clock.advance(180 * MINUTE);
        }
        assert_eq!(world.provider.sendings(), 1, "{name}");
    }
}

/// A ledger that was restored has forgotten who used it, and whether that is a ticket by now.
#[tokio::test]
async fn a_reference_that_was_used_before_is_over_when_the_history_says_so_and_not_by_time_alone() {
    let (world, history, _) = shown(&[]);
    let used =
        Scripted::new(|order, _| Err(unknown(order.reference(), UnknownKind::ReferenceUsed)));
    let resolver = Resolver::new(
        world.ledger.clone(),
        history.clone(),
        used,
        Arc::new(world.clock.clone()),
        ResolverBounds::default(),
    );
    let (ticket, nothing) = (order("1238", "8"), order("1239", "9"));
    history.is_silent.store(true, Ordering::SeqCst);
    for order in [&ticket, &nothing] {
        world.provider.block(order).await.unwrap();
        assert!(world.send(order).await.used_before());
        for _ in 0..3 {
            assert_eq!(settled(&resolver, order).await, HoldState::Unknown);
            world.clock.advance(180 * MINUTE);
        }
    }
    history.is_silent.store(false, Ordering::SeqCst);
    assert_eq!(settled(&resolver, &nothing).await, HoldState::Expired(None));
    let since = history.asked_since.lock().unwrap().unwrap();
    let begun_at = super::NOW + 3 * 180 * MINUTE;
    assert!(since < begun_at - 24 * 60 * MINUTE, "{since}");

    let earlier = transaction("7", "1238", StatusMeaning::Booked, 20_000);
    history.found.lock().unwrap().push(earlier);
    let state = settled(&resolver, &ticket).await;
    assert!(matches!(state, HoldState::Booked(_)), "{state:?}");
}

async fn hinted(resolver: &Resolver, order: &BlockOrder, named: &str) -> HoldRecord {
    let named = TransactionId::new(named).unwrap();
    let hint = "a callback says WAITING";
    let looked = resolver.look_again(order.reference(), hint, Some(&named));
    looked.await.unwrap()
}

#[tokio::test]
async fn a_transaction_that_a_callback_names_is_asked_for_where_the_history_is_blind() {
    let (world, history, resolver) = shown(&[Fate::AnswerLost]);
    let order = order("1238", "8");
    world.send(&order).await;
    let own = transaction("7", "1238", StatusMeaning::Waiting, 20_000);
    let others = transaction("8", "other", StatusMeaning::Waiting, 20_000);
    let nobodys = Transaction {
        id: TransactionId::new("9").unwrap(),
        reference: None,
        ..own.clone()
    };
    *history.hidden.lock().unwrap() = vec![own, others, nobodys];
    for forged in ["8", "9", "10"] {
        let record = hinted(&resolver, &order, forged).await;
        assert_eq!(record.state, HoldState::Unknown, "{forged}");
    }
    let record = hinted(&resolver, &order, "7").await;
    assert_eq!(record.hold().unwrap().transaction_id.as_str(), "7");
    assert_eq!(world.provider.sendings(), 1, "nothing is sent for a hint");
}

#[tokio::test]
async fn what_was_over_because_nothing_was_found_is_held_again_by_the_providers_word() {
    let (world, history, resolver) = shown(&[Fate::RequestLost; 2]);
    let order = order("1238", "8");
    world.send(&order).await;
    settled(&resolver, &order).await;
    world.clock.advance(ResolverBounds::default().over_after());
    assert_eq!(settled(&resolver, &order).await, HoldState::Expired(None));

    let waiting = transaction("7", "1238", StatusMeaning::Waiting, 20_000);
    let ended = transaction("8", "1238", StatusMeaning::Ended, 20_000);
    *history.hidden.lock().unwrap() = vec![waiting, ended];
    let before = world.ledger.story(order.reference()).await.unwrap();
    for nothing in ["8", "9"] {
        let record = hinted(&resolver, &order, nothing).await;
        assert_eq!(record.state, HoldState::Expired(None), "{nothing}");
    }
    let after = world.ledger.story(order.reference()).await.unwrap();
    assert_eq!(
        before.len(),
        after.len(),
        "of what has ended nothing is recorded"
    );
    let record = hinted(&resolver, &order, "7").await;
    let deadline = record.deadline().unwrap();
    assert!(!deadline.is_stated() && !deadline.has_passed(world.clock.now()));
}
