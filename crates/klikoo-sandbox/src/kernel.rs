//! What all calls share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::auth::{BodyHash, TokenMint, Verifier};
use crate::callback::Callbacks;
use crate::clock::VirtualClock;
use crate::fault::FaultBook;
use crate::journal::Journal;
use crate::open_points::OpenPoints;
use crate::store::{Hold, Store};

/// Settings that do not change once the sandbox runs. No `Debug`: there is a secret in it.
#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) body_hash: BodyHash,
    pub(crate) signs_query: bool,
    pub(crate) timestamp_window: Duration,
    pub(crate) hold_for: Duration,
    pub(crate) token_lifetime: Duration,
    pub(crate) latency: Duration,
    pub(crate) open: OpenPoints,
}

pub(crate) struct Kernel {
    pub(crate) options: Options,
    pub(crate) clock: VirtualClock,
    pub(crate) verifier: Verifier,
    pub(crate) mint: TokenMint,
    pub(crate) faults: FaultBook,
    pub(crate) journal: Journal,
    pub(crate) connections: AtomicU64,
    pub(crate) store: Mutex<Store>,
    /// `None` where nobody is to be told.
    pub(crate) callbacks: Option<Callbacks>,
}

impl Kernel {
    /// The store, locked: hold the guard for as long as a decision must stand.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whoever wants callbacks what has become of `hold`.
    pub(crate) fn changed(&self, hold: &Hold) {
        if let Some(callbacks) = &self.callbacks {
            callbacks.tell(hold);
        }
    }

    /// Counts an accepted connection, and gives it its number.
    pub(crate) fn next_connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }
}
