//! The feed of a ledger in memory.

use std::future::poll_fn;
use std::task::{Poll, Waker};

use async_trait::async_trait;
use booking_domain::PartnerReference;

use super::{Change, Entry, FeedPosition, HoldFeed, LedgerError, MemoryHoldLedger};

/// Every entry as it was written. The position of one is how many there were with it.
#[derive(Default)]
pub(super) struct Log {
    lines: Vec<(PartnerReference, Entry)>,
    waiting: Vec<Waker>,
}

impl Log {
    pub(super) fn append(&mut self, reference: &PartnerReference, entries: &[Entry]) {
        let line = |entry: &Entry| (reference.clone(), entry.clone());
        self.lines.extend(entries.iter().map(line));
        if !entries.is_empty() {
            self.waiting.drain(..).for_each(Waker::wake);
        }
    }

    fn latest(&self) -> FeedPosition {
        FeedPosition::new(self.lines.len() as u64)
    }
}

#[async_trait]
impl HoldFeed for MemoryHoldLedger {
    async fn latest(&self) -> Result<FeedPosition, LedgerError> {
        Ok(self.lock().log.latest())
    }

    async fn after(&self, position: FeedPosition, limit: u32) -> Result<Vec<Change>, LedgerError> {
        let kept = self.lock();
        let seen = usize::try_from(position.get()).unwrap_or(usize::MAX);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let lines = kept.log.lines.iter().zip(1..).skip(seen).take(limit);
        let change = |((reference, entry), number): (&(PartnerReference, Entry), u64)| {
            Some(Change {
                position: FeedPosition::new(number),
                record: kept.cases.get(reference)?.at.record.clone(),
                entry: entry.clone(),
            })
        };
        Ok(lines.filter_map(change).collect())
    }

    async fn changed(&self, position: FeedPosition) -> Result<(), LedgerError> {
        poll_fn(|context| {
            let log = &mut self.lock().log;
            if log.latest() > position {
                return Poll::Ready(Ok(()));
            }
            if !log.waiting.iter().any(|it| it.will_wake(context.waker())) {
                log.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await
    }
}
