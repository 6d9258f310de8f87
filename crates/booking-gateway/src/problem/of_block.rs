//! A block that did not end in a hold.

use std::time::Duration;

use booking_ports::{Advice, BlockError, NotSentKind, RefusalKind};

use super::{Problem, ProblemKind};
use crate::view::block_message;

impl Problem {
    /// What to answer to `error`; `None` where it is unknown, which is no problem but an answer.
    pub(crate) fn of_block(error: &BlockError) -> Option<Self> {
        let advice = error.advice().to_string();
        let reference = error.reference();
        let problem =
            match error {
                BlockError::Unknown(_) => return None,
                BlockError::Refused(refusal) => {
                    let kind = if blames_us(refusal.kind) {
                        ProblemKind::GatewayRefused
                    } else {
                        ProblemKind::Refused
                    };
                    let mut problem = Self::new(kind, detail(error))
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
                    Self::new(kind, detail(error))
                        .about(reference, "not_sent", false)
                        .why(not_sent.kind.as_str())
                        .after(not_sent.retry_after.unwrap_or(Duration::from_secs(1)))
                }
                BlockError::Expired(_) => Self::new(ProblemKind::Expired, detail(error))
                    .about(reference, "expired", false),
                BlockError::Conflict { .. } => Self::new(ProblemKind::Conflict, detail(error))
                    .about(reference, "conflict", false),
                BlockError::Busy { after, .. } => {
                    // As the advice says it: asking again sooner than the sender has to end is fine.
                    let after = match error.advice() {
                        Advice::Wait { after } => after,
                        _ => *after,
                    };
                    Self::new(ProblemKind::Busy, detail(error))
                        .about(reference, "in_progress", true)
                        .after(after)
                }
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

/// The sentence of the error, without the words of a ledger that fails.
fn detail(error: &BlockError) -> String {
    match error {
        BlockError::NotSent(not_sent) => {
            let (reference, kind) = (&not_sent.reference, not_sent.kind);
            format!(
                "{reference} was not sent ({kind}): {}",
                block_message(error)
            )
        }
        error => error.to_string(),
    }
}
