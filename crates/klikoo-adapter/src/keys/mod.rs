//! Private keys that sign: read from PKCS#8 PEM text, or made new.
//!
//! Key material is never printed, and is wiped from memory when dropped.

mod error;
mod generate;
mod kind;
mod pem;

use std::fmt;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa;
use p256::ecdsa::{SigningKey, VerifyingKey};
use p256::pkcs8::{DecodePrivateKey, EncodePublicKey, LineEnding, der};

pub use self::error::KeyError;
pub use self::generate::{GeneratedKeyPair, KeyKind};
use self::kind::Kind;

/// The P-256 key that signs requests under the `ecdsa-p256` scheme (docs/klikoo-api.md, section 2).
///
/// ```
/// use klikoo_adapter::{GeneratedKeyPair, KeyKind, RequestKey};
/// use secrecy::ExposeSecret;
///
/// let pair = GeneratedKeyPair::generate(KeyKind::P256)?;
/// let key = RequestKey::from_pkcs8_pem(pair.private_key_pem.expose_secret())?;
/// assert_eq!(key.public_key_pem()?, pair.public_key_pem);
/// assert_eq!(format!("{key:?}"), "RequestKey(P-256)");
/// # Ok::<(), klikoo_adapter::KeyError>(())
/// ```
#[derive(Clone)]
pub struct RequestKey(SigningKey);

impl RequestKey {
    /// Reads an unencrypted PKCS#8 private key from PEM text.
    ///
    /// ```
    /// use klikoo_adapter::{KeyError, RequestKey};
    ///
    /// assert_eq!(RequestKey::from_pkcs8_pem("no key").unwrap_err(), KeyError::NotPem);
    /// ```
    ///
    /// # Errors
    /// [`KeyError`], when the text does not hold exactly one P-256 private key in that form.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyError> {
        let der = pem::private_key_der(pem)?;
        match Kind::of(&der)? {
            Kind::P256 => Self::from_der(&der),
            other => Err(other.instead_of("a P-256 key")),
        }
    }

    fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        SigningKey::from_pkcs8_der(der)
            .map(Self)
            .map_err(|_| KeyError::Inconsistent)
    }

    /// The public half as SPKI PEM: what the provider is given.
    ///
    /// ```
    /// # use klikoo_adapter::{GeneratedKeyPair, KeyKind, RequestKey};
    /// # use secrecy::ExposeSecret;
    /// # let pair = GeneratedKeyPair::generate(KeyKind::P256)?;
    /// # let key = RequestKey::from_pkcs8_pem(pair.private_key_pem.expose_secret())?;
    /// assert!(key.public_key_pem()?.starts_with("-----BEGIN PUBLIC KEY-----\n"));
    /// # Ok::<(), klikoo_adapter::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// [`KeyError::Inconsistent`], should the library be unable to encode the public point.
    pub fn public_key_pem(&self) -> Result<String, KeyError> {
        self.verifying_key()
            .to_public_key_pem(LineEnding::LF)
            .map_err(|_| KeyError::Inconsistent)
    }

    /// For test vectors, which give a bare number.
    #[cfg(test)]
    pub(crate) fn from_signing_key(key: SigningKey) -> Self {
        Self(key)
    }

    pub(crate) fn signing_key(&self) -> &SigningKey {
        &self.0
    }

    pub(crate) fn verifying_key(&self) -> &VerifyingKey {
        self.0.verifying_key()
    }
}

impl fmt::Debug for RequestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestKey(P-256)")
    }
}

/// The key that signs the token request: RSA (PKCS#1 v1.5, SHA-256) or P-256, after what the PEM
/// text holds (docs/klikoo-api.md, section 3).
///
/// ```
/// use klikoo_adapter::{AuthKey, GeneratedKeyPair, KeyKind};
/// use secrecy::ExposeSecret;
///
/// let pair = GeneratedKeyPair::generate(KeyKind::P256)?;
/// let key = AuthKey::from_pkcs8_pem(pair.private_key_pem.expose_secret())?;
/// assert_eq!(format!("{key:?}"), "AuthKey(P-256)");
/// # Ok::<(), klikoo_adapter::KeyError>(())
/// ```
#[derive(Clone)]
pub struct AuthKey(AuthKeyKind);

#[derive(Clone)]
pub(crate) enum AuthKeyKind {
    Rsa(rsa::KeyPair),
    P256(RequestKey),
}

impl AuthKey {
    /// Reads an unencrypted PKCS#8 private key from PEM text: RSA of 2048 to 8192 bits, or P-256.
    ///
    /// ```
    /// use klikoo_adapter::{AuthKey, KeyError};
    ///
    /// let public = "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n";
    /// assert_eq!(AuthKey::from_pkcs8_pem(public).unwrap_err(), KeyError::PublicKey);
    /// ```
    ///
    /// # Errors
    /// [`KeyError`], when the text does not hold exactly one such private key.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyError> {
        let der = pem::private_key_der(pem)?;
        let kind = match Kind::of(&der)? {
            Kind::P256 => AuthKeyKind::P256(RequestKey::from_der(&der)?),
            Kind::Rsa { bits: 2048..=8192 } => AuthKeyKind::Rsa(
                rsa::KeyPair::from_der(kind::inner_key(&der)?)
                    .map_err(|_| KeyError::Inconsistent)?,
            ),
            Kind::Rsa { bits } => return Err(KeyError::RsaSize { bits }),
            other @ Kind::Other(_) => {
                return Err(other.instead_of("an RSA key of at least 2048 bits or a P-256 key"));
            }
        };
        Ok(Self(kind))
    }

    /// The public half as SPKI PEM: what the provider is given.
    ///
    /// ```
    /// # use klikoo_adapter::{AuthKey, GeneratedKeyPair, KeyKind};
    /// # use secrecy::ExposeSecret;
    /// # let pair = GeneratedKeyPair::generate(KeyKind::P256)?;
    /// # let key = AuthKey::from_pkcs8_pem(pair.private_key_pem.expose_secret())?;
    /// assert_eq!(key.public_key_pem()?, pair.public_key_pem);
    /// # Ok::<(), klikoo_adapter::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// [`KeyError::Inconsistent`], should the library be unable to encode the public half.
    pub fn public_key_pem(&self) -> Result<String, KeyError> {
        match &self.0 {
            AuthKeyKind::P256(key) => key.public_key_pem(),
            AuthKeyKind::Rsa(pair) => rsa_public_key_pem(pair),
        }
    }

    pub(crate) fn kind(&self) -> &AuthKeyKind {
        &self.0
    }
}

impl fmt::Debug for AuthKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            AuthKeyKind::Rsa(pair) => write!(f, "AuthKey(RSA-{})", pair.public_modulus_len() * 8),
            AuthKeyKind::P256(_) => f.write_str("AuthKey(P-256)"),
        }
    }
}

fn rsa_public_key_pem(pair: &rsa::KeyPair) -> Result<String, KeyError> {
    use aws_lc_rs::signature::KeyPair as _;
    let spki: PublicKeyX509Der<'_> = pair
        .public_key()
        .as_der()
        .map_err(|_| KeyError::Inconsistent)?;
    der::pem::encode_string("PUBLIC KEY", LineEnding::LF, spki.as_ref())
        .map_err(|_| KeyError::Inconsistent)
}
