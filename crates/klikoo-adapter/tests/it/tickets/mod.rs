//! A ticket for what is held.

mod promises;
mod replies;
mod time;

use booking_domain::{
    Deadline, PartnerReference, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
use booking_ports::{Ticket, TicketError};

use crate::setup::NOW;

/// A waiting hold of half an hour, as block-seat would have answered it.
fn hold(reference: &str, id: &str) -> SeatHold {
    let end = NOW + ::time::Duration::minutes(30);
    SeatHold {
        reference: PartnerReference::new(reference).unwrap(),
        transaction_id: TransactionId::new(id).unwrap(),
        status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
        deadline: Deadline::stated(end, NOW, ::time::Duration::hours(2)),
    }
}

/// What came out, in the words of the failure model.
fn told(outcome: &Result<Ticket, TicketError>) -> String {
    match outcome {
        Ok(ticket) => {
            let codes = &ticket.booking_codes;
            let back = codes.return_leg.as_ref().map_or("", |code| code.as_str());
            format!("booked/{}/{back}", codes.departure)
        }
        Err(TicketError::Refused { kind, .. }) => format!("refused/{kind}"),
        Err(TicketError::NotSent { kind, .. }) => format!("not_sent/{kind}"),
        Err(TicketError::Unknown { kind, .. }) => format!("unknown/{kind}"),
        Err(TicketError::TooLate { .. }) => "too_late".to_owned(),
        Err(error) => format!("unconfirmed: {error}"),
    }
}
