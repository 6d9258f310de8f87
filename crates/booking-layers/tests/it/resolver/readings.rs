//! What is settled under every reading of what the provider leaves open.

use std::time::Duration;

use booking_domain::HoldState;
use booking_layers::ResolverBounds;
use booking_ports::{BlockError, Clock as _};

use super::provider::{Fate, HOLD, Reading};
use super::{KNOWN, World, order};

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
