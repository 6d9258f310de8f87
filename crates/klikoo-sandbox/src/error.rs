//! What can go wrong before the sandbox runs.

use std::net::SocketAddr;
use std::path::PathBuf;

/// The sandbox could not start.
///
/// ```
/// use klikoo_sandbox::{Sandbox, StartError, TripSpec};
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let twice = Sandbox::builder().trip(TripSpec::new(188_336, 4)).start().await;
/// assert!(matches!(twice, Err(StartError::TripTwice { id: 188_336 })));
/// # });
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}; choose another address, or port 0 for any free one")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The journal file cannot be opened for appending.
    #[error("cannot append to the journal file {path}; choose a file that may be written")]
    Journal {
        /// The file asked for.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Two trips have the same id, or one has that of a trip which always exists.
    #[error("trip {id} exists already; give each trip an id of its own")]
    TripTwice {
        /// The id.
        id: u64,
    },
    /// A trip has more seats than the sandbox draws.
    #[error(
        "trip {id} asks for {seats} seats; at most {} are drawn",
        crate::TripSpec::MAX_SEATS
    )]
    TooManySeats {
        /// The trip.
        id: u64,
        /// The seats asked for.
        seats: u32,
    },
    /// The system gives no random bytes, so no key can be made.
    #[error("the system gives no random bytes, so no demo key can be made")]
    NoRandomness,
}

/// A text names no place of the sandbox's country.
///
/// ```
/// use klikoo_sandbox::{Place, PlaceError};
/// assert!(PlaceError.to_string().contains("city:1"));
/// assert!("Jakarta".parse::<Place>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no place of the sandbox; write city:1, city:2 or city:3, or location:101 to location:103"
)]
pub struct PlaceError;

/// Callbacks cannot be sent to a URL.
///
/// ```
/// use klikoo_sandbox::{CallbackUrlError, Sandbox};
/// let refused = Sandbox::builder().callback_url("https://example.com/klikoo");
/// assert_eq!(refused.err(), Some(CallbackUrlError::NotLoopback));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackUrlError {
    /// No URL with a host.
    #[error("this is no URL; write it as http://127.0.0.1:8080/path")]
    NotAUrl,
    /// Another host than this one, or more than plain http without a user name.
    #[error(
        "callbacks go to this machine alone; give http:// with a loopback address or localhost, such as http://127.0.0.1:8080/path"
    )]
    NotLoopback,
}

/// A partner's public key cannot be registered.
///
/// ```
/// use klikoo_sandbox::{PartnerKeyError, Sandbox};
/// let refused = Sandbox::builder().partner_public_key_pem("no key");
/// assert!(matches!(refused, Err(PartnerKeyError::NotPem)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartnerKeyError {
    /// A private key was given.
    #[error("this is a private key; register its public half, as `openssl pkey -pubout` writes it")]
    Private,
    /// No `PUBLIC KEY` block was found.
    #[error(
        "no public key was found; give SPKI PEM, which begins with `-----BEGIN PUBLIC KEY-----`"
    )]
    NotPem,
    /// A key of a kind or size that Klikoo does not use.
    #[error("the public key is neither P-256 nor RSA of 2048 to 8192 bits; make one of these")]
    Kind,
}

/// A scenario cannot be used.
///
/// ```
/// use klikoo_sandbox::Scenario;
/// let refused = Scenario::from_toml("[[fault]]\nthne = \"duplicate\"").unwrap_err();
/// assert!(refused.to_string().contains("thne"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// The text is not TOML, or has a key or value that is not known.
    #[error("the scenario cannot be read: {0}")]
    Syntax(String),
    /// A fault asks for what cannot be.
    #[error("fault {number} of the scenario cannot be used: {why}")]
    Fault {
        /// Which `[[fault]]` table, counted from 1.
        number: usize,
        /// What is wrong, and what is accepted.
        why: String,
    },
}
