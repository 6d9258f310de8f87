use std::sync::Arc;
use std::time::Duration;

use booking_domain::OrderDraft;
use booking_ports::conformance::Fixture;
use booking_ports::{BlockError, ManualClock, MemorySeatBlocker, SeatBlocker};
use time::macros::{date, datetime};

struct Memory(Arc<MemorySeatBlocker>, ManualClock);

#[async_trait::async_trait]
impl Fixture for Memory {
    async fn start() -> Self {
        let clock = ManualClock::at(datetime!(2026-11-24 10:00 +7));
        Self(
            Arc::new(MemorySeatBlocker::new(Arc::new(clock.clone()))),
            clock,
        )
    }

    fn blocker(&self) -> Arc<dyn SeatBlocker> {
        self.0.clone()
    }

    fn executed(&self) -> usize {
        self.0.holds().len()
    }
}

booking_ports::seat_blocker_conformance!(Memory);

#[tokio::test]
async fn a_hold_ends_by_the_clock_and_frees_its_seats() {
    let Memory(blocker, clock) = Memory::start().await;
    let first = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    let mut second = OrderDraft::from(&first);
    second.partner_reference_no = Some("1239".to_owned());
    let second = second.check(date!(2026 - 11 - 24)).unwrap();

    blocker.block(&first).await.unwrap();
    clock.advance(Duration::from_mins(30));

    assert!(matches!(
        blocker.block(&first).await,
        Err(BlockError::Expired(_))
    ));
    blocker.block(&second).await.unwrap();
}
