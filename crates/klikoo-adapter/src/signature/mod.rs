//! Signatures over requests and token requests, as pure functions: no I/O, time passed in.
//!
//! docs/klikoo-api.md, sections 2 and 3, gives the formats.

mod auth;
mod diagnosis;
#[cfg(test)]
mod known_answers;
mod request;
mod signer;
mod text;

pub use self::auth::{AuthSigner, SigningError};
pub use self::diagnosis::{Diagnosis, Facts, Mistake, diagnose};
pub use self::request::{RequestToSign, hashed_payload};
pub use self::signer::{RequestScheme, RequestSigner};
pub use self::text::Signature;
