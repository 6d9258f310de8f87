//! A reference that has its answer keeps it, and nothing is sent again.

use booking_ports::{NotSentKind, SeatBlocker, UnknownKind};

use super::world;
use crate::setup::{MINUTE, NOW, Scripted, hold, not_sent, order, refused, told, unknown};

#[tokio::test]
async fn the_first_answer_is_the_answer_for_ever() {
    let provider = Scripted::new(|order, _| match order.reference() {
        held if held.as_str() == "held" => Ok(hold(held, "1")),
        refusal if refusal.as_str() == "refused" => Err(refused(refusal)),
        lost => Err(unknown(lost, UnknownKind::Timeout)),
    });
    let world = world(provider.clone());
    for (sent, (text, answer)) in [
        ("held", "held as 1"),
        ("refused", "refused/seat_unavailable"),
        ("lost", "unknown/timeout"),
    ]
    .into_iter()
    .enumerate()
    {
        for _ in 0..3 {
            assert_eq!(told(&world.blocker.block(&order(text)).await), answer);
        }
        assert_eq!(provider.calls(), sent + 1, "{text}");
    }
}

#[tokio::test]
async fn what_was_not_sent_may_be_sent_again() {
    let provider = Scripted::new(|order, call| match call {
        1 => Err(not_sent(order.reference(), NotSentKind::Unreachable)),
        _ => Ok(hold(order.reference(), "1")),
    });
    let world = world(provider);
    let first = world.blocker.block(&order("1238")).await;
    assert_eq!(told(&first), "not_sent/unreachable");
    let second = world.blocker.block(&order("1238")).await;
    assert_eq!(told(&second), "held as 1");
}

#[tokio::test]
async fn a_recorded_hold_expires_with_its_deadline() {
    let provider = Scripted::new(|order, _| Ok(hold(order.reference(), "1")));
    let world = world(provider.clone());
    world.blocker.block(&order("1238")).await.unwrap();
    world.clock.advance(30 * MINUTE);
    let late = world.blocker.block(&order("1238")).await;
    assert_eq!((told(&late).as_str(), provider.calls()), ("expired", 1));
}

#[tokio::test]
async fn setting_the_clock_back_makes_no_hold_live_again() {
    let provider = Scripted::new(|order, _| Ok(hold(order.reference(), "1")));
    let world = world(provider.clone());
    world.blocker.block(&order("1238")).await.unwrap();
    world.clock.advance(20 * MINUTE);
    world.clock.step_to(NOW - 60 * MINUTE);
    let live = world.blocker.block(&order("1238")).await;
    assert_eq!(told(&live), "held as 1");
    world.clock.advance(10 * MINUTE);
    let late = world.blocker.block(&order("1238")).await;
    assert_eq!((told(&late).as_str(), provider.calls()), ("expired", 1));
}

#[tokio::test]
async fn another_order_under_the_reference_is_a_conflict() {
    let provider = Scripted::new(|order, _| Ok(hold(order.reference(), "1")));
    let world = world(provider.clone());
    world.blocker.block(&order("1238")).await.unwrap();
    let mut other = booking_domain::OrderDraft::from(&order("1238"));
    other.departure.passengers[0].seat_name = "9".to_owned();
    let other = other.check(time::macros::date!(2026 - 11 - 24)).unwrap();
    let outcome = world.blocker.block(&other).await;
    assert_eq!((told(&outcome).as_str(), provider.calls()), ("conflict", 1));
}
