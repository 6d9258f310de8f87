//! What a partner asks for: from a plain draft to an order that cannot be wrong.

mod block_order;
mod draft;
pub mod limits;
mod rules;
mod validation;
mod values;
mod warning;

pub use block_order::{BlockOrder, Contact, Leg, Passenger};
pub use draft::{ContactDraft, LegDraft, OrderDraft, PassengerDraft};
pub(crate) use validation::{check, passenger_count};
pub use values::{Gender, PartnerReference, Personal, ProductCode, Rupiah, SeatName, TripId};
pub use warning::{Warning, WarningCode};
