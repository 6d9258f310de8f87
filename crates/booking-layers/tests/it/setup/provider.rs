//! Providers that answer as a test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use booking_domain::BlockOrder;
use booking_ports::{Outcome, SeatBlocker};
use tokio::sync::Semaphore;

type Script = Box<dyn Fn(&BlockOrder, usize) -> Outcome + Send + Sync>;

/// Answers by a function of the order and the number of the call, from 1.
pub(crate) struct Scripted {
    script: Script,
    calls: AtomicUsize,
}

impl Scripted {
    pub(crate) fn new(
        script: impl Fn(&BlockOrder, usize) -> Outcome + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            script: Box::new(script),
            calls: AtomicUsize::new(0),
        })
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl SeatBlocker for Scripted {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        (self.script)(order, call)
    }
}

/// Keeps every call waiting until it is let through.
pub(crate) struct Gated<B> {
    inner: B,
    arrived: Semaphore,
    gate: Semaphore,
}

impl<B> Gated<B> {
    pub(crate) fn new(inner: B) -> Arc<Self> {
        Arc::new(Self {
            inner,
            arrived: Semaphore::new(0),
            gate: Semaphore::new(0),
        })
    }

    /// Waits for one more call to stand at the gate.
    pub(crate) async fn arrival(&self) {
        self.arrived.acquire().await.unwrap().forget();
    }

    pub(crate) fn open(&self, calls: usize) {
        self.gate.add_permits(calls);
    }
}

#[async_trait]
impl<B: SeatBlocker> SeatBlocker for Gated<B> {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        self.arrived.add_permits(1);
        self.gate.acquire().await.unwrap().forget();
        self.inner.block(order).await
    }
}
