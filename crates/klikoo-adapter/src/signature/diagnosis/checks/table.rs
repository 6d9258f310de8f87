//! The encodings, keys and hashes of signatures, right and wrong, each with what it is for people.

use aws_lc_rs::digest::{self, digest};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};
use p256::ecdsa::Signature;
use zeroize::Zeroizing;

use super::super::{Slip, slip};

pub(super) type Decode = fn(&str) -> Option<Vec<u8>>;
pub(super) const ENCODINGS: [(&str, Decode, Option<Slip>); 6] = [
    ("base64", |text| BASE64_STANDARD.decode(text).ok(), None),
    (
        "hex",
        |text| hex::decode(text).ok(),
        Some(slip(
            "encoding_hex",
            "the signature is written in hex; write its bytes in base64",
        )),
    ),
    (
        "URL-safe base64",
        |text| BASE64_URL_SAFE.decode(text).ok(),
        Some(slip(
            "encoding_base64url",
            "the signature is written in URL-safe base64 (`-` and `_`); write it in standard base64 (`+` and `/`)",
        )),
    ),
    (
        "URL-safe base64 without `=`",
        |text| BASE64_URL_SAFE_NO_PAD.decode(text).ok(),
        Some(slip(
            "encoding_base64url",
            "the signature is written in URL-safe base64 without `=`; write it in standard base64 with its `=` at the end",
        )),
    ),
    (
        "base64 without `=`",
        |text| BASE64_STANDARD_NO_PAD.decode(text).ok(),
        Some(slip(
            "encoding_without_padding",
            "the signature lacks its `=` at the end; write base64 with padding",
        )),
    ),
    (
        "hex in base64",
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

pub(super) type Secret = Zeroizing<Vec<u8>>;
pub(super) type MakeSecret = fn(&[u8]) -> Option<Secret>;
pub(super) const SECRETS: [(&str, MakeSecret, Option<Slip>); 4] = [
    (
        "the client secret",
        |secret| Some(Zeroizing::new(secret.to_vec())),
        None,
    ),
    (
        "the client secret and a line end",
        |secret| Some(Zeroizing::new([secret, b"\n"].concat())),
        Some(slip(
            "secret_trailing_newline",
            "the client secret was used with a line end after it (read from a file?); cut it off",
        )),
    ),
    (
        "the client secret decoded from base64",
        |secret| BASE64_STANDARD.decode(secret).ok().map(Zeroizing::new),
        Some(slip(
            "secret_decoded",
            "the client secret was decoded from base64 first; use its characters as they are",
        )),
    ),
    (
        "the client secret decoded from hex",
        |secret| hex::decode(secret).ok().map(Zeroizing::new),
        Some(slip(
            "secret_decoded",
            "the client secret was decoded from hex first; use its characters as they are",
        )),
    ),
];

pub(super) const HMACS: [(&str, &hmac::Algorithm, usize, Option<Slip>); 2] = [
    ("HMAC-SHA512", &hmac::HMAC_SHA512, 64, None),
    (
        "HMAC-SHA256",
        &hmac::HMAC_SHA256,
        32,
        Some(slip(
            "hmac_sha256",
            "the signature was made by HMAC-SHA256; use HMAC-SHA512",
        )),
    ),
];

pub(super) type Parse = fn(&[u8]) -> Option<Signature>;
pub(super) const READINGS: [(&str, Parse, Option<Slip>); 2] = [
    ("", |bytes| Signature::from_slice(bytes).ok(), None),
    (
        " of DER",
        |bytes| Signature::from_der(bytes).ok(),
        Some(slip(
            "ecdsa_der",
            "the signature is in ASN.1 DER (70 to 72 bytes, as OpenSSL writes it); write r and s as 32 bytes each, one after the other (IEEE P1363)",
        )),
    ),
];
/// What an ECDSA signature was made over.
pub(super) type Prehash = fn(&[u8]) -> Vec<u8>;
pub(super) const PREHASHES: [(&str, Prehash, Option<Slip>); 3] = [
    (
        "SHA-256",
        |text| digest(&digest::SHA256, text).as_ref().to_vec(),
        None,
    ),
    (
        "SHA-256 of the hash's hex digits",
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
        "SHA-512",
        |text| digest(&digest::SHA512, text).as_ref().to_vec(),
        Some(slip(
            "ecdsa_sha512",
            "the signature was made with SHA-512; use ECDSA P-256 with SHA-256",
        )),
    ),
];
pub(super) const HIGH_S: Slip = slip(
    "ecdsa_high_s",
    "the signature is valid, but its s lies in the upper half, and a server may refuse that; replace s by n - s where it is above n / 2",
);
