//! What is answered, as explicit types: nothing is told that no field was made for.

mod answer;
mod hold;
mod message;
mod story;
mod trip;

pub use answer::{HoldAnswer, LegView, Outcome};
pub use hold::{BookingCodesView, BookingView, DamagedView, HoldList, HoldStory, HoldView};
pub use story::StoryEntry;
pub use trip::{PlaceList, PlaceView, SeatMapView, SeatView, TripList, TripView};

pub(crate) use hold::state_of;
pub(crate) use message::{block_message, ticket_message};
