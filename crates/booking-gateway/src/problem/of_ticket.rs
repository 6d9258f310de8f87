//! A booking that did not end in a ticket.

use std::time::Duration;

use booking_ports::TicketError;

use super::{Problem, ProblemKind};
use crate::view::ticket_message;

impl Problem {
    /// What to answer to `error`; `None` where it is unknown, which is no problem but an answer.
    pub(crate) fn of_ticket(error: &TicketError) -> Option<Self> {
        let detail = ticket_message(error);
        let about = |kind, outcome, may_be_held| {
            Self::new(kind, detail.clone()).about(error.reference(), outcome, may_be_held)
        };
        Some(match error {
            TicketError::Unknown { .. } => return None,
            TicketError::Refused { kind, code, .. } => {
                let mut problem =
                    about(ProblemKind::NotBookable, "refused", true).why(kind.as_str());
                problem.body.code = Some(code.clone());
                problem
            }
            TicketError::NotSent {
                kind, retry_after, ..
            } => about(ProblemKind::NotSent, "not_sent", true)
                .why(kind.as_str())
                .after(retry_after.unwrap_or(Duration::from_secs(1))),
            TicketError::TooLate { .. } => about(ProblemKind::NotBookable, "too_late", true),
            TicketError::Busy { after, .. } => {
                about(ProblemKind::Busy, "in_progress", true).after(*after)
            }
            // Only what is held can be booked.
            TicketError::NotHeld { .. } => about(ProblemKind::NotBookable, "not_held", false),
            _ => about(ProblemKind::NotBookable, "unconfirmed", true),
        })
    }
}
