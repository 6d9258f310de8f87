//! What all event streams of this process share: their places, one reader of the feed, and what ends
//! soon.

mod expiring;
mod follower;

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::auth::KeyId;
use crate::gate::PlacesOfKeys;
use crate::limits::GatewayLimits;

pub(crate) use expiring::{Expiring, LOOK_EVERY};
pub(crate) use follower::{Batch, Follower, PAGE};

/// The streams that are open, and whether they have to end.
pub(crate) struct Streams {
    pub(crate) over: watch::Sender<bool>,
    all: Arc<Semaphore>,
    per_key: PlacesOfKeys,
    pub(crate) follower: Follower,
    pub(crate) expiring: Expiring,
    /// For reading the ledger for what a stream missed.
    pub(crate) catching_up: Semaphore,
}

/// So many streams do it at a time: the blocks need the ledger too.
const CATCHING_UP: usize = 2;

impl Streams {
    pub(crate) fn new(limits: GatewayLimits) -> Self {
        Self {
            all: Arc::new(Semaphore::new(limits.streams)),
            over: watch::Sender::new(false),
            per_key: PlacesOfKeys::new(limits.streams_per_key),
            follower: Follower::default(),
            expiring: Expiring::default(),
            catching_up: Semaphore::new(CATCHING_UP),
        }
    }

    /// Ends every stream, so that their connections can close.
    pub(crate) fn end(&self) {
        self.over.send_replace(true);
    }

    /// A place of all, and one of the key's own.
    pub(crate) fn enter(&self, key: &KeyId) -> Option<[OwnedSemaphorePermit; 2]> {
        let all = Arc::clone(&self.all).try_acquire_owned().ok()?;
        Some([all, self.per_key.take(key)?])
    }
}
