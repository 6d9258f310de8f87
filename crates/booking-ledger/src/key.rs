//! The key that seals what a ledger keeps of people.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretBox};
use zeroize::Zeroizing;

/// The secret of a ledger: 32 random bytes. Whoever has it and the ledger's file can read the
/// orders that were not shredded yet; without it nobody can, you among them.
///
/// ```
/// use booking_ledger::LedgerKey;
///
/// // For example from `openssl rand -hex 32`.
/// let text = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";
/// let key = LedgerKey::parse(text).unwrap();
/// assert_eq!(format!("{key:?}"), "LedgerKey([secret])");
/// ```
#[derive(Clone)]
pub struct LedgerKey(Arc<SecretBox<[u8; 32]>>);

/// A text that is no ledger key.
///
/// ```
/// use booking_ledger::LedgerKey;
///
/// let error = LedgerKey::parse("hunter2").unwrap_err();
/// assert!(error.to_string().starts_with("the ledger's key has 7 characters"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the ledger's key has {length} characters and is not the hex or base64 of 32 bytes; \
     make one with `openssl rand -hex 32`"
)]
pub struct KeyError {
    /// How long the text was, without spaces around it.
    pub length: usize,
}

impl LedgerKey {
    /// The key of these bytes.
    ///
    /// ```
    /// # use booking_ledger::LedgerKey;
    /// # let bytes_of_a_secret_store = [7; 32];
    /// let key = LedgerKey::new(bytes_of_a_secret_store);
    /// ```
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Arc::new(SecretBox::new(Box::new(bytes))))
    }

    /// Reads 64 hex digits, or the base64 of 32 bytes; spaces around them do not matter.
    ///
    /// # Errors
    ///
    /// [`KeyError`], which does not repeat the text.
    ///
    /// ```
    /// # use booking_ledger::LedgerKey;
    /// assert!(LedgerKey::parse("ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=").is_ok());
    /// ```
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let bytes = Zeroizing::new(
            hex::decode(text)
                .or_else(|_| STANDARD.decode(text))
                .unwrap_or_default(),
        );
        match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(bytes) => Ok(Self::new(bytes)),
            Err(_) => Err(KeyError {
                length: text.chars().count(),
            }),
        }
    }

    /// A key for one purpose. Knowing it tells nothing about the others.
    pub(crate) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.expose_secret());
        let mut derived = Zeroizing::new([0; 32]);
        derived.copy_from_slice(hmac::sign(&key, purpose.as_bytes()).as_ref());
        derived
    }
}

impl std::fmt::Debug for LedgerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LedgerKey([secret])")
    }
}
