//! The port: what changes in a ledger, in order, for readers that come back.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;
use std::sync::Arc;

use async_trait::async_trait;

use super::{Entry, HoldRecord, LedgerError};

/// Tells what changes in a ledger, whoever changes it: this process or another.
///
/// # The contract
///
/// 1. **In order, and whole.** A reader that has read up to a position, and goes on after it, is
///    given every entry that is written from then on, once, whatever is written at the same time.
/// 2. **A position lasts** as long as the ledger: it is good after a restart and for another process.
///    A ledger that was set back, as by a restored backup, has forgotten later ones: then
///    [`latest`](Self::latest) lies before the reader's, which has to begin anew.
/// 3. **No personal value**, as in every record and entry.
///
/// An entry is shown soon after it is written, not at once: a ledger may wait for what is being
/// written beside it. What was written before a ledger had a feed is not in it, and what was damaged
/// since is left out.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use booking_ports::{HoldFeed, HoldLedger, MemoryHoldLedger, SystemClock};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
/// let ledger = MemoryHoldLedger::new(Arc::new(SystemClock::default()));
/// let begin = ledger.latest().await.unwrap();
/// ledger.begin(&order, Duration::from_secs(60)).await.unwrap();
/// ledger.changed(begin).await.unwrap();
/// let changes = ledger.after(begin, 100).await.unwrap();
/// assert_eq!(changes[0].entry.fact.to_string(), "attempt 1: sending");
/// # }
/// ```
#[async_trait]
pub trait HoldFeed: Send + Sync {
    /// The position of the last entry that is shown; the start where there is none.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    async fn latest(&self) -> Result<FeedPosition, LedgerError>;

    /// What follows `position`, at most `limit` entries.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    async fn after(&self, position: FeedPosition, limit: u32) -> Result<Vec<Change>, LedgerError>;

    /// Waits until something follows `position`. Whoever stops waiting misses nothing.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: it could not be looked at; wait again.
    async fn changed(&self, position: FeedPosition) -> Result<(), LedgerError>;
}

/// A place in the feed of a ledger. It only grows, with gaps.
///
/// ```
/// use booking_ports::FeedPosition;
///
/// let position: FeedPosition = "4711".parse().unwrap();
/// assert_eq!(position.to_string(), "4711");
/// assert!(position > FeedPosition::START);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedPosition(u64);

impl FeedPosition {
    /// Before the first entry.
    pub const START: Self = Self(0);

    /// The position of this number, as a ledger counts.
    ///
    /// ```
    /// assert_eq!(booking_ports::FeedPosition::new(7).get(), 7);
    /// ```
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number. Only a ledger knows what it counts.
    ///
    /// ```
    /// assert_eq!(booking_ports::FeedPosition::START.get(), 0);
    /// ```
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for FeedPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for FeedPosition {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

/// One entry of the feed.
///
/// ```
/// use booking_ports::Change;
///
/// fn line(change: &Change) -> String {
///     format!("{}: {}", change.record.reference, change.entry.fact)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Change {
    /// Where it stands; what follows it is asked for by this.
    pub position: FeedPosition,
    /// The record as it stands now, later entries included.
    pub record: HoldRecord,
    /// What was written.
    pub entry: Entry,
}

macro_rules! through_pointer {
    ($pointer:ident) => {
        #[async_trait]
        impl<T: HoldFeed + ?Sized> HoldFeed for $pointer<T> {
            async fn latest(&self) -> Result<FeedPosition, LedgerError> {
                T::latest(self).await
            }
            async fn after(
                &self,
                position: FeedPosition,
                limit: u32,
            ) -> Result<Vec<Change>, LedgerError> {
                T::after(self, position, limit).await
            }
            async fn changed(&self, position: FeedPosition) -> Result<(), LedgerError> {
                T::changed(self, position).await
            }
        }
    };
}
through_pointer!(Arc);
through_pointer!(Box);
