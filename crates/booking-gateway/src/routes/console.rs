//! The operator's console: its files, and the sign-in.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

use super::body;
use crate::auth::{
    ApiKey, COOKIE, Caller, SECURE_COOKIE, Scope, Session, Sessions, by_key, cookie, network,
};
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemKind};
use crate::view::rfc3339;

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
        .route("/console/", get(|| async { file("index.html") }))
        .route(
            "/console/{*file}",
            get(|Path(name): Path<String>| async move { file(&name) }),
        )
        .route(
            "/console/session",
            get(session).post(sign_in).delete(sign_out),
        )
}

fn file(name: &str) -> Response {
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
    // Looked at anew each time: a gateway that was replaced brings other files.
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, Body::from(found.data)).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    key: String,
}

#[derive(Serialize)]
struct SessionView {
    name: String,
    tenant: Option<String>,
    scopes: Vec<Scope>,
    csrf: String,
    ends_at: String,
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

async fn sign_in(
    State(gateway): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    // A page elsewhere can send no JSON without asking first, and it is never allowed.
    let body = body::json(&gateway.options.limits, &headers, body).await?;
    let told: SignIn = body::parse(&body)?;
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

async fn session(
    State(gateway): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<Json<SessionView>, Problem> {
    let over = || Problem::new(ProblemKind::Unauthenticated, "nobody is signed in");
    let cookie = cookie(&headers, gateway.options.secure_cookies).ok_or_else(over)?;
    let now = gateway.stack.clock.now();
    let session = gateway.sessions.read(cookie, now).ok_or_else(over)?;
    let caller = Caller::of_session(&gateway, &session).ok_or_else(over)?;
    Ok(Json(view(&gateway, &caller, &session)))
}

/// Whoever may be signed in; a page elsewhere sends no cookie of ours.
async fn sign_out(State(gateway): State<Arc<Shared>>) -> Result<Response, Problem> {
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
