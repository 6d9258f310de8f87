//! The resolver, against a model of Klikoo under every reading of its open points.

mod provider;
mod silence;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, HoldState, OrderDraft, PartnerReference, TransactionId};
use booking_layers::{Resolver, ResolverBounds};
use booking_ports::{
    Begun, BlockError, Clock as _, Evidence, Fact, Finding, HoldLedger as _, HoldRecord,
    InquiryError, ManualClock, MemoryHoldLedger, Outcome, SeatBlocker as _, Source, Transaction,
    TransactionInquiry, Unknown, UnknownKind,
};
use time::OffsetDateTime;
use time::macros::{date, datetime};

use self::provider::{Fate, HOLD, Provider, Reading};

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

#[tokio::test]
async fn a_lost_answer_is_found_in_the_history() {
    let world = World::new(KNOWN);
    let order = order("1238", "8");
    world.provider.next(&[Fate::AnswerLost]);
    assert_eq!(world.send(&order).await.state, HoldState::Unknown);
    let record = world.settle(&order).await;
    let HoldState::Held(hold) = &record.state else {
        unreachable!("{record:?}")
    };
    assert!(!hold.deadline.is_stated());
    assert_eq!(world.provider.sendings(), 1, "asking was enough");
    assert_eq!(
        world.evidence(order.reference()).await[2..],
        [
            "history search: held as 1".to_owned(),
            "transaction query: held as 1".to_owned()
        ]
    );
}

#[tokio::test]
async fn without_a_history_a_repeat_tells_that_the_first_sending_arrived() {
    let reading = Reading {
        history: false,
        ..KNOWN
    };
    let world = World::new(reading);
    let order = order("1238", "8");
    world.provider.next(&[Fate::AnswerLost]);
    world.send(&order).await;
    let record = world.settle(&order).await;
    assert_eq!(record.state, HoldState::HeldWithoutReceipt);
    let Some(Err(BlockError::Unknown(unknown))) = record.answer(world.clock.now()) else {
        unreachable!("{record:?}")
    };
    assert_eq!(unknown.kind.as_str(), "held_without_receipt");
    assert_eq!(world.provider.sendings(), 2);
    // No third sending, however often it is asked for.
    world.settle(&order).await;
    assert_eq!(world.provider.sendings(), 2);
}

#[tokio::test]
async fn a_lost_request_is_held_by_the_repeat() {
    for reading in Reading::all() {
        let world = World::new(reading);
        let order = order("1238", "8");
        world.provider.next(&[Fate::RequestLost]);
        world.send(&order).await;
        let record = world.settle(&order).await;
        assert!(matches!(record.state, HoldState::Held(_)), "{reading:?}");
        world.assert_true(&record);
    }
}

#[tokio::test]
async fn a_seat_that_is_taken_after_a_lost_answer_may_be_our_own() {
    let reading = Reading {
        duplicates_first: false,
        history: false,
        refusal_uses_reference: false,
    };
    let world = World::new(reading);
    let order = order("1238", "8");
    world.provider.next(&[Fate::AnswerLost]);
    world.send(&order).await;
    let record = world.settle(&order).await;
    assert_eq!(
        record.state,
        HoldState::Unknown,
        "the refusal proves nothing"
    );
    assert!(world.provider.keeps(order.reference()));
}

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
async fn under_every_reading_nothing_false_is_claimed_and_time_settles_the_rest() {
    let fates = [
        Fate::Answered,
        Fate::AnswerLost,
        Fate::RequestLost,
        Fate::NeverSent,
    ];
    let mut seen = std::collections::BTreeMap::<&str, usize>::new();
    for reading in Reading::all() {
        for first in fates {
            for second in fates {
                for (taken, dies) in [(false, false), (false, true), (true, false), (true, true)] {
                    let world = World::new(reading);
                    let order = order("1238", "8");
                    if taken {
                        world.provider.take_seats_of(&order);
                    }
                    world.provider.next(&[first, second]);
                    if dies {
                        world.send_and_die(&order).await;
                    } else {
                        world.send(&order).await;
                    }
                    let record = world.settle(&order).await;
                    world.assert_true(&record);
                    *seen.entry(record.state.name()).or_default() += 1;

                    world.clock.advance(Duration::from_mins(5));
                    world.assert_true(&world.settle(&order).await);

                    world.clock.advance(HOLD.unsigned_abs());
                    let record = world.settle(&order).await;
                    assert!(world.provider.made(&record.reference) <= 1);

                    world.clock.advance(ResolverBounds::default().over_after());
                    let record = world.settle(&order).await;
                    assert!(!record.is_unsettled(), "{reading:?} {first:?} {second:?}");
                    assert!(world.provider.sendings() <= 3);
                }
            }
        }
    }
    for state in [
        "held",
        "refused",
        "not sent",
        "unknown",
        "held without receipt",
    ] {
        assert!(
            seen.get(state).is_some_and(|met| *met > 0),
            "{state} was never met: {seen:?}"
        );
    }
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

#[tokio::test]
async fn a_sweep_settles_all_and_ends_what_has_passed() {
    let world = World::new(KNOWN);
    for number in 1..=20 {
        if number % 2 == 0 {
            world.provider.next(&[Fate::AnswerLost]);
        } else {
            world.provider.next(&[Fate::Answered]);
        }
        world
            .send(&order(&format!("ref-{number}"), &number.to_string()))
            .await;
    }
    let mut calls = 0;
    let sweep = world.resolver.sweep(|_| calls += 1).await.unwrap();
    assert_eq!((sweep.progress.looked_at, sweep.progress.settled), (10, 10));
    assert!(sweep.left.is_empty());
    assert_eq!((sweep.progress.expired, calls), (0, 10));

    world.clock.advance(HOLD.unsigned_abs());
    let sweep = world.resolver.sweep(|_| ()).await.unwrap();
    // Those found by search state no deadline; they end with the longest hold.
    assert_eq!(sweep.progress.expired, 10);
    world.clock.advance(ResolverBounds::default().over_after());
    let sweep = world.resolver.sweep(|_| ()).await.unwrap();
    assert_eq!(sweep.progress.expired, 10);
}

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
