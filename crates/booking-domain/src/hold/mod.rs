//! The result of a block: seats kept until a deadline, and the states an attempt passes through.

mod deadline;
mod moves;
mod seat_hold;
mod state;

pub use deadline::Deadline;
pub use moves::IllegalMove;
pub use seat_hold::{ProviderStatus, SeatHold, StatusMeaning, TransactionId};
pub use state::HoldState;
