#![doc = include_str!("../README.md")]

mod advice;
mod block_error;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod ledger;
mod memory;
mod seat_blocker;
mod seat_maps;
mod steady_clock;
mod tickets;
mod transactions;

pub use advice::Advice;
pub use block_error::{
    BlockError, Cause, Expired, NotSent, NotSentKind, Refusal, RefusalKind, Unknown, UnknownKind,
};
pub use clock::{Clock, ManualClock, SystemClock};
pub use ledger::{
    Begun, Booking, BookingBegun, BookingOutcome, BookingPermit, Change, Claim, Entry, Evidence,
    Fact, FeedPosition, Finding, HoldCase, HoldFeed, HoldLedger, HoldRecord, LedgerError,
    LegOutline, Listing, MemoryHoldLedger, OrderOutline, Outcome, Page, SendPermit, Source, Which,
};
pub use memory::MemorySeatBlocker;
#[cfg(feature = "mock")]
pub use seat_blocker::MockSeatBlocker;
pub use seat_blocker::SeatBlocker;
#[cfg(feature = "mock")]
pub use seat_maps::MockSeatMaps;
pub use seat_maps::{FreeSeat, InquiryError, SeatMap, SeatMaps};
pub use steady_clock::SteadyClock;
#[cfg(feature = "mock")]
pub use tickets::MockTicketIssuer;
pub use tickets::{BookingCode, BookingCodes, Ticket, TicketError, TicketIssuer};
#[cfg(feature = "mock")]
pub use transactions::MockTransactionInquiry;
pub use transactions::{Transaction, TransactionInquiry};
