#![doc = include_str!("../README.md")]

mod base_url;
mod block_seat;
mod callback;
mod canonical_json;
mod client;
mod clock_skew;
mod config;
mod deadline;
mod doubt;
mod envelope;
mod headers;
mod inquiry;
mod keys;
mod outcome;
mod places;
mod printable;
mod refusal;
mod reply;
mod reply_match;
mod response_code;
mod seat_map;
mod signature;
mod silence;
mod status;
mod tickets;
mod timestamp;
mod token;
mod token_check;
mod token_error;
mod token_request;
mod trace_context;
mod transactions;
mod transport;
mod trips;
mod wire;
#[cfg(feature = "simulation")]
mod wire_model;

pub use base_url::{BaseUrl, BaseUrlError};
pub use block_seat::{KlikooSeatBlocker, SignedBlockSeat};
pub use callback::KlikooCallbacks;
pub use canonical_json::{CanonicalJsonError, canonical_json};
pub use client::KlikooClient;
pub use config::{Authorization, Credentials, KlikooConfig, SetupError};
pub use keys::{AuthKey, GeneratedKeyPair, KeyError, KeyKind, RequestKey};
pub use places::KlikooPlaces;
pub use response_code::{Case, ResponseCode};
pub use seat_map::KlikooSeatMaps;
pub use signature::{
    AuthSigner, Diagnosis, Facts, Mistake, RequestScheme, RequestSigner, RequestToSign, Signature,
    SigningError, diagnose, hashed_payload,
};
pub use tickets::KlikooTickets;
pub use timestamp::Timestamp;
pub use token_check::TokenCheckError;
pub use transactions::{HistorySearch, KlikooTransactions};
pub use trips::KlikooTrips;
#[cfg(feature = "simulation")]
pub use wire_model::{ModelReply, WireFault, WireModel};
