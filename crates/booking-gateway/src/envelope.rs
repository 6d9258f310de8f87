//! What stands around every answer.

use std::any::Any;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument as _;

use crate::gateway::Shared;
use crate::problem::{Problem, ProblemKind};

/// Nothing but the gateway's own files.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        PERMISSIONS,
        "camera=(), geolocation=(), microphone=(), payment=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Headers that keep browsers from mischief, and answers out of caches.
fn secure(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

type Panic = Box<dyn Any + Send + 'static>;

/// A panic is an answer, without its words: they may quote what the code was working on.
pub(crate) fn catch_panic() -> CatchPanicLayer<fn(Panic) -> Response> {
    CatchPanicLayer::custom(|_panic| {
        Problem::new(
            ProblemKind::Internal,
            "the gateway failed; if an order was sent, seats may be held: repeat it with the same reference",
        )
        .into_response()
    })
}

/// One span and one count for each request, neither of which holds what stands in a path or a query;
/// and the headers of every answer.
pub(crate) async fn around(
    State(gateway): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let method = known(request.method());
    let span = tracing::info_span!(
        "request",
        method,
        route,
        status = tracing::field::Empty,
        key = tracing::field::Empty,
    );
    (gateway.options.join_trace)(&span, request.headers());
    let clock = &gateway.stack.clock;
    let begin = clock.monotonic();
    let mut response = next.run(request).instrument(span.clone()).await;
    secure(&mut response);
    let took = clock.monotonic().saturating_sub(begin);
    let status = response.status().as_u16();
    span.record("status", status);
    crate::metrics::request(method, &route, status, took);
    response
}

/// A method that somebody made up must not become a label.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
