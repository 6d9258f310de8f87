//! What a request signature covers.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};

/// The parts of a request that its signature covers, exactly as they are sent.
///
/// ```
/// use klikoo_adapter::RequestToSign;
///
/// let request = RequestToSign {
///     method: "POST",
///     path: "/v1/open-api/transports/block-seat",
///     access_token: None,
///     body: b"{}",
///     timestamp: "2024-02-07T10:28:35.000+07:00",
/// };
/// assert_eq!(
///     request.string_to_sign(),
///     "POST:/v1/open-api/transports/block-seat::\
///      44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a:\
///      2024-02-07T10:28:35.000+07:00"
/// );
/// ```
#[derive(Clone, Copy)]
pub struct RequestToSign<'a> {
    /// Upper case: `POST`, `GET`.
    pub method: &'a str,
    /// Begins with `/v1/`: without the base URL's own path prefix, without the query.
    pub path: &'a str,
    /// The bare token, without `Bearer `. None leaves its place in the signed string empty.
    pub access_token: Option<&'a str>,
    /// The very bytes that are sent; empty where there is no body.
    pub body: &'a [u8],
    /// The value of the `Open-Api-Timestamp` header, as [`Timestamp`](crate::Timestamp) writes it.
    pub timestamp: &'a str,
}

impl<'a> RequestToSign<'a> {
    /// `METHOD:PATH:TOKEN:HASHED_PAYLOAD:TIMESTAMP`, for explaining a signature.
    ///
    /// It holds the access token, so it belongs on the screen of the person who asked for it and
    /// in no log. [`RequestSigner::sign`](crate::RequestSigner::sign) signs the same text without
    /// putting it together.
    ///
    /// ```
    /// # use klikoo_adapter::RequestToSign;
    /// let request = RequestToSign {
    ///     method: "GET", path: "/v1/", access_token: Some("token"), body: b"", timestamp: "now",
    /// };
    /// assert!(request.string_to_sign().starts_with("GET:/v1/:token:e3b0c442"));
    /// ```
    #[must_use]
    pub fn string_to_sign(&self) -> String {
        let hash = hash_hex(self.body);
        let parts = self.parts(&hash);
        let mut text = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
        for part in parts {
            text.extend_from_slice(part);
        }
        // Every part was text, so nothing is ever replaced here.
        String::from_utf8(text).unwrap_or_default()
    }

    /// The pieces whose concatenation is signed. `hash` is [`hash_hex`] of the body.
    pub(super) fn parts<'b>(&self, hash: &'b [u8; 64]) -> [&'b [u8]; 9]
    where
        'a: 'b,
    {
        [
            self.method.as_bytes(),
            b":",
            self.path.as_bytes(),
            b":",
            self.access_token.unwrap_or_default().as_bytes(),
            b":",
            hash,
            b":",
            self.timestamp.as_bytes(),
        ]
    }
}

/// Shows method, path and timestamp only: the body holds personal data, the token is a secret.
impl fmt::Debug for RequestToSign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestToSign")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("has_access_token", &self.access_token.is_some())
            .field("body_length", &self.body.len())
            .field("timestamp", &self.timestamp)
            .finish()
    }
}

/// The hash of a body as it stands in the signed string: SHA-256 in 64 lower-case hex digits.
///
/// ```
/// use klikoo_adapter::hashed_payload;
///
/// // The worked example of the public reference: the keys are sorted.
/// assert_eq!(
///     hashed_payload(br#"{"account_number":true,"bank_code":"000"}"#),
///     "7791c19c8a1031a23713d71ef8d5a76c62beef20a5ed3b9c6731d108ac70af6e"
/// );
/// ```
#[must_use]
pub fn hashed_payload(body: &[u8]) -> String {
    hex::encode(digest(&SHA256, body))
}

/// [`hashed_payload`] without an allocation.
pub(super) fn hash_hex(body: &[u8]) -> [u8; 64] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let hash = digest(&SHA256, body);
    let mut hex = [0; 64];
    for (pair, byte) in hex.chunks_exact_mut(2).zip(hash.as_ref()) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    hex
}
