//! The end of the program.

use std::time::Duration;

use booking_ports::SeatBlocker;

use super::world;
use crate::setup::{Gated, MINUTE, Scripted, hold, order, soon, told};

#[tokio::test(start_paused = true)]
async fn draining_waits_for_what_is_under_way_and_takes_no_more() {
    let inner = Scripted::new(|order, _| Ok(hold(order.reference(), "1")));
    let provider = Gated::new(inner.clone());
    let world = world(provider.clone());
    let blocker = world.blocker.clone();
    let caller = tokio::spawn(async move { blocker.block(&order("1238")).await });
    provider.arrival().await;

    assert_eq!(world.blocker.drain(Duration::from_secs(5)).await, 1);
    let late = soon(world.blocker.block(&order("1239"))).await;
    assert_eq!(told(&late), "not_sent/unrecorded");

    let drained = world.blocker.drain(MINUTE);
    provider.open(1);
    assert_eq!(drained.await, 0);
    assert_eq!(told(&caller.await.unwrap()), "held as 1");
    assert_eq!(inner.calls(), 1);
}
