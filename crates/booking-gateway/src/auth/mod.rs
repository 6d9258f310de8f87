//! Who asks, and what they may.

mod api_key;
mod caller;
mod key_file;
mod key_ring;
mod scope;
mod session;
mod throttle;

pub use api_key::{ApiKey, KeyId, SecretHash};
pub use caller::Caller;
pub use key_file::{FileKeyRing, KeyFileError, KeysFile};
pub use key_ring::{KeyRecord, KeyRing, MemoryKeyRing};
pub use scope::{Scope, Scopes};

pub(crate) use caller::{authenticate, by_key, cookie, not_too_often, peer, require};
pub(crate) use session::{COOKIE, SECURE_COOKIE, Session, Sessions};
pub(crate) use throttle::{Throttle, network};
