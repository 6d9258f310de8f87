//! Holds bus seats through Klikoo's B2B Open API: signing, token, wire types, outcomes.

mod canonical_json;
mod keys;
mod signature;
mod timestamp;

pub use canonical_json::{CanonicalJsonError, canonical_json};
pub use keys::{AuthKey, GeneratedKeyPair, KeyError, KeyKind, RequestKey};
pub use signature::{
    AuthSigner, RequestScheme, RequestSigner, RequestToSign, Signature, SigningError,
    hashed_payload,
};
pub use timestamp::Timestamp;
