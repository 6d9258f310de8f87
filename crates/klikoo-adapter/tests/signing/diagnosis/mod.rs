//! For every mistake: a signature that this file makes with that mistake is named.

mod compared;
mod fewest;
mod parts;
mod scheme;
mod unexplained;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use klikoo_adapter::{Diagnosis, Facts, RequestKey, RequestScheme, diagnose};
use p256::SecretKey;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::DecodePrivateKey as _;
use secrecy::SecretString;

use crate::vectors::vectors;

const METHOD: &str = "POST";
const PATH: &str = "/v1/open-api/transports/block-seat";
const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.right.c2ln";
const OTHER_TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.other.c2ln";
const TIME: &str = "2024-02-07T10:28:35.120+07:00";
const FILE: &str = "{\n   \"b\": \"Dé/<&>\",\n   \"a\": [1, {}]\n}\n";
const BODY: &str = r#"{"a":[1,{}],"b":"Dé/<&>"}"#;
/// 32 characters that are also sound base64 and sound hex.
const SECRET: &str = "00112233445566778899aabbccddeeff";

/// The five parts as somebody signed them, each `right()` unless a test says otherwise.
#[derive(Clone)]
struct Signed {
    method: String,
    path: String,
    token: String,
    hash: String,
    time: String,
}

fn hash(body: &str) -> String {
    hex::encode(digest(&SHA256, body.as_bytes()))
}

fn right() -> Signed {
    Signed {
        method: METHOD.into(),
        path: PATH.into(),
        token: TOKEN.into(),
        hash: hash(BODY),
        time: TIME.into(),
    }
}

impl Signed {
    fn text(&self) -> String {
        let Self {
            method,
            path,
            token,
            hash,
            time,
        } = self;
        format!("{method}:{path}:{token}:{hash}:{time}")
    }
}

fn hmac_bytes(secret: &[u8], text: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA512, secret);
    hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
}

fn hmac(text: &str) -> String {
    BASE64_STANDARD.encode(hmac_bytes(SECRET.as_bytes(), text))
}

fn signing_key() -> SigningKey {
    SecretKey::from_pkcs8_pem(&vectors().p256_private_key_pkcs8_pem)
        .unwrap()
        .into()
}

/// Low-S, over the hash given.
fn ecdsa_over(prehash: &[u8]) -> Signature {
    let signature: Signature = signing_key().sign_prehash(prehash).unwrap();
    signature.normalize_s()
}

fn ecdsa(text: &str) -> String {
    let signature = ecdsa_over(digest(&SHA256, text.as_bytes()).as_ref());
    BASE64_STANDARD.encode(signature.to_bytes())
}

/// What is found in `signature`, under HMAC and with every fact given unless `change` says otherwise.
fn diagnosed(change: impl Fn(&mut Facts<'_>), signature: &str) -> Diagnosis {
    let secret = SecretString::from(SECRET);
    let key = RequestKey::from_pkcs8_pem(&vectors().p256_private_key_pkcs8_pem).unwrap();
    let mut facts = Facts {
        method: METHOD,
        path: PATH,
        base_url: Some("https://host.example/klikoo-b2b/"),
        body: FILE.as_bytes(),
        tokens: &[TOKEN, OTHER_TOKEN],
        timestamp: TIME,
        scheme: RequestScheme::HmacSha512,
        client_secret: Some(&secret),
        key: Some(&key),
    };
    change(&mut facts);
    diagnose(&facts, signature)
}

/// The codes found, in order; none for a match.
fn codes_for(change: impl Fn(&mut Facts<'_>), signature: &str) -> Option<Vec<&'static str>> {
    match diagnosed(change, signature) {
        Diagnosis::Matches => Some(vec![]),
        Diagnosis::Mistakes(mistakes) => {
            for mistake in &mistakes {
                assert!(mistake.message.len() > 30, "{mistake:?}");
                assert!(!mistake.message.contains(TOKEN) && !mistake.message.contains("Dé"));
            }
            Some(mistakes.into_iter().map(|mistake| mistake.code).collect())
        }
        Diagnosis::NotFound { .. } | Diagnosis::NotCompared { .. } => None,
    }
}

fn codes(signature: &str) -> Option<Vec<&'static str>> {
    codes_for(|_| {}, signature)
}

fn codes_ecdsa(signature: &str) -> Option<Vec<&'static str>> {
    codes_for(|facts| facts.scheme = RequestScheme::EcdsaP256, signature)
}
