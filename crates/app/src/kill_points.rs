//! Wrappers that let a test kill the process before and after each step of ledger and provider.
//! Only built with the feature `kill-points`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, PartnerReference};
use booking_ledger::kill_points::pass;
use booking_ports::{
    Begun, BookingBegun, BookingOutcome, BookingPermit, Claim, Entry, Evidence, HoldLedger,
    HoldRecord, LedgerError, Listed, Listing, Outcome, Page, SeatBlocker, SendPermit,
};

/// Passes a point before and after each call: `begin.before`, `send.after` and so on.
pub(crate) struct KillPoints<T: ?Sized>(pub(crate) Arc<T>);

#[async_trait]
impl SeatBlocker for KillPoints<dyn SeatBlocker> {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        pass("send.before");
        let outcome = self.0.block(order).await;
        pass("send.after");
        outcome
    }
}

#[async_trait]
impl HoldLedger for KillPoints<dyn HoldLedger> {
    async fn begin(&self, order: &BlockOrder, lease: Duration) -> Result<Begun, LedgerError> {
        pass("begin.before");
        let begun = self.0.begin(order, lease).await;
        pass("begin.after");
        begun
    }

    async fn end(&self, permit: &SendPermit, outcome: &Outcome) -> Result<HoldRecord, LedgerError> {
        pass("end.before");
        let ended = self.0.end(permit, outcome).await;
        pass("end.after");
        ended
    }

    async fn claim(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<Option<Claim>, LedgerError> {
        pass("claim.before");
        let claim = self.0.claim(reference, lease).await;
        pass("claim.after");
        claim
    }

    async fn repeat(&self, claim: &Claim) -> Result<SendPermit, LedgerError> {
        pass("repeat.before");
        let permit = self.0.repeat(claim).await;
        pass("repeat.after");
        permit
    }

    async fn release(&self, claim: &Claim) -> Result<(), LedgerError> {
        pass("release.before");
        let released = self.0.release(claim).await;
        pass("release.after");
        released
    }

    async fn learn(
        &self,
        reference: &PartnerReference,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        pass("learn.before");
        let learned = self.0.learn(reference, evidence).await;
        pass("learn.after");
        learned
    }

    async fn conclude(
        &self,
        claim: &Claim,
        evidence: &Evidence,
    ) -> Result<HoldRecord, LedgerError> {
        pass("learn.before");
        let learned = self.0.conclude(claim, evidence).await;
        pass("learn.after");
        learned
    }

    async fn begin_booking(
        &self,
        reference: &PartnerReference,
        lease: Duration,
    ) -> Result<BookingBegun, LedgerError> {
        pass("begin_booking.before");
        let begun = self.0.begin_booking(reference, lease).await;
        pass("begin_booking.after");
        begun
    }

    async fn end_booking(
        &self,
        permit: &BookingPermit,
        outcome: &BookingOutcome,
    ) -> Result<HoldRecord, LedgerError> {
        pass("end_booking.before");
        let ended = self.0.end_booking(permit, outcome).await;
        pass("end_booking.after");
        ended
    }

    async fn find(&self, reference: &PartnerReference) -> Result<Option<HoldRecord>, LedgerError> {
        self.0.find(reference).await
    }

    async fn story(&self, reference: &PartnerReference) -> Result<Vec<Entry>, LedgerError> {
        self.0.story(reference).await
    }

    async fn list(&self, listing: &Listing, page: Page) -> Result<Listed, LedgerError> {
        self.0.list(listing, page).await
    }

    async fn order(&self, reference: &PartnerReference) -> Result<Option<BlockOrder>, LedgerError> {
        self.0.order(reference).await
    }

    async fn disclose(
        &self,
        reference: &PartnerReference,
        by: &str,
    ) -> Result<Option<BlockOrder>, LedgerError> {
        self.0.disclose(reference, by).await
    }

    async fn shred(&self, reference: &PartnerReference) -> Result<(), LedgerError> {
        self.0.shred(reference).await
    }
}
