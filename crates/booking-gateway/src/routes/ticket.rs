//! `POST /v1/holds/{reference}/ticket`: turn a hold into a ticket.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use booking_ports::TicketIssuer as _;

use super::path::Named;
use crate::auth::Caller;
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody, ProblemKind};
use crate::view::{HoldView, state_of};

/// Makes a ticket of a hold, or tells the codes that it has.
///
/// Asked again it answers the same codes and books nothing more. `202` says that it may be booked
/// and nobody knows yet: ask again, never block anew.
#[utoipa::path(
    post,
    path = "/v1/holds/{reference}/ticket",
    operation_id = "book",
    tag = "holds",
    params(("reference" = String, Path, description = "The order's `partner_reference_no`")),
    responses(
        (status = 200, description = "Booked; `booking.codes` is what the traveller shows", body = HoldView),
        (status = 202, description = "It may be booked, and nobody knows yet", body = HoldView, headers(("Retry-After", description = "Seconds"))),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `block`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No hold of yours has this reference", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is not held, too late to be booked, refused, or busy", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Nothing was sent", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["block"])),
)]
pub(crate) async fn book(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    Named(reference): Named,
) -> Result<Response, Problem> {
    let reference = super::reference(&reference)?;
    let record = super::record(&gateway, &caller, &reference).await?;
    let now = gateway.stack.clock.now();
    let Some(hold) = record.hold().cloned() else {
        let state = state_of(&record, now);
        let may_be_held = record.awaits_answer();
        return Err(Problem::new(
            ProblemKind::NotBookable,
            format!("{reference} is {state}, and only what is held can be booked"),
        )
        .about(
            &reference,
            if may_be_held { "unknown" } else { "not_held" },
            may_be_held,
        ));
    };
    let issued = gateway.stack.tickets.issue(&hold).await;
    let (status, retry_after) = match &issued {
        Ok(_) => (StatusCode::OK, None),
        Err(error) => match Problem::of_ticket(error) {
            Some(problem) => {
                crate::metrics::booking("not_booked");
                return Err(problem);
            }
            None => (StatusCode::ACCEPTED, Some(5_u32)),
        },
    };
    crate::metrics::booking(if issued.is_ok() { "booked" } else { "unknown" });
    let record = super::record(&gateway, &caller, &reference).await?;
    let view = HoldView::of(&record, gateway.stack.clock.now(), gateway.options.sandbox);
    let mut response = (status, Json(view)).into_response();
    if let Some(seconds) = retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(response)
}
