//! The two schemes that sign a request.

use std::fmt;

use aws_lc_rs::hmac;
use p256::ecdsa;
use p256::ecdsa::signature::MultipartSigner as _;
use secrecy::{ExposeSecret as _, SecretString};

use super::request::hash_hex;
use super::{RequestToSign, Signature};
use crate::keys::RequestKey;

/// How requests are signed.
///
/// ```
/// use klikoo_adapter::RequestScheme;
///
/// assert_eq!(RequestScheme::HmacSha512.to_string(), "hmac-sha512");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestScheme {
    /// HMAC-SHA512 with the client secret: what Klikoo's public reference describes.
    HmacSha512,
    /// ECDSA P-256 over SHA-256, RFC 6979 nonce, raw `r ‖ s`, low-S.
    EcdsaP256,
}

/// The name that the settings use.
impl fmt::Display for RequestScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HmacSha512 => "hmac-sha512",
            Self::EcdsaP256 => "ecdsa-p256",
        })
    }
}

/// Signs requests under one scheme; the key is prepared once, when the signer is made.
///
/// ```
/// use klikoo_adapter::{RequestSigner, RequestToSign};
///
/// let signer = RequestSigner::hmac_sha512(&"k7tQ2mZx9Lr4Vb8Nc1Wd6Fy3Hs5Jg0Pa".into());
/// let signature = signer.sign(&RequestToSign {
///     method: "GET",
///     path: "/v1/open-api/transactions/14429004",
///     access_token: Some("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ2ZWN0b3IifQ.c2ln"),
///     body: b"",
///     timestamp: "2024-02-07T10:29:20.000+07:00",
/// });
/// assert!(signature.as_str().starts_with("IjwwZZ8onAMid/jzRCVtFNZ0TspXlipHT0fxeWd5NhZb"));
/// ```
#[derive(Clone)]
pub struct RequestSigner(Scheme);

#[derive(Clone)]
enum Scheme {
    Hmac(Box<hmac::Key>),
    Ecdsa(RequestKey),
}

impl RequestSigner {
    /// Signs by HMAC-SHA512 with the partner's client secret, whose bytes are the key.
    ///
    /// ```
    /// use klikoo_adapter::{RequestScheme, RequestSigner};
    ///
    /// let signer = RequestSigner::hmac_sha512(&"a client secret".into());
    /// assert_eq!(signer.scheme(), RequestScheme::HmacSha512);
    /// ```
    #[must_use]
    pub fn hmac_sha512(client_secret: &SecretString) -> Self {
        let bytes = client_secret.expose_secret().as_bytes();
        let key = hmac::Key::new(hmac::HMAC_SHA512, bytes);
        Self(Scheme::Hmac(Box::new(key)))
    }

    /// Signs by ECDSA with the partner's P-256 key. The nonce is RFC 6979's, so the same request
    /// always has the same signature.
    ///
    /// ```
    /// use klikoo_adapter::{GeneratedKeyPair, KeyKind, RequestKey, RequestScheme, RequestSigner};
    /// use secrecy::ExposeSecret;
    ///
    /// let pair = GeneratedKeyPair::generate(KeyKind::P256)?;
    /// let key = RequestKey::from_pkcs8_pem(pair.private_key_pem.expose_secret())?;
    /// assert_eq!(RequestSigner::ecdsa_p256(key).scheme(), RequestScheme::EcdsaP256);
    /// # Ok::<(), klikoo_adapter::KeyError>(())
    /// ```
    #[must_use]
    pub fn ecdsa_p256(key: RequestKey) -> Self {
        Self(Scheme::Ecdsa(key))
    }

    /// The scheme of this signer.
    ///
    /// ```
    /// # use klikoo_adapter::{RequestScheme, RequestSigner};
    /// let signer = RequestSigner::hmac_sha512(&"a client secret".into());
    /// assert_eq!(signer.scheme().to_string(), "hmac-sha512");
    /// ```
    #[must_use]
    pub fn scheme(&self) -> RequestScheme {
        match self.0 {
            Scheme::Hmac(_) => RequestScheme::HmacSha512,
            Scheme::Ecdsa(_) => RequestScheme::EcdsaP256,
        }
    }

    /// The signature of `request`: 64 bytes, 88 characters of base64.
    ///
    /// ```
    /// # use klikoo_adapter::{RequestSigner, RequestToSign};
    /// let signer = RequestSigner::hmac_sha512(&"a client secret".into());
    /// let request = RequestToSign {
    ///     method: "POST", path: "/v1/", access_token: None, body: b"{}", timestamp: "now",
    /// };
    /// let lower_case = RequestToSign { method: "post", ..request };
    /// assert_ne!(signer.sign(&request), signer.sign(&lower_case));
    /// ```
    #[must_use]
    pub fn sign(&self, request: &RequestToSign<'_>) -> Signature {
        let hash = hash_hex(request.body);
        let parts = request.parts(&hash);
        match &self.0 {
            Scheme::Hmac(key) => Signature::from_bytes(hmac_of(key, &parts).as_ref()),
            Scheme::Ecdsa(key) => Signature::from_bytes(&ecdsa_of(key, &parts).to_bytes()),
        }
    }
}

/// Shows the scheme only.
impl fmt::Debug for RequestSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestSigner({})", self.scheme())
    }
}

pub(super) fn hmac_of(key: &hmac::Key, parts: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    context.sign()
}

/// Low-S, because for one message both `s` and `n - s` are valid, and some servers refuse the
/// higher one.
pub(super) fn ecdsa_of(key: &RequestKey, parts: &[&[u8]]) -> ecdsa::Signature {
    let signature: ecdsa::Signature = key.signing_key().multipart_sign(parts);
    signature.normalize_s()
}
