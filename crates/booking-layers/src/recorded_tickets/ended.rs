//! How a booking ends without a ticket.

use std::sync::Arc;

use booking_domain::SeatHold;
use booking_ports::{LedgerError, NotSentKind, TicketError, UnknownKind};

pub(super) fn unwritable(hold: &SeatHold, error: LedgerError) -> TicketError {
    let message = format!("what is known could not be read or written down ({error})");
    not_sent(hold, message, Some(error))
}

pub(super) fn not_sent(
    hold: &SeatHold,
    message: String,
    cause: Option<LedgerError>,
) -> TicketError {
    TicketError::NotSent {
        reference: hold.reference.clone(),
        transaction_id: hold.transaction_id.clone(),
        kind: NotSentKind::Unrecorded,
        message,
        retry_after: None,
        cause: cause.map(|error| Arc::new(error) as _),
    }
}

pub(super) fn unconfirmed(hold: &SeatHold, message: String) -> TicketError {
    TicketError::Unconfirmed {
        reference: hold.reference.clone(),
        transaction_id: hold.transaction_id.clone(),
        message,
    }
}

pub(super) fn unknown(hold: &SeatHold, kind: UnknownKind, message: String) -> TicketError {
    TicketError::Unknown {
        reference: hold.reference.clone(),
        transaction_id: hold.transaction_id.clone(),
        kind,
        message,
        retry_after: None,
        cause: None,
    }
}
