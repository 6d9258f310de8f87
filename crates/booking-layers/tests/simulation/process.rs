//! A process: a runtime of its own, whose end leaves whatever was under way where it was.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::{BlockOrder, PartnerReference};
use booking_layers::{Recorded, Resolver, ResolverBounds};
use booking_ports::{ManualClock, MemoryHoldLedger, Outcome, SeatBlocker};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::klikoo::Klikoo;

/// How long a sender may take before it is given up.
const LEASE: Duration = Duration::from_mins(1);

pub(crate) struct Process {
    runtime: Runtime,
    blocker: Arc<dyn SeatBlocker>,
    resolver: Resolver,
    answers: Vec<(PartnerReference, JoinHandle<Outcome>)>,
}

impl Process {
    pub(crate) fn start(
        clock: &ManualClock,
        ledger: &Arc<MemoryHoldLedger>,
        klikoo: &Klikoo,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let clock = Arc::new(clock.clone());
        let blocker = Recorded::new(klikoo.clone(), ledger.clone(), clock.clone(), LEASE);
        let resolver = Resolver::new(
            ledger.clone(),
            Arc::new(klikoo.clone()),
            Arc::new(klikoo.clone()),
            clock,
            ResolverBounds::default(),
        );
        Self {
            runtime,
            blocker: Arc::new(blocker),
            resolver,
            answers: Vec::new(),
        }
    }

    /// Begins to block `order`.
    pub(crate) fn block(&mut self, order: &BlockOrder) {
        let (blocker, order) = (Arc::clone(&self.blocker), order.clone());
        let reference = order.reference().clone();
        let task = self
            .runtime
            .spawn(async move { blocker.block(&order).await });
        self.answers.push((reference, task));
    }

    /// Begins to settle `reference`.
    pub(crate) fn settle(&mut self, reference: &PartnerReference) {
        let (resolver, reference) = (self.resolver.clone(), reference.clone());
        self.runtime.spawn(async move {
            let _ = resolver.settle(&reference).await;
        });
    }

    /// Lets everything go on by `steps` small steps, and gives the answers that are there.
    pub(crate) fn go_on(&mut self, steps: u32) -> Vec<(PartnerReference, Outcome)> {
        self.runtime.block_on(async {
            for _ in 0..steps {
                tokio::task::yield_now().await;
            }
        });
        let mut answered = Vec::new();
        let runtime = &self.runtime;
        self.answers.retain_mut(|(reference, task)| {
            if !task.is_finished() {
                return true;
            }
            if let Ok(outcome) = runtime.block_on(task) {
                answered.push((reference.clone(), outcome));
            }
            false
        });
        answered
    }

    /// Ends at once, as by `kill -9`.
    pub(crate) fn crash(self) {
        self.runtime.shutdown_timeout(Duration::ZERO);
    }
}
