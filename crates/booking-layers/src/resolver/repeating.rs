//! Step 2: one repeat under the same reference.

use std::time::Duration;

use booking_domain::BlockOrder;
use booking_ports::{
    BlockError, Claim, HoldRecord, LedgerError, NotSent, NotSentKind, Outcome, SeatBlocker,
    SendPermit, Unknown, UnknownKind, may_be_sent_until,
};

use tokio::sync::oneshot;

use super::Resolver;
use super::told::{is_asked_to_wait, names_something_else, repeats};
use crate::Unwritten;
use crate::recorded::late;

/// Whether an order may be sent once more.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Repeat {
    #[default]
    Once,
    No,
}

impl Resolver {
    /// Sends `order` once more, or the one that the ledger keeps, unless something speaks against it.
    pub(super) async fn send_once_more(
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
            // A sender that was lost from sight is perhaps still at it.
            || may_be_sent_until(&story).is_some_and(|until| self.clock.now() < until)
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
        // The one repeat is not spent on it: the next resolver makes it.
        if self.is_late(begun) {
            return Ok(record);
        }
        let permit = self.ledger.repeat(claim).await?;
        if self.is_late(begun) {
            let message = "getting to the repeat took half of the lease, so another sender may have taken over before it would have ended";
            let reference = permit.reference.clone();
            let late = NotSent::new(reference, NotSentKind::Unrecorded, message);
            return self.ledger.end(&permit, &Err(late.into())).await;
        }
        let this = self.clone();
        let (tell, told) = oneshot::channel();
        // On its own, so that the outcome is recorded whatever becomes of whoever asked.
        tokio::spawn(async move {
            let _running = running;
            let outcome = block(&*this.blocker, &order).await;
            this.end(permit, outcome, tell).await;
        });
        told.await.unwrap_or_else(|_| {
            Err(LedgerError::Unavailable {
                message: "the repeat ended by an internal error".to_owned(),
                cause: None,
            })
        })
    }

    /// Records how the repeat ended: there is no other, so its answer is told to the ledger until that
    /// takes it. Nobody may be listening any more.
    async fn end(
        &self,
        permit: SendPermit,
        outcome: Outcome,
        tell: oneshot::Sender<Result<HoldRecord, LedgerError>>,
    ) {
        let unwritten = Unwritten {
            permit,
            outcome,
            at: self.clock.now(),
        };
        let ended = late::end(&*self.ledger, self.spill.as_deref(), &unwritten).await;
        let failed = ended.as_ref().err().cloned();
        drop(tell.send(ended));
        if let Some(error) = failed {
            late::insist_on_end(&*self.ledger, &unwritten, error).await;
        }
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
