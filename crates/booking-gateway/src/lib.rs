#![doc = include_str!("../README.md")]

mod asking;
mod auth;
mod background;
mod envelope;
mod events;
mod gate;
mod gateway;
mod limits;
mod metrics;
mod problem;
mod provider_watch;
mod reads;
mod routes;
mod server;
mod view;

pub use auth::{
    ApiKey, Caller, FileKeyRing, KeyFileError, KeyId, KeyRecord, KeyRing, KeysFile, MemoryKeyRing,
    Scope, Scopes, SecretHash,
};
pub use gateway::{Entropy, Gateway, GatewayOptions, JoinTrace, Serving, Stack};
pub use limits::GatewayLimits;
pub use problem::{FaultBody, Problem, ProblemBody, ProblemKind};
pub use provider_watch::{ProviderWatch, Watched};
pub use routes::disclosure::Disclosure;
pub use routes::openapi::openapi;
pub use routes::overview::{LatencyBucket, Overview, OverviewBucket, ProviderView};
pub use routes::settlement::{Settlement, SettlementFinding};
pub use view::{
    BookingCodesView, BookingView, DamagedView, HoldAnswer, HoldList, HoldStory, HoldView, LegView,
    Outcome, PlaceList, PlaceView, SeatMapView, SeatView, StoryEntry, TripList, TripView,
};
