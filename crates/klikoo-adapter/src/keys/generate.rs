//! New key pairs, for a partner that has none yet.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::{rand, rsa};
use p256::SecretKey;
use p256::pkcs8::{EncodePrivateKey, LineEnding, der};
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::{KeyError, RequestKey, rsa_public_key_pem};

/// The kinds of key that this project can make.
///
/// ```
/// use klikoo_adapter::KeyKind;
///
/// assert_ne!(KeyKind::P256, KeyKind::Rsa2048);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// NIST P-256: signs requests and token requests.
    P256,
    /// RSA with a modulus of 2048 bits: signs token requests.
    Rsa2048,
}

/// A new key pair in the forms that are exchanged.
///
/// ```
/// use klikoo_adapter::{GeneratedKeyPair, KeyKind};
///
/// let pair = GeneratedKeyPair::generate(KeyKind::P256)?;
/// assert!(pair.public_key_pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
/// assert!(!format!("{pair:?}").contains("PRIVATE"));
/// # Ok::<(), klikoo_adapter::KeyError>(())
/// ```
#[derive(Debug)]
pub struct GeneratedKeyPair {
    /// The private half, unencrypted PKCS#8 PEM. To be kept where its owner alone can read it.
    pub private_key_pem: SecretString,
    /// The public half, SPKI PEM. To be registered with the provider.
    pub public_key_pem: String,
}

impl GeneratedKeyPair {
    /// Makes a key pair from the system's randomness.
    ///
    /// ```
    /// use klikoo_adapter::{GeneratedKeyPair, KeyKind};
    ///
    /// let one = GeneratedKeyPair::generate(KeyKind::P256)?;
    /// let other = GeneratedKeyPair::generate(KeyKind::P256)?;
    /// assert_ne!(one.public_key_pem, other.public_key_pem);
    /// # Ok::<(), klikoo_adapter::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// [`KeyError::Generation`], when the system gives no randomness.
    pub fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        match kind {
            KeyKind::P256 => p256_pair(),
            KeyKind::Rsa2048 => rsa_pair(),
        }
    }
}

fn p256_pair() -> Result<GeneratedKeyPair, KeyError> {
    let secret = loop {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        rand::fill(bytes.as_mut_slice()).map_err(|_| KeyError::Generation)?;
        // Zero and numbers from the group order up are no keys: draw again (1 in 2^32).
        if let Ok(secret) = SecretKey::from_slice(bytes.as_slice()) {
            break secret;
        }
    };
    let private = secret
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|_| KeyError::Generation)?;
    Ok(GeneratedKeyPair {
        private_key_pem: SecretString::from(private.as_str()),
        public_key_pem: RequestKey(secret.into()).public_key_pem()?,
    })
}

fn rsa_pair() -> Result<GeneratedKeyPair, KeyError> {
    let pair = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).map_err(|_| KeyError::Generation)?;
    // The library wipes this encoding when it is dropped.
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generation)?;
    let private = der::pem::encode_string("PRIVATE KEY", LineEnding::LF, pkcs8.as_ref())
        .map(Zeroizing::new)
        .map_err(|_| KeyError::Generation)?;
    Ok(GeneratedKeyPair {
        private_key_pem: SecretString::from(private.as_str()),
        public_key_pem: rsa_public_key_pem(&pair)?,
    })
}
