//! A clock that somebody sets at any moment, also between two looks of one operation.

use std::sync::atomic::{AtomicU64, Ordering};

use booking_ports::{Clock as _, HoldLedger, TicketIssuer};

use super::world::{HOLD, MARGIN, World, order};

/// A reproducible row of numbers (Knuth's MMIX generator).
struct Chance(AtomicU64);

impl Chance {
    fn below(&self, end: u64) -> u64 {
        let next = |state: u64| {
            state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407)
        };
        let state = self.0.load(Ordering::SeqCst);
        self.0.store(next(state), Ordering::SeqCst);
        (next(state) >> 33) % end
    }
}

/// Blocks, looks, books and waits, with the clock set now and then.
pub(super) async fn run(seed: u64) {
    let chance = Chance(AtomicU64::new(seed));
    let world = World::new(0).await;
    assert_eq!(world.block("one").await, "held", "seed {seed}");
    let ends = world.sandbox.holds()[0].expires_at;
    for step in 0..12 {
        world.pass(chance.below(HOLD / 6));
        let skew = i64::try_from(chance.below(7_200)).unwrap() - 3_600;
        world.set(skew);
        let setter = async {
            // While the operation below is under way.
            for _ in 0..chance.below(4) {
                tokio::task::yield_now().await;
            }
            world.set(i64::try_from(chance.below(7_200)).unwrap() - 3_600);
        };
        let about = format!("seed {seed}, step {step}");
        match chance.below(3) {
            0 => drop(tokio::join!(world.block("two"), setter)),
            1 => {
                let found = world.ledger.find(order("one").reference()).await.unwrap();
                let shown = world.shown("one").await;
                // By the clock of whoever looks, which is all that is known without a call.
                let live = world.host.now() < found.unwrap().deadline().unwrap().at();
                assert!(live || shown != "held", "{about}: {shown}");
            }
            _ => {
                let found = world.ledger.find(order("one").reference()).await.unwrap();
                let booking_domain::HoldState::Held(hold) = found.unwrap().state else {
                    unreachable!()
                };
                let before = world.sandbox.calls("transports/book");
                let (outcome, ()) = tokio::join!(world.tickets.issue(&hold), setter);
                let sent = world.sandbox.calls("transports/book") > before;
                let margin = time::Duration::seconds(i64::try_from(MARGIN).unwrap());
                let late = world.sandbox.clock().now() > ends - margin;
                assert!(!(sent && late), "{about}: {outcome:?}");
            }
        }
        world.nothing_was_signed_beyond_the_cap();
    }
}
