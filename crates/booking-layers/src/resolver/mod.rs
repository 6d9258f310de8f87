//! Settles what is unknown, by evidence only.

mod asking;
mod booking;
mod bounds;
mod due;
mod hint;
mod judge;
mod passing;
mod repeating;
mod sweep;
mod told;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use booking_domain::{BlockOrder, PartnerReference, TransactionId};
use booking_ports::{
    Claim, Clock, Evidence, Finding, HoldLedger, HoldRecord, LedgerError, SeatBlocker, Source,
    TransactionInquiry,
};

pub(crate) use booking::ask_about_booking;
pub use bounds::ResolverBounds;
pub use sweep::{Sweep, SweepProgress};

use self::repeating::Repeat;
use crate::Spill;
use crate::tasks::Tasks;

/// Finds out what became of references whose outcome is unknown.
///
/// In this order, each step recorded as evidence, and none after the one that settles:
///
/// 1. The provider's transactions are searched for the reference, and the one that is found is
///    asked for by its number. All that it shows has to match, or it is left to a person.
/// 2. The order is sent once more under the same reference, where the ledger still has it, no resolver
///    has done so before, and that is not one sending too many; once the time is over for which the
///    provider asked to wait (`Retry-After`), and in which a sender that was lost from sight
///    [may still be at it](booking_ports::may_be_sent_until). A hold answers it; "reference used" says
///    that the earlier sending arrived; a refusal nothing, since the seat may be taken by that one.
/// 3. Time: when no copy of the request can be accepted any more, and even the longest hold that
///    such a copy could have made is over. Of a reference that was used before its first sending, which
///    may have become a ticket, the search has to have answered as well; and where the provider shows
///    something that does not match, a person has to look, however long that takes.
///
/// Of a hold whose *booking* may have happened it only asks for the transaction: booked, it is
/// known to be a ticket, and over, it is over; it books nothing itself.
///
/// It sends through `blocker`, which must be the bare adapter: the ledger is written here. It
/// stands beside the stack of layers, not in it.
///
/// ```
/// use std::sync::Arc;
/// use booking_domain::PartnerReference;
/// use booking_layers::{Resolver, ResolverBounds};
/// use booking_ports::{Clock, HoldLedger, LedgerError, SeatBlocker, TransactionInquiry};
///
/// async fn settle(
///     ledger: Arc<dyn HoldLedger>,
///     inquiry: Arc<dyn TransactionInquiry>,
///     blocker: Arc<dyn SeatBlocker>,
///     clock: Arc<dyn Clock>,
///     reference: &PartnerReference,
/// ) -> Result<bool, LedgerError> {
///     let resolver = Resolver::new(ledger, inquiry, blocker, clock, ResolverBounds::default());
///     let record = resolver.settle(reference).await?;
///     Ok(!record.is_unsettled())
/// }
/// ```
#[derive(Clone)]
pub struct Resolver {
    ledger: Arc<dyn HoldLedger>,
    inquiry: Arc<dyn TransactionInquiry>,
    blocker: Arc<dyn SeatBlocker>,
    clock: Arc<dyn Clock>,
    bounds: ResolverBounds,
    spill: Option<Arc<dyn Spill>>,
    tasks: Arc<Tasks>,
    /// The number of the last record that a sweep came to before its time was over.
    go_on_after: Arc<AtomicU64>,
}

/// What is at hand to settle with.
#[derive(Clone, Copy, Default)]
struct Hand<'a> {
    /// Else the ledger's, if it keeps it.
    order: Option<&'a BlockOrder>,
    repeat: Repeat,
    /// A transaction that somebody named who need not be believed.
    named: Option<&'a TransactionId>,
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver")
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}

impl Resolver {
    /// A resolver that asks `inquiry`, sends through `blocker` and writes to `ledger`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_layers::{Resolver, ResolverBounds};
    /// # use booking_ports::{MemoryHoldLedger, MemorySeatBlocker, SystemClock, TransactionInquiry};
    /// fn resolver(inquiry: Arc<dyn TransactionInquiry>) -> Resolver {
    ///     let clock = Arc::new(SystemClock::default());
    ///     let ledger = Arc::new(MemoryHoldLedger::new(clock.clone()));
    ///     let blocker = Arc::new(MemorySeatBlocker::new(clock.clone()));
    ///     Resolver::new(ledger, inquiry, blocker, clock, ResolverBounds::default())
    /// }
    /// ```
    #[must_use]
    pub fn new(
        ledger: Arc<dyn HoldLedger>,
        inquiry: Arc<dyn TransactionInquiry>,
        blocker: Arc<dyn SeatBlocker>,
        clock: Arc<dyn Clock>,
        bounds: ResolverBounds,
    ) -> Self {
        Self {
            ledger,
            inquiry,
            blocker,
            clock,
            bounds,
            spill: None,
            tasks: Arc::new(Tasks::new()),
            go_on_after: Arc::default(),
        }
    }

    /// Keeps in `spill` how a repeat ended that the ledger would not take, as
    /// [`Recorded::with_spill`](crate::Recorded::with_spill) does.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_layers::{FileSpill, Resolver};
    /// fn kept(resolver: Resolver) -> Resolver {
    ///     resolver.with_spill(Arc::new(FileSpill::new("holds.spill.jsonl")))
    /// }
    /// ```
    #[must_use]
    pub fn with_spill(self, spill: Arc<dyn Spill>) -> Self {
        Self {
            spill: Some(spill),
            ..self
        }
    }

    /// Sends nothing more, waits for what it has sent, and tells how many repeats have no durable
    /// outcome when `grace` is over: as [`Recorded::drain`](crate::Recorded::drain). It still asks and
    /// records. Clones share it.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use booking_layers::Resolver;
    /// async fn end(resolver: Resolver) -> usize {
    ///     resolver.drain(Duration::from_secs(20)).await
    /// }
    /// ```
    pub async fn drain(&self, grace: Duration) -> usize {
        self.tasks.drain(grace).await
    }

    /// Takes every step that can be taken now, and tells where the reference then stands. One that
    /// needs no settling, or that another resolver or sender is at, is left as it is.
    ///
    /// # Errors
    ///
    /// [`LedgerError`], [`LedgerError::NotFound`] for a reference that was never begun. What was
    /// found out before is recorded.
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_layers::Resolver;
    /// # use booking_ports::LedgerError;
    /// async fn state(resolver: &Resolver, reference: &PartnerReference) -> Result<String, LedgerError> {
    ///     Ok(resolver.settle(reference).await?.state.name().to_owned())
    /// }
    /// ```
    pub async fn settle(&self, reference: &PartnerReference) -> Result<HoldRecord, LedgerError> {
        self.settle_by(reference, Hand::default()).await
    }

    /// As [`settle`](Self::settle), for a caller that has the order, which a ledger without a key
    /// has not. It must be the very order of its reference: of another one the ledger says
    /// [`Begun::Conflict`](booking_ports::Begun::Conflict), so ask that first.
    ///
    /// # Errors
    ///
    /// As [`settle`](Self::settle).
    ///
    /// ```
    /// # use booking_domain::BlockOrder;
    /// # use booking_layers::Resolver;
    /// # use booking_ports::LedgerError;
    /// async fn state(resolver: &Resolver, order: &BlockOrder) -> Result<String, LedgerError> {
    ///     Ok(resolver.settle_order(order).await?.state.name().to_owned())
    /// }
    /// ```
    pub async fn settle_order(&self, order: &BlockOrder) -> Result<HoldRecord, LedgerError> {
        let hand = Hand {
            order: Some(order),
            ..Hand::default()
        };
        self.settle_by(order.reference(), hand).await
    }

    /// The bounds by which it settles.
    ///
    /// ```
    /// # use booking_layers::Resolver;
    /// fn longest(resolver: &Resolver) -> std::time::Duration {
    ///     resolver.bounds().over_after()
    /// }
    /// ```
    #[must_use]
    pub fn bounds(&self) -> &ResolverBounds {
        &self.bounds
    }

    async fn settle_by(
        &self,
        reference: &PartnerReference,
        hand: Hand<'_>,
    ) -> Result<HoldRecord, LedgerError> {
        let begun = self.clock.monotonic();
        let Some(claim) = self.ledger.claim(reference, self.bounds.lease).await? else {
            let found = self.ledger.find(reference).await?;
            return found.ok_or_else(|| LedgerError::NotFound {
                reference: reference.clone(),
            });
        };
        let settled = self.steps(&claim, hand, begun).await;
        // Whatever failed: the next resolver need not wait for the lease.
        let released = self.ledger.release(&claim).await;
        let record = settled?;
        released?;
        Ok(record)
    }

    async fn steps(
        &self,
        claim: &Claim,
        hand: Hand<'_>,
        begun: Duration,
    ) -> Result<HoldRecord, LedgerError> {
        if !claim.record.awaits_answer()
            && let Some(hold) = claim.record.hold()
        {
            let asked = ask_about_booking(&*self.ledger, &*self.inquiry, hold).await;
            return asked.map(|(record, _)| record);
        }
        let asked = self.ask(claim.record.clone(), hand.named).await?;
        let mut record = asked.record;
        // What a person has to look at is neither sent beside, nor over by itself.
        if asked.is_doubtful {
            return Ok(record);
        }
        if record.is_unsettled() && hand.repeat == Repeat::Once {
            record = self
                .send_once_more(claim, record, hand.order, begun)
                .await?;
        }
        if record.awaits_answer()
            // Of an earlier use, which is of any age, the history tells or nobody.
            && (asked.is_searched || !record.used_before())
            && let Some(sent_at) = record.sent_at
            && self.clock.now() >= sent_at + self.bounds.over_after()
        {
            record = self.end_by_time(claim).await?;
        }
        Ok(record)
    }

    /// Step 3, unless what it is over for has changed: another resolver has taken over: it may have sent the order anew, and that is not
    /// over.
    async fn end_by_time(&self, claim: &Claim) -> Result<HoldRecord, LedgerError> {
        let reference = &claim.record.reference;
        let message = "no copy can be accepted any more, and the longest hold has passed";
        let evidence = Evidence {
            source: Source::Time,
            finding: Finding::Over {
                message: message.to_owned(),
            },
        };
        tracing::info!(%reference, %evidence, "evidence");
        match self.ledger.conclude(claim, &evidence).await {
            Err(LedgerError::Fenced { reference }) => {
                let found = self.ledger.find(&reference).await?;
                found.ok_or(LedgerError::NotFound { reference })
            }
            concluded => concluded,
        }
    }

    /// Whether half of a lease that `begun` then has passed: who comes next may be at work before what
    /// begins now has ended.
    fn is_late(&self, begun: Duration) -> bool {
        self.clock.monotonic().saturating_sub(begun) >= self.bounds.lease / 2
    }

    async fn learn(
        &self,
        record: &HoldRecord,
        source: Source,
        finding: Finding,
    ) -> Result<HoldRecord, LedgerError> {
        let evidence = Evidence { source, finding };
        tracing::info!(reference = %record.reference, %evidence, "evidence");
        self.ledger.learn(&record.reference, &evidence).await
    }
}
