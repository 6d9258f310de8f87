#![doc = include_str!("../README.md")]

mod advice;
mod block_error;
mod callbacks;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod ledger;
mod memory;
mod places;
mod seat_blocker;
mod seat_maps;
mod steady_clock;
mod tickets;
mod transactions;
mod trips;

pub use advice::Advice;
pub use block_error::{
    BlockError, Cause, Expired, NotSent, NotSentKind, Refusal, RefusalKind, Unknown, UnknownKind,
};
#[cfg(feature = "mock")]
pub use callbacks::MockCallbackParser;
pub use callbacks::{Callback, CallbackError, CallbackParser};
pub use clock::{Clock, ManualClock, SystemClock};
pub use ledger::{
    Begun, Booking, BookingBegun, BookingOutcome, BookingPermit, Change, Claim, DamagedRecord,
    Entry, Evidence, Fact, FeedPosition, Finding, HoldCase, HoldFeed, HoldLedger, HoldRecord,
    LedgerError, LegOutline, Listed, Listing, MemoryHoldLedger, OrderOutline, Outcome, Page,
    SendPermit, Source, Which, may_be_sent_until,
};
pub use memory::MemorySeatBlocker;
#[cfg(feature = "mock")]
pub use places::MockPlaceSearch;
pub use places::{
    KEYWORD_MAX, Place, PlaceId, PlaceIdError, PlaceKind, PlaceRole, PlaceSearch, is_keyword,
};
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
#[cfg(feature = "mock")]
pub use trips::MockTripSearch;
pub use trips::{
    TRIPS_LIMIT_MAX, TRIPS_PAGE_MAX, TripPage, TripQuery, TripQueryError, TripSearch, TripSummary,
};
