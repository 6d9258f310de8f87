//! `POST /callbacks/{provider}`: what a provider says by itself.
//!
//! Nobody signs it, so it is a hint: it makes the gateway ask, and what the provider then answers
//! is believed. A forged, repeated or late callback costs a question at most.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use booking_ports::{CallbackParser as _, HoldLedger as _};

use super::body;
use super::path::Named;
use crate::auth::network;
use crate::background::Hint;
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody, ProblemKind};

/// Takes a hint from a provider.
///
/// Whatever it says, the provider is asked, and only what it answers then is believed.
#[utoipa::path(
    post,
    path = "/callbacks/{provider}",
    operation_id = "call_back",
    tag = "providers",
    params(("provider" = String, Path, description = "The provider's name, such as `klikoo`")),
    request_body(content = serde_json::Value, description = "In the provider's form"),
    responses(
        (status = 200, description = "Taken; the provider will be asked"),
        (status = 400, description = "It is no callback of this provider", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No provider of this name, or no hold of this reference", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many callbacks from this address", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Too many callbacks wait to be looked into", body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn take(
    State(gateway): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
    Named(provider): Named,
    body: Body,
) -> Result<StatusCode, Problem> {
    if let Err(after) = gateway.hints.take(&network(peer.ip())) {
        crate::metrics::callback("throttled");
        return Err(
            Problem::new(ProblemKind::TooMany, "too many callbacks from this address").after(after),
        );
    }
    let parser = gateway.stack.callbacks.get(&provider).ok_or_else(|| {
        Problem::new(
            ProblemKind::NotFound,
            "no provider of this name calls back here",
        )
    })?;
    let body = body::bytes(&gateway.options.limits, body).await?;
    let callback = parser.parse(&body).map_err(|error| {
        crate::metrics::callback("unreadable");
        Problem::new(ProblemKind::InvalidRequest, error.to_string())
    })?;
    let unknown = || {
        crate::metrics::callback("unknown_reference");
        Problem::new(ProblemKind::NotFound, "no hold has this reference")
    };
    let reference = callback.reference.ok_or_else(unknown)?;
    gateway
        .stack
        .ledger
        .find(&reference)
        .await?
        .ok_or_else(unknown)?;
    // First, so that a reference keeps its share of questions where no question can be asked.
    let Ok(place) = gateway.hints_taken.try_reserve() else {
        crate::metrics::callback("overloaded");
        let detail = "too many callbacks wait to be looked into";
        return Err(Problem::new(ProblemKind::Overloaded, detail).after(Duration::from_secs(5)));
    };
    if gateway.questions.take(&reference).is_err() {
        // It was asked about a moment ago, and what is uncertain is asked about again anyway.
        crate::metrics::callback("repeated");
        return Ok(StatusCode::OK);
    }
    // The provider need not wait for its own answer.
    let said = format!("a callback says {}", callback.status.word());
    place.send(Hint {
        reference,
        said,
        transaction_id: callback.transaction_id,
    });
    crate::metrics::callback("asked");
    Ok(StatusCode::OK)
}
