//! What kind of key a PKCS#8 structure holds.

use p256::pkcs8::der::asn1::UintRef;
use p256::pkcs8::der::{Decode as _, Header, SliceReader};
use p256::pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};

use super::KeyError;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

/// Kinds that people hand in by mistake, so that the error can name them.
const OTHERS: [(&str, &str); 9] = [
    ("1.2.840.113549.1.1.10", "an RSA key restricted to PSS"),
    ("1.2.840.10040.4.1", "a DSA key"),
    ("1.3.101.110", "an X25519 key"),
    ("1.3.101.111", "an X448 key"),
    ("1.3.101.112", "an Ed25519 key"),
    ("1.3.101.113", "an Ed448 key"),
    ("1.3.132.0.34", "a P-384 key"),
    ("1.3.132.0.35", "a P-521 key"),
    ("1.3.132.0.10", "a secp256k1 key"),
];

#[derive(Debug)]
pub(super) enum Kind {
    Rsa { bits: usize },
    P256,
    Other(String),
}

impl Kind {
    pub(super) fn of(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let key = PrivateKeyInfoRef::try_from(pkcs8).map_err(|_| KeyError::Malformed)?;
        match key.algorithm.oid {
            RSA => Ok(Self::Rsa {
                bits: modulus_bits(key.private_key.as_bytes()).ok_or(KeyError::Malformed)?,
            }),
            // An EC key says its curve in the parameters; one that does not cannot be used.
            EC => match key.algorithm.parameters_oid() {
                Ok(P256) => Ok(Self::P256),
                Ok(curve) => Ok(Self::named(curve)),
                Err(_) => Ok(Self::Other("an EC key of an unnamed curve".to_owned())),
            },
            other => Ok(Self::named(other)),
        }
    }

    fn named(oid: ObjectIdentifier) -> Self {
        let oid = oid.to_string();
        let known = OTHERS.iter().find(|(other, _)| *other == oid);
        Self::Other(known.map_or_else(
            || format!("a key of an unknown kind (object identifier {oid})"),
            |(_, name)| (*name).to_owned(),
        ))
    }

    pub(super) fn instead_of(self, wanted: &'static str) -> KeyError {
        let found = match self {
            Self::Rsa { bits } => format!("an RSA key of {bits} bits"),
            Self::P256 => "a P-256 key".to_owned(),
            Self::Other(name) => name,
        };
        KeyError::WrongKind { found, wanted }
    }
}

/// The key inside the PKCS#8 structure. An `RSAPrivateKey` is read from here, because the signing
/// library refuses the structure's version 1, which merely adds a public key (RFC 5958).
pub(super) fn inner_key(pkcs8: &[u8]) -> Result<&[u8], KeyError> {
    PrivateKeyInfoRef::try_from(pkcs8)
        .map(|key| key.private_key.as_bytes())
        .map_err(|_| KeyError::Malformed)
}

/// Bits of the modulus in an `RSAPrivateKey` (RFC 8017, A.1.2), whose first two members are the
/// version and the modulus.
fn modulus_bits(rsa_private_key: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(rsa_private_key).ok()?;
    Header::decode(&mut reader).ok()?;
    UintRef::decode(&mut reader).ok()?;
    let modulus = UintRef::decode(&mut reader).ok()?;
    let bytes = modulus.as_bytes();
    let leading = usize::try_from(bytes.first()?.leading_zeros()).ok()?;
    Some(bytes.len() * 8 - leading)
}
