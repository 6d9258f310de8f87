//! The ledger in memory keeps the contract.

use std::sync::Arc;

use booking_ports::conformance::ledger::LedgerFixture;
use booking_ports::{HoldFeed, HoldLedger, ManualClock, MemoryHoldLedger};
use time::macros::datetime;

struct Memory(Arc<MemoryHoldLedger>, ManualClock);

#[async_trait::async_trait]
impl LedgerFixture for Memory {
    async fn start() -> Self {
        let clock = ManualClock::at(datetime!(2026-11-24 10:00 +7));
        let ledger = MemoryHoldLedger::new(Arc::new(clock.clone()));
        Self(Arc::new(ledger), clock)
    }

    fn ledger(&self) -> Arc<dyn HoldLedger> {
        self.0.clone()
    }

    fn feed(&self) -> Arc<dyn HoldFeed> {
        self.0.clone()
    }

    fn clock(&self) -> &ManualClock {
        &self.1
    }

    // It ends with its process, so there is nothing to open again.
    async fn reopen(&self) {}
}

booking_ports::hold_ledger_conformance!(Memory);
