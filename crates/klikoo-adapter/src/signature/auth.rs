//! The signature of a token request.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use thiserror::Error;

use super::Signature;
use super::signer::ecdsa_of;
use crate::keys::{AuthKey, AuthKeyKind};

/// Signs token requests: `client_id|timestamp` by the partner's registered key, RSA (PKCS#1 v1.5,
/// SHA-256) or P-256, after the key that is given (docs/klikoo-api.md, section 3).
///
/// ```
/// use klikoo_adapter::{AuthKey, AuthSigner, GeneratedKeyPair, KeyKind};
/// use secrecy::ExposeSecret;
///
/// let pair = GeneratedKeyPair::generate(KeyKind::P256)?;
/// let key = AuthKey::from_pkcs8_pem(pair.private_key_pem.expose_secret())?;
/// let signer = AuthSigner::new("5f0c1f6e-8f4b-4a51-9c7d-2b3a6f1f0e77", key);
/// let signature = signer.sign("2023-12-13T15:14:17.000+07:00")?;
/// assert_eq!(signature.as_str().len(), 88);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AuthSigner {
    client_id: String,
    key: AuthKey,
}

/// RSA signing failed inside the cryptographic library: out of memory, or a fault found by its own
/// check of the result.
///
/// ```
/// assert!(klikoo_adapter::SigningError.to_string().contains("token request"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "the token request could not be signed: the cryptographic library failed; try again, and check the key if it lasts"
)]
pub struct SigningError;

impl AuthSigner {
    /// A signer for the partner `client_id` (a UUID v4, as Klikoo gave it).
    ///
    /// ```
    /// # use klikoo_adapter::{AuthKey, AuthSigner, GeneratedKeyPair, KeyKind};
    /// # use secrecy::ExposeSecret;
    /// # let pair = GeneratedKeyPair::generate(KeyKind::P256)?;
    /// # let key = AuthKey::from_pkcs8_pem(pair.private_key_pem.expose_secret())?;
    /// let signer = AuthSigner::new("5f0c1f6e-8f4b-4a51-9c7d-2b3a6f1f0e77", key);
    /// assert_eq!(format!("{signer:?}"), "AuthSigner(AuthKey(P-256))");
    /// # Ok::<(), klikoo_adapter::KeyError>(())
    /// ```
    #[must_use]
    pub fn new(client_id: impl Into<String>, key: AuthKey) -> Self {
        Self {
            client_id: client_id.into(),
            key,
        }
    }

    /// What is signed: `client_id|timestamp`.
    ///
    /// ```
    /// # use klikoo_adapter::{AuthKey, AuthSigner, GeneratedKeyPair, KeyKind};
    /// # use secrecy::ExposeSecret;
    /// # let pair = GeneratedKeyPair::generate(KeyKind::P256)?;
    /// # let key = AuthKey::from_pkcs8_pem(pair.private_key_pem.expose_secret())?;
    /// let signer = AuthSigner::new("a-client", key);
    /// let text = signer.string_to_sign("2023-12-13T15:14:17.000+07:00");
    /// assert_eq!(text, "a-client|2023-12-13T15:14:17.000+07:00");
    /// # Ok::<(), klikoo_adapter::KeyError>(())
    /// ```
    #[must_use]
    pub fn string_to_sign(&self, timestamp: &str) -> String {
        [&self.client_id, "|", timestamp].concat()
    }

    /// The signature for a token request at `timestamp`, the text of its `Open-Api-Timestamp`
    /// header: 344 characters by RSA-2048, 88 by P-256.
    ///
    /// ```
    /// # use klikoo_adapter::{AuthKey, AuthSigner, GeneratedKeyPair, KeyKind};
    /// # use secrecy::ExposeSecret;
    /// # let pair = GeneratedKeyPair::generate(KeyKind::P256)?;
    /// # let key = AuthKey::from_pkcs8_pem(pair.private_key_pem.expose_secret())?;
    /// let signer = AuthSigner::new("a-client", key);
    /// assert_eq!(signer.sign("now")?, signer.sign("now")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SigningError`], when the cryptographic library fails at an RSA signature.
    pub fn sign(&self, timestamp: &str) -> Result<Signature, SigningError> {
        match self.key.kind() {
            AuthKeyKind::Rsa(pair) => {
                let text = self.string_to_sign(timestamp);
                let mut bytes = vec![0; pair.public_modulus_len()];
                // PKCS#1 v1.5 draws no randomness; the argument is only the library's habit.
                let randomness = SystemRandom::new();
                pair.sign(&RSA_PKCS1_SHA256, &randomness, text.as_bytes(), &mut bytes)
                    .map_err(|_| SigningError)?;
                Ok(Signature::from_bytes(&bytes))
            }
            AuthKeyKind::P256(key) => {
                let parts = [self.client_id.as_bytes(), b"|", timestamp.as_bytes()];
                Ok(Signature::from_bytes(&ecdsa_of(key, &parts).to_bytes()))
            }
        }
    }
}

/// Shows the kind of key only.
impl fmt::Debug for AuthSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthSigner({:?})", self.key)
    }
}
