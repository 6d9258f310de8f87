//! What an operator says of a reference, or has asked of the provider.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use booking_domain::{PartnerReference, TransactionId};
use booking_layers::{OperatorFinding, OperatorWord, WordError};
use booking_ports::HoldRecord;
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use tracing::Instrument as _;
use utoipa::ToSchema;

use super::body;
use super::members::Member;
use super::path::Named;
use crate::auth::Caller;
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody, ProblemKind};
use crate::view::HoldView;

/// What an operator's word consists of.
const MEMBERS: [Member; 3] = [
    Member {
        name: "finding",
        is_needed: true,
        fits: |value| matches!(value.as_str(), Some("held" | "booked" | "not_held")),
        accepts: "\"held\", \"booked\" or \"not_held\"",
    },
    Member {
        name: "because",
        is_needed: true,
        fits: Value::is_string,
        accepts: "a text: who says so, and how they know",
    },
    Member {
        name: "transaction_id",
        is_needed: false,
        fits: |value| value.is_string() || value.is_null(),
        accepts: "a text such as \"14429004\"; \"held\" needs it",
    },
];

/// When to look again where the provider gives no answer yet, in seconds.
const ASK_AGAIN: u32 = 5;

/// An operator's word about a reference.
///
/// ```
/// use booking_gateway::Settlement;
///
/// let word = r#"{"finding":"not_held","because":"Klikoo's support said so, ticket 4711"}"#;
/// let settlement: Settlement = serde_json::from_str(word).unwrap();
/// assert_eq!(settlement.transaction_id, None);
/// ```
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// What it is.
    pub finding: SettlementFinding,
    /// The provider's number of the hold; needed for `held`, and for `booked` where it is not
    /// known.
    #[serde(default)]
    #[schema(max_length = 64, pattern = "^[A-Za-z0-9_-]{1,64}$")]
    pub transaction_id: Option<String>,
    /// Who says so, and how they know; without names of travellers.
    #[schema(min_length = 1, max_length = 300)]
    pub because: String,
}

/// What an operator found.
///
/// ```
/// use booking_gateway::SettlementFinding;
///
/// assert_eq!(serde_json::from_str::<SettlementFinding>("\"held\"").unwrap(), SettlementFinding::Held);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettlementFinding {
    /// It is held, as a transaction of the provider's.
    Held,
    /// It is a ticket.
    Booked,
    /// It is neither held nor booked.
    NotHeld,
}

/// Records an operator's word about what is uncertain.
///
/// Only what is unsettled takes one; it is a row of the hold's story for ever after.
#[utoipa::path(
    post,
    path = "/v1/holds/{reference}/settlement",
    operation_id = "settle",
    tag = "operators",
    params(("reference" = String, Path, description = "The order's `partner_reference_no`")),
    request_body = Settlement,
    responses(
        (status = 200, description = "Recorded; where the reference stands now", body = HoldView),
        (status = 400, description = "The request is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `operate`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No hold of yours has this reference", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "There is nothing to settle, not so, or somebody is at it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The ledger cannot be used", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["operate"])),
)]
pub(crate) async fn settle(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    Named(reference): Named,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<HoldView>, Problem> {
    let reference = super::reference(&reference)?;
    super::record(&gateway, &caller, &reference).await?;
    let body = body::json(&gateway.options.limits, &headers, body).await?;
    let word: Settlement = body::parse(&body, &MEMBERS)?;
    let because = reason(&word.because)?;
    let transaction_id = word
        .transaction_id
        .as_deref()
        .map(transaction)
        .transpose()?;
    let word = OperatorWord {
        finding: word.finding.into(),
        transaction_id,
        because: format!("{}, key {}: {because}", caller.key().name, caller.key().id),
    };
    let stack = Arc::clone(&gateway);
    let recording = async move {
        let (ledger, bounds) = (&*stack.stack.ledger, stack.stack.resolver.bounds());
        let now = stack.stack.clock.now();
        let recorded = word.record(ledger, &reference, bounds, now).await;
        recorded.map_err(|error| not_recorded(error, &reference, &word, now))
    };
    // On its own: who leaves the page in the middle must leave no claim behind.
    let recorded = tokio::spawn(recording.in_current_span()).await;
    let record = recorded.map_err(|_| Problem::new(ProblemKind::Internal, "settling failed"))??;
    Ok(Json(view(&gateway, &record)))
}

impl From<SettlementFinding> for OperatorFinding {
    fn from(finding: SettlementFinding) -> Self {
        match finding {
            SettlementFinding::Held => Self::Held,
            SettlementFinding::Booked => Self::Booked,
            SettlementFinding::NotHeld => Self::NotHeld,
        }
    }
}

/// Why a word was not recorded, for whoever called the gateway.
fn not_recorded(
    error: WordError,
    reference: &PartnerReference,
    word: &OperatorWord,
    now: OffsetDateTime,
) -> Problem {
    let not_so = |detail: String| Problem::new(ProblemKind::NotSettleable, detail);
    match error {
        WordError::Busy => {
            let detail = format!("{reference} is being sent or settled by somebody else");
            Problem::new(ProblemKind::Busy, detail)
                .about(reference, "in_progress", true)
                .after(Duration::from_secs(5))
        }
        WordError::MayBeUnderWay(until) => {
            let detail = format!(
                "the process that was sending {reference} cannot be seen any more and may still be at it"
            );
            Problem::new(ProblemKind::Busy, detail)
                .about(reference, "in_progress", true)
                .after(Duration::try_from(until - now).unwrap_or_default())
        }
        WordError::NothingToSettle(_) => not_so(format!(
            "{reference} is not uncertain, so there is nothing to settle"
        )),
        WordError::OtherTransaction(known) => {
            let other = word
                .transaction_id
                .as_ref()
                .map_or("the other", TransactionId::as_str);
            not_so(format!(
                "{reference} is held as transaction {known}; if {other} is right, ask the provider about both"
            ))
        }
        WordError::HeldIsKnown => not_so(format!(
            "that {reference} is held is known; whether it was booked is not: say booked or not_held"
        )),
        WordError::NoTransaction => Problem::invalid(
            "transaction_id",
            "is missing, and no transaction of this reference is known",
        ),
        WordError::Ledger(error) => error.into(),
        other => Problem::new(ProblemKind::Internal, other.to_string()),
    }
}

/// Asks the provider again about what is uncertain.
///
/// Its history and its transaction are asked; where that says nothing and it was not done before,
/// the order is sent once more under the same reference. Where somebody else is asking, the answer is
/// where the reference stands meanwhile.
#[utoipa::path(
    post,
    path = "/v1/holds/{reference}/inquiry",
    operation_id = "ask_again",
    tag = "operators",
    params(("reference" = String, Path, description = "The order's `partner_reference_no`")),
    responses(
        (status = 200, description = "Where the reference stands now", body = HoldView),
        (status = 202, description = "The provider gives no answer yet, and is still being asked: where the reference stands meanwhile", body = HoldView, headers(("Retry-After", description = "Seconds"))),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `operate`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No hold of yours has this reference", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Somebody else took it over while it was asked about, or the sandbox of an earlier run held it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The ledger cannot be used", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["operate"])),
)]
pub(crate) async fn ask_again(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    Named(reference): Named,
) -> Result<Response, Problem> {
    let reference = super::reference(&reference)?;
    let record = super::record(&gateway, &caller, &reference).await?;
    super::earlier_sandbox::refuse(&gateway, &record)?;
    let (resolver, asked_for) = (gateway.stack.resolver.clone(), reference.clone());
    // On its own, as above: asking may take as long as the provider does.
    let asked = async move { resolver.settle(&asked_for).await };
    let asking = tokio::spawn(asked.in_current_span());
    let Ok(ended) = tokio::time::timeout(gateway.options.limits.answer_within, asking).await else {
        let record = super::record(&gateway, &caller, &reference).await?;
        let answer = (StatusCode::ACCEPTED, Json(view(&gateway, &record)));
        return Ok(([(header::RETRY_AFTER, ASK_AGAIN)], answer).into_response());
    };
    let record = ended.map_err(|_| Problem::new(ProblemKind::Internal, "asking failed"))??;
    Ok(Json(view(&gateway, &record)).into_response())
}

fn transaction(text: &str) -> Result<TransactionId, Problem> {
    OperatorWord::transaction_id(text).ok_or_else(|| {
        let accepted = "has to be 1 to 64 letters, digits, - and _, such as 14429004";
        Problem::invalid("transaction_id", accepted)
    })
}

fn view(gateway: &Shared, record: &HoldRecord) -> HoldView {
    HoldView::of(record, gateway.stack.clock.now(), gateway.options.sandbox)
}

/// One line that a story can hold.
pub(super) fn reason(text: &str) -> Result<&str, Problem> {
    OperatorWord::reason(text).ok_or_else(|| {
        let max = OperatorWord::REASON_MAX;
        Problem::invalid(
            "because",
            format!("has to be one line of 1 to {max} characters"),
        )
    })
}
