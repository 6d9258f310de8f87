//! The layers as a program stacks them, around an adapter whose attempts a test decides.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::BlockOrder;
use booking_layers::{
    Limit, Limits, Recorded, Resolver, ResolverBounds, Retry, RetryBudget, RetryPolicy, Traced,
};
use booking_ports::{BlockError, Outcome, SeatBlocker};
use klikoo_adapter::{KlikooClient, KlikooSeatBlocker, KlikooTransactions};
use klikoo_sandbox::{Fault, Rule};
use tokio::sync::Mutex;

use crate::kinds::Strike;
use crate::relay::{Authority, Relay};
use crate::toxic::Toxic;
use crate::worker::Worker;

/// What becomes of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nobody listens: *not sent*, so `Retry` makes the next.
    Refused,
    /// Cut before it is executed: *unknown*, so the resolver makes the next.
    Lost,
    /// The fault of the cell.
    Struck,
    /// Nothing.
    Calm,
}

/// The adapter, with a fate for each attempt; what comes after them is calm.
pub(crate) struct Fated {
    worker: Arc<Worker>,
    fates: Vec<Fate>,
    made: AtomicUsize,
    struck: KlikooSeatBlocker,
    strike: Strike,
    relay: Mutex<Relay>,
}

impl Fated {
    pub(crate) fn new(
        worker: &Arc<Worker>,
        fates: &[Fate],
        (client, strike, relay): (&KlikooClient, Strike, Relay),
    ) -> Self {
        Self {
            worker: Arc::clone(worker),
            fates: fates.to_vec(),
            made: AtomicUsize::new(0),
            struck: KlikooSeatBlocker::new(client.clone()),
            strike,
            relay: Mutex::new(relay),
        }
    }

    async fn struck(&self, order: &BlockOrder) -> Outcome {
        let mut relay = self.relay.lock().await;
        let rule = |fault: &Fault| Rule::new(fault.clone()).path("block-seat");
        match &self.strike {
            Strike::Sandbox(fault) => self.worker.sandbox.add_fault(rule(fault).nth(1)),
            Strike::SandboxAlways(fault) => self.worker.sandbox.add_fault(rule(fault)),
            Strike::Wire(toxic) => relay.set(*toxic),
            Strike::Refused => relay.refuse().await,
            Strike::Unanswered => relay.be_deaf().await,
            Strike::IdleEnd => relay.end_connections().await,
            Strike::Untrusted => relay.show(&Authority::new()).await,
            Strike::Plain => relay.speak_plainly().await,
        }
        let outcome = self.struck.block(order).await;
        relay.set(Toxic::Clear);
        self.worker.sandbox.clear_faults();
        outcome
    }
}

#[async_trait]
impl SeatBlocker for Fated {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let calm = |client: &KlikooClient| KlikooSeatBlocker::new(client.clone());
        let made = self.made.fetch_add(1, Ordering::SeqCst);
        match self.fates.get(made).copied().unwrap_or(Fate::Calm) {
            Fate::Refused => calm(&self.worker.refused).block(order).await,
            Fate::Lost => {
                let lost = Rule::new(Fault::CutBeforeExecuting).path("block-seat");
                self.worker.sandbox.add_fault(lost.nth(1));
                let outcome = calm(&self.worker.calm).block(order).await;
                self.worker.sandbox.clear_faults();
                outcome
            }
            Fate::Struck => self.struck(order).await,
            Fate::Calm => calm(&self.worker.calm).block(order).await,
        }
    }
}

/// What a program has at hand.
pub(crate) struct Stack {
    blocker: Arc<dyn SeatBlocker>,
    pub(crate) resolver: Resolver,
    worker: Arc<Worker>,
}

impl Stack {
    pub(crate) fn around(fated: Fated) -> Self {
        let worker = Arc::clone(&fated.worker);
        let (adapter, clock) = (Arc::new(fated), worker.clock.clone());
        let recorded = Recorded::new(
            Arc::clone(&adapter),
            worker.ledger.holds.clone(),
            clock.clone(),
            Duration::from_mins(2),
        );
        let limits = Limits {
            in_flight: NonZeroU32::new(8).unwrap(),
            per_second: NonZeroU32::new(100).unwrap(),
        };
        let policy = RetryPolicy {
            first_wait: Duration::from_millis(1),
            ..RetryPolicy::default()
        };
        let limited = Limit::new(recorded, limits, clock.clone());
        let retried = Retry::new(limited, policy, RetryBudget::default(), 7);
        let resolver = Resolver::new(
            worker.ledger.holds.clone(),
            Arc::new(KlikooTransactions::new(worker.calm.clone())),
            adapter,
            clock.clone(),
            ResolverBounds::default(),
        );
        Self {
            blocker: Arc::new(Traced::new(retried, clock)),
            resolver,
            worker,
        }
    }

    /// As `seatblock block` does: what an earlier call left unknown is settled first.
    pub(crate) async fn block(&self, order: &BlockOrder) -> Outcome {
        let known = self.worker.ledger.holds.find(order.reference()).await;
        let outcome = self.blocker.block(order).await;
        if known.unwrap().is_none() || !matches!(outcome, Err(BlockError::Unknown(_))) {
            return outcome;
        }
        let record = self.resolver.settle_order(order).await.unwrap();
        record.answer(self.worker.clock.now()).unwrap_or(outcome)
    }
}
