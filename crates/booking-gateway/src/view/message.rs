//! What is told of a failure. The words of a ledger that fails name tables and hosts: they are for
//! the log, where the layers tell them.

use booking_ports::{BlockError, NotSentKind, TicketError, UnknownKind};

const NOT_WRITTEN: &str =
    "it could not be written down that it is sent, so nothing was sent by this call";
const NOT_RECORDED: &str =
    "the provider has answered, or may have, but the answer could not be written down";

/// What is told of a block that did not end in a hold.
pub(crate) fn block_message(error: &BlockError) -> String {
    match error {
        BlockError::Refused(refusal) => refusal.message.clone(),
        BlockError::NotSent(not_sent) if not_sent.kind == NotSentKind::Unrecorded => {
            NOT_WRITTEN.to_owned()
        }
        BlockError::NotSent(not_sent) => not_sent.message.clone(),
        BlockError::Unknown(unknown) if unknown.kind == UnknownKind::Unrecorded => {
            NOT_RECORDED.to_owned()
        }
        BlockError::Unknown(unknown) => unknown.message.clone(),
        _ => error.to_string(),
    }
}

/// What is told of a booking that did not end in a ticket.
pub(crate) fn ticket_message(error: &TicketError) -> String {
    match error {
        TicketError::NotSent {
            kind: NotSentKind::Unrecorded,
            ..
        } => NOT_WRITTEN.to_owned(),
        TicketError::Unknown {
            kind: UnknownKind::Unrecorded,
            ..
        } => NOT_RECORDED.to_owned(),
        error => error.to_string(),
    }
}
