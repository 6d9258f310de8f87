#![doc = include_str!("../README.md")]

mod deceptive;
mod document;
mod fault;
mod hold;
mod jakarta;
mod order;

pub use deceptive::is_deceptive;
pub use fault::{Bound, Fault, FaultCode, Faults};
pub use hold::{
    Deadline, HoldState, IllegalMove, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
pub use jakarta::{JAKARTA, day_in_jakarta, rfc3339, to_millisecond};
pub use order::{
    BlockOrder, Contact, ContactDraft, Gender, Leg, LegDraft, OrderDraft, PartnerReference,
    Passenger, PassengerDraft, Personal, ProductCode, Rupiah, SeatName, Tenant, TripId, Warning,
    WarningCode, limits,
};
