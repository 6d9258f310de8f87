#![doc = include_str!("../README.md")]

mod answer;
mod auth;
mod builder;
mod call;
mod callback;
mod clock;
mod country;
mod error;
mod fault;
mod journal;
mod json;
mod kernel;
mod magic;
mod open_points;
mod order;
mod routes;
mod sandbox;
mod scenario;
mod server;
mod store;

pub use auth::{BodyHash, Scheme};
pub use builder::SandboxBuilder;
pub use clock::VirtualClock;
pub use country::Place;
pub use error::{CallbackUrlError, PartnerKeyError, PlaceError, ScenarioError, StartError};
pub use fault::{Fault, Rule};
pub use journal::{Answered, Executed, JournalEntry, SignatureVerdict};
pub use magic::{MAGIC_SEATS, MagicSeat};
pub use open_points::HistoryOff;
pub use sandbox::Sandbox;
pub use scenario::{Scenario, TripSpec};
pub use store::{HeldLeg, Hold, HoldState};
