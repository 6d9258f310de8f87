#![doc = include_str!("../README.md")]

mod document;
mod fault;
mod hold;
mod order;

pub use fault::{Bound, Fault, FaultCode, Faults};
pub use hold::{
    Deadline, HoldState, IllegalMove, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
pub use order::{
    BlockOrder, Contact, ContactDraft, Gender, Leg, LegDraft, OrderDraft, PartnerReference,
    Passenger, PassengerDraft, Personal, ProductCode, Rupiah, SeatName, TripId, Warning,
    WarningCode, limits,
};
