//! The port: hold the seats of an order.

use std::sync::Arc;

use async_trait::async_trait;
use booking_domain::{BlockOrder, SeatHold};

use crate::block_error::BlockError;

/// Holds seats at a provider.
///
/// # The contract
///
/// Every implementation, adapters and layers alike, promises:
///
/// 1. **All or nothing.** `Ok` means that every seat of both legs is kept until the deadline that
///    the hold states, which has not passed. A layer that looks into what was left unknown may find
///    a hold whose deadline nobody stated ([`Deadline::is_stated`](booking_domain::Deadline::is_stated)):
///    then book before you charge.
/// 2. **What is known is told apart.** [`BlockError::Refused`] and [`BlockError::NotSent`] are
///    proof that *this attempt* holds nothing. They prove nothing about an earlier attempt under
///    the same reference that ended unknown: "seat not available" may be its hold. Whatever proves neither that nor a hold is
///    [`BlockError::Unknown`]: a timeout, a cut connection, a provider's failure, an unreadable
///    success.
/// 3. **A reference never holds twice.** Blocking a held reference again, where the provider can
///    be asked, answers the hold it already has, or `Unknown`; never a refusal, and never a second
///    hold, whatever the order. Where both orders are known, another one is a
///    [`BlockError::Conflict`].
/// 4. **The reference travels** with the hold and with every error.
/// 5. **No personal value** of the order is in any error, in its `Display`, `Debug` or causes.
/// 6. **One call is one attempt.** An adapter sends once; twice only where the provider proved by
///    a refusal of its token that the first sending changed nothing. Retrying is a layer's work.
/// 7. **Calls may run at the same time**; of several for one seat at most one is held.
///
/// A caller that drops the future does not cancel what has been sent: the outcome is then as
/// unknown as after a cut connection. A layer that records outcomes must not drop it.
///
/// `Arc<T>` and `Box<T>` are `SeatBlocker`s where `T` is. The feature `conformance` has one test
/// per promise for any implementation, the feature `mock` a `MockSeatBlocker`.
///
/// ```
/// use std::sync::Arc;
/// use booking_domain::OrderDraft;
/// use booking_ports::{ManualClock, MemorySeatBlocker, SeatBlocker};
/// use time::macros::{date, datetime};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let clock = ManualClock::at(datetime!(2026-11-24 10:00 +7));
/// let blocker: Arc<dyn SeatBlocker> = Arc::new(MemorySeatBlocker::new(Arc::new(clock)));
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// let hold = blocker.block(&order).await.unwrap();
/// assert_eq!(hold.deadline.at(), datetime!(2026-11-24 10:30 +7));
/// # }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SeatBlocker: Send + Sync {
    /// Holds every seat of `order`, or none.
    ///
    /// # Errors
    ///
    /// - [`BlockError::Refused`]: the provider's definitive no.
    /// - [`BlockError::NotSent`]: proven never to have reached the provider as an order.
    /// - [`BlockError::Unknown`]: anything else that is no hold.
    /// - [`BlockError::Expired`]: a success whose deadline has already passed.
    /// - [`BlockError::Conflict`], [`BlockError::Busy`]: nothing was sent by this call, because the
    ///   reference is another order's or under way. Only a layer with a memory can tell.
    async fn block(&self, order: &BlockOrder) -> Result<SeatHold, BlockError>;
}

#[async_trait]
impl<T: SeatBlocker + ?Sized> SeatBlocker for Arc<T> {
    async fn block(&self, order: &BlockOrder) -> Result<SeatHold, BlockError> {
        T::block(self, order).await
    }
}

#[async_trait]
impl<T: SeatBlocker + ?Sized> SeatBlocker for Box<T> {
    async fn block(&self, order: &BlockOrder) -> Result<SeatHold, BlockError> {
        T::block(self, order).await
    }
}
