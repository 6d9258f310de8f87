//! A mistake in scheme, key or encoding.

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use aws_lc_rs::hmac as lib_hmac;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use p256::ecdsa::Signature;

use super::{SECRET, codes, codes_ecdsa, ecdsa, ecdsa_over, hmac, hmac_bytes, right};
use crate::vectors::vectors;

#[test]
fn every_mistake_in_scheme_key_and_encoding_is_named() {
    let text = right().text();
    let right_bytes = hmac_bytes(SECRET.as_bytes(), &text);
    let base64 = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    let hmac_sha256 = {
        let key = lib_hmac::Key::new(lib_hmac::HMAC_SHA256, SECRET.as_bytes());
        lib_hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
    };
    let from_base64 = BASE64_STANDARD.decode(SECRET).unwrap();
    let from_hex = hex::decode(SECRET).unwrap();
    let unpadded = hmac(&text).trim_end_matches('=').to_owned();
    let cases: [(&[&str], String); 11] = [
        (&["scheme_other"], ecdsa(&text)),
        (&["hmac_sha256"], base64(&hmac_sha256)),
        (&["hmac_sha256", "encoding_hex"], hex::encode(&hmac_sha256)),
        (
            &["secret_trailing_newline"],
            base64(&hmac_bytes(format!("{SECRET}\n").as_bytes(), &text)),
        ),
        (
            &["secret_decoded"],
            base64(&hmac_bytes(&from_base64, &text)),
        ),
        (&["secret_decoded"], base64(&hmac_bytes(&from_hex, &text))),
        (&["encoding_hex"], hex::encode(&right_bytes)),
        (&["encoding_hex"], hex::encode_upper(&right_bytes)),
        (
            &["encoding_base64url"],
            BASE64_URL_SAFE.encode(&right_bytes),
        ),
        (
            &["encoding_hex_in_base64"],
            base64(hex::encode(&right_bytes).as_bytes()),
        ),
        (&["encoding_without_padding"], unpadded),
    ];
    for (expected, signature) in cases {
        assert_eq!(codes(&signature).as_deref(), Some(expected), "{signature}");
    }

    let sha256 = digest(&SHA256, text.as_bytes());
    let signature = ecdsa_over(sha256.as_ref());
    let high_s = Signature::from_scalars(signature.r(), -signature.s()).unwrap();
    let over_hex = ecdsa_over(digest(&SHA256, hex::encode(sha256).as_bytes()).as_ref());
    // ECDSA takes the leftmost 256 bits of a longer hash.
    let sha512 = ecdsa_over(&digest(&SHA512, text.as_bytes()).as_ref()[..32]);
    let der = signature.to_der();
    let cases: [(&[&str], String); 7] = [
        (&["scheme_other"], hmac(&text)),
        (&["ecdsa_der"], base64(der.as_bytes())),
        (&["ecdsa_der", "encoding_hex"], hex::encode(der.as_bytes())),
        (&["ecdsa_high_s"], base64(&high_s.to_bytes())),
        (&["ecdsa_over_hash_hex"], base64(&over_hex.to_bytes())),
        (&["ecdsa_sha512"], base64(&sha512.to_bytes())),
        (
            &["encoding_base64url"],
            BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()),
        ),
    ];
    for (expected, signature) in cases {
        assert_eq!(
            codes_ecdsa(&signature).as_deref(),
            Some(expected),
            "{signature}"
        );
    }
}

#[test]
fn a_random_nonce_is_no_mistake() {
    let text = right().text();
    let sha256 = digest(&SHA256, text.as_bytes());
    let rng = aws_lc_rs::rand::SystemRandom::new();
    let der = p256::pkcs8::der::pem::decode_vec(vectors().p256_private_key_pkcs8_pem.as_bytes())
        .unwrap()
        .1;
    let algorithm = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let pair = aws_lc_rs::signature::EcdsaKeyPair::from_pkcs8(algorithm, &der).unwrap();
    let random = pair.sign(&rng, text.as_bytes()).unwrap();
    let random = Signature::from_slice(random.as_ref())
        .unwrap()
        .normalize_s();
    assert_ne!(random, ecdsa_over(sha256.as_ref()));
    let signature = BASE64_STANDARD.encode(random.to_bytes());
    assert_eq!(codes_ecdsa(&signature), Some(vec![]));
}
