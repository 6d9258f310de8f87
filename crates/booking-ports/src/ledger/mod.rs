//! The port: a durable memory of every reference, so that nothing is held twice and nothing lost.

mod booking;
mod case;
mod error;
mod fact;
mod feed;
mod listing;
mod memory;
mod memory_feed;
mod memory_list;
mod outline;
mod record;
mod right;
mod rules;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, PartnerReference, SeatHold};

pub use booking::{Booking, BookingBegun, BookingOutcome, BookingPermit};
pub use case::HoldCase;
pub use error::LedgerError;
pub use fact::{Entry, Evidence, Fact, Finding, Source, may_be_sent_until};
pub use feed::{Change, FeedPosition, HoldFeed};
pub use listing::{DamagedRecord, Listed, Listing, Page, Which};
pub use memory::MemoryHoldLedger;
pub use outline::{LegOutline, OrderOutline};
pub use record::HoldRecord;
pub use right::{Begun, Claim, SendPermit};

use crate::block_error::BlockError;

/// Remembers what was intended, sent, answered and found out, under each reference.
///
/// # The contract
///
/// 1. **Durable before the answer.** What a method has written survives the end of the process,
///    and of the machine, once the method has returned.
/// 2. **One sender.** Of all callers, threads, processes and machines that begin one reference at
///    the same time, one gets [`Begun::Send`].
/// 3. **Nothing is overwritten.** Every change and every piece of evidence is an appended
///    [`Entry`]; the [`HoldRecord`] is what follows from the entries and from nothing else.
/// 4. **A dead sender is no proof.** What was marked as sent and never ended is *unknown* for ever
///    after, until evidence settles it.
/// 5. **Late answers count as evidence.** A sender that was given up may send no more, but what it
///    learns is still recorded.
/// 6. **The same order, the same reference.** Another order under it is a [`Begun::Conflict`],
///    and so is another tenant's; also after the order's personal data was shredded.
/// 7. **No personal value** in records, entries and errors; only [`HoldLedger::order`] and
///    [`HoldLedger::disclose`] give it.
///
/// The feature `conformance` has one test per promise for any ledger.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use booking_domain::{HoldState, OrderDraft};
/// use booking_ports::{Begun, HoldLedger, MemoryHoldLedger, SystemClock};
/// use time::macros::date;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let ledger = MemoryHoldLedger::new(Arc::new(SystemClock::default()));
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// let minute = Duration::from_secs(60);
/// assert!(matches!(ledger.begin(&order, minute).await, Ok(Begun::Send(_))));
/// // Until that sender has ended, nobody else may send.
/// assert!(matches!(ledger.begin(&order, minute).await, Ok(Begun::Busy { .. })));
/// # }
/// ```
#[async_trait]
pub trait HoldLedger: Send + Sync {
    /// Makes intent and sending mark of `order` durable, in one step, for a sender that will have
    /// ended within `lease`; or tells why this caller must not send.
    ///
    /// A reference whose latest attempt provably never left is begun again, as its next attempt.
    /// One whose sender has let its lease pass is given up, and so *unknown*.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: nothing may be sent.
    async fn begin(&self, order: &BlockOrder, lease: Duration) -> Result<Begun, LedgerError>;

    /// Records how the attempt of `permit` ended, and ends its lease.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: the outcome is not durable, so it must not be told.
    async fn end(&self, permit: &SendPermit, outcome: &Outcome) -> Result<HoldRecord, LedgerError>;

    /// Takes a reference that waits to be settled for one resolver that will have ended within
    /// `lease`; `None` where there is nothing to settle, or another is at it. What a dead sender
    /// left becomes unknown here.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    async fn claim(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<Option<Claim>, LedgerError>;

    /// Makes the mark of one more attempt durable, under a reference that `claim` holds.
    ///
    /// # Errors
    ///
    /// [`LedgerError`], [`LedgerError::Fenced`] where the claim was taken over: nothing may be
    /// sent.
    async fn repeat(&self, claim: &Claim) -> Result<SendPermit, LedgerError>;

    /// Gives a claim back before its lease ends.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    async fn release(&self, claim: &Claim) -> Result<(), LedgerError>;

    /// Appends what was found out about a reference, whoever found it. That time has passed ends no
    /// hold before its deadline: whoever says so looked before it was held, and nothing is appended.
    ///
    /// # Errors
    ///
    /// [`LedgerError`], [`LedgerError::NotFound`].
    async fn learn(
        &self,
        reference: &PartnerReference,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError>;

    /// Appends what the holder of `claim` concludes from what is *not* found, such as that nothing can be
    /// held any more: it is true of what that resolver knows of alone. As [`HoldLedger::learn`] else.
    ///
    /// # Errors
    ///
    /// [`LedgerError`], [`LedgerError::Fenced`] where the claim was taken over, since who took it may have
    /// sent the order anew, or where it has turned out meanwhile that something is held: how a sending
    /// ended is written without a claim. Nothing is appended then.
    async fn conclude(&self, claim: &Claim, evidence: &Evidence)
    -> Result<HoldRecord, LedgerError>;

    /// Makes the mark of a booking durable, for a sender that will have ended within `lease`; or
    /// tells why this caller must not book. What is booked and has its codes is never booked again.
    ///
    /// # Errors
    ///
    /// [`LedgerError`], [`LedgerError::NotFound`]: nothing may be sent.
    async fn begin_booking(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<BookingBegun, LedgerError>;

    /// Records how the booking of `permit` ended, and ends its lease. A booking that may have
    /// happened keeps the reference [unsettled](HoldRecord::is_unsettled), past its deadline too,
    /// until the provider's transaction or an operator says what became of it.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: the outcome is not durable, so it must not be told.
    async fn end_booking(
        &self,
        permit: &BookingPermit,
        outcome: &BookingOutcome,
    ) -> Result<HoldRecord, LedgerError>;

    /// Where a reference stands; `None` where it was never begun.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    async fn find(&self, reference: &PartnerReference) -> Result<Option<HoldRecord>, LedgerError>;

    /// Every entry of a reference, oldest first; empty where it was never begun.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    async fn story(&self, reference: &PartnerReference) -> Result<Vec<Entry>, LedgerError>;

    /// One page of records. The next one goes on rightly even where the last record of this one
    /// has left the list meanwhile. One that cannot be read is told as such, and keeps no other from
    /// being listed.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    async fn list(&self, listing: &Listing, page: Page) -> Result<Listed, LedgerError>;

    /// The order of a reference; `None` where it is not kept: shredded, or never stored for want
    /// of a key.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    async fn order(&self, reference: &PartnerReference) -> Result<Option<BlockOrder>, LedgerError>;

    /// The order of a reference, for a person to read: as [`order`](Self::order), but that it was
    /// disclosed stands in the story, durably, before it is given. `by` says to whom and why; it is
    /// kept as [`Fact::disclosed`] makes it. Where there is no order to give, nothing is written.
    ///
    /// # Errors
    ///
    /// [`LedgerError`], [`LedgerError::NotFound`]: nothing is given.
    async fn disclose(
        &self,
        reference: &PartnerReference,
        by: &str,
    ) -> Result<Option<BlockOrder>, LedgerError>;

    /// Destroys the personal data of a reference, so that no byte of it can be read again.
    ///
    /// # Errors
    ///
    /// [`LedgerError`], [`LedgerError::Unsettled`] where it may still be needed.
    async fn shred(&self, reference: &PartnerReference) -> Result<(), LedgerError>;
}

/// How one attempt ended.
///
/// ```
/// use booking_domain::PartnerReference;
/// use booking_ports::{NotSent, NotSentKind, Outcome};
///
/// let reference = PartnerReference::new("1238").unwrap();
/// let outcome: Outcome = Err(NotSent::new(reference, NotSentKind::Tls, "unknown issuer").into());
/// assert!(outcome.is_err());
/// ```
pub type Outcome = Result<SeatHold, BlockError>;

macro_rules! through_pointer {
    ($pointer:ident) => {
        #[async_trait]
        impl<T: HoldLedger + ?Sized> HoldLedger for $pointer<T> {
            async fn begin(
                &self,
                order: &BlockOrder,
                lease: Duration,
            ) -> Result<Begun, LedgerError> {
                T::begin(self, order, lease).await
            }
            async fn end(
                &self,
                permit: &SendPermit,
                outcome: &Outcome,
            ) -> Result<HoldRecord, LedgerError> {
                T::end(self, permit, outcome).await
            }
            async fn claim(
                &self,
                reference: &PartnerReference,
                lease: Duration,
            ) -> Result<Option<Claim>, LedgerError> {
                T::claim(self, reference, lease).await
            }
            async fn repeat(&self, claim: &Claim) -> Result<SendPermit, LedgerError> {
                T::repeat(self, claim).await
            }
            async fn release(&self, claim: &Claim) -> Result<(), LedgerError> {
                T::release(self, claim).await
            }
            async fn learn(
                &self,
                reference: &PartnerReference,
                evidence: &Evidence,
            ) -> Result<HoldRecord, LedgerError> {
                T::learn(self, reference, evidence).await
            }
            async fn conclude(
                &self,
                claim: &Claim,
                evidence: &Evidence,
            ) -> Result<HoldRecord, LedgerError> {
                T::conclude(self, claim, evidence).await
            }
            async fn begin_booking(
                &self,
                reference: &PartnerReference,
                lease: Duration,
            ) -> Result<BookingBegun, LedgerError> {
                T::begin_booking(self, reference, lease).await
            }
            async fn end_booking(
                &self,
                permit: &BookingPermit,
                outcome: &BookingOutcome,
            ) -> Result<HoldRecord, LedgerError> {
                T::end_booking(self, permit, outcome).await
            }
            async fn find(
                &self,
                reference: &PartnerReference,
            ) -> Result<Option<HoldRecord>, LedgerError> {
                T::find(self, reference).await
            }
            async fn story(&self, reference: &PartnerReference) -> Result<Vec<Entry>, LedgerError> {
                T::story(self, reference).await
            }
            async fn list(&self, listing: &Listing, page: Page) -> Result<Listed, LedgerError> {
                T::list(self, listing, page).await
            }
            async fn order(
                &self,
                reference: &PartnerReference,
            ) -> Result<Option<BlockOrder>, LedgerError> {
                T::order(self, reference).await
            }
            async fn disclose(
                &self,
                reference: &PartnerReference,
                by: &str,
            ) -> Result<Option<BlockOrder>, LedgerError> {
                T::disclose(self, reference, by).await
            }
            async fn shred(&self, reference: &PartnerReference) -> Result<(), LedgerError> {
                T::shred(self, reference).await
            }
        }
    };
}
through_pointer!(Arc);
through_pointer!(Box);
