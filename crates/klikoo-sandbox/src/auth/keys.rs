//! Keys: those of partners, which check signatures, and the demo key.

use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::rsa::PublicEncryptingKey;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use p256::SecretKey;
use p256::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};

use crate::error::PartnerKeyError;

/// Bytes of a P-256 signature `r ‖ s`.
const SIGNATURE_BYTES: usize = 64;

/// A partner's public key. P-256 checks requests and token requests, RSA only the latter.
pub(crate) enum PartnerKey {
    P256(ParsedPublicKey),
    Rsa(ParsedPublicKey),
}

impl PartnerKey {
    pub(crate) fn from_spki_pem(pem: &str) -> Result<Self, PartnerKeyError> {
        if pem.contains("PRIVATE KEY") {
            return Err(PartnerKeyError::Private);
        }
        let spki = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| PartnerKeyError::NotPem)?;
        if let Ok(key) = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, spki.as_ref()) {
            return Ok(Self::P256(key));
        }
        // A verification key may be of any size until it is used; this reader
        // refuses what is outside 2048 to 8192 bits.
        PublicEncryptingKey::from_der(spki.as_ref()).map_err(|_| PartnerKeyError::Kind)?;
        ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki.as_ref())
            .map(Self::Rsa)
            .map_err(|_| PartnerKeyError::Kind)
    }

    /// Whether `signature` over the SHA-256 of `message` is this key's. High
    /// and low `s` are both a valid P-256 signature, and both are taken.
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => {
                signature.len() == SIGNATURE_BYTES && key.verify_sig(message, signature).is_ok()
            }
            Self::Rsa(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

/// The key pair made at each start, so that the sandbox works without any set-up.
pub(crate) struct DemoKey {
    pub(crate) private_pem: String,
    pub(crate) public: PartnerKey,
}

impl DemoKey {
    /// `None` where the system gives no random bytes.
    pub(crate) fn generate() -> Option<Self> {
        let secret = loop {
            let mut bytes = [0; 32];
            rand::fill(&mut bytes).ok()?;
            // About one number in 2^32 is no scalar of the curve.
            if let Ok(secret) = SecretKey::from_slice(&bytes) {
                break secret;
            }
        };
        let private_pem = secret.to_pkcs8_pem(LineEnding::LF).ok()?.to_string();
        let public_pem = secret.public_key().to_public_key_pem(LineEnding::LF).ok()?;
        let public = PartnerKey::from_spki_pem(&public_pem).ok()?;
        Some(Self {
            private_pem,
            public,
        })
    }
}

/// Signs as the `auth-signature` helper does: by RSA or P-256, as the key is.
pub(crate) fn sign_with(private_pem: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let key = PrivatePkcs8KeyDer::from_pem_slice(private_pem).ok()?;
    let der = key.secret_pkcs8_der();
    let chance = SystemRandom::new();
    if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der) {
        return Some(pair.sign(&chance, message).ok()?.as_ref().to_vec());
    }
    let pair = RsaKeyPair::from_pkcs8(der).ok()?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &chance, message, &mut signature)
        .ok()?;
    Some(signature)
}
