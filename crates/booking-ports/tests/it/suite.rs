//! The suite's own honesty: every promise is run, and a liar is caught.

use std::sync::Arc;

use booking_domain::{BlockOrder, PartnerReference, SeatHold};
use booking_ports::conformance::{self, Fixture};
use booking_ports::{BlockError, MemorySeatBlocker, SeatBlocker, SystemClock};

#[test]
fn the_macros_list_every_promise() {
    let blocker = include_str!("../../src/conformance/mod.rs");
    assert_listed(
        blocker,
        include_str!("../../src/conformance/promises.rs"),
        11,
    );
    let ledger = include_str!("../../src/conformance/ledger/mod.rs");
    for (promises, least) in [
        (include_str!("../../src/conformance/ledger/sending.rs"), 9),
        (include_str!("../../src/conformance/ledger/settling.rs"), 16),
        (include_str!("../../src/conformance/ledger/reading.rs"), 6),
        (include_str!("../../src/conformance/ledger/secrecy.rs"), 3),
    ] {
        assert_listed(ledger, promises, least);
    }
}

fn assert_listed(list: &str, source: &str, least: usize) {
    let promises: Vec<&str> = source
        .lines()
        .filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next())
        .collect();
    assert!(promises.len() >= least, "{promises:?}");
    for promise in promises {
        assert!(
            list.contains(&format!("            {promise},\n")),
            "{promise} is not listed"
        );
    }
}

/// Holds every repeat again, under a reference of its own making.
struct HoldsTwice(Arc<MemorySeatBlocker>);

#[async_trait::async_trait]
impl SeatBlocker for HoldsTwice {
    async fn block(&self, order: &BlockOrder) -> Result<SeatHold, BlockError> {
        let number = self.0.holds().len();
        let mut draft = booking_domain::OrderDraft::from(order);
        draft.partner_reference_no = Some(format!("{}-{number}", order.reference()));
        draft.departure.passengers[0].seat_name = number.to_string();
        let changed = draft.check(time::macros::date!(2026 - 11 - 24)).unwrap();
        let mut hold = self.0.block(&changed).await?;
        hold.reference = PartnerReference::new(order.reference().as_str()).unwrap();
        Ok(hold)
    }
}

#[async_trait::async_trait]
impl Fixture for HoldsTwice {
    async fn start() -> Self {
        Self(Arc::new(MemorySeatBlocker::new(Arc::new(
            SystemClock::default(),
        ))))
    }

    fn blocker(&self) -> Arc<dyn SeatBlocker> {
        Arc::new(Self(self.0.clone()))
    }

    fn executed(&self) -> usize {
        self.0.holds().len()
    }
}

#[tokio::test]
#[should_panic(expected = "assertion `left == right` failed")]
async fn a_blocker_that_holds_twice_is_caught() {
    conformance::a_reference_never_holds_twice(&HoldsTwice::start().await).await;
}
