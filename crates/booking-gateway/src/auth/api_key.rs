//! A key as its holder has it, and what is kept of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

const PREFIX: &str = "sbk_";
const ID_BYTES: usize = 8;
const SECRET_BYTES: usize = 32;

/// The public part of a key: names it in lists, logs and the key file.
///
/// ```
/// use booking_gateway::KeyId;
///
/// assert!("00000000000000a7".parse::<KeyId>().is_ok());
/// assert!("00000000000000A7".parse::<KeyId>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(String);

impl KeyId {
    /// Its 16 hex digits.
    ///
    /// ```
    /// # use booking_gateway::KeyId;
    /// let id: KeyId = "00000000000000a7".parse().unwrap();
    /// assert_eq!(id.as_str(), "00000000000000a7");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if is_hex(text, ID_BYTES) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a key's id has 16 of the digits 0-9 and a-f".to_owned())
        }
    }
}

impl TryFrom<String> for KeyId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.0
    }
}

/// A key as its holder sends it: `sbk_<id>_<secret>`. Only a hash of its secret is ever kept.
///
/// The secret has 256 random bits, so no guess succeeds and a fast hash serves.
///
/// ```
/// use booking_gateway::ApiKey;
///
/// let key = ApiKey::of_random([1; 8], [2; 32]);
/// let text = key.expose();
/// assert_eq!(ApiKey::parse(&text).unwrap().secret_hash(), key.secret_hash());
/// assert_eq!(format!("{key:?}"), "ApiKey(0101010101010101)");
/// ```
pub struct ApiKey {
    id: KeyId,
    secret: Zeroizing<[u8; SECRET_BYTES]>,
}

impl ApiKey {
    /// A key of bytes that a good source of chance gave.
    ///
    /// ```
    /// # use booking_gateway::ApiKey;
    /// assert_eq!(ApiKey::of_random([0; 8], [0; 32]).id().as_str(), "0000000000000000");
    /// ```
    #[must_use]
    pub fn of_random(id: [u8; ID_BYTES], secret: [u8; SECRET_BYTES]) -> Self {
        Self {
            id: KeyId(hex::encode(id)),
            secret: Zeroizing::new(secret),
        }
    }

    /// Reads what a caller sent; `None` for anything but the one form of a key.
    ///
    /// ```
    /// # use booking_gateway::ApiKey;
    /// assert!(ApiKey::parse("sbk_1_2").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        if !is_hex(secret, SECRET_BYTES) {
            return None;
        }
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        hex::decode_to_slice(secret, &mut *bytes).ok()?;
        Some(Self {
            id: id.parse().ok()?,
            secret: bytes,
        })
    }

    /// Its public part.
    ///
    /// ```
    /// # use booking_gateway::ApiKey;
    /// assert_eq!(ApiKey::of_random([0; 8], [0; 32]).id().to_string(), "0".repeat(16));
    /// ```
    #[must_use]
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// The whole of it, to be shown once to whoever will hold it.
    ///
    /// ```
    /// # use booking_gateway::ApiKey;
    /// assert!(ApiKey::of_random([0; 8], [0; 32]).expose().starts_with("sbk_0000"));
    /// ```
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let secret = Zeroizing::new(hex::encode(*self.secret));
        Zeroizing::new(format!("{PREFIX}{}_{}", self.id, *secret))
    }

    /// What is kept of the secret.
    ///
    /// ```
    /// # use booking_gateway::ApiKey;
    /// let (one, other) = (ApiKey::of_random([0; 8], [0; 32]), ApiKey::of_random([0; 8], [1; 32]));
    /// assert_ne!(one.secret_hash(), other.secret_hash());
    /// ```
    #[must_use]
    pub fn secret_hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(*self.secret).into())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({})", self.id)
    }
}

/// The SHA-256 of a key's secret. Compared in constant time.
///
/// ```
/// let key = booking_gateway::ApiKey::of_random([0; 8], [0; 32]);
/// assert_eq!(key.secret_hash(), key.secret_hash());
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretHash([u8; 32]);

impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

impl TryFrom<String> for SecretHash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut bytes = [0; 32];
        match hex::decode_to_slice(&text, &mut bytes) {
            Ok(()) => Ok(Self(bytes)),
            Err(_) => Err("the hash of a secret has 64 hex digits".to_owned()),
        }
    }
}

impl From<SecretHash> for String {
    fn from(hash: SecretHash) -> Self {
        hex::encode(hash.0)
    }
}

/// One form alone, so that a key is one text.
fn is_hex(text: &str, bytes: usize) -> bool {
    text.len() == 2 * bytes
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::ApiKey;

    #[test]
    fn only_the_one_form_of_a_key_is_one() {
        let whole = ApiKey::of_random([0xab; 8], [0xcd; 32])
            .expose()
            .to_string();
        assert!(ApiKey::parse(&whole).is_some());
        for other in [
            String::new(),
            whole.to_uppercase(),
            format!(" {whole}"),
            format!("{whole} "),
            format!("{whole}\n"),
            format!("{whole}0"),
            whole[..whole.len() - 1].to_owned(),
            whole.replace("sbk_", "sbk-"),
            whole.replace("cd", "ＣＤ"),
            whole.replacen('a', "\u{430}", 1),
            whole.replace('_', "__"),
        ] {
            assert!(ApiKey::parse(&other).is_none(), "{other:?}");
        }
    }
}
