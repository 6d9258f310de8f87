//! How many requests are under way, together and by each key. Who finds no place is told so at
//! once: a request that waits holds memory, and its caller has gone by the time it is served.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::auth::{Caller, KeyId, Scope, authenticate, peer, require};
use crate::gateway::Shared;
use crate::limits::GatewayLimits;
use crate::problem::{Problem, ProblemKind};
use crate::server::Places;

pub(crate) const A_PLACE_MAY_BE_FREE: std::time::Duration = std::time::Duration::from_secs(1);

pub(crate) struct Gates {
    all: Arc<Semaphore>,
    open: Arc<Semaphore>,
    /// Of those of `open`, by where they come from.
    open_of_network: PlacesOf<IpAddr>,
    per_key: PlacesOfKeys,
    limits: GatewayLimits,
}

/// So many places for each key.
pub(crate) type PlacesOfKeys = PlacesOf<KeyId>;

/// So many are remembered before those that have all their places again are forgotten.
const REMEMBERED: usize = 1_000;

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

    /// One of `key`'s own.
    pub(crate) fn take(&self, key: &K) -> Option<OwnedSemaphorePermit> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= REMEMBERED {
            taken.retain(|_, places| places.available_permits() < self.limit);
        }
        let places = taken
            .entry(key.clone())
            .or_insert_with(|| Arc::new(Semaphore::new(self.limit)));
        Arc::clone(places).try_acquire_owned().ok()
    }
}

impl Gates {
    pub(crate) fn new(limits: GatewayLimits) -> Self {
        let open = (limits.in_flight / 8).max(8);
        Self {
            all: Arc::new(Semaphore::new(limits.in_flight)),
            open: Arc::new(Semaphore::new(open)),
            open_of_network: PlacesOf::new(open / 4),
            per_key: PlacesOfKeys::new(limits.in_flight_per_key),
            limits,
        }
    }

    /// How many requests are under way.
    pub(crate) fn in_flight(&self) -> usize {
        self.limits.in_flight - self.all.available_permits()
    }
}

/// One of the few places for requests that show no key: strangers must not take the others', nor one
/// of them all of these.
pub(crate) async fn of_open(
    State(gateway): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    // Without a body it is over at once.
    if request.method() == Method::GET {
        return next.run(request).await;
    }
    let Some(_own) = gateway.gates.open_of_network.take(&peer(&request)) else {
        let detail = "too many requests without a key from this address are under way";
        let problem = Problem::new(ProblemKind::TooMany, detail).after(A_PLACE_MAY_BE_FREE);
        return problem.into_response();
    };
    match Arc::clone(&gateway.gates.open).try_acquire_owned() {
        Ok(_place) => next.run(request).await,
        Err(_) => overloaded("too many requests without a key are under way").into_response(),
    }
}

/// Lets in whoever shows a key with the scope, and finds a place of all and one of its key's own.
///
/// One middleware for all of it: each keeps what it needs of the request, and of the answer to come,
/// for as long as the provider takes.
pub(crate) async fn of_keys(
    State((gateway, scope)): State<(Arc<Shared>, Scope)>,
    mut request: Request,
    next: Next,
) -> Response {
    match enter(&gateway, scope, &request) {
        Ok((caller, place)) => {
            let own = caller.place();
            request.extensions_mut().insert(caller);
            let mut response = next.run(request).await;
            Places::go_with(&mut response, place, own);
            response
        }
        Err(problem) => problem.into_response(),
    }
}

fn enter(
    gateway: &Shared,
    scope: Scope,
    request: &Request,
) -> Result<(Caller, OwnedSemaphorePermit), Problem> {
    let caller = authenticate(gateway, request)?;
    let place = Arc::clone(&gateway.gates.all)
        .try_acquire_owned()
        .map_err(|_| overloaded("too many requests are under way"))?;
    let own = gateway
        .gates
        .per_key
        .take(&caller.key().id)
        .ok_or_else(|| {
            let detail = "too many requests of this key are under way";
            Problem::new(ProblemKind::TooMany, detail).after(A_PLACE_MAY_BE_FREE)
        })?;
    require(scope, &caller)?;
    Ok((caller.placed(own), place))
}

fn overloaded(detail: &str) -> Problem {
    Problem::new(ProblemKind::Overloaded, detail).after(A_PLACE_MAY_BE_FREE)
}
