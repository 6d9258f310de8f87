//! `POST /v1/holds/{reference}/disclosure`: the people of an order, for whoever may see them.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use booking_domain::OrderDraft;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body;
use super::members::Member;
use super::path::Named;
use super::settlement::reason;
use crate::auth::Caller;
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody, ProblemKind};

/// Why the people of an order have to be seen.
///
/// ```
/// use booking_gateway::Disclosure;
///
/// let asked: Disclosure = serde_json::from_str(r#"{"because":"the traveller is on the phone"}"#).unwrap();
/// assert!(asked.because.contains("phone"));
/// ```
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// The reason, which becomes a row of the story; without names of travellers.
    #[schema(min_length = 1, max_length = 300)]
    pub because: String,
}

const MEMBERS: [Member; 1] = [Member {
    name: "because",
    is_needed: true,
    fits: serde_json::Value::is_string,
    accepts: "a text: why the people have to be seen",
}];

/// Shows the order with its people, and records who asked and why before it does.
#[utoipa::path(
    post,
    path = "/v1/holds/{reference}/disclosure",
    operation_id = "disclose",
    tag = "operators",
    params(("reference" = String, Path, description = "The order's `partner_reference_no`")),
    request_body = Disclosure,
    responses(
        (status = 200, description = "The order", body = super::openapi::Order),
        (status = 400, description = "The request is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No hold of yours has this reference, or its people are not kept (any more)", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The ledger cannot be used", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["admin"])),
)]
pub(crate) async fn disclose(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    Named(reference): Named,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let reference = super::reference(&reference)?;
    super::record(&gateway, &caller, &reference).await?;
    let body = body::json(&gateway.options.limits, &headers, body).await?;
    let asked: Disclosure = body::parse(&body, &MEMBERS)?;
    let because = reason(&asked.because)?;
    let by = format!("{}, key {}: {because}", caller.key().name, caller.key().id);
    let order = gateway.stack.ledger.disclose(&reference, &by).await?;
    let order = order.ok_or_else(|| {
        let detail = "the people of this order are not kept: forgotten after its end, or never stored for want of a ledger key";
        Problem::new(ProblemKind::NotFound, detail)
    })?;
    Ok(Json(OrderDraft::from(&order)).into_response())
}
