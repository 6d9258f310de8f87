//! A block that did not end in a hold.

use std::time::Duration;

use booking_ports::{BlockError, NotSentKind, RefusalKind};

use super::{Problem, ProblemKind};

impl Problem {
    /// What to answer to `error`; `None` where it is unknown, which is no problem but an answer.
    pub(crate) fn of_block(error: &BlockError) -> Option<Self> {
        let advice = error.advice().to_string();
        let reference = error.reference();
        let problem = match error {
            BlockError::Unknown(_) => return None,
            BlockError::Refused(refusal) => {
                let kind = if blames_us(refusal.kind) {
                    ProblemKind::GatewayRefused
                } else {
                    ProblemKind::Refused
                };
                let mut problem = Self::new(kind, error.to_string())
                    .about(reference, "refused", false)
                    .why(refusal.kind.as_str());
                problem.body.code = Some(refusal.code.clone());
                problem
            }
            BlockError::NotSent(not_sent) => {
                let kind = match not_sent.kind {
                    NotSentKind::Overloaded => ProblemKind::Overloaded,
                    _ => ProblemKind::NotSent,
                };
                Self::new(kind, error.to_string())
                    .about(reference, "not_sent", false)
                    .why(not_sent.kind.as_str())
                    .after(not_sent.retry_after.unwrap_or(Duration::from_secs(1)))
            }
            BlockError::Expired(_) => Self::new(ProblemKind::Expired, error.to_string())
                .about(reference, "expired", false),
            BlockError::Conflict { .. } => Self::new(ProblemKind::Conflict, error.to_string())
                .about(reference, "conflict", false),
            BlockError::Busy { after, .. } => Self::new(ProblemKind::Busy, error.to_string())
                .about(reference, "in_progress", true)
                .after(*after),
        };
        Some(problem.advising(advice))
    }
}

/// Refusals that no change of the order mends.
fn blames_us(kind: RefusalKind) -> bool {
    matches!(
        kind,
        RefusalKind::Clock
            | RefusalKind::Signature
            | RefusalKind::Credentials
            | RefusalKind::NotAllowed
            | RefusalKind::Account
    )
}
