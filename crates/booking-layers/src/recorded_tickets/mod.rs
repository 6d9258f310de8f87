//! Every booking in a ledger.

mod ended;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{SeatHold, StatusMeaning};
use booking_ports::{
    BookingBegun, BookingOutcome, BookingPermit, Clock, Fact, HoldLedger, HoldRecord, Ticket,
    TicketError, TicketIssuer, TransactionInquiry, UnknownKind,
};
use tokio::sync::oneshot;
use tracing::Instrument as _;

use self::ended::{not_sent, unconfirmed, unknown, unwritable};
use crate::recorded::late;
use crate::resolver::ask_about_booking;
use crate::tasks::Tasks;

/// How often a hold is sent to be booked while nobody saw an end of any of these.
const SENDS_MAX: usize = 3;

/// Writes each booking into a [`HoldLedger`]: its mark before the first byte, its outcome before
/// the answer.
///
/// # What it promises
///
/// - **One ticket.** Of many callers one books; the others hear [`TicketError::Busy`]. A hold that
///   is booked is answered with its stored codes, and nothing is sent.
/// - **It asks before it repeats.** Where an earlier booking may have happened, the provider is
///   asked for the transaction first: one that is booked is only asked for its codes, and where nobody
///   can tell nothing is sent. One that waits is booked again, but not while the provider may still be
///   at the earlier booking (a lease since that began), and three times in all.
/// - **Nothing is sent that is not recorded, and nothing is told that is not durable**, as with
///   [`Recorded`](crate::Recorded): *not sent* where the ledger fails before, *unknown*
///   ([`UnknownKind::Unrecorded`]) where it fails after, and then the ledger is told the ticket with
///   its codes until it takes it.
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

    /// Gives the answer to `tell` as soon as it is certain, and ends when the outcome is durable.
    /// Nobody may be listening any more.
    async fn run(&self, hold: &SeatHold, tell: oneshot::Sender<BookingOutcome>) {
        let begun_at = self.clock.monotonic();
        let permit = match self.begin(hold).await {
            ControlFlow::Continue(permit) => permit,
            ControlFlow::Break(answer) => return drop(tell.send(answer)),
        };
        let outcome = self.book(hold, &permit, begun_at).await;
        let error = match self.ledger.end_booking(&permit, &outcome).await {
            Ok(record) => return drop(tell.send(record.booking.ticket.map_or(outcome, Ok))),
            Err(error) => error,
        };
        tracing::error!(reference = %hold.reference, %error, "a booking's outcome could not be recorded");
        let message = format!(
            "the provider has answered, but its answer could not be written down yet ({error}); \
             booking it again asks for its ticket"
        );
        drop(tell.send(Err(unknown(hold, UnknownKind::Unrecorded, message))));
        // The codes of a ticket are told once, and nobody else has them.
        let again = || self.ledger.end_booking(&permit, &outcome);
        late::insist(&hold.reference, permit.attempt, error, again).await;
    }

    /// Goes on with the permit to book, or breaks off with the answer.
    async fn begin(&self, hold: &SeatHold) -> ControlFlow<BookingOutcome, BookingPermit> {
        let error = match self.ledger.begin_booking(&hold.reference, self.lease).await {
            Ok(BookingBegun::Send(permit)) => return ControlFlow::Continue(*permit),
            Ok(BookingBegun::Recorded(record)) => match record.booking.ticket {
                Some(ticket) => return ControlFlow::Break(Ok(ticket)),
                None => TicketError::NotHeld {
                    reference: hold.reference.clone(),
                    transaction_id: hold.transaction_id.clone(),
                    state: record.state.name(),
                },
            },
            Ok(BookingBegun::Busy { left }) => TicketError::Busy {
                reference: hold.reference.clone(),
                transaction_id: hold.transaction_id.clone(),
                after: left,
            },
            Err(error) => {
                let message = format!("it could not be written down that it is booked ({error})");
                not_sent(hold, message, Some(error))
            }
        };
        ControlFlow::Break(Err(error))
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
                Ok((record, Some(StatusMeaning::Waiting))) => {
                    self.may_book_again(&record, permit).await?;
                }
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
                Err(error) => return Err(unwritable(&hold, error)),
            }
        }
        if self.clock.monotonic().saturating_sub(begun_at) >= self.lease / 2 {
            let message = "getting ready took half of its lease, so another caller may have taken over before it would have ended";
            return Err(not_sent(&hold, message.to_owned(), None));
        }
        self.send(hold).await
    }

    /// Whether a hold that waits, by the provider's word, may be booked beside the bookings whose end
    /// nobody saw. The provider may still be at one that came to it a moment ago.
    async fn may_book_again(
        &self,
        record: &HoldRecord,
        permit: &BookingPermit,
    ) -> Result<(), TicketError> {
        let is_open = |attempt: &u32| {
            *attempt != permit.attempt && record.booking.open_attempts.contains(attempt)
        };
        let sent = record.booking.open_attempts.iter().filter(|it| is_open(it));
        let sent = sent.count();
        if sent >= SENDS_MAX {
            let message = format!(
                "it was sent {sent} times, nobody saw an end, and the provider shows that it waits; somebody has to look"
            );
            return Err(unconfirmed(&permit.hold, message));
        }
        let story = self.ledger.story(&record.reference).await;
        let story = story.map_err(|error| unwritable(&permit.hold, error))?;
        let last = story
            .iter()
            .rev()
            .find(|entry| matches!(&entry.fact, Fact::Booking { attempt } if is_open(attempt)));
        let over = last.map(|entry| entry.at + self.lease);
        match over.map(|over| over - self.clock.now()) {
            Some(left) if left.is_positive() => {
                let message = format!(
                    "the provider may still be at an earlier booking; it can be booked again in {} s",
                    left.whole_seconds() + 1
                );
                Err(unconfirmed(&permit.hold, message))
            }
            _ => Ok(()),
        }
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
        let (tell, told) = oneshot::channel();
        let (layer, hold_to_book) = (self.clone(), hold.clone());
        let task = async move {
            let _running = running;
            layer.run(&hold_to_book, tell).await;
        };
        tokio::spawn(task.in_current_span());
        told.await.unwrap_or_else(|_never_told| {
            let message = "the program failed or ended while the booking was being recorded";
            Err(unknown(hold, UnknownKind::Interrupted, message.to_owned()))
        })
    }
}
