//! One test per promise of [`HoldLedger`], for every ledger.
//!
//! A ledger writes a [`LedgerFixture`] and calls
//! [`hold_ledger_conformance!`](crate::hold_ledger_conformance), which makes one `#[tokio::test]`
//! per promise, each with a fixture of its own.

mod booking;
mod disclosing;
mod feeding;
mod listing;
mod reading;
mod samples;
mod secrecy;
mod sending;
mod settling;

use std::sync::Arc;

use async_trait::async_trait;

pub use booking::*;
pub use disclosing::*;
pub use feeding::*;
pub use listing::*;
pub use reading::*;
pub use secrecy::*;
pub use sending::*;
pub use settling::*;

use crate::clock::ManualClock;
use crate::ledger::{HoldFeed, HoldLedger};

/// Every promise has the same example: how it is run.
macro_rules! example {
    () => {
        "\n```\nuse booking_ports::conformance::ledger::{self, LedgerFixture};\n\nasync fn run_one_promise<F: LedgerFixture>() {\n    ledger::of_many_callers_one_sends(&F::start().await).await;\n}\n```"
    };
}
pub(crate) use example;

/// Something to test: an empty [`HoldLedger`] whose clock the suite turns.
///
/// ```
/// use std::sync::Arc;
/// use booking_ports::conformance::ledger::LedgerFixture;
/// use booking_ports::{HoldFeed, HoldLedger, ManualClock, MemoryHoldLedger};
/// use time::macros::datetime;
///
/// struct Memory(Arc<MemoryHoldLedger>, ManualClock);
///
/// #[async_trait::async_trait]
/// impl LedgerFixture for Memory {
///     async fn start() -> Self {
///         let clock = ManualClock::at(datetime!(2026-11-24 10:00 +7));
///         Self(Arc::new(MemoryHoldLedger::new(Arc::new(clock.clone()))), clock)
///     }
///     fn ledger(&self) -> Arc<dyn HoldLedger> {
///         self.0.clone()
///     }
///     fn feed(&self) -> Arc<dyn HoldFeed> {
///         self.0.clone()
///     }
///     fn clock(&self) -> &ManualClock {
///         &self.1
///     }
///     // It ends with its process, so there is nothing to open again.
///     async fn reopen(&self) {}
/// }
/// # fn main() {}
/// ```
#[async_trait]
pub trait LedgerFixture: Send + Sync + Sized {
    /// An empty ledger.
    async fn start() -> Self;

    /// The ledger under test, as it was opened last.
    fn ledger(&self) -> Arc<dyn HoldLedger>;

    /// The same ledger, for what changes in it.
    fn feed(&self) -> Arc<dyn HoldFeed>;

    /// The clock by which its times and leases go.
    fn clock(&self) -> &ManualClock;

    /// Leaves the ledger as a process leaves it that ends without a word, and opens what it kept.
    async fn reopen(&self);

    /// Whether it keeps orders with their people; one without a key does not.
    fn keeps_orders(&self) -> bool {
        true
    }
}

/// Makes one `#[tokio::test]` per promise of [`HoldLedger`] for the
/// [`LedgerFixture`](crate::conformance::ledger::LedgerFixture) type given. Attributes before the
/// type stand on each test, such as an `ignore` where the ledger's server is missing.
///
/// ```
/// # use std::sync::Arc;
/// # use booking_ports::conformance::ledger::LedgerFixture;
/// # use booking_ports::{HoldFeed, HoldLedger, ManualClock, MemoryHoldLedger};
/// # struct Memory(Arc<MemoryHoldLedger>, ManualClock);
/// # #[async_trait::async_trait]
/// # impl LedgerFixture for Memory {
/// #     async fn start() -> Self {
/// #         let clock = ManualClock::at(time::macros::datetime!(2026-11-24 10:00 +7));
/// #         Self(Arc::new(MemoryHoldLedger::new(Arc::new(clock.clone()))), clock)
/// #     }
/// #     fn ledger(&self) -> Arc<dyn HoldLedger> { self.0.clone() }
/// #     fn feed(&self) -> Arc<dyn HoldFeed> { self.0.clone() }
/// #     fn clock(&self) -> &ManualClock { &self.1 }
/// #     async fn reopen(&self) {}
/// # }
/// mod memory_keeps_the_contract {
///     booking_ports::hold_ledger_conformance!(super::Memory);
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! hold_ledger_conformance {
    ($(#[$attribute:meta])* $fixture:ty) => {
        $crate::hold_ledger_conformance!(@each [$(#[$attribute])*] $fixture:
            of_many_callers_one_sends,
            a_sender_keeps_others_busy,
            another_order_under_the_reference_is_a_conflict,
            another_order_is_a_conflict_after_shredding_too,
            the_order_of_another_tenant_is_a_conflict,
            a_final_answer_is_given_again,
            an_answer_needs_no_end_of_the_claim,
            a_sender_that_let_its_lease_pass_leaves_an_unknown,
            what_was_not_sent_is_begun_again,
            a_sending_mark_outlives_its_process,
            a_late_ending_of_a_sender_that_was_given_up_is_recorded,
            a_refusal_of_a_repeat_leaves_it_unknown,
            a_refusal_of_every_attempt_refuses,
            a_used_reference_of_a_repeat_is_held_without_receipt,
            a_reference_used_before_its_first_attempt_stays_unknown,
            an_ending_without_an_answer_is_unknown,
            an_expired_ending_is_expired_by_its_senders_clock,
            evidence_of_a_hold_settles,
            evidence_that_it_is_over_settles,
            evidence_of_nothing_settles_nothing,
            late_evidence_reopens_what_was_given_up,
            a_claim_is_exclusive,
            a_claim_that_is_over_sends_nothing,
            a_claim_of_what_was_settled_sends_nothing,
            a_claim_given_back_is_free,
            what_is_settled_is_not_claimed,
            time_ends_no_hold_before_its_deadline,
            who_was_overtaken_concludes_nothing,
            who_knew_less_than_a_sender_concludes_nothing,
            what_may_be_a_ticket_is_concluded_under_its_claim,
            the_end_of_a_hold_is_told_once,
            a_record_is_what_follows_from_its_story,
            a_story_is_told_whole,
            what_was_never_begun_is_not_found,
            a_list_goes_by_state_and_in_pages,
            a_list_of_the_unsettled_can_be_settled_page_by_page,
            the_next_to_expire_come_first,
            what_has_ended_is_listed_until_it_is_shredded,
            a_tenant_is_kept_with_record_and_order,
            a_list_of_a_tenant_shows_no_other,
            a_list_of_a_trip_has_both_ways,
            the_newest_come_first_page_by_page,
            the_live_ones_are_those_that_may_take_seats,
            a_callback_settles_nothing,
            a_disclosure_is_told_before_the_order_is_given,
            a_disclosure_changes_nothing_else,
            a_feed_tells_every_entry_in_order,
            a_feed_misses_nothing_of_those_that_write_at_one_time,
            a_position_in_the_feed_outlives_its_process,
            a_reader_of_the_feed_is_woken,
            of_many_callers_one_books,
            a_ticket_is_given_again,
            what_is_not_held_is_not_booked,
            an_unknown_booking_is_not_ended_by_time,
            a_booking_that_was_not_sent_leaves_it_held,
            evidence_of_a_ticket_settles_an_unknown_booking,
            evidence_that_it_is_over_settles_an_unknown_booking,
            the_mark_of_a_booking_outlives_its_process,
            a_late_ticket_counts,
            a_ticket_of_another_transaction_books_nothing,
            evidence_of_another_transactions_ticket_settles_nothing,
            an_order_is_given_back_until_it_is_shredded,
            what_is_unsettled_is_not_shredded,
            no_personal_value_is_in_record_story_or_error,
        );
    };
    (@each $attributes:tt $fixture:ty: $($promise:ident,)+) => {
        $($crate::hold_ledger_conformance!(@one $attributes $fixture, $promise);)+
    };
    (@one [$($attributes:tt)*] $fixture:ty, $promise:ident) => {
        #[tokio::test]
        $($attributes)*
        async fn $promise() {
            use $crate::conformance::ledger::LedgerFixture;
            let fixture = <$fixture as LedgerFixture>::start().await;
            $crate::conformance::ledger::$promise(&fixture).await;
        }
    };
}
