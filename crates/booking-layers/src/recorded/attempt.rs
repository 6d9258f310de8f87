//! One attempt, from its intent to its durable outcome.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::{BlockOrder, HoldState, PartnerReference};
use booking_ports::{
    Begun, BlockError, Cause, Clock, HoldLedger, HoldRecord, LedgerError, NotSent, NotSentKind,
    Outcome, SeatBlocker, SendPermit, Unknown, UnknownKind,
};
use tokio::sync::oneshot;

use super::late;
use super::spill::{Spill, Unwritten};
use crate::detached;

/// After so long between the mark and the sending, whether it is still wanted is asked once more: a
/// process that is neither stopped nor waits for its ledger is faster.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Attempts<B> {
    pub(super) blocker: Arc<B>,
    pub(super) ledger: Arc<dyn HoldLedger>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) lease: Duration,
    pub(super) spill: Option<Arc<dyn Spill>>,
}

impl<B> Clone for Attempts<B> {
    fn clone(&self) -> Self {
        Self {
            blocker: Arc::clone(&self.blocker),
            ledger: Arc::clone(&self.ledger),
            clock: Arc::clone(&self.clock),
            lease: self.lease,
            spill: self.spill.clone(),
        }
    }
}

impl<B: SeatBlocker + 'static> Attempts<B> {
    /// Gives the answer to `tell` as soon as it is certain, and ends when the outcome is durable.
    /// Nobody may be listening any more.
    pub(super) async fn run(&self, order: Arc<BlockOrder>, tell: oneshot::Sender<Outcome>) {
        let begun_at = self.clock.monotonic();
        let permit = match self.begin(&order).await {
            ControlFlow::Continue(permit) => permit,
            ControlFlow::Break(answer) => return drop(tell.send(answer)),
        };
        let outcome = match self.may_still_send(&permit, begun_at).await {
            Ok(()) => detached::call(Arc::clone(&self.blocker), order, ()).await,
            Err(given_up) => Err(given_up),
        };
        let unwritten = Unwritten {
            permit,
            outcome,
            at: self.clock.now(),
        };
        match late::end(&*self.ledger, self.spill.as_deref(), &unwritten).await {
            Ok(record) => self.tell(tell, &record, unwritten.outcome),
            Err(error) => {
                let reference = unwritten.permit.reference.clone();
                drop(tell.send(Err(unrecorded(reference, error.clone()))));
                // In a place of its own, since it is seldom needed.
                Box::pin(late::insist_on_end(&*self.ledger, &unwritten, error)).await;
            }
        }
    }

    /// Whether the permit is still good. Its process may have stood still since it was given, or have
    /// been out of touch with the ledger, and been given up by others.
    async fn may_still_send(
        &self,
        permit: &SendPermit,
        begun_at: Duration,
    ) -> Result<(), BlockError> {
        let reference = &permit.reference;
        let since = || self.clock.monotonic().saturating_sub(begun_at);
        if since() >= PAUSE && since() < self.lease / 2 {
            let known = self.ledger.find(reference).await;
            let own = |record: &HoldRecord| {
                record.state == HoldState::Sending && record.attempts == permit.attempt
            };
            if !matches!(&known, Ok(Some(record)) if own(record)) {
                let message =
                    "between its mark and its sending others may have given up this sender";
                return Err(not_sent(reference, message, None));
            }
        }
        if since() >= self.lease / 2 {
            let message = "getting to its sending took half of its lease, so another sender may have taken over before it would have ended";
            return Err(not_sent(reference, message, None));
        }
        Ok(())
    }

    /// Goes on with the permit to send, or breaks off with the answer.
    async fn begin(&self, order: &BlockOrder) -> ControlFlow<Outcome, SendPermit> {
        let reference = order.reference();
        let error = match self.ledger.begin(order, self.lease).await {
            Ok(Begun::Send(permit)) => return ControlFlow::Continue(permit),
            Ok(Begun::Recorded(record)) => match record.answer(self.clock.now()) {
                Some(answer) => return ControlFlow::Break(answer),
                None => self.busy(reference),
            },
            Ok(Begun::Busy { left }) => BlockError::Busy {
                reference: reference.clone(),
                after: left,
            },
            Ok(Begun::Conflict) => BlockError::Conflict {
                reference: reference.clone(),
            },
            Err(error @ LedgerError::InDoubt { .. }) => {
                let message = format!(
                    "nothing was sent by this call, but its intent may have been written down, and would then be sent by whoever recovers ({error})"
                );
                Unknown {
                    cause: Some(Arc::new(error)),
                    ..Unknown::new(reference.clone(), UnknownKind::Unrecorded, message)
                }
                .into()
            }
            Err(error) => {
                let message = format!(
                    "the intent could not be written down, so nothing was sent by this call; whatever was sent under this reference before stands ({error})"
                );
                not_sent(reference, message, Some(Arc::new(error)))
            }
        };
        ControlFlow::Break(Err(error))
    }

    /// Tells the caller what follows, now that `outcome` is one of the facts behind `record`.
    fn tell(&self, tell: oneshot::Sender<Outcome>, record: &HoldRecord, outcome: Outcome) {
        drop(tell.send(match (record.answer(self.clock.now()), outcome) {
            // Nobody knows more than this attempt, which also knows how long to wait.
            (Some(_), Err(own @ BlockError::Unknown(_))) if record.state == HoldState::Unknown => {
                Err(own)
            }
            (Some(answer), _) => answer,
            // Another sender is at it, or this one's ending was no ending of something sent.
            (None, _) => Err(self.busy(&record.reference)),
        }));
    }

    fn busy(&self, reference: &PartnerReference) -> BlockError {
        BlockError::Busy {
            reference: reference.clone(),
            after: self.lease,
        }
    }
}

fn not_sent(
    reference: &PartnerReference,
    message: impl Into<String>,
    cause: Option<Cause>,
) -> BlockError {
    let not_sent = NotSent::new(reference.clone(), NotSentKind::Unrecorded, message);
    NotSent { cause, ..not_sent }.into()
}

fn unrecorded(reference: PartnerReference, error: LedgerError) -> BlockError {
    let message = format!(
        "the provider has answered, but its answer could not be written down yet ({error})"
    );
    Unknown {
        cause: Some(Arc::new(error)),
        ..Unknown::new(reference, UnknownKind::Unrecorded, message)
    }
    .into()
}
