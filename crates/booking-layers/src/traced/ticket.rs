//! One span for each booking.

use async_trait::async_trait;
use booking_domain::SeatHold;
use booking_ports::{Ticket, TicketError, TicketIssuer};
use tracing::{field, info, info_span, warn};

use super::{Traced, Words};

fn words(issued: &Result<Ticket, TicketError>) -> Words {
    match issued {
        Ok(_) => ("booked", None),
        Err(TicketError::Refused { kind, .. }) => ("refused", Some(kind.as_str())),
        Err(TicketError::NotSent { kind, .. }) => ("not_sent", Some(kind.as_str())),
        Err(TicketError::Unknown { kind, .. }) => ("unknown", Some(kind.as_str())),
        Err(TicketError::TooLate { .. }) => ("too_late", None),
        Err(TicketError::Unconfirmed { .. }) => ("unconfirmed", None),
        Err(TicketError::Busy { .. }) => ("busy", None),
        Err(TicketError::NotHeld { .. }) => ("not_held", None),
        // Of a later kind, whose name is not known here.
        Err(error) if error.may_be_booked() => ("unknown", None),
        Err(_) => ("not_booked", None),
    }
}

#[async_trait]
impl<T: TicketIssuer> TicketIssuer for Traced<T> {
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError> {
        let span = info_span!(
            "ticket",
            reference = %hold.reference,
            outcome = field::Empty,
            kind = field::Empty,
            elapsed_ms = field::Empty,
        );
        let call = self.inner.issue(hold);
        let (issued, (word, _)) = self.told(&span, call, words).await;
        let _inside = span.enter();
        if word == "unknown" {
            warn!("booking ended, and it may be booked");
        } else {
            info!("booking ended");
        }
        issued
    }
}
