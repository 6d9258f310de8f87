//! The ledger as one process sees it: by its own clock, with calls that fail, commits whose reply
//! is lost, and places to die.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, PartnerReference};
use booking_layers::{Spill, Unwritten};
use booking_ports::{
    Begun, BookingBegun, BookingOutcome, BookingPermit, Claim, Entry, Evidence, HoldLedger,
    HoldRecord, LedgerError, Listed, Listing, ManualClock, Outcome, Page, SendPermit,
};
use tokio::task::yield_now;

use crate::faults::{Fault, Op, Place, Point};
use crate::judge::Judge;
use crate::klikoo::Klikoo;

pub(crate) struct ProcessLedger {
    pub(crate) process: usize,
    pub(crate) clock: ManualClock,
    pub(crate) klikoo: Klikoo,
    pub(crate) judge: Arc<Judge>,
}

/// What befalls one call.
#[derive(PartialEq, Eq)]
enum Befalls {
    Nothing,
    Fails,
    ReplyLost,
}

fn unavailable() -> LedgerError {
    LedgerError::Unavailable {
        message: "simulated".to_owned(),
        cause: None,
    }
}

impl ProcessLedger {
    /// Comes to the ledger with a call of `op` about `reference`.
    async fn call(&self, op: Op, reference: &PartnerReference) -> Result<Befalls, LedgerError> {
        self.judge.works_at(self.process, reference);
        yield_now().await;
        let befalls = match self.klikoo.scene.strike(Place::Ledger(op), reference) {
            None => Befalls::Nothing,
            Some(Fault::BeginReplyLost | Fault::EndReplyLost | Fault::RepeatReplyLost) => {
                Befalls::ReplyLost
            }
            Some(_) => Befalls::Fails,
        };
        if befalls == Befalls::Fails {
            return Err(unavailable());
        }
        self.klikoo.scene.act_by(&self.clock);
        Ok(befalls)
    }

    /// The way back from the ledger.
    async fn back(&self, befalls: Befalls) -> Result<(), LedgerError> {
        yield_now().await;
        match befalls {
            Befalls::ReplyLost => Err(LedgerError::InDoubt {
                message: "simulated".to_owned(),
                cause: None,
            }),
            _ => Ok(()),
        }
    }

    async fn pass(&self, point: Point, reference: &PartnerReference) {
        self.klikoo.scene.pass(self.process, point, reference).await;
    }

    fn inner(&self) -> &dyn HoldLedger {
        &*self.klikoo.scene.ledger
    }
}

#[async_trait]
impl HoldLedger for ProcessLedger {
    async fn begin(&self, order: &BlockOrder, lease: Duration) -> Result<Begun, LedgerError> {
        let reference = order.reference();
        self.pass(Point::BeforeMark, reference).await;
        let befalls = self.call(Op::Begin, reference).await?;
        let begun = self.inner().begin(order, lease).await?;
        match &begun {
            Begun::Send(permit) => {
                let (klikoo, clock) = (&self.klikoo, &self.clock);
                self.judge.marks(klikoo, self.process, permit, lease, clock);
                self.pass(Point::AfterMark, reference).await;
            }
            Begun::Busy { .. } => {
                let state = self.klikoo.scene.state_of(reference);
                if state == "sending" {
                    self.klikoo.scene.happen("23", state);
                }
            }
            _ => {}
        }
        self.back(befalls).await?;
        Ok(begun)
    }

    async fn end(&self, permit: &SendPermit, outcome: &Outcome) -> Result<HoldRecord, LedgerError> {
        self.pass(Point::BeforeOutcome, &permit.reference).await;
        let befalls = self.call(Op::End, &permit.reference).await?;
        let record = self.inner().end(permit, outcome).await?;
        self.judge.ended(permit);
        self.pass(Point::AfterOutcome, &permit.reference).await;
        self.back(befalls).await?;
        Ok(record)
    }

    async fn claim(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<Option<Claim>, LedgerError> {
        let befalls = self.call(Op::Claim, reference).await?;
        let claim = self.inner().claim(reference, lease).await?;
        if let Some(claim) = &claim {
            let taken = (reference, claim.fence);
            let (klikoo, clock) = (&self.klikoo, &self.clock);
            self.judge.takes(klikoo, self.process, taken, lease, clock);
            self.pass(Point::AfterClaim, reference).await;
        }
        self.back(befalls).await?;
        Ok(claim)
    }

    async fn repeat(&self, claim: &Claim) -> Result<SendPermit, LedgerError> {
        let reference = &claim.record.reference;
        let befalls = self.call(Op::Repeat, reference).await?;
        let permit = self.inner().repeat(claim).await?;
        let (klikoo, clock) = (&self.klikoo, &self.clock);
        let lease = Duration::ZERO; // that of the claim goes on
        self.judge
            .marks(klikoo, self.process, &permit, lease, clock);
        self.pass(Point::AfterRepeatMark, reference).await;
        self.back(befalls).await?;
        Ok(permit)
    }

    async fn release(&self, claim: &Claim) -> Result<(), LedgerError> {
        yield_now().await;
        self.klikoo.scene.act_by(&self.clock);
        self.inner().release(claim).await
    }

    async fn learn(
        &self,
        reference: &PartnerReference,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        let befalls = self.call(Op::Learn, reference).await?;
        let record = self.inner().learn(reference, evidence).await?;
        self.back(befalls).await?;
        Ok(record)
    }

    async fn conclude(
        &self,
        claim: &Claim,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        let befalls = self.call(Op::Learn, &claim.record.reference).await?;
        let record = self.inner().conclude(claim, evidence).await?;
        self.back(befalls).await?;
        Ok(record)
    }

    async fn begin_booking(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<BookingBegun, LedgerError> {
        self.inner().begin_booking(reference, lease).await
    }

    async fn end_booking(
        &self,
        permit: &BookingPermit,
        outcome: &BookingOutcome,
    ) -> Result<HoldRecord, LedgerError> {
        self.inner().end_booking(permit, outcome).await
    }

    async fn find(&self, reference: &PartnerReference) -> Result<Option<HoldRecord>, LedgerError> {
        self.inner().find(reference).await
    }

    async fn story(&self, reference: &PartnerReference) -> Result<Vec<Entry>, LedgerError> {
        self.inner().story(reference).await
    }

    async fn list(&self, listing: &Listing, page: Page) -> Result<Listed, LedgerError> {
        self.inner().list(listing, page).await
    }

    async fn order(&self, reference: &PartnerReference) -> Result<Option<BlockOrder>, LedgerError> {
        self.inner().order(reference).await
    }

    async fn disclose(
        &self,
        reference: &PartnerReference,
        by: &str,
    ) -> Result<Option<BlockOrder>, LedgerError> {
        self.inner().disclose(reference, by).await
    }

    async fn shred(&self, reference: &PartnerReference) -> Result<(), LedgerError> {
        self.inner().shred(reference).await
    }
}

/// A spill file: it outlives its process, and whoever recovers tells the ledger.
#[derive(Clone, Default)]
pub(crate) struct SpillFile(Arc<Mutex<Vec<Unwritten>>>);

impl SpillFile {
    pub(crate) fn take(&self) -> Vec<Unwritten> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Spill for SpillFile {
    async fn spill(&self, unwritten: &Unwritten) -> std::io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.push(unwritten.clone());
        Ok(())
    }
}
