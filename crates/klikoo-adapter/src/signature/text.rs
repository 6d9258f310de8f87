//! A signature as it travels in a header.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// A signature in standard base64 with padding: the value of `Open-Api-Signature`.
///
/// Both request schemes give 64 bytes and so 88 characters, the length that the given document
/// demands; an auth signature by RSA-2048 has 344. `Debug` leaves the value out, since whoever
/// holds it can repeat the request while its timestamp is fresh.
///
/// ```
/// use klikoo_adapter::{RequestSigner, RequestToSign};
///
/// let signer = RequestSigner::hmac_sha512(&"a client secret".into());
/// let signature = signer.sign(&RequestToSign {
///     method: "GET",
///     path: "/v1/open-api/transactions/14429004",
///     access_token: None,
///     body: b"",
///     timestamp: "2024-02-07T10:29:20.000+07:00",
/// });
/// assert_eq!(signature.as_str().len(), 88);
/// assert_eq!(format!("{signature:?}"), "Signature(88 characters)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Signature(String);

impl Signature {
    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        Self(BASE64_STANDARD.encode(bytes))
    }

    /// The base64 text.
    ///
    /// ```
    /// # use klikoo_adapter::{RequestSigner, RequestToSign};
    /// # let request = RequestToSign { method: "GET", path: "/v1/", access_token: None, body: b"", timestamp: "" };
    /// let signature = RequestSigner::hmac_sha512(&"a client secret".into()).sign(&request);
    /// assert!(signature.as_str().ends_with("=="));
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({} characters)", self.0.len())
    }
}
