//! That something was written, told to other processes.
//!
//! A notification within each writing would make `PostgreSQL` commit one at a time. So a process tells
//! after its commits, all that it wrote meanwhile at once, by the session that it has anyway. What is
//! not told, as by a process that ends, is looked for by who waits.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::bell::Bell;

pub(super) const CHANNEL: &str = "seatblock_changes";
pub(super) const TELL: &str = "NOTIFY seatblock_changes";

/// No process tells more often.
const EVERY: Duration = Duration::from_millis(50);

/// What this process has to tell, and hears.
pub(super) struct News {
    bell: Arc<Bell>,
    rung: watch::Receiver<()>,
    told: u64,
    every: Interval,
}

impl News {
    pub(super) fn of(bell: Arc<Bell>) -> Self {
        let rung = bell.listen();
        let mut every = interval(EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            told: bell.written(),
            bell,
            rung,
            every,
        }
    }

    /// Waits until there is something to tell. Whoever stops waiting loses nothing.
    pub(super) async fn due(&mut self) {
        let Self {
            bell, rung, told, ..
        } = self;
        let news = rung.wait_for(|()| bell.written() != *told).await;
        // The bell is rung as long as it is here.
        drop(news);
        self.every.tick().await;
        self.told = self.bell.written();
    }

    /// Others, or this process, have told.
    pub(super) fn hear(&self) {
        self.bell.hear();
    }
}
