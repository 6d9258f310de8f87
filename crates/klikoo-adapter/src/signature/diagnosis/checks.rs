//! By which scheme, key and encoding a signature may have been made of a text.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{self, digest};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::super::signer::hmac_of;
use super::{Choice, Facts, Mistake, Slip, slip};
use crate::RequestScheme;

/// Decides whether the signature in question was made of a text.
pub(super) enum Check {
    Hmac {
        key: Box<hmac::Key>,
        tag: Vec<u8>,
    },
    Ecdsa {
        key: Box<VerifyingKey>,
        signature: Box<Signature>,
        prehash: Prehash,
    },
}

/// What an ECDSA signature was made over.
type Prehash = fn(&[u8]) -> Vec<u8>;

impl Check {
    pub(super) fn passes(&self, text: &[u8]) -> bool {
        match self {
            Self::Hmac { key, tag } => {
                verify_slices_are_equal(hmac_of(key, &[text]).as_ref(), tag).is_ok()
            }
            Self::Ecdsa {
                key,
                signature,
                prehash,
            } => key
                .verify_prehash(&prehash(text), signature.as_ref())
                .is_ok(),
        }
    }
}

type Decode = fn(&str) -> Option<Vec<u8>>;
const ENCODINGS: [(Decode, Option<Slip>); 6] = [
    (|text| BASE64_STANDARD.decode(text).ok(), None),
    (
        |text| hex::decode(text).ok(),
        Some(slip(
            "encoding_hex",
            "the signature is written in hex; write its bytes in base64",
        )),
    ),
    (
        |text| BASE64_URL_SAFE.decode(text).ok(),
        Some(slip(
            "encoding_base64url",
            "the signature is written in URL-safe base64 (`-` and `_`); write it in standard base64 (`+` and `/`)",
        )),
    ),
    (
        |text| BASE64_URL_SAFE_NO_PAD.decode(text).ok(),
        Some(slip(
            "encoding_base64url",
            "the signature is written in URL-safe base64 without `=`; write it in standard base64 with its `=` at the end",
        )),
    ),
    (
        |text| BASE64_STANDARD_NO_PAD.decode(text).ok(),
        Some(slip(
            "encoding_without_padding",
            "the signature lacks its `=` at the end; write base64 with padding",
        )),
    ),
    (
        |text| {
            BASE64_STANDARD
                .decode(text)
                .ok()
                .and_then(|hex| hex::decode(hex).ok())
        },
        Some(slip(
            "encoding_hex_in_base64",
            "the signature was written in hex and that text in base64; write its bytes in base64",
        )),
    ),
];

type Secret = Zeroizing<Vec<u8>>;
type MakeSecret = fn(&[u8]) -> Option<Secret>;
const SECRETS: [(MakeSecret, Option<Slip>); 4] = [
    (|secret| Some(Zeroizing::new(secret.to_vec())), None),
    (
        |secret| Some(Zeroizing::new([secret, b"\n"].concat())),
        Some(slip(
            "secret_trailing_newline",
            "the client secret was used with a line end after it (read from a file?); cut it off",
        )),
    ),
    (
        |secret| BASE64_STANDARD.decode(secret).ok().map(Zeroizing::new),
        Some(slip(
            "secret_decoded",
            "the client secret was decoded from base64 first; use its characters as they are",
        )),
    ),
    (
        |secret| hex::decode(secret).ok().map(Zeroizing::new),
        Some(slip(
            "secret_decoded",
            "the client secret was decoded from hex first; use its characters as they are",
        )),
    ),
];

const HMACS: [(&hmac::Algorithm, usize, Option<Slip>); 2] = [
    (&hmac::HMAC_SHA512, 64, None),
    (
        &hmac::HMAC_SHA256,
        32,
        Some(slip(
            "hmac_sha256",
            "the signature was made by HMAC-SHA256; use HMAC-SHA512",
        )),
    ),
];

type Read = fn(&[u8]) -> Option<Signature>;
const READINGS: [(Read, Option<Slip>); 2] = [
    (|bytes| Signature::from_slice(bytes).ok(), None),
    (
        |bytes| Signature::from_der(bytes).ok(),
        Some(slip(
            "ecdsa_der",
            "the signature is in ASN.1 DER (70 to 72 bytes, as OpenSSL writes it); write r and s as 32 bytes each, one after the other (IEEE P1363)",
        )),
    ),
];
const PREHASHES: [(Prehash, Option<Slip>); 3] = [
    (|text| digest(&digest::SHA256, text).as_ref().to_vec(), None),
    (
        |text| {
            let hex = hex::encode(digest(&digest::SHA256, text));
            digest(&digest::SHA256, hex.as_bytes()).as_ref().to_vec()
        },
        Some(slip(
            "ecdsa_over_hash_hex",
            "the text was hashed first, and the signature made over the hash's hex digits; hand the text itself to a signer that hashes once (SHA-256)",
        )),
    ),
    (
        |text| digest(&digest::SHA512, text).as_ref().to_vec(),
        Some(slip(
            "ecdsa_sha512",
            "the signature was made with SHA-512; use ECDSA P-256 with SHA-256",
        )),
    ),
];
const HIGH_S: Slip = slip(
    "ecdsa_high_s",
    "the signature is valid, but its s lies in the upper half, and a server may refuse that; replace s by n - s where it is above n / 2",
);

/// Everything that could have made `expected`, as far as its form and the given keys allow.
pub(super) fn checks(facts: &Facts<'_>, expected: &str) -> Vec<Choice<Check>> {
    let mut found = Vec::new();
    let mut seen = Vec::new();
    for (decode, encoding) in ENCODINGS {
        let Some(bytes) = decode(expected) else {
            continue;
        };
        if seen.contains(&bytes) {
            continue;
        }
        hmac_checks(facts, &bytes, encoding, &mut found);
        ecdsa_checks(facts, &bytes, encoding, &mut found);
        seen.push(bytes);
    }
    found
}

fn hmac_checks(
    facts: &Facts<'_>,
    bytes: &[u8],
    encoding: Option<Slip>,
    found: &mut Vec<Choice<Check>>,
) {
    let Some(secret) = facts.client_secret else {
        return;
    };
    let scheme = other_scheme(facts, RequestScheme::HmacSha512);
    for (algorithm, _, other) in HMACS.iter().filter(|(_, length, _)| bytes.len() == *length) {
        for (make, odd) in SECRETS {
            let Some(secret) = make(secret.expose_secret().as_bytes()) else {
                continue;
            };
            found.push(Choice {
                value: Check::Hmac {
                    key: Box::new(hmac::Key::new(**algorithm, &secret)),
                    tag: bytes.to_vec(),
                },
                mistakes: mistakes(scheme.as_ref(), [*other, odd, encoding]),
            });
        }
    }
}

fn ecdsa_checks(
    facts: &Facts<'_>,
    bytes: &[u8],
    encoding: Option<Slip>,
    found: &mut Vec<Choice<Check>>,
) {
    let Some(key) = facts.key else { return };
    let scheme = other_scheme(facts, RequestScheme::EcdsaP256);
    for (read, der) in READINGS {
        let Some(signature) = read(bytes) else {
            continue;
        };
        let high = (signature.normalize_s() != signature).then_some(HIGH_S);
        for (prehash, other) in PREHASHES {
            found.push(Choice {
                value: Check::Ecdsa {
                    key: Box::new(*key.verifying_key()),
                    signature: Box::new(signature),
                    prehash,
                },
                mistakes: mistakes(scheme.as_ref(), [other, der, high, encoding]),
            });
        }
    }
}

fn other_scheme(facts: &Facts<'_>, used: RequestScheme) -> Option<Mistake> {
    (used != facts.scheme).then(|| Mistake {
        code: "scheme_other",
        message: format!(
            "the signature was made by {used}; this partner's scheme is {}",
            facts.scheme
        ),
    })
}

fn mistakes<const N: usize>(scheme: Option<&Mistake>, slips: [Option<Slip>; N]) -> Vec<Mistake> {
    let slips = slips.into_iter().flatten().map(Mistake::from);
    scheme.into_iter().cloned().chain(slips).collect()
}
