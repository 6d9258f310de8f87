//! Every booking in a ledger.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{SeatHold, StatusMeaning};
use booking_ports::{
    BookingBegun, BookingOutcome, BookingPermit, Clock, HoldLedger, LedgerError, NotSentKind,
    Ticket, TicketError, TicketIssuer, TransactionInquiry, UnknownKind,
};
use tracing::Instrument as _;

use crate::resolver::ask_about_booking;
use crate::tasks::Tasks;

/// Writes each booking into a [`HoldLedger`]: its mark before the first byte, its outcome before
/// the answer.
///
/// # What it promises
///
/// - **One ticket.** Of many callers one books; the others hear [`TicketError::Busy`]. A hold that
///   is booked is answered with its stored codes, and nothing is sent.
/// - **It asks before it repeats.** Where an earlier booking may have happened, the provider is
///   asked for the transaction first: one that is booked is only asked for its codes, one that
///   waits is booked again, and where nobody can tell nothing is sent.
/// - **Nothing is sent that is not recorded, and nothing is told that is not durable**, as with
///   [`Recorded`](crate::Recorded): *not sent* where the ledger fails before, *unknown*
///   ([`UnknownKind::Unrecorded`]) where it fails after.
/// - **The work goes on without its caller.**
/// - **The ledger knows the hold.** What is booked is what the ledger holds under the reference;
///   a hold of another transaction is refused ([`TicketError::Unconfirmed`]).
///
/// # Where it belongs
///
/// Right around the adapter, as [`Recorded`](crate::Recorded): one attempt, one mark.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use booking_domain::SeatHold;
/// use booking_layers::RecordedTickets;
/// use booking_ports::{
///     Clock, HoldLedger, Ticket, TicketError, TicketIssuer, TransactionInquiry,
/// };
///
/// async fn book(
///     adapter: Arc<dyn TicketIssuer>,
///     inquiry: Arc<dyn TransactionInquiry>,
///     ledger: Arc<dyn HoldLedger>,
///     clock: Arc<dyn Clock>,
///     hold: &SeatHold,
/// ) -> Result<Ticket, TicketError> {
///     let lease = Duration::from_secs(120); // twice what asking and booking take
///     RecordedTickets::new(adapter, inquiry, ledger, clock, lease).issue(hold).await
/// }
/// ```
#[derive(Clone)]
pub struct RecordedTickets {
    issuer: Arc<dyn TicketIssuer>,
    inquiry: Arc<dyn TransactionInquiry>,
    ledger: Arc<dyn HoldLedger>,
    clock: Arc<dyn Clock>,
    lease: Duration,
    tasks: Arc<Tasks>,
}

impl RecordedTickets {
    /// Records what `issuer` does in `ledger`, by `clock`. `lease` is how long a booking keeps its
    /// reference to itself; it must be at least twice what asking and booking take together, since a
    /// booking is sent in the first half of it or not at all.
    ///
    /// ```
    /// # use std::{sync::Arc, time::Duration};
    /// # use booking_layers::RecordedTickets;
    /// # use booking_ports::{HoldLedger, SystemClock, TicketIssuer, TransactionInquiry};
    /// # fn layer(adapter: Arc<dyn TicketIssuer>, inquiry: Arc<dyn TransactionInquiry>, ledger: Arc<dyn HoldLedger>) -> RecordedTickets {
    /// let clock = Arc::new(SystemClock::default());
    /// RecordedTickets::new(adapter, inquiry, ledger, clock, Duration::from_secs(120))
    /// # }
    /// ```
    #[must_use]
    pub fn new(
        issuer: Arc<dyn TicketIssuer>,
        inquiry: Arc<dyn TransactionInquiry>,
        ledger: Arc<dyn HoldLedger>,
        clock: Arc<dyn Clock>,
        lease: Duration,
    ) -> Self {
        Self {
            issuer,
            inquiry,
            ledger,
            clock,
            lease,
            tasks: Arc::new(Tasks::new()),
        }
    }

    /// Takes no more bookings, waits for what is under way, and tells how many have no durable
    /// outcome when `grace` is over: as [`Recorded::drain`](crate::Recorded::drain).
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use booking_layers::RecordedTickets;
    /// async fn end(tickets: RecordedTickets) -> usize {
    ///     tickets.drain(Duration::from_secs(20)).await
    /// }
    /// ```
    pub async fn drain(&self, grace: Duration) -> usize {
        self.tasks.drain(grace).await
    }

    async fn run(&self, hold: &SeatHold) -> BookingOutcome {
        let begun_at = self.clock.monotonic();
        let permit = match self.ledger.begin_booking(&hold.reference, self.lease).await {
            Ok(BookingBegun::Send(permit)) => permit,
            Ok(BookingBegun::Recorded(record)) => {
                return record.booking.ticket.ok_or_else(|| TicketError::NotHeld {
                    reference: hold.reference.clone(),
                    transaction_id: hold.transaction_id.clone(),
                    state: record.state.name(),
                });
            }
            Ok(BookingBegun::Busy { left }) => {
                return Err(TicketError::Busy {
                    reference: hold.reference.clone(),
                    transaction_id: hold.transaction_id.clone(),
                    after: left,
                });
            }
            Err(error) => {
                let message = format!("it could not be written down that it is booked ({error})");
                return Err(not_sent(hold, message, Some(error)));
            }
        };
        let outcome = self.book(hold, &permit, begun_at).await;
        match self.ledger.end_booking(&permit, &outcome).await {
            Ok(record) => match record.booking.ticket {
                Some(ticket) => Ok(ticket),
                None => outcome,
            },
            Err(error) => {
                tracing::error!(reference = %hold.reference, %error, "a booking's outcome could not be recorded");
                let message = format!(
                    "the provider has answered, but its answer could not be written down ({error}); \
                     booking it again asks the provider for its ticket"
                );
                Err(unknown(hold, UnknownKind::Unrecorded, message))
            }
        }
    }

    /// One attempt to book, under its mark.
    async fn book(
        &self,
        asked_for: &SeatHold,
        permit: &BookingPermit,
        begun_at: Duration,
    ) -> BookingOutcome {
        let mut hold = permit.hold.clone();
        if asked_for.transaction_id != hold.transaction_id {
            let message = format!("the ledger has transaction {}", hold.transaction_id);
            return Err(unconfirmed(asked_for, message));
        }
        if permit.may_be_booked {
            let asked = ask_about_booking(&*self.ledger, &*self.inquiry, &hold).await;
            match asked {
                Ok((_, Some(StatusMeaning::Waiting))) => {}
                Ok((record, Some(StatusMeaning::Booked))) => {
                    hold = record.hold().cloned().unwrap_or(hold);
                }
                Ok((record, _)) => {
                    let state = record.state.name();
                    let message = format!(
                        "an earlier booking may have happened, and the provider does not tell (it is {state})"
                    );
                    return Err(unconfirmed(&hold, message));
                }
                Err(error) => {
                    let message = format!("what is known could not be written down ({error})");
                    return Err(not_sent(&hold, message, Some(error)));
                }
            }
        }
        if self.clock.monotonic().saturating_sub(begun_at) >= self.lease / 2 {
            let message = "getting ready took half of its lease, so another caller may have taken over before it would have ended";
            return Err(not_sent(&hold, message.to_owned(), None));
        }
        self.send(hold).await
    }

    /// Sends in a task of its own, so that not even a panic loses what is known.
    async fn send(&self, hold: SeatHold) -> BookingOutcome {
        let (issuer, sent) = (Arc::clone(&self.issuer), hold.clone());
        let task = async move { issuer.issue(&sent).await };
        tokio::spawn(task.in_current_span())
            .await
            .unwrap_or_else(|_| {
                let message = "the program failed or ended while the hold was being booked";
                Err(unknown(&hold, UnknownKind::Interrupted, message.to_owned()))
            })
    }
}

#[async_trait]
impl TicketIssuer for RecordedTickets {
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError> {
        let Some(running) = self.tasks.enter() else {
            let message = "this program is ending and takes no more bookings";
            return Err(not_sent(hold, message.to_owned(), None));
        };
        let (layer, hold_to_book) = (self.clone(), hold.clone());
        let task = async move {
            let _running = running;
            layer.run(&hold_to_book).await
        };
        tokio::spawn(task.in_current_span())
            .await
            .unwrap_or_else(|_| {
                let message = "the program failed or ended while the booking was being recorded";
                Err(unknown(hold, UnknownKind::Interrupted, message.to_owned()))
            })
    }
}

fn not_sent(hold: &SeatHold, message: String, cause: Option<LedgerError>) -> TicketError {
    TicketError::NotSent {
        reference: hold.reference.clone(),
        transaction_id: hold.transaction_id.clone(),
        kind: NotSentKind::Unrecorded,
        message,
        retry_after: None,
        cause: cause.map(|error| Arc::new(error) as _),
    }
}

fn unconfirmed(hold: &SeatHold, message: String) -> TicketError {
    TicketError::Unconfirmed {
        reference: hold.reference.clone(),
        transaction_id: hold.transaction_id.clone(),
        message,
    }
}

fn unknown(hold: &SeatHold, kind: UnknownKind, message: String) -> TicketError {
    TicketError::Unknown {
        reference: hold.reference.clone(),
        transaction_id: hold.transaction_id.clone(),
        kind,
        message,
        retry_after: None,
        cause: None,
    }
}
