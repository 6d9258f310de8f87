//! Why a key text cannot be used, said so that its owner can mend it.

use thiserror::Error;

/// A key text that cannot be used. The message says what was found, what is accepted and, where
/// one exists, the command that makes the one out of the other. It never repeats key material.
///
/// ```
/// use klikoo_adapter::{KeyError, RequestKey};
///
/// let error = RequestKey::from_pkcs8_pem("-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----");
/// assert_eq!(error.unwrap_err(), KeyError::Sec1);
/// assert!(KeyError::Sec1.to_string().contains("openssl pkcs8 -topk8"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no `-----BEGIN …-----` line.
    #[error(
        "this is not PEM text: it has no line `-----BEGIN PRIVATE KEY-----`; give an unencrypted PKCS#8 private key as PEM (a DER file is converted by `openssl pkcs8 -inform DER -in key.der -nocrypt -out key.pem`)"
    )]
    NotPem,
    /// A `BEGIN` line without its `END` line.
    #[error("the key is cut off: its `-----END …-----` line is missing; copy the file anew, whole")]
    Truncated,
    /// Between the two lines stands something that is not base64.
    #[error(
        "the text between the BEGIN and END lines is damaged (it is not base64); copy the file anew, whole"
    )]
    Damaged,
    /// The base64 is sound, but what it holds is not a PKCS#8 structure.
    #[error(
        "the key is damaged: its content is no PKCS#8 structure; copy the file anew, whole, or check it with `openssl pkey -in key.pem -noout`"
    )]
    Malformed,
    /// An RSA key in the older PKCS#1 form.
    #[error(
        "this is an RSA key in PKCS#1 form (`BEGIN RSA PRIVATE KEY`), PKCS#8 is needed; convert it with `openssl pkcs8 -topk8 -nocrypt -in key.pem -out key.pkcs8.pem`"
    )]
    Pkcs1,
    /// An EC key in the older SEC1 form.
    #[error(
        "this is an EC key in SEC1 form (`BEGIN EC PRIVATE KEY`), PKCS#8 is needed; convert it with `openssl pkcs8 -topk8 -nocrypt -in key.pem -out key.pkcs8.pem`"
    )]
    Sec1,
    /// The key is protected by a passphrase.
    #[error(
        "the key is encrypted; decrypt it with `openssl pkey -in key.pem -out key.plain.pem` (it asks for the passphrase) and keep the result readable to you alone"
    )]
    Encrypted,
    /// A public key where the private one is needed.
    #[error(
        "this is a public key; signing needs the private key that belongs to it (`BEGIN PRIVATE KEY`)"
    )]
    PublicKey,
    /// A certificate where the private key is needed.
    #[error(
        "this is a certificate; signing needs the private key that belongs to it (`BEGIN PRIVATE KEY`)"
    )]
    Certificate,
    /// PEM of some other kind; the label is quoted.
    #[error(
        "this is PEM of another kind (`BEGIN {0}`); a PKCS#8 private key is needed (`BEGIN PRIVATE KEY`)"
    )]
    OtherPem(String),
    /// More than one private key in one text.
    #[error("there are {0} private keys in this text; leave only the one to be used")]
    SeveralKeys(usize),
    /// A sound PKCS#8 key of a kind that cannot make this signature.
    #[error("this is {found}, but {wanted} is needed; make one with `seatblock keys new`")]
    WrongKind {
        /// What the text holds, e.g. `an Ed25519 key`.
        found: String,
        /// What is accepted, e.g. `a P-256 key`.
        wanted: &'static str,
    },
    /// An RSA modulus outside 2048 to 8192 bits.
    #[error(
        "this RSA key has {bits} bits, 2048 to 8192 are accepted; make a new one with `seatblock keys new rsa` and register its public half"
    )]
    RsaSize {
        /// Bits of its modulus.
        bits: usize,
    },
    /// The numbers in the key do not fit each other.
    #[error(
        "the key is inconsistent: its private and public numbers do not fit together; export it anew from where it was made"
    )]
    Inconsistent,
    /// The system gave no randomness, or the cryptographic library refused to make a key.
    #[error("no key could be made: the system's source of randomness failed; try again")]
    Generation,
}
