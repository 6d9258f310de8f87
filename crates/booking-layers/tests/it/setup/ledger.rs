//! A ledger that fails when it is told to.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, PartnerReference};
use booking_ports::{
    Begun, BookingBegun, BookingOutcome, BookingPermit, Claim, Clock, Entry, Evidence, HoldLedger,
    HoldRecord, LedgerError, Listed, Listing, ManualClock, MemoryHoldLedger, Outcome, Page,
    SendPermit,
};
use tokio::sync::{Semaphore, oneshot};

pub(crate) struct FaultyLedger {
    pub(crate) memory: MemoryHoldLedger,
    /// Fails every `begin` while set.
    pub(crate) begin_fails: AtomicBool,
    /// Writes what `begin` is told, and says that it does not know whether it did.
    pub(crate) begin_in_doubt: AtomicBool,
    /// What `end` fails with, while there is something.
    pub(crate) end_fails: Mutex<Option<LedgerError>>,
    /// What `story` tells of these, whatever the memory does.
    stories: Mutex<HashMap<PartnerReference, Result<Vec<Entry>, LedgerError>>>,
    /// The next `story` waits for this first.
    pub(crate) next_story: Mutex<Option<oneshot::Receiver<()>>>,
    /// How often `end` was asked.
    pub(crate) ends: AtomicUsize,
    /// `end` takes one of these each time; plenty unless a test takes them away.
    pub(crate) gate: Semaphore,
    /// How long `begin` takes, by this clock.
    pub(crate) slow_begin: Option<(Arc<ManualClock>, Duration)>,
}

impl FaultyLedger {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            memory: MemoryHoldLedger::new(clock),
            begin_fails: AtomicBool::new(false),
            begin_in_doubt: AtomicBool::new(false),
            end_fails: Mutex::new(None),
            stories: Mutex::default(),
            next_story: Mutex::default(),
            ends: AtomicUsize::new(0),
            gate: Semaphore::new(1_000_000),
            slow_begin: None,
        }
    }

    pub(crate) fn unavailable() -> LedgerError {
        LedgerError::Unavailable {
            message: "disk full".to_owned(),
            cause: None,
        }
    }

    pub(crate) fn fail_end(&self, error: Option<LedgerError>) {
        *self.end_fails.lock().unwrap() = error;
    }

    pub(crate) fn tell(
        &self,
        reference: &PartnerReference,
        story: Result<Vec<Entry>, LedgerError>,
    ) {
        let mut stories = self.stories.lock().unwrap();
        stories.insert(reference.clone(), story);
    }

    /// The word of a reference's state; `None` where it was never begun.
    pub(crate) async fn state(&self, text: &str) -> Option<&'static str> {
        let record = self.find(&super::reference(text)).await.unwrap();
        record.map(|record| record.state.name())
    }
}

#[async_trait]
impl HoldLedger for FaultyLedger {
    async fn begin(&self, order: &BlockOrder, lease: Duration) -> Result<Begun, LedgerError> {
        if self.begin_fails.load(Ordering::SeqCst) {
            return Err(Self::unavailable());
        }
        let begun = self.memory.begin(order, lease).await;
        if let Some((clock, takes)) = &self.slow_begin {
            clock.advance(*takes);
        }
        if self.begin_in_doubt.load(Ordering::SeqCst) {
            let message = "disk I/O error".to_owned();
            return Err(LedgerError::InDoubt {
                message,
                cause: None,
            });
        }
        begun
    }

    async fn end(&self, permit: &SendPermit, outcome: &Outcome) -> Result<HoldRecord, LedgerError> {
        self.ends.fetch_add(1, Ordering::SeqCst);
        self.gate.acquire().await.unwrap().forget();
        if let Some(error) = self.end_fails.lock().unwrap().clone() {
            return Err(error);
        }
        self.memory.end(permit, outcome).await
    }

    async fn claim(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<Option<Claim>, LedgerError> {
        self.memory.claim(reference, lease).await
    }

    async fn repeat(&self, claim: &Claim) -> Result<SendPermit, LedgerError> {
        self.memory.repeat(claim).await
    }

    async fn release(&self, claim: &Claim) -> Result<(), LedgerError> {
        self.memory.release(claim).await
    }

    async fn learn(
        &self,
        reference: &PartnerReference,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        self.memory.learn(reference, evidence).await
    }

    async fn conclude(
        &self,
        claim: &Claim,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        self.memory.conclude(claim, evidence).await
    }

    async fn begin_booking(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<BookingBegun, LedgerError> {
        if self.begin_fails.load(Ordering::SeqCst) {
            return Err(Self::unavailable());
        }
        self.memory.begin_booking(reference, lease).await
    }

    async fn end_booking(
        &self,
        permit: &BookingPermit,
        outcome: &BookingOutcome,
    ) -> Result<HoldRecord, LedgerError> {
        if let Some(error) = self.end_fails.lock().unwrap().clone() {
            return Err(error);
        }
        self.memory.end_booking(permit, outcome).await
    }

    async fn find(&self, reference: &PartnerReference) -> Result<Option<HoldRecord>, LedgerError> {
        self.memory.find(reference).await
    }

    async fn story(&self, reference: &PartnerReference) -> Result<Vec<Entry>, LedgerError> {
        let waits = self.next_story.lock().unwrap().take();
        if let Some(waits) = waits {
            waits.await.unwrap();
        }
        let told = self.stories.lock().unwrap().get(reference).cloned();
        match told {
            Some(told) => told,
            None => self.memory.story(reference).await,
        }
    }

    async fn list(&self, listing: &Listing, page: Page) -> Result<Listed, LedgerError> {
        self.memory.list(listing, page).await
    }

    async fn order(&self, reference: &PartnerReference) -> Result<Option<BlockOrder>, LedgerError> {
        self.memory.order(reference).await
    }

    async fn disclose(
        &self,
        reference: &PartnerReference,
        by: &str,
    ) -> Result<Option<BlockOrder>, LedgerError> {
        self.memory.disclose(reference, by).await
    }

    async fn shred(&self, reference: &PartnerReference) -> Result<(), LedgerError> {
        self.memory.shred(reference).await
    }
}
