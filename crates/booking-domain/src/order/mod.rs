//! What a partner asks for: from a plain draft to an order that cannot be wrong.

mod block_order;
mod conversion;
mod draft;
mod leg;
pub mod limits;
mod people;
mod personal;
mod rules;
mod validation;
mod values;
mod warning;

pub use block_order::BlockOrder;
pub use draft::{ContactDraft, LegDraft, OrderDraft, PassengerDraft};
pub use leg::Leg;
pub use people::{Contact, Passenger};
pub use personal::{Gender, Personal};
pub(crate) use validation::{check, passenger_count};
pub use values::{PartnerReference, ProductCode, Rupiah, SeatName, Tenant, TripId};
pub use warning::{Warning, WarningCode};
