//! Every request's caller, found before its body is read.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use tokio::sync::OwnedSemaphorePermit;

use super::api_key::ApiKey;
use super::key_ring::KeyRecord;
use super::scope::Scope;
use super::session::{COOKIE, SECURE_COOKIE, Session};
use super::throttle::network;
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemKind};
use booking_domain::Tenant;

pub(crate) const CSRF_HEADER: &str = "x-csrf-token";

/// Whoever asks, by the key that was shown. Handlers take it as an argument.
///
/// ```
/// use booking_gateway::{Caller, Scope};
///
/// fn may_settle(caller: &Caller) -> bool {
///     caller.key().scopes.has(Scope::Operate)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Caller {
    key: Arc<KeyRecord>,
    /// Where it was a cookie that told the key.
    session: Option<Arc<Session>>,
    place: Option<Arc<OwnedSemaphorePermit>>,
}

impl Caller {
    /// What is kept of its key.
    ///
    /// ```
    /// # fn name(caller: &booking_gateway::Caller) -> &str {
    /// &caller.key().name
    /// # }
    /// ```
    #[must_use]
    pub fn key(&self) -> &KeyRecord {
        &self.key
    }

    /// Whoever signed in, while the key opens anything.
    pub(crate) fn of_session(gateway: &Shared, session: &Session) -> Option<Self> {
        let key = gateway.stack.keys.find(&session.key)?;
        key.revoked_at.is_none().then(|| Self {
            key,
            session: Some(Arc::new(session.clone())),
            place: None,
        })
    }

    /// Whether what opened an answer that goes on for long would still open it: the session, and the
    /// key as it stands now.
    pub(crate) fn may_still(&self, scope: Scope, gateway: &Shared) -> bool {
        let now = gateway.stack.clock.now();
        let is_open = |session: &Arc<Session>| gateway.sessions.is_open(session, now);
        self.session.as_ref().is_none_or(is_open)
            && gateway.stack.keys.find(&self.key.id).is_some_and(|key| {
                key.revoked_at.is_none() && key.scopes.has(scope) && key.tenant == self.key.tenant
            })
    }

    /// Its key's own place among requests, for work that may outlive this one.
    pub(crate) fn place(&self) -> Option<Arc<OwnedSemaphorePermit>> {
        self.place.clone()
    }

    /// The same, for what lasts and has places of its own.
    pub(crate) fn without_place(self) -> Self {
        Self {
            place: None,
            ..self
        }
    }

    /// The same, in a place of its key's own.
    pub(crate) fn placed(self, place: OwnedSemaphorePermit) -> Self {
        Self {
            place: Some(Arc::new(place)),
            ..self
        }
    }

    /// Whose holds it sees and makes; `None`: everybody's, and of no tenant.
    ///
    /// ```
    /// # fn is_operator(caller: &booking_gateway::Caller) -> bool {
    /// caller.tenant().is_none()
    /// # }
    /// ```
    #[must_use]
    pub fn tenant(&self) -> Option<&Tenant> {
        self.key.tenant.as_ref()
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>().cloned();
        // A route that forgot its middleware stays shut.
        caller.ok_or_else(|| Problem::new(ProblemKind::Unauthenticated, "no key was checked"))
    }
}

/// Whoever shows a key, by its header or by a session's cookie, no more often than it may.
pub(crate) fn authenticate(gateway: &Shared, request: &Request) -> Result<Caller, Problem> {
    match caller(gateway, request) {
        Ok(caller) => {
            not_too_often(gateway, &caller)?;
            tracing::Span::current().record("key", caller.key.id.as_str());
            Ok(caller)
        }
        Err(problem) if problem.kind() == ProblemKind::Unauthenticated => {
            Err(match gateway.failures.take(&peer(request)) {
                Ok(()) => problem,
                Err(after) => {
                    Problem::new(ProblemKind::TooMany, "too many tries without a valid key")
                        .after(after)
                }
            })
        }
        Err(problem) => Err(problem),
    }
}

/// Counts a request of the caller's key.
pub(crate) fn not_too_often(gateway: &Shared, caller: &Caller) -> Result<(), Problem> {
    gateway
        .rates
        .take(&caller.key.id)
        .map_err(|after| Problem::new(ProblemKind::TooMany, "this key asks too often").after(after))
}

/// Where a request comes from, as far as tries are counted.
pub(crate) fn peer(request: &Request) -> IpAddr {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), |info| {
        network(info.0.ip())
    })
}

fn caller(gateway: &Shared, request: &Request) -> Result<Caller, Problem> {
    let headers = request.headers();
    let mut shown = headers.get_all(header::AUTHORIZATION).iter();
    if let Some(value) = shown.next() {
        if shown.next().is_some() {
            return Err(unauthenticated("more than one Authorization header"));
        }
        let key = value
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix("Bearer "))
            .and_then(ApiKey::parse)
            .ok_or_else(|| {
                unauthenticated("the Authorization header is not `Bearer sbk_<id>_<secret>`")
            })?;
        return by_key(gateway, &key);
    }
    let Some(cookie) = cookie(headers, gateway.options.secure_cookies) else {
        return Err(unauthenticated(
            "no key was shown; send the header `Authorization: Bearer sbk_<id>_<secret>`",
        ));
    };
    let over = || unauthenticated("the session has ended; sign in again");
    let session = gateway
        .sessions
        .read(cookie, gateway.stack.clock.now())
        .ok_or_else(over)?;
    let caller = Caller::of_session(gateway, &session).ok_or_else(over)?;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let told = headers
            .get(CSRF_HEADER)
            .map(axum::http::HeaderValue::as_bytes);
        let sound = told.is_some_and(|told| gateway.sessions.is_csrf(&session, told));
        if !sound {
            return Err(Problem::new(
                ProblemKind::Forbidden,
                "a change by a session needs its token in the header X-CSRF-Token",
            ));
        }
    }
    Ok(caller)
}

/// The caller of `key`, if it opens anything.
pub(crate) fn by_key(gateway: &Shared, key: &ApiKey) -> Result<Caller, Problem> {
    match gateway.stack.keys.find(key.id()) {
        Some(record) if record.admits(key) => Ok(Caller {
            key: record,
            session: None,
            place: None,
        }),
        // The same words for a wrong secret, an unknown id and a revoked key.
        _ => Err(unauthenticated("this key opens nothing")),
    }
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::new(ProblemKind::Unauthenticated, detail)
}

pub(crate) fn cookie(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let name = if secure { SECURE_COOKIE } else { COOKIE };
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    let first = found.next()?;
    // Of two, nobody knows which is the browser's own.
    found.next().is_none().then_some(first)
}

/// Refuses whoever lacks `scope`.
pub(crate) fn require(scope: Scope, caller: &Caller) -> Result<(), Problem> {
    if caller.key.scopes.has(scope) {
        return Ok(());
    }
    let detail = format!("this key lacks the scope {scope}");
    Err(Problem::new(ProblemKind::Forbidden, detail))
}
