//! Settles what is unknown, by evidence only.

mod booking;
mod bounds;
mod judge;
mod passing;
mod sweep;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use booking_domain::{BlockOrder, PartnerReference, SeatHold, StatusMeaning};
use booking_ports::{
    BlockError, Claim, Clock, Entry, Evidence, Fact, Finding, HoldLedger, HoldRecord, LedgerError,
    NotSent, NotSentKind, Outcome, SeatBlocker, Source, TransactionInquiry, Unknown, UnknownKind,
};
use time::OffsetDateTime;

pub(crate) use booking::ask_about_booking;
pub use bounds::ResolverBounds;
pub use sweep::{Sweep, SweepProgress};

use self::judge::judge;
use crate::tasks::Tasks;

/// Finds out what became of references whose outcome is unknown.
///
/// In this order, each step recorded as evidence, and none after the one that settles:
///
/// 1. The provider's transactions are searched for the reference, and the one that is found is
///    asked for by its number. All that it shows has to match, or it is left to a person.
/// 2. The order is sent once more under the same reference, where the ledger still has it, where
///    no resolver has done so before, where that is not one sending too many, and once the time is
///    over for which the provider asked to wait (`Retry-After`). A hold answers
///    it; "reference used" says that the earlier sending arrived; a refusal says nothing, since a
///    seat that is taken may be taken by the earlier sending.
/// 3. Time: when no copy of the request can be accepted any more, and even the longest hold that
///    such a copy could have made is over.
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
    tasks: Arc<Tasks>,
    /// The number of the last record that a sweep came to before its time was over.
    go_on_after: Arc<AtomicU64>,
}

/// Whether an order may be sent once more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeat {
    Once,
    No,
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
            tasks: Arc::new(Tasks::new()),
            go_on_after: Arc::default(),
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
        self.settle_by(reference, None, Repeat::Once).await
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
        self.settle_by(order.reference(), Some(order), Repeat::Once)
            .await
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

    /// Looks into what somebody said of a reference, such as a provider's callback: records it as
    /// the hint that it is, asks the provider, and believes only what that answers. What is
    /// unsettled is settled as far as asking goes: nothing is sent because of a hint. Of a hold that is
    /// known its transaction is asked.
    ///
    /// Of what has ended nothing is recorded, unless the provider itself says that a hold which is over
    /// became a ticket: that is an alarm.
    ///
    /// # Errors
    ///
    /// As [`settle`](Self::settle).
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_layers::Resolver;
    /// # use booking_ports::LedgerError;
    /// async fn hint(resolver: &Resolver, reference: &PartnerReference) -> Result<(), LedgerError> {
    ///     resolver.look_again(reference, "a callback says SUCCESS").await.map(drop)
    /// }
    /// ```
    pub async fn look_again(
        &self,
        reference: &PartnerReference,
        hint: &str,
    ) -> Result<HoldRecord, LedgerError> {
        let Some(record) = self.ledger.find(reference).await? else {
            return Err(LedgerError::NotFound {
                reference: reference.clone(),
            });
        };
        let message = hint.to_owned();
        let hint = Finding::Nothing { message };
        if record.is_unsettled() {
            self.learn(&record, Source::Callback, hint).await?;
            return self.settle_by(reference, None, Repeat::No).await;
        }
        let Some(hold) = record.hold() else {
            return Ok(record);
        };
        if record.has_ended() {
            return self.look_at_ended(record.clone(), hold).await;
        }
        self.learn(&record, Source::Callback, hint).await?;
        Ok(ask_about_booking(&*self.ledger, &*self.inquiry, hold)
            .await?
            .0)
    }

    /// What has ended stays so, and its story too, unless the provider itself says otherwise.
    async fn look_at_ended(
        &self,
        record: HoldRecord,
        hold: &SeatHold,
    ) -> Result<HoldRecord, LedgerError> {
        if record.state.name() == "booked" {
            return Ok(record);
        }
        match self.inquiry.by_id(&hold.transaction_id).await {
            Ok(Some(shown)) if shown.status.meaning() == StatusMeaning::Booked => {
                tracing::error!(reference = %record.reference, "a hold that is over is a ticket by the provider's word; somebody has to look");
                Ok(ask_about_booking(&*self.ledger, &*self.inquiry, hold)
                    .await?
                    .0)
            }
            _ => Ok(record),
        }
    }

    async fn settle_by(
        &self,
        reference: &PartnerReference,
        order: Option<&BlockOrder>,
        repeat: Repeat,
    ) -> Result<HoldRecord, LedgerError> {
        let begun = self.clock.monotonic();
        let Some(claim) = self.ledger.claim(reference, self.bounds.lease).await? else {
            return self
                .ledger
                .find(reference)
                .await?
                .ok_or_else(|| LedgerError::NotFound {
                    reference: reference.clone(),
                });
        };
        let settled = self.steps(&claim, order, repeat, begun).await;
        // Whatever failed: the next resolver need not wait for the lease.
        let released = self.ledger.release(&claim).await;
        let record = settled?;
        released?;
        Ok(record)
    }

    async fn steps(
        &self,
        claim: &Claim,
        order: Option<&BlockOrder>,
        repeat: Repeat,
        begun: Duration,
    ) -> Result<HoldRecord, LedgerError> {
        if !claim.record.awaits_answer()
            && let Some(hold) = claim.record.hold()
        {
            let asked = ask_about_booking(&*self.ledger, &*self.inquiry, hold).await?;
            return Ok(asked.0);
        }
        let mut record = self.ask(claim.record.clone()).await?;
        if record.is_unsettled() && repeat == Repeat::Once {
            record = self.send_once_more(claim, record, order, begun).await?;
        }
        if record.is_unsettled()
            && let Some(sent_at) = record.sent_at
            && self.clock.now() >= sent_at + self.bounds.over_after()
        {
            let message =
                "no copy can be accepted any more, and the longest hold has passed".to_owned();
            record = self
                .learn(&record, Source::Time, Finding::Over { message })
                .await?;
        }
        Ok(record)
    }

    /// Step 1: what do the provider's transactions say?
    async fn ask(&self, record: HoldRecord) -> Result<HoldRecord, LedgerError> {
        let since = record.begun_at - self.bounds.clock_difference;
        let over_at = record.sent_at.unwrap_or(record.begun_at) + self.bounds.over_after();
        let found = self.inquiry.by_reference(&record.reference, since).await;
        let (finding, id) = match found {
            Ok(transactions) => {
                let judged = judge(&record, &transactions, over_at);
                let adopts = matches!(judged.0, Finding::Held(_));
                if adopts && self.was_answered_otherwise(&record).await? {
                    tracing::error!(reference = %record.reference, "a transaction is not adopted, since a reply named another trip, seat or reference than was ordered");
                    let message = "a reply under this reference named something else than was ordered, which the transaction cannot take back; somebody has to look".to_owned();
                    (Finding::Nothing { message }, None)
                } else {
                    judged
                }
            }
            Err(error) => {
                let message = format!("the transactions could not be searched: {error}");
                (Finding::Nothing { message }, None)
            }
        };
        let Some(id) = id else {
            return self.learn(&record, Source::History, finding).await;
        };
        // Before anything is believed: the transaction shows more than the search does.
        let (finding, detail) = match self.inquiry.by_id(&id).await {
            Ok(Some(transaction)) => match judge(&record, &[transaction], over_at).0 {
                detail @ Finding::Held(_) => (finding, detail),
                detail => {
                    let message = format!("transaction {id} was found, and shows otherwise");
                    (Finding::Nothing { message }, detail)
                }
            },
            Ok(None) => {
                let message = format!("transaction {id}, which the search told of, is not known");
                (finding, Finding::Nothing { message })
            }
            Err(error) => {
                let message = format!("transaction {id} could not be asked for: {error}");
                (finding, Finding::Nothing { message })
            }
        };
        let record = self.learn(&record, Source::History, finding).await?;
        self.learn(&record, Source::Transaction, detail).await
    }

    /// Whether a success named something else than was ordered, seats perhaps. A transaction shows
    /// no seats, so it does not prove that all are held.
    async fn was_answered_otherwise(&self, record: &HoldRecord) -> Result<bool, LedgerError> {
        let story = self.ledger.story(&record.reference).await?;
        Ok(names_something_else(&story))
    }

    /// Step 2: one repeat under the same reference.
    async fn send_once_more(
        &self,
        claim: &Claim,
        record: HoldRecord,
        order: Option<&BlockOrder>,
        begun: Duration,
    ) -> Result<HoldRecord, LedgerError> {
        let story = self.ledger.story(&record.reference).await?;
        if record.attempts >= self.bounds.sends_max
            || repeats(&story) > 0
            || is_asked_to_wait(&story, self.clock.now())
            // What is held under the reference is not the order, and no repeat makes it so.
            || names_something_else(&story)
        {
            return Ok(record);
        }
        let stored = match order {
            Some(order) => Some(order.clone()),
            None => self
                .ledger
                .order(&record.reference)
                .await
                .unwrap_or_else(|error| {
                    // Sealed by another key, perhaps: it is not at hand, and nothing else is wrong.
                    tracing::warn!(reference = %record.reference, %error, "its order cannot be read");
                    None
                }),
        };
        let Some(order) = stored else {
            return Ok(record);
        };
        let Some(running) = self.tasks.enter() else {
            return Ok(record);
        };
        let permit = self.ledger.repeat(claim).await?;
        if self.clock.monotonic().saturating_sub(begun) >= self.bounds.lease {
            let message = "writing down the repeat took until the lease was over, so another sender may have taken over";
            let reference = permit.reference.clone();
            let late = NotSent::new(reference, NotSentKind::Unrecorded, message);
            return self.ledger.end(&permit, &Err(late.into())).await;
        }
        let (blocker, ledger) = (Arc::clone(&self.blocker), Arc::clone(&self.ledger));
        // On its own, so that the outcome is recorded whatever becomes of whoever asked.
        let sent = tokio::spawn(async move {
            let _running = running;
            let outcome = block(&*blocker, &order).await;
            ledger.end(&permit, &outcome).await
        });
        sent.await.unwrap_or_else(|_| {
            Err(LedgerError::Unavailable {
                message: "the repeat ended by an internal error".to_owned(),
                cause: None,
            })
        })
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

async fn block(blocker: &dyn SeatBlocker, order: &BlockOrder) -> Outcome {
    match blocker.block(order).await {
        // Neither is how a sending ends; a layer that answers so stands where the adapter belongs.
        Err(error @ (BlockError::Busy { .. } | BlockError::Conflict { .. })) => Err(Unknown::new(
            order.reference().clone(),
            UnknownKind::Unrecorded,
            error.to_string(),
        )
        .into()),
        outcome => outcome,
    }
}

/// How often something was sent after an earlier sending had become unknown.
fn repeats(story: &[Entry]) -> usize {
    story
        .iter()
        .skip_while(|entry| !became_unknown(&entry.fact))
        .filter(|entry| matches!(entry.fact, Fact::Sent { .. }))
        .count()
}

/// Whether a reply named another trip, other seats or another reference than was ordered.
fn names_something_else(story: &[Entry]) -> bool {
    story.iter().any(|entry| {
        matches!(
            &entry.fact,
            Fact::Ended {
                outcome: Err(BlockError::Unknown(unknown)),
                ..
            } if unknown.kind == UnknownKind::MismatchedReply
        )
    })
}

/// Whether the provider has asked to be left alone for longer than until `now`.
fn is_asked_to_wait(story: &[Entry], now: OffsetDateTime) -> bool {
    story.iter().any(|entry| match &entry.fact {
        Fact::Ended {
            outcome: Err(BlockError::Unknown(unknown)),
            ..
        } => unknown
            .retry_after
            .is_some_and(|wait| now < entry.at + wait),
        _ => false,
    })
}

fn became_unknown(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::SenderLost { .. }
            | Fact::Ended {
                outcome: Err(BlockError::Unknown(_)),
                ..
            }
    )
}
