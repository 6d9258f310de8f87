//! The routes, and who may take them.

mod block;
mod body;
mod callbacks;
mod console;
pub(crate) mod disclosure;
mod earlier_sandbox;
pub(crate) mod events;
pub(crate) mod health;
mod hoarding;
mod holds;
mod lapses;
mod members;
pub(crate) mod openapi;
pub(crate) mod overview;
mod path;
mod prose;
mod query;
pub(crate) mod settlement;
mod ticket;
pub(crate) mod trips;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use booking_domain::{PartnerReference, SeatHold, StatusMeaning};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Caller, Scope};
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemKind};
use crate::{envelope, gate};

pub(crate) use health::watch_router;

/// Every route that needs a key, with its description.
///
/// `scoped` puts those of a scope behind it.
pub(crate) fn described(
    scoped: impl Fn(OpenApiRouter<Arc<Shared>>, Scope) -> OpenApiRouter<Arc<Shared>>,
) -> OpenApiRouter<Arc<Shared>> {
    let read = OpenApiRouter::new()
        .routes(routes!(holds::list))
        .routes(routes!(holds::one))
        .routes(routes!(trips::search))
        .routes(routes!(trips::seats))
        .routes(routes!(trips::places))
        .routes(routes!(events::stream))
        .routes(routes!(overview::overview));
    let block = OpenApiRouter::new()
        .routes(routes!(block::block))
        .routes(routes!(ticket::book));
    let operate = OpenApiRouter::new()
        .routes(routes!(settlement::settle))
        .routes(routes!(settlement::ask_again));
    let admin = OpenApiRouter::new().routes(routes!(disclosure::disclose));
    scoped(read, Scope::Read)
        .merge(scoped(block, Scope::Block))
        .merge(scoped(operate, Scope::Operate))
        .merge(scoped(admin, Scope::Admin))
}

/// Every route that needs none, with its description; pages and files apart.
pub(crate) fn open() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new()
        .routes(routes!(callbacks::take))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(
            console::session,
            console::sign_in,
            console::sign_out
        ))
}

/// The whole of what is served.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let keyed = described(|router, scope| {
        let state = (Arc::clone(&shared), scope);
        router.route_layer(from_fn_with_state(state, gate::of_keys))
    });
    let (keyed, open, api) = openapi::split(keyed, open());
    Router::new()
        .merge(keyed)
        .merge(open.route_layer(from_fn_with_state(Arc::clone(&shared), gate::of_open)))
        .merge(openapi::router(api))
        .merge(console::router())
        .fallback(nothing)
        .method_not_allowed_fallback(not_so)
        .layer(DefaultBodyLimit::disable())
        .layer(envelope::catch_panic())
        .layer(from_fn_with_state(Arc::clone(&shared), envelope::around))
        .with_state(shared)
}

async fn nothing() -> Problem {
    Problem::new(
        ProblemKind::NotFound,
        "there is no such path; /docs lists those there are",
    )
}

async fn not_so() -> Problem {
    Problem::new(
        ProblemKind::MethodNotAllowed,
        "this path has no such method; see /docs",
    )
}

/// Whether a hold is a ticket, which no deadline ends.
pub(crate) fn is_booked(hold: &SeatHold) -> bool {
    hold.status.meaning() == StatusMeaning::Booked
}

/// The reference of a path.
fn reference(text: &str) -> Result<PartnerReference, Problem> {
    // One that cannot exist is not found either.
    PartnerReference::new(text).map_err(|_| Problem::no_such_hold())
}

/// The record of `reference`, where `caller` may see it.
async fn record(
    gateway: &Shared,
    caller: &Caller,
    reference: &PartnerReference,
) -> Result<booking_ports::HoldRecord, Problem> {
    match gateway.stack.ledger.find(reference).await? {
        Some(record) if Shared::may_see(caller.tenant(), record.outline.tenant.as_ref()) => {
            Ok(record)
        }
        _ => Err(Problem::no_such_hold()),
    }
}
