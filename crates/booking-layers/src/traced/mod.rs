//! One span for each call: of a block here, of the others beside it.

mod inquiry;
mod ticket;

use std::sync::Arc;

use async_trait::async_trait;
use booking_domain::BlockOrder;
use booking_ports::{BlockError, Clock, Outcome, SeatBlocker};
use tracing::{Instrument as _, Span, field, info, info_span, warn};

/// Tells each call as a [`tracing`] span, and when it has ended the word of its `outcome`, its `kind`
/// and `elapsed_ms`. A span without outcome is that of a caller who hung up.
///
/// - A [`SeatBlocker`]'s is `block`, with its `reference`, and ends with one event: a warning where
///   seats may be held and nobody knows, information otherwise.
/// - A [`TicketIssuer`](booking_ports::TicketIssuer)'s is `ticket`, in the same way.
/// - A [`TransactionInquiry`](booking_ports::TransactionInquiry)'s is `inquiry`, one for each
///   question, without an event: whoever asked tells what follows from it.
///
/// No personal value is told, and no message either: those are for the caller.
///
/// # Where it belongs
///
/// Outermost, so that one span is one call of the shop, its repeats and refusals included, and
/// whatever the layers beneath tell stands inside it. Inside [`Retry`](crate::Retry) a call has as
/// many spans and outcomes as attempts; inside [`Recorded`](crate::Recorded) stored answers,
/// conflicts and outcomes that could not be recorded have none at all. Tickets are the same; an
/// inquiry has no layers, so it is right around the adapter.
///
/// ```
/// use std::sync::Arc;
/// use booking_domain::OrderDraft;
/// use booking_layers::Traced;
/// use booking_ports::{MemorySeatBlocker, SeatBlocker, SystemClock};
/// use time::macros::date;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let clock = Arc::new(SystemClock::default());
/// let blocker = Traced::new(MemorySeatBlocker::new(clock.clone()), clock);
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// assert!(blocker.block(&order).await.is_ok());
/// # }
/// ```
#[derive(Clone)]
pub struct Traced<T> {
    inner: T,
    clock: Arc<dyn Clock>,
}

impl<T> Traced<T> {
    /// Tells what `inner` does, timed by `clock`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_layers::Traced;
    /// # use booking_ports::{MemorySeatBlocker, SystemClock};
    /// let clock = Arc::new(SystemClock::default());
    /// let blocker = Traced::new(MemorySeatBlocker::new(clock.clone()), clock);
    /// ```
    #[must_use]
    pub fn new(inner: T, clock: Arc<dyn Clock>) -> Self {
        Self { inner, clock }
    }

    /// Does `work` inside `span`, and tells it how that ended by its `words`.
    async fn told<R>(
        &self,
        span: &Span,
        work: impl Future<Output = R>,
        words: impl Fn(&R) -> Words,
    ) -> (R, Words) {
        let begin = self.clock.monotonic();
        let ended = work.instrument(span.clone()).await;
        let elapsed = self.clock.monotonic().saturating_sub(begin);
        let (outcome, kind) = words(&ended);
        span.record("outcome", outcome);
        if let Some(kind) = kind {
            span.record("kind", kind);
        }
        span.record(
            "elapsed_ms",
            u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        );
        (ended, (outcome, kind))
    }
}

/// The word of an outcome and, where it has one, of its kind.
type Words = (&'static str, Option<&'static str>);

fn words(outcome: &Outcome) -> Words {
    match outcome {
        Ok(_) => ("held", None),
        Err(BlockError::Refused(refusal)) => ("refused", Some(refusal.kind.as_str())),
        Err(BlockError::NotSent(not_sent)) => ("not_sent", Some(not_sent.kind.as_str())),
        Err(BlockError::Unknown(unknown)) => ("unknown", Some(unknown.kind.as_str())),
        Err(BlockError::Expired(_)) => ("expired", None),
        Err(BlockError::Conflict { .. }) => ("conflict", None),
        Err(BlockError::Busy { .. }) => ("busy", None),
    }
}

#[async_trait]
impl<B: SeatBlocker> SeatBlocker for Traced<B> {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let span = info_span!(
            "block",
            reference = %order.reference(),
            outcome = field::Empty,
            kind = field::Empty,
            elapsed_ms = field::Empty,
        );
        let call = self.inner.block(order);
        let (outcome, (word, _)) = self.told(&span, call, words).await;
        let _inside = span.enter();
        if word == "unknown" {
            warn!("block ended, and seats may be held");
        } else {
            info!("block ended");
        }
        outcome
    }
}
