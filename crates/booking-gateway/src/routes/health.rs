//! Whether it lives, whether it can serve, and what it counts.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use booking_domain::PartnerReference;
use booking_ports::HoldLedger as _;

use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody, ProblemKind};

/// The process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "is_alive",
    tag = "watching",
    responses((status = 200, description = "It is alive", body = String, content_type = "text/plain")),
)]
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// It can serve: it is not ending, and the ledger can be read.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "is_ready",
    tag = "watching",
    responses(
        (status = 200, description = "It can serve", body = String, content_type = "text/plain"),
        (status = 503, description = "It is ending, or the ledger cannot be read", body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn ready(State(gateway): State<Arc<Shared>>) -> Result<&'static str, Problem> {
    if gateway.is_ending() {
        return Err(Problem::new(
            ProblemKind::Unavailable,
            "the gateway is ending",
        ));
    }
    if gateway.ready.was_lately(gateway.stack.clock.monotonic()) {
        return Ok("ready\n");
    }
    // One that nobody begins: whatever the ledger holds, none of it has to be read for this.
    let nobodys = PartnerReference::new("readyz")
        .map_err(|_| Problem::new(ProblemKind::Internal, "no reference to ask for"))?;
    gateway.stack.ledger.find(&nobodys).await?;
    gateway.ready.is_now(gateway.stack.clock.monotonic());
    Ok("ready\n")
}

/// When the ledger could last be read.
#[derive(Default)]
pub(crate) struct Ready(Mutex<Option<Duration>>);

/// Not asked again sooner.
const LATELY: Duration = Duration::from_secs(1);

impl Ready {
    fn was_lately(&self, now: Duration) -> bool {
        let at = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at.is_some_and(|at| now.saturating_sub(at) < LATELY)
    }

    fn is_now(&self, now: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}

/// What is served where only the operators' own machines look.
pub(crate) fn watch_router(
    shared: Arc<Shared>,
    render: Arc<dyn Fn() -> String + Send + Sync>,
) -> Router {
    let metrics = move |State(gateway): State<Arc<Shared>>| {
        let render = Arc::clone(&render);
        async move {
            let now = gateway.stack.clock.monotonic();
            gateway.metrics.look(now, gateway.gates.in_flight());
            text(render())
        }
    };
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .with_state(shared)
}

fn text(body: String) -> Response {
    let kind = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    (StatusCode::OK, kind, body).into_response()
}
