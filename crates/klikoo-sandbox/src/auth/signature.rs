//! The two signatures of API description §2 and §3, checked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, Sha512};

use super::keys::PartnerKey;

/// How a request was signed.
///
/// ```
/// let json = serde_json::to_string(&klikoo_sandbox::Scheme::HmacSha512).unwrap();
/// assert_eq!(json, "\"hmac-sha512\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scheme {
    /// HMAC-SHA512 with the client secret.
    #[serde(rename = "hmac-sha512")]
    HmacSha512,
    /// ECDSA on P-256 over SHA-256, `r ‖ s`.
    #[serde(rename = "ecdsa-p256")]
    EcdsaP256,
    /// RSA PKCS#1 v1.5 over SHA-256: token requests alone.
    #[serde(rename = "rsa-sha256")]
    RsaSha256,
}

/// The parts of a request that its signature covers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) token: &'a str,
    /// What stands for the body: see [`super::body_hash::BodyHash`].
    pub(crate) hashed_bytes: &'a [u8],
    pub(crate) timestamp: &'a str,
}

impl Signed<'_> {
    pub(crate) fn string_to_sign(&self) -> String {
        format!(
            "{}:{}:{}:{}:{}",
            self.method,
            self.path,
            self.token,
            hex::encode(Sha256::digest(self.hashed_bytes)),
            self.timestamp
        )
    }
}

/// Everything by which the sandbox knows a signature.
pub(crate) struct Verifier {
    hmac: Hmac<Sha512>,
    keys: Vec<PartnerKey>,
}

impl Verifier {
    pub(crate) fn new(client_secret: &str, keys: Vec<PartnerKey>) -> Option<Self> {
        let hmac = Hmac::new_from_slice(client_secret.as_bytes()).ok()?;
        Some(Self::of(hmac, keys))
    }

    pub(super) fn of(hmac: Hmac<Sha512>, keys: Vec<PartnerKey>) -> Self {
        Self { hmac, keys }
    }

    /// The scheme by which `signature` signs a request, or none.
    pub(crate) fn request(&self, signed: &Signed<'_>, signature: &str) -> Option<Scheme> {
        // Both schemes demand 64 bytes: with padding, the given document's 88 characters.
        let signature = STANDARD.decode(signature).ok()?;
        let text = signed.string_to_sign();
        if self.is_hmac(text.as_bytes(), &signature) {
            return Some(Scheme::HmacSha512);
        }
        self.keys
            .iter()
            .filter(|key| matches!(key, PartnerKey::P256(_)))
            .any(|key| key.has_signed(text.as_bytes(), &signature))
            .then_some(Scheme::EcdsaP256)
    }

    /// The scheme by which `signature` signs a token request, or none.
    pub(crate) fn token_request(
        &self,
        client_id: &str,
        timestamp: &str,
        signature: &str,
    ) -> Option<Scheme> {
        let signature = STANDARD.decode(signature).ok()?;
        let text = auth_string(client_id, timestamp);
        let key = self
            .keys
            .iter()
            .find(|key| key.has_signed(text.as_bytes(), &signature))?;
        Some(match key {
            PartnerKey::P256(_) => Scheme::EcdsaP256,
            PartnerKey::Rsa(_) => Scheme::RsaSha256,
        })
    }

    /// Compared in constant time; only the whole tag counts.
    pub(crate) fn is_hmac(&self, message: &[u8], tag: &[u8]) -> bool {
        self.hmac
            .clone()
            .chain_update(message)
            .verify_slice(tag)
            .is_ok()
    }

    /// The signature that the `signature` helper hands out.
    pub(crate) fn hmac_base64(&self, signed: &Signed<'_>) -> String {
        let tag = self.hmac.clone().chain_update(signed.string_to_sign());
        STANDARD.encode(tag.finalize().into_bytes())
    }
}

/// What an auth signature signs (API description §3).
pub(crate) fn auth_string(client_id: &str, timestamp: &str) -> String {
    format!("{client_id}|{timestamp}")
}
