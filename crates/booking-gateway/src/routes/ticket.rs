//! `POST /v1/holds/{reference}/ticket`: turn a hold into a ticket.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use booking_domain::SeatHold;
use booking_ports::{Ticket, TicketError, TicketIssuer as _, UnknownKind};
use tracing::Instrument as _;

use super::path::Named;
use crate::auth::Caller;
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody, ProblemKind};
use crate::view::{HoldView, state_of};

/// In seconds.
const ASK_AGAIN: u32 = 5;

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
        (status = 202, description = "It may be booked, and nobody knows yet: unknown, or still under way", body = HoldView, headers(("Retry-After", description = "Seconds"))),
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
    super::earlier_sandbox::refuse(&gateway, &record)?;
    let issued = issue(&gateway, &caller, hold).await;
    // Whatever cannot be read now must not hide what became of the booking.
    let after = super::record(&gateway, &caller, &reference).await.ok();
    let known = after.as_ref().unwrap_or(&record);
    let view = HoldView::of(known, gateway.stack.clock.now(), gateway.options.sandbox);
    match issued {
        Ok(ticket) => {
            crate::metrics::booking("booked");
            Ok(Json(view.booked(&ticket)).into_response())
        }
        Err(error) => {
            // An attempt before this one may still have become a ticket.
            let may_be = error.may_be_booked()
                || after.as_ref().is_none_or(|record| record.booking.is_open());
            let problem = Problem::of_ticket(&error);
            match problem {
                Some(problem) if !may_be || matches!(error, TicketError::Busy { .. }) => {
                    crate::metrics::booking("not_booked");
                    Err(problem)
                }
                _ => {
                    crate::metrics::booking("unknown");
                    let answer = Json(view.perhaps_booked(&error));
                    let mut response = (StatusCode::ACCEPTED, answer).into_response();
                    let headers = response.headers_mut();
                    headers.insert(header::RETRY_AFTER, ASK_AGAIN.into());
                    Ok(response)
                }
            }
        }
    }
}

/// Books in a task of its own, which keeps the key's place and goes on however soon its caller has
/// to be answered.
async fn issue(
    gateway: &Arc<Shared>,
    caller: &Caller,
    hold: SeatHold,
) -> Result<Ticket, TicketError> {
    let (place, tickets) = (caller.place(), Arc::clone(&gateway.stack.tickets));
    let unknown = |kind, message: &str| TicketError::Unknown {
        reference: hold.reference.clone(),
        transaction_id: hold.transaction_id.clone(),
        kind,
        message: message.to_owned(),
        retry_after: None,
        cause: None,
    };
    let booked = hold.clone();
    let booking = tokio::spawn(
        async move {
            let _place = place;
            tickets.issue(&booked).await
        }
        .in_current_span(),
    );
    let within = gateway.options.limits.answer_within;
    match tokio::time::timeout(within, booking).await {
        Ok(Ok(issued)) => issued,
        Ok(Err(_)) => Err(unknown(
            UnknownKind::Interrupted,
            "the gateway failed while the hold was being booked",
        )),
        Err(_) => Err(unknown(
            UnknownKind::Timeout,
            "it is still being booked, and that goes on",
        )),
    }
}
