//! What an earlier call left unknown is looked into when its order comes again.

use std::sync::Arc;

use async_trait::async_trait;
use booking_domain::{BlockOrder, to_millisecond};
use booking_ports::{BlockError, Clock, HoldLedger, Outcome, SeatBlocker, UnknownKind};

use crate::resolver::Resolver;

/// Settles, as far as it can be now, what an earlier call left unknown under the reference of an
/// order that comes again, and answers what then stands. A first call is left as it is: a provider
/// that has just not answered is not asked at once.
///
/// # Where it belongs
///
/// Right around [`Recorded`](crate::Recorded), whose ledger it reads: the resolver needs what was
/// written down.
///
/// ```
/// use std::sync::Arc;
/// use booking_layers::{Recorded, Resolver, Settled};
/// use booking_ports::{Clock, HoldLedger, SeatBlocker};
///
/// fn stack<B: SeatBlocker + 'static>(
///     recorded: Recorded<B>,
///     ledger: Arc<dyn HoldLedger>,
///     resolver: Resolver,
///     clock: Arc<dyn Clock>,
/// ) -> impl SeatBlocker {
///     Settled::new(recorded, ledger, resolver, clock)
/// }
/// ```
#[derive(Clone)]
pub struct Settled<B> {
    blocker: B,
    ledger: Arc<dyn HoldLedger>,
    resolver: Resolver,
    clock: Arc<dyn Clock>,
}

impl<B> Settled<B> {
    /// Settles with `resolver` what `blocker` answers from `ledger` as unknown.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_layers::{Resolver, Settled};
    /// # use booking_ports::{Clock, HoldLedger, SeatBlocker};
    /// # fn make<B>(b: B, ledger: Arc<dyn HoldLedger>, resolver: Resolver, clock: Arc<dyn Clock>) -> Settled<B> {
    /// Settled::new(b, ledger, resolver, clock)
    /// # }
    /// ```
    #[must_use]
    pub fn new(
        blocker: B,
        ledger: Arc<dyn HoldLedger>,
        resolver: Resolver,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            blocker,
            ledger,
            resolver,
            clock,
        }
    }
}

#[async_trait]
impl<B: SeatBlocker> SeatBlocker for Settled<B> {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let reference = order.reference();
        // To the millisecond, as ledgers keep it: else a first call would look like an earlier one.
        let before = to_millisecond(self.clock.now());
        let outcome = self.blocker.block(order).await;
        let Err(BlockError::Unknown(unknown)) = &outcome else {
            return outcome;
        };
        // That the ledger answered, and not with a conflict, says that it is the same order. Where
        // it did not, or not to the end, this may be another one.
        if matches!(
            unknown.kind,
            UnknownKind::Unrecorded | UnknownKind::Interrupted
        ) {
            return outcome;
        }
        match self.ledger.find(reference).await {
            Ok(Some(record)) if record.begun_at < before && record.is_unsettled() => {}
            _ => return outcome,
        }
        // In a place of its own: it is seldom needed, and as large as all the rest.
        match Box::pin(self.resolver.settle_order(order)).await {
            Ok(record) => record.answer(self.clock.now()).unwrap_or(outcome),
            Err(error) => {
                tracing::warn!(%reference, %error, "could not be settled");
                outcome
            }
        }
    }
}
