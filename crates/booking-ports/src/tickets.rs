//! The port: turn a hold into a ticket.

mod error;
mod ticket;

use std::sync::Arc;

use async_trait::async_trait;
use booking_domain::SeatHold;

pub use error::TicketError;
pub use ticket::{BookingCode, BookingCodes, Ticket};

/// Books what is held.
///
/// # The contract
///
/// 1. `Ok` means that the provider said, of this very transaction, that it is booked; the codes are
///    its codes.
/// 2. **What is known is told apart.** [`TicketError::Unknown`] may be booked; every other error is
///    proof that *this attempt* booked nothing, and proves nothing about an earlier attempt that
///    ended unknown. A timeout, a cut connection, a provider's failure, an unreadable success are
///    `Unknown`.
/// 3. **Not too late.** Nothing is sent where less than a safety margin is left until the deadline,
///    by any clock that is known. A deadline that is not stated allows nothing by itself: the
///    provider is asked within the same call, and only a transaction that it shows as waiting, or
///    as booked, is booked.
/// 4. **Booking twice is booking once.** A booked hold, booked again, is answered with the codes
///    that it has, where the provider tells them; there is never a second ticket. A hold whose
///    status says that it is booked is therefore not held up by its deadline.
/// 5. **One call is one attempt**, as for [`SeatBlocker`](crate::SeatBlocker).
/// 6. Reference and transaction id travel with every error; no secret and no personal value does.
///
/// After `Unknown`, ask a [`TransactionInquiry`](crate::TransactionInquiry) for the transaction. If
/// it is booked, issue again with that status, for the codes; if it waits, issue again.
///
/// ```
/// use booking_domain::SeatHold;
/// use booking_ports::{TicketError, TicketIssuer};
///
/// async fn code(issuer: &dyn TicketIssuer, hold: &SeatHold) -> Result<String, TicketError> {
///     Ok(issuer.issue(hold).await?.booking_codes.departure.to_string())
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait TicketIssuer: Send + Sync {
    /// Books `hold`, or tells the codes of the ticket that it already is.
    ///
    /// # Errors
    ///
    /// [`TicketError`], by what is known.
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError>;
}

#[async_trait]
impl<T: TicketIssuer + ?Sized> TicketIssuer for Arc<T> {
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError> {
        T::issue(self, hold).await
    }
}

#[async_trait]
impl<T: TicketIssuer + ?Sized> TicketIssuer for Box<T> {
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError> {
        T::issue(self, hold).await
    }
}
