//! The operator's console: its files, and the sign-in.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use booking_domain::rfc3339;
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body;
use super::members::Member;
use super::path::Named;
use crate::auth::{
    ApiKey, COOKIE, Caller, SECURE_COOKIE, Scope, Session, Sessions, by_key, cookie, network,
    not_too_often,
};
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody, ProblemKind};

/// Inside the binary: there is nothing to install beside it.
#[derive(RustEmbed)]
#[folder = "console/"]
struct Files;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/console/") }))
        .route(
            "/console",
            get(|| async { Redirect::temporary("/console/") }),
        )
        .route(
            "/console/",
            get(|headers: HeaderMap| async move { file("index.html", &headers) }),
        )
        .route(
            "/console/{*file}",
            get(|Named(name): Named, headers: HeaderMap| async move { file(&name, &headers) }),
        )
}

fn file(name: &str, asked: &HeaderMap) -> Response {
    let Some(found) = Files::get(name) else {
        return Problem::new(ProblemKind::NotFound, "the console has no such file").into_response();
    };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    let tag = format!("\"{}\"", hex::encode(found.metadata.sha256_hash()));
    // Asked about each time: a gateway that was replaced brings other files.
    let headers = [
        (header::CACHE_CONTROL, "no-cache"),
        (header::ETAG, tag.as_str()),
    ];
    let known = asked.get(header::IF_NONE_MATCH);
    if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let kind = [(header::CONTENT_TYPE, kind)];
    (headers, kind, Body::from(found.data)).into_response()
}

/// A key, to sign in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    #[schema(example = "sbk_<id>_<secret>")]
    key: String,
}

const MEMBERS: [Member; 1] = [Member {
    name: "key",
    is_needed: true,
    fits: serde_json::Value::is_string,
    accepts: "a key such as sbk_<id>_<secret>",
}];

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionView {
    /// The name of the key.
    name: String,
    /// Whose holds are seen; `null`: everybody's.
    tenant: Option<String>,
    scopes: Vec<Scope>,
    /// Goes into the header `X-CSRF-Token` of everything that changes something.
    csrf: String,
    /// When it ends where nobody asks for the session before, which sets the next cookie.
    ends_at: String,
    /// Whether a sandbox answers, so that nothing real is held.
    sandbox: bool,
    version: &'static str,
    server_time: String,
}

fn view(gateway: &Shared, caller: &Caller, session: &Session) -> SessionView {
    let key = caller.key();
    SessionView {
        name: key.name.clone(),
        tenant: caller.tenant().map(ToString::to_string),
        scopes: key.scopes.iter().collect(),
        csrf: gateway.sessions.csrf(session),
        ends_at: rfc3339(session.ends_at),
        sandbox: gateway.options.sandbox,
        version: env!("CARGO_PKG_VERSION"),
        server_time: rfc3339(gateway.stack.clock.now()),
    }
}

/// Signs in to the console: the cookie that it sets stands for the key.
#[utoipa::path(
    post,
    path = "/console/session",
    operation_id = "sign_in",
    tag = "console",
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in", body = SessionView, headers(("Set-Cookie", description = "The session"))),
        (status = 400, description = "The request is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries without a valid key, or too much by this key", body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn sign_in(
    State(gateway): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    // A page elsewhere can send no JSON without asking first, and it is never allowed.
    let body = body::json(&gateway.options.limits, &headers, body).await?;
    let told: SignIn = body::parse(&body, &MEMBERS)?;
    let caller = ApiKey::parse(told.key.trim())
        .ok_or_else(|| {
            Problem::new(
                ProblemKind::Unauthenticated,
                "this is no key; one looks like sbk_<id>_<secret>",
            )
        })
        .and_then(|key| by_key(&gateway, &key));
    let caller = match caller {
        Ok(caller) => caller,
        Err(problem) => {
            return Err(match gateway.failures.take(&network(peer.ip())) {
                Ok(()) => problem,
                Err(after) => {
                    Problem::new(ProblemKind::TooMany, "too many tries without a valid key")
                        .after(after)
                }
            });
        }
    };
    not_too_often(&gateway, &caller)?;
    let mut nonce = [0; 16];
    if !(gateway.options.entropy)(&mut nonce) {
        return Err(Problem::new(
            ProblemKind::Internal,
            "the system gives no randomness",
        ));
    }
    let now = gateway.stack.clock.now();
    let session = Sessions::begin(caller.key().id.clone(), nonce, now);
    tracing::info!(key = %caller.key().id, "signed in to the console");
    let cookie = set_cookie(&gateway, &gateway.sessions.cookie(&session), None)?;
    let view = view(&gateway, &caller, &session);
    Ok(([(header::SET_COOKIE, cookie)], Json(view)).into_response())
}

/// Tells who is signed in, and sets the next cookie.
#[utoipa::path(
    get,
    path = "/console/session",
    operation_id = "get_session",
    tag = "console",
    responses(
        (status = 200, description = "The session", body = SessionView, headers(("Set-Cookie", description = "The session, for a quarter of an hour from now"))),
        (status = 401, description = "Nobody is signed in", body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn session(
    State(gateway): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let over = || Problem::new(ProblemKind::Unauthenticated, "nobody is signed in");
    let cookie = cookie(&headers, gateway.options.secure_cookies).ok_or_else(over)?;
    let now = gateway.stack.clock.now();
    let session = gateway.sessions.read(cookie, now).ok_or_else(over)?;
    let caller = Caller::of_session(&gateway, &session).ok_or_else(over)?;
    let session = Sessions::renewed(session, now);
    let cookie = set_cookie(&gateway, &gateway.sessions.cookie(&session), None)?;
    let view = view(&gateway, &caller, &session);
    Ok(([(header::SET_COOKIE, cookie)], Json(view)).into_response())
}

/// Signs out, whoever may be signed in: every copy of the cookie is worth nothing at this replica from
/// now on, and at others a quarter of an hour after it was last renewed.
#[utoipa::path(
    delete,
    path = "/console/session",
    operation_id = "sign_out",
    tag = "console",
    responses((status = 204, description = "Signed out")),
)]
pub(super) async fn sign_out(
    State(gateway): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let now = gateway.stack.clock.now();
    let cookie = cookie(&headers, gateway.options.secure_cookies);
    if let Some(session) = cookie.and_then(|cookie| gateway.sessions.read(cookie, now)) {
        tracing::info!(key = %session.key, "signed out of the console");
        gateway.sessions.end(session, now);
    }
    let cookie = set_cookie(&gateway, "", Some(0))?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

fn set_cookie(gateway: &Shared, value: &str, max_age: Option<u32>) -> Result<HeaderValue, Problem> {
    let (name, secure) = if gateway.options.secure_cookies {
        (SECURE_COOKIE, "; Secure")
    } else {
        (COOKIE, "")
    };
    let age = max_age.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}");
    HeaderValue::from_str(&text)
        .map_err(|_| Problem::new(ProblemKind::Internal, "a cookie that is none"))
}
