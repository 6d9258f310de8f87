//! One function for each operation; each is a cell for each clock.

use booking_domain::{HoldState, ProductCode, TripId};
use booking_layers::ResolverBounds;
use booking_ports::{HoldLedger, SeatMaps, TicketError, TicketIssuer, TransactionInquiry};
use klikoo_adapter::{KlikooSeatMaps, KlikooTransactions};
use klikoo_sandbox::{Fault, HistoryOff, Rule, Sandbox};

use super::may_sign;
use super::world::{HOLD, MARGIN, NOW, World, order};

/// A block is sent and held, or not sent at all.
pub(super) async fn block(skew: i64) {
    let world = World::new(skew).await;
    let (expected, sent) = if may_sign(skew) {
        ("held", 1)
    } else {
        ("not sent", 0)
    };
    assert_eq!(world.block("one").await, expected, "{skew} s");
    assert_eq!(world.sandbox.calls("block-seat"), sent, "{skew} s");
    world.nothing_was_signed_beyond_the_cap();
}

/// Until when a hold that was made by this clock is live: never longer than by Klikoo's clock, and
/// never longer than by this one.
fn live_for(skew: i64) -> u64 {
    HOLD - u64::try_from(skew).unwrap_or(0)
}

/// The answer to the same order, again and again, around the end of its hold.
pub(super) async fn repeat(skew: i64) {
    let world = World::new(skew).await;
    let held = world.block("one").await == "held";
    assert_eq!(held, may_sign(skew), "{skew} s");
    if !held {
        world.pass(60);
        assert_eq!(world.block("one").await, "not sent", "{skew} s");
        assert_eq!(world.sandbox.calls("block-seat"), 0);
        return;
    }
    let live = live_for(skew);
    world.pass(live - 1);
    assert_eq!(world.block("one").await, "held", "{skew} s, before its end");
    for _ in 0..2 {
        world.pass(1);
        assert_eq!(
            world.block("one").await,
            "expired",
            "{skew} s, after its end"
        );
    }
    assert_eq!(world.sandbox.calls("block-seat"), 1, "{skew} s");
}

/// The state that a table of holds shows around the end of a hold.
pub(super) async fn show(skew: i64) {
    let world = World::new(skew).await;
    if world.block("one").await != "held" {
        assert_eq!(world.shown("one").await, "not sent", "{skew} s");
        return;
    }
    let live = live_for(skew);
    for (passed, expected) in [(live - 1, "held"), (1, "expired"), (3_600, "expired")] {
        world.pass(passed);
        assert_eq!(world.shown("one").await, expected, "{skew} s");
    }
}

/// A ticket is asked for while both clocks leave the margin, and never later.
pub(super) async fn book(skew: i64) {
    // What is held at the beginning, by a host whose clock was right then.
    let world = World::new(0).await;
    let (one, two) = (world.held("one").await, world.held("two").await);
    world.set(skew);
    let last = live_for(skew.clamp(-240, 240)) - MARGIN;
    world.pass(last - 1);
    let early = world.tickets.issue(&one).await;
    world.pass(1);
    let late = world.tickets.issue(&two).await;
    let too_late =
        |outcome: &Result<_, TicketError>| matches!(outcome, Err(TicketError::TooLate { .. }));
    if may_sign(skew) {
        assert!(early.is_ok(), "{skew} s: {early:?}");
        assert!(too_late(&late), "{skew} s: {late:?}");
        assert_eq!(world.sandbox.calls("transports/book"), 1, "{skew} s");
    } else {
        let nothing = |it: &Result<_, TicketError>| {
            too_late(it) || matches!(it, Err(TicketError::NotSent { .. }))
        };
        assert!(
            nothing(&early) && nothing(&late),
            "{skew} s: {early:?} {late:?}"
        );
        assert_eq!(world.sandbox.calls("transports/book"), 0, "{skew} s");
    }
}

/// What is unknown ends by time, and not a second before it is over by Klikoo's clock.
pub(super) async fn end_by_time(skew: i64) {
    let builder = Sandbox::builder().history_off(HistoryOff::Fails);
    let world = World::with(builder, NOW, 0).await;
    world
        .sandbox
        .add_fault(Rule::new(Fault::ExecuteThenCut).path("block-seat"));
    assert_eq!(world.block("one").await, "unknown");
    // The one repeat is used up while the clock is still right.
    let reference = order("one").reference().clone();
    world.resolver.settle(&reference).await.unwrap();
    world.set(skew);
    let over = ResolverBounds::default().over_after().as_secs();
    world.pass(over - 1);
    let record = world.resolver.settle(&reference).await.unwrap();
    assert!(record.is_unsettled(), "{skew} s: {:?}", record.state);
    // The host that is behind comes later to it; no longer than it is behind.
    world.pass(1 + u64::try_from(-skew).unwrap_or(0));
    let sends = world.sandbox.calls("block-seat");
    let record = world.resolver.settle(&reference).await.unwrap();
    assert_eq!(record.state, HoldState::Expired(None), "{skew} s");
    assert_eq!(world.sandbox.calls("block-seat"), sends, "{skew} s");
    assert!(world.ledger.find(&reference).await.unwrap().is_some());
}

/// Of a clock beyond the cap, nothing is signed once that is known: no call and no token request.
pub(super) async fn sign(skew: i64) {
    let world = World::new(skew).await;
    let first = world.client.check_token().await;
    assert!(first.is_ok() || skew.abs() > 300, "{skew} s: {first:?}");
    let before = world.sandbox.journal().len();
    let maps = KlikooSeatMaps::new(world.client.clone());
    let transactions = KlikooTransactions::new(world.client.clone());
    let one = order("one");
    for minute in [0, 1, 13] {
        world.pass(minute * 60);
        let product = ProductCode::new("BUS").unwrap();
        let map = maps.seat_map(&product, TripId::new(188_336).unwrap()).await;
        let found = transactions.by_reference(one.reference(), NOW).await;
        assert_eq!(map.is_ok(), may_sign(skew), "{skew} s: {map:?}");
        assert_eq!(found.is_ok(), may_sign(skew), "{skew} s: {found:?}");
    }
    let sent = world.sandbox.journal().len() - before;
    // Two questions, three times, and a token renewed.
    assert_eq!(sent, if may_sign(skew) { 7 } else { 0 }, "{skew} s");
    world.nothing_was_signed_beyond_the_cap();
}
