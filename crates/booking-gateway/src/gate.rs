//! How many requests are under way, together and by each key. Who finds no place is told so at
//! once: a request that waits holds memory, and its caller has gone by the time it is served.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::auth::{Caller, KeyId};
use crate::gateway::Shared;
use crate::limits::GatewayLimits;
use crate::problem::{Problem, ProblemKind};

pub(crate) const A_PLACE_MAY_BE_FREE: std::time::Duration = std::time::Duration::from_secs(1);

pub(crate) struct Gates {
    all: Arc<Semaphore>,
    open: Arc<Semaphore>,
    per_key: PlacesOfKeys,
    limits: GatewayLimits,
}

/// So many places for each key.
pub(crate) type PlacesOfKeys = PlacesOf<KeyId>;

/// So many places for each of a few.
pub(crate) struct PlacesOf<K> {
    limit: usize,
    taken: Mutex<HashMap<K, Arc<Semaphore>>>,
}

impl<K: Hash + Eq + Clone> PlacesOf<K> {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            taken: Mutex::default(),
        }
    }

    /// One of `key`'s own. Keys that are revoked leave a few bytes behind, which only an operator can
    /// cause.
    pub(crate) fn take(&self, key: &K) -> Option<OwnedSemaphorePermit> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let places = taken
            .entry(key.clone())
            .or_insert_with(|| Arc::new(Semaphore::new(self.limit)));
        Arc::clone(places).try_acquire_owned().ok()
    }
}

impl Gates {
    pub(crate) fn new(limits: GatewayLimits) -> Self {
        Self {
            all: Arc::new(Semaphore::new(limits.in_flight)),
            open: Arc::new(Semaphore::new((limits.in_flight / 8).max(8))),
            per_key: PlacesOfKeys::new(limits.in_flight_per_key),
            limits,
        }
    }

    /// How many requests are under way.
    pub(crate) fn in_flight(&self) -> usize {
        self.limits.in_flight - self.all.available_permits()
    }
}

/// One of the few places for requests that show no key: strangers must not take the others'.
pub(crate) async fn of_open(
    State(gateway): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    // Without a body it is over at once.
    if request.method() == Method::GET {
        return next.run(request).await;
    }
    match Arc::clone(&gateway.gates.open).try_acquire_owned() {
        Ok(_place) => next.run(request).await,
        Err(_) => overloaded("too many requests without a key are under way").into_response(),
    }
}

/// One place of all, for every request that showed a key.
pub(crate) async fn of_all(
    State(gateway): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    match Arc::clone(&gateway.gates.all).try_acquire_owned() {
        Ok(_place) => next.run(request).await,
        Err(_) => overloaded("too many requests are under way").into_response(),
    }
}

/// One place of the key's own.
pub(crate) async fn of_key(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    mut request: Request,
    next: Next,
) -> Response {
    match gateway.gates.per_key.take(&caller.key().id) {
        Some(place) => {
            request.extensions_mut().insert(caller.placed(place));
            next.run(request).await
        }
        None => Problem::new(
            ProblemKind::TooMany,
            "too many requests of this key are under way",
        )
        .after(A_PLACE_MAY_BE_FREE)
        .into_response(),
    }
}

fn overloaded(detail: &str) -> Problem {
    Problem::new(ProblemKind::Overloaded, detail).after(A_PLACE_MAY_BE_FREE)
}
