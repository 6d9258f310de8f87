//! Whether it lives, whether it can serve, and what it counts.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use booking_domain::PartnerReference;
use booking_ports::{HoldLedger as _, LedgerError};
use tokio::sync::Mutex;

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

/// It can serve: it is not ending, and the ledger and its writer answer.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "is_ready",
    tag = "watching",
    responses(
        (status = 200, description = "It can serve", body = String, content_type = "text/plain"),
        (status = 503, description = "It is ending, or the ledger or its writer does not answer", body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn ready(State(gateway): State<Arc<Shared>>) -> Result<&'static str, Problem> {
    if gateway.is_ending() {
        return Err(Problem::new(
            ProblemKind::Unavailable,
            "the gateway is ending",
        ));
    }
    gateway.ready.ask(&gateway).await?;
    Ok("ready\n")
}

/// Whether the ledger answered last, and when.
///
/// Held while it is asked, so that however many want to know, one question is under way.
#[derive(Default)]
pub(crate) struct Ready(Mutex<Option<(Duration, bool)>>);

/// Not asked again sooner.
const LATELY: Duration = Duration::from_secs(1);

/// A ledger that takes longer holds up whatever would be sent.
const PATIENCE: Duration = Duration::from_secs(2);

impl Ready {
    async fn ask(&self, gateway: &Shared) -> Result<(), Problem> {
        let clock = &gateway.stack.clock;
        let mut last = self.0.lock().await;
        let is_ready = match *last {
            Some((at, is_ready)) if clock.monotonic().saturating_sub(at) < LATELY => is_ready,
            _ => {
                let asked = tokio::time::timeout(PATIENCE, answers(gateway)).await;
                let is_ready = match asked {
                    Ok(Ok(())) => true,
                    Ok(Err(error)) => {
                        tracing::warn!(%error, "not ready: the ledger cannot be used");
                        false
                    }
                    Err(_) => {
                        tracing::warn!("not ready: the ledger is silent");
                        false
                    }
                };
                *last = Some((clock.monotonic(), is_ready));
                is_ready
            }
        };
        if is_ready {
            return Ok(());
        }
        let detail = "the ledger cannot be used";
        Err(Problem::new(ProblemKind::Unavailable, detail).after(LATELY))
    }
}

/// Whether it can be read, and lets somebody write: asked of a reference that nobody can have begun, so
/// nothing is claimed.
async fn answers(gateway: &Shared) -> Result<(), LedgerError> {
    let mut nonce = [0; 16];
    let _even_without = (gateway.options.entropy)(&mut nonce);
    let Ok(nobodys) = PartnerReference::new(format!("readyz-{}", hex::encode(nonce))) else {
        return Ok(());
    };
    let ledger = &gateway.stack.ledger;
    ledger.find(&nobodys).await?;
    match ledger.claim(&nobodys, LATELY).await {
        Ok(_) | Err(LedgerError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error),
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
