//! Every attempt in a ledger.

mod attempt;
mod file_spill;
pub(crate) mod late;
mod line;
mod spill;
mod spill_merge;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::BlockOrder;
use booking_ports::{
    Clock, HoldLedger, NotSent, NotSentKind, Outcome, SeatBlocker, SteadyClock, Unknown,
    UnknownKind,
};
use tokio::sync::oneshot;
use tracing::Instrument as _;

use attempt::Attempts;

use crate::tasks::Tasks;

pub use file_spill::FileSpill;
pub use spill::{Spill, Unwritten};
pub use spill_merge::Merged;

/// Writes each attempt into a [`HoldLedger`]: intent and sending mark before the first byte, the
/// outcome before the answer.
///
/// # What it promises
///
/// - **One reference, one sender, one answer.** Of many callers one sends; the others hear
///   [`Busy`](booking_ports::BlockError::Busy). Afterwards the ledger answers, and nothing is sent;
///   a hold whose deadline has passed since is *expired*. Another order under the same reference
///   is a [`Conflict`](booking_ports::BlockError::Conflict).
/// - **Nothing is sent that is not recorded.** Where the ledger fails before, the outcome is *not
///   sent* ([`NotSentKind::Unrecorded`]); where it does not know whether it has the intent all the
///   same, *unknown* ([`UnknownKind::Unrecorded`]), since a recovery may find and send it. *Not sent*
///   also where half of the lease has passed by then, or somebody has given this sender up: what
///   is sent has ended before anybody else may send.
/// - **Nothing is told that is not durable.** Where the ledger fails after, the outcome is
///   *unknown* ([`UnknownKind::Unrecorded`]), whatever the provider said. What it said is given to
///   the [`Spill`] and told to the ledger again and again while the process lives.
/// - **The work goes on without its caller.** It runs in a task of its own: a dropped future, a
///   client that hangs up, changes nothing. A panic beneath is *unknown*
///   ([`UnknownKind::Interrupted`]), and recorded.
/// - **No hold is live after its deadline**, also where the wall clock is set back meanwhile: the
///   time that has passed since the layer was made counts ([`SteadyClock`]).
/// - **The ledger has the last word.** Somebody may have settled a reference while a slow sender
///   was at it; that sender tells what follows from all that is known, not its own part of it.
///
/// An outcome that is *unknown* is answered as such for ever after, until a resolver or an
/// operator has settled it in the ledger. Clones share tasks and ledger.
///
/// # Where it belongs
///
/// Right around the adapter: one wire attempt is one entry in the ledger.
///
/// - Around [`Retry`](crate::Retry), several sends would hide behind one mark, and a crash between
///   two of them would look like a crash in the middle of one.
/// - Around [`Limit`](crate::Limit), each refused call would cost the ledger two durable commits,
///   just when there are too many calls, and a crash between the two would leave *unknown* behind
///   for something that was never meant to be sent.
/// - Around another `Recorded`, the inner one's *busy* and *conflict* would be taken for the
///   provider's silence.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use booking_domain::OrderDraft;
/// use booking_layers::Recorded;
/// use booking_ports::{Clock, MemoryHoldLedger, MemorySeatBlocker, SeatBlocker, SystemClock};
/// use time::macros::date;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
/// let provider = Arc::new(MemorySeatBlocker::new(clock.clone()));
/// let ledger = Arc::new(MemoryHoldLedger::new(clock.clone()));
/// let blocker = Recorded::new(provider.clone(), ledger, clock, Duration::from_secs(60));
///
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// let hold = blocker.block(&order).await.unwrap();
/// assert_eq!(blocker.block(&order).await.unwrap(), hold); // from the ledger
/// assert_eq!(blocker.drain(Duration::from_secs(10)).await, 0); // at the end of the program
/// # }
/// ```
pub struct Recorded<B> {
    attempts: Attempts<B>,
    tasks: Arc<Tasks>,
}

impl<B> Recorded<B> {
    /// Records what `blocker` does in `ledger`, by `clock`.
    ///
    /// `lease` is how long a sender keeps a reference to itself. It must be at least twice the longest
    /// time that `blocker` takes: a sending begins in its first half or not at all, and so ends within
    /// it. A sender that outlives it is given up, and what it did is *unknown* until it answers after
    /// all. It is also how long the order of a sender that died is not sent once more, where the
    /// ledger cannot know that it is dead.
    ///
    /// ```
    /// # use std::{sync::Arc, time::Duration};
    /// # use booking_layers::Recorded;
    /// # use booking_ports::{MemoryHoldLedger, MemorySeatBlocker, SystemClock};
    /// # let clock = Arc::new(SystemClock::default());
    /// # let adapter = MemorySeatBlocker::new(clock.clone());
    /// # let ledger = Arc::new(MemoryHoldLedger::new(clock.clone()));
    /// let adapters_timeout = Duration::from_secs(30);
    /// let blocker = Recorded::new(adapter, ledger, clock, 2 * adapters_timeout);
    /// ```
    #[must_use]
    pub fn new(
        blocker: B,
        ledger: Arc<dyn HoldLedger>,
        clock: Arc<dyn Clock>,
        lease: Duration,
    ) -> Self {
        let attempts = Attempts {
            blocker: Arc::new(blocker),
            ledger,
            // No hold becomes live again because somebody sets the clock back.
            clock: Arc::new(SteadyClock::of(clock)),
            lease,
            spill: None,
        };
        Self {
            attempts,
            tasks: Arc::new(Tasks::new()),
        }
    }

    /// Gives outcomes that the ledger would not take to `spill` as well.
    ///
    /// ```
    /// # use std::{sync::Arc, time::Duration};
    /// # use booking_layers::{FileSpill, Recorded};
    /// # use booking_ports::{MemoryHoldLedger, MemorySeatBlocker, SystemClock};
    /// # let clock = Arc::new(SystemClock::default());
    /// # let adapter = MemorySeatBlocker::new(clock.clone());
    /// # let ledger = Arc::new(MemoryHoldLedger::new(clock.clone()));
    /// let blocker = Recorded::new(adapter, ledger, clock, Duration::from_secs(60))
    ///     .with_spill(Arc::new(FileSpill::new("/var/lib/shop/spill.jsonl")));
    /// ```
    #[must_use]
    pub fn with_spill(mut self, spill: Arc<dyn Spill>) -> Self {
        self.attempts.spill = Some(spill);
        self
    }

    /// Takes no more orders, waits for what is under way, and tells how many attempts have no
    /// durable outcome when `grace` is over: those are found as *unknown* by whoever recovers.
    /// Orders that come from now on are *not sent*.
    ///
    /// ```
    /// # use std::{sync::Arc, time::Duration};
    /// # use booking_layers::Recorded;
    /// # use booking_ports::{MemoryHoldLedger, MemorySeatBlocker, SystemClock};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let clock = Arc::new(SystemClock::default());
    /// # let adapter = MemorySeatBlocker::new(clock.clone());
    /// # let ledger = Arc::new(MemoryHoldLedger::new(clock.clone()));
    /// # let blocker = Recorded::new(adapter, ledger, clock, Duration::from_secs(60));
    /// let left_open = blocker.drain(Duration::from_secs(20)).await;
    /// let code = std::process::ExitCode::from(u8::from(left_open > 0));
    /// # }
    /// ```
    pub async fn drain(&self, grace: Duration) -> usize {
        self.tasks.drain(grace).await
    }
}

impl<B> Clone for Recorded<B> {
    fn clone(&self) -> Self {
        Self {
            attempts: self.attempts.clone(),
            tasks: Arc::clone(&self.tasks),
        }
    }
}

#[async_trait]
impl<B: SeatBlocker + 'static> SeatBlocker for Recorded<B> {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let reference = order.reference();
        let Some(running) = self.tasks.enter() else {
            let message = "this program is ending and takes no more orders; nothing was sent by this call, and whatever was sent under this reference before stands";
            let kind = NotSentKind::Unrecorded;
            return Err(NotSent::new(reference.clone(), kind, message).into());
        };
        let (tell, told) = oneshot::channel();
        let attempts = self.attempts.clone();
        let order = Arc::new(order.clone());
        let work = async move {
            let _running = running;
            attempts.run(order, tell).await;
        };
        tokio::spawn(work.in_current_span());
        match told.await {
            Ok(outcome) => outcome,
            Err(_never_told) => {
                let message = "the program failed or ended while the order was being recorded";
                Err(Unknown::new(reference.clone(), UnknownKind::Interrupted, message).into())
            }
        }
    }
}
