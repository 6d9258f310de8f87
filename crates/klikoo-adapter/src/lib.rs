//! Holds bus seats through Klikoo's B2B Open API: signing, token, wire types, outcomes.

mod canonical_json;
mod keys;
mod signature;
mod timestamp;

pub use canonical_json::{CanonicalJsonError, canonical_json};
pub use keys::{AuthKey, GeneratedKeyPair, KeyError, KeyKind, RequestKey};
pub use signature::{
    AuthSigner, Diagnosis, Facts, Mistake, RequestScheme, RequestSigner, RequestToSign, Signature,
    SigningError, diagnose, hashed_payload,
};
pub use timestamp::Timestamp;
