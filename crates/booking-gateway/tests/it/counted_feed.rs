//! How often a feed is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use booking_ports::{Change, FeedPosition, HoldFeed, LedgerError, MemoryHoldLedger};

pub(crate) struct CountedFeed {
    feed: Arc<MemoryHoldLedger>,
    asked: AtomicUsize,
    /// Whether its end is told late.
    pub(crate) is_slow: AtomicBool,
}

impl CountedFeed {
    pub(crate) fn of(feed: Arc<MemoryHoldLedger>) -> Self {
        Self {
            feed,
            asked: AtomicUsize::new(0),
            is_slow: AtomicBool::new(false),
        }
    }

    /// How often since it was asked so.
    pub(crate) fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }

    fn count(&self) -> &MemoryHoldLedger {
        self.asked.fetch_add(1, Ordering::SeqCst);
        &self.feed
    }
}

#[async_trait]
impl HoldFeed for CountedFeed {
    async fn latest(&self) -> Result<FeedPosition, LedgerError> {
        if self.is_slow.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.count().latest().await
    }

    async fn after(&self, position: FeedPosition, limit: u32) -> Result<Vec<Change>, LedgerError> {
        self.count().after(position, limit).await
    }

    async fn changed(&self, position: FeedPosition) -> Result<(), LedgerError> {
        self.count().changed(position).await
    }
}
