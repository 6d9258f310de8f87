//! One test per promise of [`SeatBlocker`], for every implementation; those of a ledger are in
//! [`ledger`].
//!
//! An implementation writes a [`Fixture`] and calls
//! [`seat_blocker_conformance!`](crate::seat_blocker_conformance), which makes one `#[tokio::test]`
//! per promise, each with a fixture of its own. The crate that calls it needs `tokio` with
//! `macros` and a runtime among its development dependencies.

pub mod ledger;
mod promises;

use std::sync::Arc;

use async_trait::async_trait;

pub use promises::*;

use crate::seat_blocker::SeatBlocker;

/// Something to test: a fresh [`SeatBlocker`] whose seats are free.
///
/// The suite uses trips 188336 and 188400 and their seats `1` to `36`.
///
/// ```
/// use std::sync::Arc;
/// use booking_ports::{conformance::Fixture, MemorySeatBlocker, SeatBlocker, SystemClock};
///
/// struct Memory(Arc<MemorySeatBlocker>);
///
/// #[async_trait::async_trait]
/// impl Fixture for Memory {
///     async fn start() -> Self {
///         Self(Arc::new(MemorySeatBlocker::new(Arc::new(SystemClock::default()))))
///     }
///     fn blocker(&self) -> Arc<dyn SeatBlocker> {
///         self.0.clone()
///     }
///     fn executed(&self) -> usize {
///         self.0.holds().len()
///     }
/// }
/// # fn main() {}
/// ```
#[async_trait]
pub trait Fixture: Send + Sync + Sized {
    /// A fresh provider with free seats, and an implementation that talks to it.
    async fn start() -> Self;

    /// The implementation under test.
    fn blocker(&self) -> Arc<dyn SeatBlocker>;

    /// How many holds the provider has made so far, judged at the provider and not by answers.
    fn executed(&self) -> usize;
}

/// Makes one `#[tokio::test]` per promise of [`SeatBlocker`] for the
/// [`Fixture`](crate::conformance::Fixture) type given.
///
/// ```
/// # use std::sync::Arc;
/// # use booking_ports::{conformance::Fixture, MemorySeatBlocker, SeatBlocker, SystemClock};
/// # struct Memory(Arc<MemorySeatBlocker>);
/// # #[async_trait::async_trait]
/// # impl Fixture for Memory {
/// #     async fn start() -> Self {
/// #         Self(Arc::new(MemorySeatBlocker::new(Arc::new(SystemClock::default()))))
/// #     }
/// #     fn blocker(&self) -> Arc<dyn SeatBlocker> { self.0.clone() }
/// #     fn executed(&self) -> usize { self.0.holds().len() }
/// # }
/// mod memory_keeps_the_contract {
///     booking_ports::seat_blocker_conformance!(super::Memory);
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! seat_blocker_conformance {
    ($fixture:ty) => {
        $crate::seat_blocker_conformance!(@each $fixture:
            a_hold_states_reference_transaction_and_a_deadline_to_come,
            a_round_trip_is_held_on_both_legs,
            a_taken_seat_is_refused,
            a_refused_order_holds_none_of_its_seats,
            a_refused_order_holds_no_seat_of_its_other_leg,
            a_reference_never_holds_twice,
            a_reference_never_holds_for_another_order,
            of_many_callers_for_one_seat_one_is_held,
            many_callers_of_one_reference_hold_once,
            no_personal_value_is_in_an_error,
            implementations_work_behind_pointers,
        );
    };
    (@each $fixture:ty: $($promise:ident,)+) => {
        $(
            #[tokio::test]
            async fn $promise() {
                let fixture = <$fixture as $crate::conformance::Fixture>::start().await;
                $crate::conformance::$promise(&fixture).await;
            }
        )+
    };
}
