//! The contract of the port, over the sandbox.

use std::sync::Arc;

use async_trait::async_trait;
use booking_ports::conformance::Fixture;
use booking_ports::{ManualClock, SeatBlocker};
use klikoo_sandbox::Sandbox;

use crate::setup::{NOW, blocker_of, config_of, sandbox};

struct Klikoo {
    sandbox: Sandbox,
    blocker: Arc<dyn SeatBlocker>,
}

#[async_trait]
impl Fixture for Klikoo {
    async fn start() -> Self {
        let sandbox = sandbox().await;
        let blocker = blocker_of(config_of(&sandbox), &ManualClock::at(NOW));
        Self {
            sandbox,
            blocker: Arc::new(blocker),
        }
    }

    fn blocker(&self) -> Arc<dyn SeatBlocker> {
        Arc::clone(&self.blocker)
    }

    fn executed(&self) -> usize {
        self.sandbox.holds().len()
    }
}

booking_ports::seat_blocker_conformance!(Klikoo);

/// The same through two more pointers, as an app that wraps it would hold it.
struct Shared(Klikoo);

#[async_trait]
impl Fixture for Shared {
    async fn start() -> Self {
        Self(Klikoo::start().await)
    }

    fn blocker(&self) -> Arc<dyn SeatBlocker> {
        let boxed: Box<dyn SeatBlocker> = Box::new(self.0.blocker());
        Arc::new(Arc::new(boxed))
    }

    fn executed(&self) -> usize {
        self.0.executed()
    }
}

mod shared {
    booking_ports::seat_blocker_conformance!(super::Shared);
}
