//! Answers that are good for a while, and one call for all who ask the same at the same time.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use booking_ports::{Clock, InquiryError};
use moka::future::Cache;
use tracing::Instrument as _;

/// So many places, trips or seats are kept of each kind: some megabytes.
const KEPT: u64 = 20_000;

/// What became of a question.
pub(super) struct Answered<A> {
    /// When it was asked, by the monotonic clock: what is told may be as old as this.
    pub(super) asked_at: Duration,
    pub(super) answer: Result<Arc<A>, Unanswered>,
}

/// Why there is no answer.
#[derive(Clone)]
pub(super) enum Unanswered {
    /// The tenant has asked its share.
    OfTenant(Duration),
    /// All have asked theirs.
    OfAll(Duration),
    Inquiry(InquiryError),
    Failed,
}

/// The answers to questions of one kind.
///
/// An answer is good for a while after its question was asked. A failure is good for nobody but those
/// who already wait for it.
pub(super) struct Answers<Q, A> {
    kept: Cache<Q, Answered<A>>,
    clock: Arc<dyn Clock>,
    good_for: Duration,
}

impl<A> Clone for Answered<A> {
    fn clone(&self) -> Self {
        Self {
            asked_at: self.asked_at,
            answer: self.answer.clone(),
        }
    }
}

impl<Q, A> Answers<Q, A>
where
    Q: Hash + Eq + Send + Sync + 'static,
    A: Send + Sync + 'static,
{
    /// Each is good for `good_for`; `count` tells how many things are in one.
    pub(super) fn new(clock: Arc<dyn Clock>, good_for: Duration, count: fn(&A) -> usize) -> Self {
        let weight = move |_: &Q, it: &Answered<A>| {
            let things = it.answer.as_ref().map_or(0, |answer| count(answer));
            u32::try_from(things + 1).unwrap_or(u32::MAX)
        };
        Self {
            kept: Cache::builder()
                .max_capacity(KEPT)
                .weigher(weight)
                // For the memory; whether one is still good is told by the port's clock.
                .time_to_live(good_for)
                .build(),
            clock,
            good_for,
        }
    }

    /// The answer to `question`, by `call` where `may_ask` and no good one is kept or on its way;
    /// and whether this call asked.
    pub(super) async fn ask(
        &self,
        question: Q,
        may_ask: impl FnOnce() -> Result<(), Unanswered> + Send,
        call: impl Future<Output = Result<A, InquiryError>> + Send + 'static,
    ) -> (Answered<A>, bool) {
        let ask = async {
            let asked_at = self.clock.monotonic();
            let answer = match may_ask() {
                // In a task of its own: else a panic would be passed on to one who waits after the
                // other, and each would ask again.
                Ok(()) => match tokio::spawn(call.in_current_span()).await {
                    Ok(answer) => answer.map(Arc::new).map_err(Unanswered::Inquiry),
                    Err(_) => Err(Unanswered::Failed),
                },
                Err(refused) => Err(refused),
            };
            Answered { asked_at, answer }
        };
        let is_over = |it: &Answered<A>| it.answer.is_err() || self.age(it) >= self.good_for;
        let entry = self.kept.entry(question);
        let entry = entry.or_insert_with_if(ask, is_over).await;
        let asked = entry.is_fresh();
        (entry.into_value(), asked)
    }

    /// Asks anew the next time.
    pub(super) async fn forget(&self, question: &Q) {
        self.kept.invalidate(question).await;
    }

    /// How long ago it was asked.
    pub(super) fn age(&self, it: &Answered<A>) -> Duration {
        self.clock.monotonic().saturating_sub(it.asked_at)
    }
}
