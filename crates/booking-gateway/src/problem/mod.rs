//! What went wrong, as RFC 9457 tells it.

mod kind;
mod of_block;
mod of_ticket;

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use booking_domain::{Faults, PartnerReference};
use booking_ports::{InquiryError, LedgerError};
use serde::Serialize;
use utoipa::ToSchema;

pub use kind::ProblemKind;

/// An answer that is no success.
///
/// ```
/// use booking_gateway::{Problem, ProblemKind};
///
/// let problem = Problem::new(ProblemKind::NotFound, "no hold has this reference");
/// assert_eq!(problem.kind().status(), 404);
/// ```
#[derive(Debug)]
pub struct Problem {
    kind: ProblemKind,
    body: Box<ProblemBody>,
    after: Option<Duration>,
}

/// The members of a problem: those of RFC 9457 and, where seats are concerned, what is known of
/// them.
///
/// ```
/// use booking_gateway::{Problem, ProblemKind};
///
/// let body = Problem::new(ProblemKind::NotFound, "no such hold");
/// assert!(body.body().detail.contains("hold"));
/// ```
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Names the kind of problem, and where it is described.
    #[serde(rename = "type")]
    #[schema(example = "/docs/problems#invalid-order")]
    pub type_uri: String,
    /// The kind of problem, for people.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong this time, and what to do.
    pub detail: String,
    /// What is known of the seats: `invalid`, `refused`, `not_sent`, `unknown`, `expired`,
    /// `conflict`, `in_progress` (somebody else is at it; the program calls it `busy`), and of a booking
    /// `not_held`, `too_late`, `unconfirmed`; absent where no order was concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<&'static str>,
    /// Whether seats are held under the reference all the same, or may be: then try no other seats
    /// for this traveller, and use no other reference. `false` only where it is certain that nothing
    /// is held; absent where the answer says nothing about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_be_held: Option<bool>,
    /// The reference of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub partner_reference_no: Option<String>,
    /// The finer kind of a refusal or failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// The provider's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Everything that is wrong with the request, each with its path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<FaultBody>,
}

/// One thing that is wrong.
///
/// ```
/// use booking_gateway::FaultBody;
///
/// let fault = FaultBody { path: "departure.trip_id".into(), code: "missing".into(), message: "is missing".into() };
/// assert_eq!(fault.path, "departure.trip_id");
/// ```
#[derive(Debug, Serialize, ToSchema)]
pub struct FaultBody {
    /// Where, in the names of the request.
    #[schema(example = "departure.passengers[0].dob")]
    pub path: String,
    /// What, in one word: `missing`, `unknown_field`, `wrong_type`, `not_a_date` and the like of an order's
    /// faults, or else `invalid`.
    #[schema(example = "not_a_date")]
    pub code: String,
    /// What, for people. It never repeats a personal value.
    pub message: String,
}

impl Problem {
    /// A problem of this kind.
    ///
    /// ```
    /// # use booking_gateway::{Problem, ProblemKind};
    /// let problem = Problem::new(ProblemKind::TooMany, "this key asks too often");
    /// assert_eq!(problem.body().status, 429);
    /// ```
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            body: Box::new(ProblemBody {
                type_uri: format!("/docs/problems#{}", kind.name()),
                title: kind.title(),
                status: kind.status(),
                detail: detail.into(),
                outcome: None,
                may_be_held: None,
                partner_reference_no: None,
                kind: None,
                code: None,
                advice: None,
                problems: Vec::new(),
            }),
            after: None,
        }
    }

    /// Its kind.
    ///
    /// ```
    /// # use booking_gateway::{Problem, ProblemKind};
    /// assert_eq!(Problem::new(ProblemKind::Expired, "").kind(), ProblemKind::Expired);
    /// ```
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// Its members.
    ///
    /// ```
    /// # use booking_gateway::{Problem, ProblemKind};
    /// assert_eq!(Problem::new(ProblemKind::Expired, "").body().outcome, None);
    /// ```
    #[must_use]
    pub fn body(&self) -> &ProblemBody {
        &self.body
    }

    /// Asking again may help after this time.
    pub(crate) fn after(mut self, after: Duration) -> Self {
        self.after = Some(after);
        self
    }

    /// What is known of the seats of `reference`.
    pub(crate) fn about(
        mut self,
        reference: &PartnerReference,
        outcome: &'static str,
        may_be_held: bool,
    ) -> Self {
        self.body.partner_reference_no = Some(reference.to_string());
        self.body.outcome = Some(outcome);
        self.body.may_be_held = Some(may_be_held);
        self
    }

    pub(crate) fn why(mut self, kind: &'static str) -> Self {
        self.body.kind = Some(kind);
        self
    }

    pub(crate) fn advising(mut self, advice: impl Into<String>) -> Self {
        self.body.advice = Some(advice.into());
        self
    }

    pub(crate) fn with_fault(mut self, fault: FaultBody) -> Self {
        self.body.outcome = Some("invalid");
        self.body.problems.push(fault);
        self
    }

    /// An order that is none.
    pub(crate) fn invalid_order(faults: &Faults) -> Self {
        let detail = match faults.iter().count() {
            1 => "one thing is wrong with the order; nothing was sent".to_owned(),
            count => format!("{count} things are wrong with the order; nothing was sent"),
        };
        let mut problem = Self::new(ProblemKind::InvalidOrder, detail);
        problem.body.outcome = Some("invalid");
        problem.body.problems = faults
            .iter()
            .map(|fault| FaultBody {
                path: fault.path.clone(),
                code: fault.code.as_str().to_owned(),
                message: fault.message.clone(),
            })
            .collect();
        problem
    }

    /// A request whose `path` is wrong.
    pub(crate) fn invalid(path: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut problem = Self::new(ProblemKind::InvalidRequest, format!("{path}: {message}"));
        problem.body.problems = vec![FaultBody {
            path: path.to_owned(),
            code: "invalid".to_owned(),
            message,
        }];
        problem
    }

    /// A request with these faults.
    pub(crate) fn invalid_members(faults: Vec<FaultBody>) -> Self {
        let told = faults.iter().map(|fault| {
            let path = if fault.path.is_empty() {
                "the body"
            } else {
                &fault.path
            };
            format!("{path} {}", fault.message)
        });
        let detail = told.collect::<Vec<_>>().join("; ");
        let mut problem = Self::new(ProblemKind::InvalidRequest, detail);
        problem.body.problems = faults;
        problem
    }

    pub(crate) fn no_such_hold() -> Self {
        Self::new(ProblemKind::NotFound, "no hold of yours has this reference")
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::NotFound { .. } => Self::no_such_hold(),
            LedgerError::Fenced { .. } | LedgerError::Unsettled { .. } => {
                Self::new(ProblemKind::Busy, error.to_string()).after(Duration::from_secs(1))
            }
            error => {
                tracing::error!(%error, "the ledger failed");
                let detail = "the ledger cannot be used now; what was recorded stands";
                Self::new(ProblemKind::Unavailable, detail).after(Duration::from_secs(1))
            }
        }
    }
}

impl From<InquiryError> for Problem {
    fn from(error: InquiryError) -> Self {
        match &error {
            InquiryError::Refused { code, .. } => {
                let mut problem = Self::new(ProblemKind::ProviderRefused, error.to_string());
                problem.body.code = Some(code.clone());
                problem
            }
            InquiryError::NotFound { code, .. } => {
                let mut problem = Self::new(ProblemKind::NotFound, error.to_string());
                problem.body.code = Some(code.clone());
                problem
            }
            InquiryError::Unavailable { retry_after, .. } => {
                Self::new(ProblemKind::ProviderUnavailable, error.to_string())
                    .after(retry_after.unwrap_or(Duration::from_secs(1)))
            }
            InquiryError::Unreadable { .. } => {
                Self::new(ProblemKind::ProviderUnreadable, error.to_string())
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&*self.body)).into_response();
        let headers = response.headers_mut();
        let problem_json = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, problem_json);
        if let Some(after) = self.after {
            let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, seconds.max(1).into());
        }
        if self.kind == ProblemKind::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
