//! A model of Klikoo: what it holds, and what it answers over HTTP.

mod access;
mod executing;
mod replies;
mod transactions;
mod wire;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fastrand::Rng;
use klikoo_adapter::RequestSigner;
use time::{Duration, OffsetDateTime};

use self::access::Tokens;
use self::wire::Sent;
use crate::scene::Scene;

pub(crate) use self::wire::Wire;

/// Klikoo's secret with the partner. It exists here only.
pub(crate) const CLIENT_SECRET: &str = "k7tQ2mZx9Lr4Vb8Nc1Wd6Fy3Hs5Jg0Pa";

/// What the reference leaves open, and a partner cannot know.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a point that is open by itself"
)]
pub(crate) struct Reading {
    pub(crate) refusal_uses_reference: bool,
    pub(crate) duplicates_first: bool,
    /// Whether there is a history to search.
    pub(crate) history: bool,
    /// Whether replies say what time it is.
    pub(crate) dates: bool,
    /// How far a timestamp may be from Klikoo's time.
    pub(crate) tolerance: Duration,
}

impl Reading {
    pub(crate) fn by_chance(rng: &mut Rng) -> Self {
        Self {
            refusal_uses_reference: rng.bool(),
            duplicates_first: rng.bool(),
            history: rng.u8(..3) > 0,
            dates: rng.u8(..8) > 0,
            tolerance: Duration::minutes(if rng.bool() { 5 } else { 15 }),
        }
    }
}

/// Seats that are kept, or were.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) reference: String,
    /// The first passenger's identity number: whose hold it is, whatever the reference.
    pub(crate) identity: String,
    pub(crate) seats: Vec<String>,
    pub(crate) until: OffsetDateTime,
    pub(crate) amount: String,
}

#[derive(Default)]
struct State {
    held: Vec<Held>,
    used: HashSet<String>,
    late: Vec<Sent>,
    tokens: Tokens,
    /// For each reference, how many attempts were on the wire.
    attempts: HashMap<String, u32>,
    /// Whose next request is refused for its token, whatever it is.
    refuse_again: Vec<(usize, String)>,
    /// Requests that are with Klikoo.
    flights: Vec<Flight>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flight {
    pub(crate) process: usize,
    pub(crate) reference: String,
    pub(crate) fence: u64,
}

/// Clones share one Klikoo.
#[derive(Clone)]
pub(crate) struct Klikoo {
    pub(crate) scene: Arc<Scene>,
    reading: Reading,
    signer: Arc<RequestSigner>,
    state: Arc<Mutex<State>>,
}

impl Klikoo {
    pub(crate) fn new(scene: &Arc<Scene>, reading: Reading) -> Self {
        Self {
            scene: scene.clone(),
            reading,
            signer: Arc::new(RequestSigner::hmac_sha512(&CLIENT_SECRET.into())),
            state: Arc::default(),
        }
    }

    pub(crate) fn has_history(&self) -> bool {
        self.reading.history
    }

    /// Every hold of ours, living or past.
    pub(crate) fn with_holds<T>(&self, work: impl FnOnce(&[Held]) -> T) -> T {
        work(&self.lock().held)
    }

    pub(crate) fn flights(&self, reference: &str) -> Vec<Flight> {
        let state = self.lock();
        let here = |flight: &&Flight| flight.reference == reference;
        state.flights.iter().filter(here).cloned().collect()
    }

    /// The seats that are kept under `reference`.
    fn seats_of(&self, reference: &str) -> Vec<String> {
        let state = self.lock();
        let held = state.held.iter().rfind(|held| held.reference == reference);
        held.map(|held| held.seats.clone()).unwrap_or_default()
    }

    /// Attempts under `reference` of which something left.
    pub(crate) fn attempts(&self, reference: &str) -> u32 {
        self.lock().attempts.get(reference).copied().unwrap_or(0)
    }

    /// Lets what was delayed arrive, or be lost for good.
    pub(crate) fn deliver_late(&self) {
        let late = std::mem::take(&mut self.lock().late);
        for sent in late {
            if self.accepts(&sent).is_ok() {
                self.scene
                    .trace(&format!("{} arrives late", sent.order.reference));
                let _ = self.execute(&sent.order, None);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
