//! What is recorded, when, and who is told what.

mod answers;
mod ending;
mod ledger_fails;
mod senders;
mod spill;
mod spill_merge;

use std::sync::Arc;

use booking_layers::Recorded;
use booking_ports::{ManualClock, SeatBlocker};

use crate::setup::{FaultyLedger, MINUTE, clock};

struct World<B> {
    clock: Arc<ManualClock>,
    ledger: Arc<FaultyLedger>,
    blocker: Recorded<B>,
}

fn world<B: SeatBlocker + 'static>(provider: B) -> World<B> {
    let clock = clock();
    let ledger = Arc::new(FaultyLedger::new(clock.clone()));
    let blocker = Recorded::new(provider, ledger.clone(), clock.clone(), MINUTE);
    World {
        clock,
        ledger,
        blocker,
    }
}
