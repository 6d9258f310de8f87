//! Keys that are accepted, and each way in which a key text is refused.

use klikoo_adapter::{AuthKey, AuthSigner, GeneratedKeyPair, KeyError, KeyKind, RequestKey};
use p256::pkcs8::der::pem::{LineEnding, decode_vec, encode_string};
use p256::pkcs8::der::{Decode as _, Encode as _};
use p256::pkcs8::{PrivateKeyInfoRef, SubjectPublicKeyInfoRef};
use secrecy::ExposeSecret as _;

use super::vectors::vectors;

/// For this test only: too short to be accepted.
const RSA_1024: &str = "-----BEGIN PRIVATE KEY-----
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAMCVoQps2vLEViVe
+4oZOBtMwhF/LVM2BP5zBSGf2JWT/ilXu/QHuJGR4qAF+29JzLduOOq0HkYVtWQl
yeFx2lDTZMcVrVXxbAT8Ed/pGsVMC+z8aaHbM64hmNnyEa80m5gsoVVdK3XPaHv1
k3DFz3dA6zI3KXqMJAUBh9Z3aFn5AgMBAAECgYEAtvLuI2s5q/ocJDBRIOXISRbo
HZsFQdFFeTtnGoQxShdnEXtJEA/tpExET+Se8R/YnEDXTQ+C2u1wfgzv9X0k+JFw
MSukakRCfQ5HFcaticDesZ4ASYzv1fvYu6mKAnD6xs0FiGkqOWw56xpEl7fS4Idr
ctazploHCbX2jJ0fEAkCQQDkaAVGS+LZUZWoz07EpJ20c9lkcDIuH62C8/lUzzqC
HAXJAKtjrbS2XCC0xJU66gTXJuwBw7sXwVth84fkbaZDAkEA19m8yTbodC651IFf
Slwdvx2yDlcsZmerAsQyIL5lwB7HMf7N++G6qB8E5NFAM2AtmEXKXXhg9skATG1O
ndpBEwJBAKLThO8YKh/CiW5OW1jUAZki/VccpKk86/Tu+E/9azhVwcoJMCVfL/TQ
uIAlpDzbl5fJp3Wak0XcEclCUx4FDQECQAfqGOz70WwpJnEvSTItzH1sdlHmSl96
359bWEcxFAQGXOFtaVoZ/cEaWhCVx5fap/FUZcYlmtCRsCwdOeu5y/cCQGGwcY9H
ptbiqzlki9JVV8LcDx/37w61NTPv1WNMBDczbjy9jx0DDj9Z60c0q+y4B7CAbwBk
1T+Mn3Ohzt3iDUY=
-----END PRIVATE KEY-----
";

fn relabelled(label: &str) -> String {
    format!("-----BEGIN {label}-----\nMFkw\n-----END {label}-----\n")
}

fn both(pem: &str) -> KeyError {
    let auth = AuthKey::from_pkcs8_pem(pem).unwrap_err();
    let request = RequestKey::from_pkcs8_pem(pem).unwrap_err();
    assert_eq!(auth, request);
    auth
}

#[test]
fn texts_that_hold_no_usable_key_say_what_they_are_and_what_to_do() {
    let good = vectors().p256_private_key_pkcs8_pem;
    let cut_off = &good[..120];
    let short = good.replacen("ya+p2EW6", "", 1);
    let damaged = good.replacen("ya+p2EW6", "ya*p2EW6", 1);
    let headless = cut_off.to_owned() + "\n" + &good;
    let old_encryption = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMFkw\n-----END EC PRIVATE KEY-----\n";
    let cases = [
        (String::new(), KeyError::NotPem, "PKCS#8 private key as PEM"),
        (
            "MIGHAgEAMBMG".into(),
            KeyError::NotPem,
            "openssl pkcs8 -inform DER",
        ),
        (cut_off.into(), KeyError::Truncated, "END"),
        (headless, KeyError::Truncated, "whole"),
        (damaged, KeyError::Damaged, "base64"),
        (short, KeyError::Malformed, "copy the file anew"),
        (relabelled("PRIVATE KEY"), KeyError::Malformed, "PKCS#8"),
        (
            relabelled("RSA PRIVATE KEY"),
            KeyError::Pkcs1,
            "openssl pkcs8 -topk8 -nocrypt",
        ),
        (
            relabelled("EC PRIVATE KEY"),
            KeyError::Sec1,
            "openssl pkcs8 -topk8 -nocrypt",
        ),
        (
            relabelled("ENCRYPTED PRIVATE KEY"),
            KeyError::Encrypted,
            "openssl pkey",
        ),
        (old_encryption.into(), KeyError::Encrypted, "passphrase"),
        (
            relabelled("PUBLIC KEY"),
            KeyError::PublicKey,
            "private key that belongs to it",
        ),
        (
            relabelled("CERTIFICATE"),
            KeyError::Certificate,
            "certificate",
        ),
        (
            relabelled("OPENSSH PRIVATE KEY"),
            KeyError::OtherPem("OPENSSH PRIVATE KEY".into()),
            "OPENSSH",
        ),
        (
            relabelled("\u{1b}[2JX"),
            KeyError::OtherPem("[2JX".into()),
            "BEGIN PRIVATE KEY",
        ),
        (good.repeat(2), KeyError::SeveralKeys(2), "2 private keys"),
    ];
    for (pem, expected, advice) in cases {
        let error = both(&pem);
        assert_eq!(error, expected);
        assert!(error.to_string().contains(advice), "{error}");
        assert!(!error.to_string().contains('\u{1b}'));
    }
}

#[test]
fn keys_of_a_wrong_kind_are_named() {
    let pem = |algorithm| {
        rcgen::KeyPair::generate_for(algorithm)
            .unwrap()
            .serialize_pem()
    };
    let cases = [
        (pem(&rcgen::PKCS_ED25519), "an Ed25519 key"),
        (pem(&rcgen::PKCS_ECDSA_P384_SHA384), "a P-384 key"),
    ];
    for (pem, kind) in cases {
        let error = RequestKey::from_pkcs8_pem(&pem).unwrap_err().to_string();
        assert!(
            error.contains(kind) && error.contains("a P-256 key is needed"),
            "{error}"
        );
        let error = AuthKey::from_pkcs8_pem(&pem).unwrap_err().to_string();
        assert!(
            error.contains(kind) && error.contains("an RSA key of at least 2048"),
            "{error}"
        );
    }
    let rsa = vectors().rsa_private_key_pkcs8_pem;
    let error = RequestKey::from_pkcs8_pem(&rsa).unwrap_err().to_string();
    assert!(error.contains("an RSA key of 2048 bits"), "{error}");
    let short = AuthKey::from_pkcs8_pem(RSA_1024).unwrap_err();
    assert_eq!(short, KeyError::RsaSize { bits: 1024 });
}

#[test]
fn numbers_that_do_not_belong_together_are_refused() {
    let vectors = vectors();
    for pem in [
        &vectors.p256_private_key_pkcs8_pem,
        &vectors.rsa_private_key_pkcs8_pem,
    ] {
        let (_, mut der) = decode_vec(pem.as_bytes()).unwrap();
        // In the P-256 key the end of the public point, in the RSA key of the last coefficient.
        *der.last_mut().unwrap() ^= 1;
        let pem = encode_string("PRIVATE KEY", LineEnding::LF, &der).unwrap();
        assert_eq!(
            AuthKey::from_pkcs8_pem(&pem).unwrap_err(),
            KeyError::Inconsistent
        );
    }
}

#[test]
fn a_key_may_stand_among_other_text() {
    let good = vectors().p256_private_key_pkcs8_pem;
    let windows = good.replace('\n', "\r\n");
    let indented = good.replace('\n', "\n  ");
    let surrounded = format!(
        "Bag Attributes\n{}{}{good}{}\n",
        relabelled("CERTIFICATE"),
        relabelled("EC PARAMETERS"),
        "trailing words"
    );
    for pem in [windows, indented, surrounded, good.trim_end().to_owned()] {
        RequestKey::from_pkcs8_pem(&pem).unwrap();
        AuthKey::from_pkcs8_pem(&pem).unwrap();
    }
}

/// RFC 5958 allows a public key beside the private one, under version 1.
#[test]
fn version_1_of_pkcs8_is_read() {
    let vectors = vectors();
    for pem in [
        &vectors.p256_private_key_pkcs8_pem,
        &vectors.rsa_private_key_pkcs8_pem,
    ] {
        let key = AuthKey::from_pkcs8_pem(pem).unwrap();
        let (_, der) = decode_vec(pem.as_bytes()).unwrap();
        let mut info = PrivateKeyInfoRef::from_der(&der).unwrap();
        let (_, spki) = decode_vec(key.public_key_pem().unwrap().as_bytes()).unwrap();
        let spki = SubjectPublicKeyInfoRef::from_der(&spki).unwrap();
        info.public_key = Some(spki.subject_public_key);
        let der = info.to_der().unwrap();
        let pem = encode_string("PRIVATE KEY", LineEnding::LF, &der).unwrap();
        let same = AuthKey::from_pkcs8_pem(&pem).unwrap();
        assert_eq!(
            same.public_key_pem().unwrap(),
            key.public_key_pem().unwrap()
        );
    }
}

#[test]
fn generated_pairs_sign_and_belong_together() {
    for (kind, length) in [(KeyKind::P256, 88), (KeyKind::Rsa2048, 344)] {
        let pair = GeneratedKeyPair::generate(kind).unwrap();
        let private = pair.private_key_pem.expose_secret();
        assert!(private.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        let key = AuthKey::from_pkcs8_pem(private).unwrap();
        assert_eq!(key.public_key_pem().unwrap(), pair.public_key_pem);
        let signature = AuthSigner::new("client", key).sign("now").unwrap();
        assert_eq!(signature.as_str().len(), length);
    }
}
