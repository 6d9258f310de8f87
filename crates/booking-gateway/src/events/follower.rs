//! The one reader of this process that follows the ledger's feed, and tells all streams.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use booking_ports::{Change, FeedPosition, HoldFeed, LedgerError};
use tokio::sync::broadcast;
use tokio::time::{sleep, timeout};

/// How many changes are read at a time.
pub(crate) const PAGE: u32 = 200;

/// So many batches are kept for a stream whose client is slow. One that falls behind further reads the
/// ledger by itself.
const KEPT: usize = 32;

/// So often it is looked whether anybody listens still.
const LISTENERS: Duration = Duration::from_secs(30);

/// Before a feed that failed is read again.
const PAUSE: Duration = Duration::from_secs(1);

/// Changes that follow each other, and what they follow: a listener that has seen less than `after` has
/// missed something.
pub(crate) struct Batch {
    pub(crate) after: FeedPosition,
    pub(crate) changes: Vec<Change>,
}

/// Follows while anybody listens.
pub(crate) struct Follower {
    tell: broadcast::Sender<Arc<Batch>>,
    follows: Arc<Mutex<bool>>,
}

impl Default for Follower {
    fn default() -> Self {
        Self {
            tell: broadcast::Sender::new(KEPT),
            follows: Arc::default(),
        }
    }
}

impl Follower {
    /// Everything that it reads from now on. What was written before has to be read from the ledger,
    /// after this.
    pub(crate) fn listen(&self, feed: &Arc<dyn HoldFeed>) -> broadcast::Receiver<Arc<Batch>> {
        let heard = self.tell.subscribe();
        self.keep_following(feed);
        heard
    }

    /// Begins to follow where nobody does.
    pub(crate) fn keep_following(&self, feed: &Arc<dyn HoldFeed>) {
        let mut follows = lock(&self.follows);
        if *follows {
            return;
        }
        *follows = true;
        let (tell, feed) = (self.tell.clone(), Arc::clone(feed));
        let end = End(Arc::clone(&self.follows));
        tokio::spawn(async move {
            let mut at = None;
            while !end.has_come(&tell) {
                if let Err(error) = follow(&*feed, &tell, &mut at).await {
                    tracing::warn!(%error, "the feed cannot be read; it is tried again");
                    sleep(PAUSE).await;
                }
            }
        });
    }
}

/// Reads on from `at`; from the end of the feed where it has not begun.
async fn follow(
    feed: &dyn HoldFeed,
    tell: &broadcast::Sender<Arc<Batch>>,
    at: &mut Option<FeedPosition>,
) -> Result<(), LedgerError> {
    let after = if let Some(after) = *at {
        after
    } else {
        let begun = *at.insert(feed.latest().await?);
        // What was written before it is not told. A stream that read the ledger before that hears by
        // this that it has to read on.
        let nothing = Batch {
            after: begun,
            changes: Vec::new(),
        };
        let _ = tell.send(Arc::new(nothing));
        begun
    };
    match timeout(LISTENERS, feed.changed(after)).await {
        Ok(changed) => changed?,
        Err(_) => return Ok(()),
    }
    let changes = feed.after(after, PAGE).await?;
    if changes.is_empty() {
        // What is there cannot be shown. It must not be asked for without end.
        sleep(PAUSE).await;
    }
    if let Some(last) = changes.last() {
        *at = Some(last.position);
        // Whoever left meanwhile need not hear it.
        let _ = tell.send(Arc::new(Batch { after, changes }));
    }
    Ok(())
}

/// Says at the end of a task, however it ends, that nobody follows any more.
struct End(Arc<Mutex<bool>>);

impl End {
    /// Whether nobody listens. Asked under the lock that a listener takes after it has begun to listen,
    /// so that none is left without a follower.
    fn has_come(&self, tell: &broadcast::Sender<Arc<Batch>>) -> bool {
        let mut follows = lock(&self.0);
        *follows = tell.receiver_count() > 0;
        !*follows
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if std::thread::panicking() {
            *lock(&self.0) = false;
        }
    }
}

fn lock(follows: &Mutex<bool>) -> std::sync::MutexGuard<'_, bool> {
    follows.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use booking_domain::OrderDraft;
    use booking_ports::{HoldFeed, HoldLedger as _, MemoryHoldLedger, SystemClock};
    use time::macros::date;

    use super::Follower;

    /// Else a stream that read before the follower began would not hear what lies between.
    #[tokio::test]
    async fn it_says_from_where_it_follows_before_anything_changes() {
        let ledger = Arc::new(MemoryHoldLedger::new(Arc::new(SystemClock::default())));
        let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
        let lease = std::time::Duration::from_mins(1);
        ledger.begin(&order, lease).await.unwrap();
        let latest = ledger.latest().await.unwrap();
        let feed: Arc<dyn HoldFeed> = ledger;

        let follower = Follower::default();
        let mut heard = follower.listen(&feed);
        let told = tokio::time::timeout(std::time::Duration::from_secs(20), heard.recv());
        let batch = told.await.unwrap().unwrap();
        assert_eq!((batch.after, batch.changes.len()), (latest, 0));
    }
}
