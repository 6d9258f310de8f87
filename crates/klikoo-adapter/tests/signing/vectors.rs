//! The vectors of `tests/data/signing.json`, stage by stage, so that a failure names the stage.

use klikoo_adapter::{
    AuthKey, AuthSigner, RequestKey, RequestSigner, RequestToSign, canonical_json, hashed_payload,
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Vectors {
    pub(crate) client_secret: String,
    pub(crate) p256_private_key_pkcs8_pem: String,
    p256_public_key_spki_pem: String,
    pub(crate) rsa_private_key_pkcs8_pem: String,
    rsa_public_key_spki_pem: String,
    request_signatures: Vec<RequestVector>,
    auth_signatures: Vec<AuthVector>,
}

#[derive(Deserialize)]
struct RequestVector {
    name: String,
    method: String,
    path: String,
    access_token: String,
    body: String,
    timestamp: String,
    body_sha256_hex: String,
    string_to_sign: String,
    hmac_sha512_base64: String,
    ecdsa_p256_base64: String,
}

#[derive(Deserialize)]
struct AuthVector {
    client_id: String,
    timestamp: String,
    string_to_sign: String,
    sha256_with_rsa_base64: String,
    ecdsa_p256_base64: String,
}

pub(crate) fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../data/signing.json")).unwrap()
}

#[test]
fn every_stage_of_every_request_vector() {
    let vectors = vectors();
    let hmac = RequestSigner::hmac_sha512(&vectors.client_secret.as_str().into());
    let key = RequestKey::from_pkcs8_pem(&vectors.p256_private_key_pkcs8_pem).unwrap();
    let ecdsa = RequestSigner::ecdsa_p256(key);
    assert_eq!(vectors.request_signatures.len(), 5);
    for vector in &vectors.request_signatures {
        let name = &vector.name;
        let request = RequestToSign {
            method: &vector.method,
            path: &vector.path,
            access_token: Some(vector.access_token.as_str()).filter(|token| !token.is_empty()),
            body: vector.body.as_bytes(),
            timestamp: &vector.timestamp,
        };
        if !vector.body.is_empty() {
            let canonical = canonical_json(request.body).unwrap();
            assert_eq!(canonical, request.body, "stage canonical body: {name}");
        }
        let hash = hashed_payload(request.body);
        assert_eq!(hash, vector.body_sha256_hex, "stage hash: {name}");
        let text = request.string_to_sign();
        assert_eq!(text, vector.string_to_sign, "stage string to sign: {name}");
        let signature = hmac.sign(&request);
        assert_eq!(
            signature.as_str(),
            vector.hmac_sha512_base64,
            "stage HMAC: {name}"
        );
        let signature = ecdsa.sign(&request);
        assert_eq!(
            signature.as_str(),
            vector.ecdsa_p256_base64,
            "stage ECDSA: {name}"
        );
    }
}

#[test]
fn every_stage_of_every_auth_vector() {
    let vectors = vectors();
    let rsa = AuthKey::from_pkcs8_pem(&vectors.rsa_private_key_pkcs8_pem).unwrap();
    let p256 = AuthKey::from_pkcs8_pem(&vectors.p256_private_key_pkcs8_pem).unwrap();
    assert_eq!(vectors.auth_signatures.len(), 2);
    for vector in &vectors.auth_signatures {
        let time = &vector.timestamp;
        let rsa = AuthSigner::new(&vector.client_id, rsa.clone());
        let text = rsa.string_to_sign(time);
        assert_eq!(text, vector.string_to_sign, "stage string to sign: {time}");
        let signature = rsa.sign(time).unwrap();
        assert_eq!(
            signature.as_str(),
            vector.sha256_with_rsa_base64,
            "stage RSA: {time}"
        );
        let signature = AuthSigner::new(&vector.client_id, p256.clone())
            .sign(time)
            .unwrap();
        assert_eq!(
            signature.as_str(),
            vector.ecdsa_p256_base64,
            "stage ECDSA: {time}"
        );
    }
}

#[test]
fn public_keys_are_derived_from_private_ones() {
    let vectors = vectors();
    let rsa = AuthKey::from_pkcs8_pem(&vectors.rsa_private_key_pkcs8_pem).unwrap();
    assert_eq!(
        rsa.public_key_pem().unwrap(),
        vectors.rsa_public_key_spki_pem
    );
    let p256 = AuthKey::from_pkcs8_pem(&vectors.p256_private_key_pkcs8_pem).unwrap();
    assert_eq!(
        p256.public_key_pem().unwrap(),
        vectors.p256_public_key_spki_pem
    );
    let p256 = RequestKey::from_pkcs8_pem(&vectors.p256_private_key_pkcs8_pem).unwrap();
    assert_eq!(
        p256.public_key_pem().unwrap(),
        vectors.p256_public_key_spki_pem
    );
}
