//! `POST /v1/holds`: hold the seats of an order.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use booking_domain::{BlockOrder, FaultCode, PartnerReference, Tenant, day_in_jakarta};
use booking_ports::{
    BlockError, HoldLedger as _, NotSentKind, Outcome, SeatBlocker as _, Unknown, UnknownKind,
};
use tracing::Instrument as _;

use super::body;
use crate::asking::Entry;
use crate::auth::Caller;
use crate::gateway::Shared;
use crate::problem::{FaultBody, Problem, ProblemBody, ProblemKind};
use crate::view::HoldAnswer;

/// Asked again no sooner, where nothing else is stated.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// Holds every seat of an order, or none.
///
/// The same order under the same reference is answered the same way, however often it is sent, and
/// holds its seats once. `202` says that seats may be held and nobody knows yet: the gateway goes
/// on finding out. Repeat with the same reference, or look at the `Location`.
#[utoipa::path(
    post,
    path = "/v1/holds",
    operation_id = "block",
    tag = "holds",
    request_body(content = super::openapi::Order, description = "The order, in the names of the provider's own document. `partner_reference_no` is needed."),
    responses(
        (status = 201, description = "Held until `expires_at`", body = HoldAnswer, headers(("Location", description = "Where it can be looked at"))),
        (status = 202, description = "Unknown, or under way: seats may be held", body = HoldAnswer, headers(("Location", description = "Where it can be looked at"), ("Retry-After", description = "Seconds"))),
        (status = 400, description = "The order is not valid; nothing was sent", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `block`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Refused by the provider, or busy", body = ProblemBody, content_type = "application/problem+json"),
        (status = 410, description = "The hold of this reference is over", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The reference is another order's", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 502, description = "The provider refuses this gateway", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Nothing was sent, or too much is under way", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["block"])),
)]
pub(crate) async fn block(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let document = body::json(&gateway.options.limits, &headers, body).await?;
    let order = read(&gateway, &document, caller.tenant())?;
    // They keep the whole of what was read.
    drop((document, headers));
    let entry = may_be_tried(&gateway, &caller, &order).await?;

    let begin = gateway.stack.clock.monotonic();
    let within = gateway.options.limits.answer_within;
    let blocked = tokio::time::timeout(within, send(&gateway, &caller, order.clone(), entry)).await;
    let took = gateway.stack.clock.monotonic().saturating_sub(begin);
    gateway.reads.forget_seats(&order).await;
    let Ok(ended) = blocked else {
        crate::metrics::block("unknown", crate::metrics::STILL_SENDING, took);
        return Ok(still_sending(&gateway, &order));
    };
    let (outcome, kind) = words(&ended);
    crate::metrics::block(outcome, kind, took);
    let now = gateway.stack.clock.now();
    match ended {
        Ok(hold) => {
            if hold.deadline.has_passed(now) && !super::is_booked(&hold) {
                let over = BlockError::Expired(hold.into());
                return Err(Problem::of_block(&over).unwrap_or_else(internal));
            }
            let answer = HoldAnswer::of(&order, Ok(&hold), gateway.options.sandbox);
            let mut response = (StatusCode::CREATED, Json(answer)).into_response();
            locate(&mut response, order.reference());
            Ok(response)
        }
        Err(error @ BlockError::Unknown(_)) => Ok(unknown(&gateway, &order, &error)),
        Err(error) => Err(problem(&gateway, &caller, &order, &error).await),
    }
}

/// The order of `document`, whose reference is the caller's own to choose.
fn read(gateway: &Shared, document: &[u8], tenant: Option<&Tenant>) -> Result<BlockOrder, Problem> {
    let today = day_in_jakarta(gateway.stack.clock.now());
    let missing = Cell::new(false);
    let placeholder = PartnerReference::new("missing")
        .map_err(|_| Problem::new(ProblemKind::Internal, "no placeholder"))?;
    let order = BlockOrder::from_json(document, today, || {
        missing.set(true);
        placeholder
    });
    let problem = match order {
        Ok(order) if !missing.get() => {
            return Ok(match tenant {
                Some(tenant) => order.with_tenant(tenant.clone()),
                None => order,
            });
        }
        Ok(_) => Problem::new(
            ProblemKind::InvalidOrder,
            "the order has no reference; nothing was sent",
        ),
        Err(faults) => Problem::invalid_order(&faults),
    };
    Err(if missing.get() {
        problem.with_fault(FaultBody {
            path: "partner_reference_no".to_owned(),
            code: FaultCode::Missing.as_str().to_owned(),
            message: "is missing; choose one of your own for each order, so that the order can be repeated without holding twice".to_owned(),
        })
    } else {
        problem
    })
}

/// Refuses too many, and hoarding.
async fn may_be_tried(
    gateway: &Shared,
    caller: &Caller,
    order: &BlockOrder,
) -> Result<Entry, Problem> {
    let entry = gateway.asking.enter(order);
    let too_many = |detail: String| Problem::new(ProblemKind::TooMany, detail);
    if let Err(after) = gateway.blocks.take(&caller.key().id) {
        let detail = "this key blocks more in an hour than it may; nothing was sent by this call";
        let problem = too_many(detail.to_owned()).after(after);
        return Err(match gateway.stack.ledger.find(order.reference()).await {
            Ok(None) if !gateway.asking.is_under_way(order, Some(&entry)) => {
                problem.about(order.reference(), "not_sent", false)
            }
            _ => perhaps_before(problem, order),
        });
    }
    super::hoarding::check(gateway, order, entry).await
}

/// This call sent nothing; one before it may have.
pub(super) fn perhaps_before(problem: Problem, order: &BlockOrder) -> Problem {
    problem.about(order.reference(), "unknown", true).advising(
        "Seats may be held by an earlier call. Repeat with the same reference, never with another.",
    )
}

/// Seats may be held.
fn unknown(gateway: &Shared, order: &BlockOrder, error: &BlockError) -> Response {
    let answer = HoldAnswer::of(order, Err(error), gateway.options.sandbox);
    let after = match error {
        BlockError::Unknown(unknown) => unknown.retry_after.unwrap_or(ASK_AGAIN),
        _ => ASK_AGAIN,
    };
    accepted(answer, order.reference(), after)
}

fn accepted(answer: HoldAnswer, reference: &PartnerReference, after: Duration) -> Response {
    let mut response = (StatusCode::ACCEPTED, Json(answer)).into_response();
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, after.as_secs().max(1).into());
    locate(&mut response, reference);
    response
}

/// What this call did says nothing about a reference that was sent before.
async fn problem(
    gateway: &Shared,
    caller: &Caller,
    order: &BlockOrder,
    error: &BlockError,
) -> Problem {
    let problem = Problem::of_block(error).unwrap_or_else(internal);
    let says_little = match error {
        BlockError::NotSent(not_sent) => matches!(
            not_sent.kind,
            NotSentKind::Overloaded | NotSentKind::Unrecorded
        ),
        BlockError::Conflict { .. } => true,
        _ => false,
    };
    if !says_little {
        return problem;
    }
    let known = gateway.stack.ledger.find(order.reference()).await;
    let is_conflict = matches!(error, BlockError::Conflict { .. });
    match known {
        Ok(Some(record)) if is_conflict => {
            let own = Shared::may_see(caller.tenant(), record.outline.tenant.as_ref());
            let now = gateway.stack.clock.now();
            // Of another tenant's nothing is told.
            let is_over = record.deadline().is_some_and(|end| end.has_passed(now));
            let holds = record.state.may_be_held() && !is_over;
            if !own || !(holds || record.is_unsettled()) {
                return problem;
            }
            beside_another(problem, order)
        }
        // The other order cannot be looked at, and may hold.
        Err(_) if is_conflict => beside_another(problem, order),
        _ if is_conflict => problem,
        // The same order may be about to be begun by a call that came before.
        Ok(None) if !gateway.asking.is_under_way(order, None) => problem,
        _ => perhaps_before(problem, order),
    }
}

/// The order that was first under the reference holds, or may.
fn beside_another(problem: Problem, order: &BlockOrder) -> Problem {
    problem.about(order.reference(), "conflict", true).advising(
        "The order that this reference was used for before holds seats, or may. Look at it first; this one needs a reference of its own, and would hold seats beside those.",
    )
}

/// It goes on, and its outcome will be recorded.
fn still_sending(gateway: &Shared, order: &BlockOrder) -> Response {
    let error = BlockError::Busy {
        reference: order.reference().clone(),
        after: ASK_AGAIN,
    };
    let message = "it is still being sent, and goes on; ask again, or look at the Location";
    let answer = HoldAnswer {
        message: Some(message.to_owned()),
        ..HoldAnswer::of(order, Err(&error), gateway.options.sandbox)
    };
    accepted(answer, order.reference(), ASK_AGAIN)
}

/// Blocks in a task of its own, which keeps the key's place: who hangs up gets no other one before
/// the work is done. Until then its seats are counted by `entry` too.
async fn send(gateway: &Arc<Shared>, caller: &Caller, order: BlockOrder, entry: Entry) -> Outcome {
    let kept = (caller.place(), entry);
    let (blocker, reference) = (
        Arc::clone(&gateway.stack.blocker),
        order.reference().clone(),
    );
    let sending = tokio::spawn(
        async move {
            let _kept = kept;
            blocker.block(&order).await
        }
        .in_current_span(),
    );
    sending.await.unwrap_or_else(|_| {
        let message = "the gateway failed while the order was being sent";
        Err(Unknown::new(reference, UnknownKind::Interrupted, message).into())
    })
}

fn locate(response: &mut Response, reference: &PartnerReference) {
    let location = format!("/v1/holds/{}", as_segment(reference.as_str()));
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
}

/// A reference may have any printable character of ASCII: a slash too, which would end a path's
/// segment.
fn as_segment(reference: &str) -> String {
    let mut segment = String::with_capacity(reference.len());
    for byte in reference.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            segment.push(char::from(byte));
        } else {
            segment.push('%');
            segment.push_str(&hex::encode_upper([byte]));
        }
    }
    segment
}

fn internal() -> Problem {
    Problem::new(ProblemKind::Internal, "an outcome without an answer")
}

fn words(ended: &booking_ports::Outcome) -> (&'static str, &'static str) {
    match ended {
        Ok(_) => ("held", ""),
        Err(BlockError::Refused(refusal)) => ("refused", refusal.kind.as_str()),
        Err(BlockError::NotSent(not_sent)) => ("not_sent", not_sent.kind.as_str()),
        Err(BlockError::Unknown(unknown)) => ("unknown", unknown.kind.as_str()),
        Err(BlockError::Expired(_)) => ("expired", ""),
        Err(BlockError::Conflict { .. }) => ("conflict", ""),
        Err(BlockError::Busy { .. }) => ("busy", ""),
    }
}
