//! The adapter against `tools/signing_oracle.py`, which signs by other means (T13).

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use klikoo_adapter::{
    AuthKey, AuthSigner, RequestKey, RequestSigner, RequestToSign, Timestamp, canonical_json,
    hashed_payload,
};
use serde::Deserialize;
use time::OffsetDateTime;

#[derive(Deserialize)]
struct Case {
    number: usize,
    client_id: String,
    client_secret: String,
    p256_private_key_pem: String,
    p256_public_key_pem: String,
    rsa_private_key_pem: String,
    method: String,
    path: String,
    access_token: String,
    unix_milliseconds: i128,
    timestamp: String,
    body: String,
    canonical_body: String,
    hash: String,
    string_to_sign: String,
    hmac: String,
    ecdsa: String,
    auth_string: String,
    auth_rsa: String,
    auth_ecdsa: String,
}

#[test]
#[ignore = "needs python3 and openssl; run by `just differential` and .ci/run"]
fn the_oracle_and_the_adapter_never_differ() {
    let count = from_environment("DIFFERENTIAL_CASES", 2000);
    let seed = from_environment("DIFFERENTIAL_SEED", 20_261_124);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/signing_oracle.py");
    let mut oracle = Command::new("python3")
        .arg(script)
        .args(["--seed", &seed.to_string(), "--count", &count.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(oracle.stdout.take().unwrap()).lines();
    let mut compared = 0;
    let mut rsa_keys = HashMap::new();
    let mut mismatches: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for line in lines {
        let case: Case = serde_json::from_str(&line.unwrap()).unwrap();
        let rsa = rsa_keys
            .entry(case.rsa_private_key_pem.clone())
            .or_insert_with(|| AuthKey::from_pkcs8_pem(&case.rsa_private_key_pem).unwrap());
        for stage in differing_stages(&case, rsa) {
            mismatches.entry(stage).or_default().push(case.number);
        }
        compared += 1;
    }
    assert!(oracle.wait().unwrap().success(), "the oracle failed");
    assert_eq!(compared, count, "the oracle stopped early");
    println!("{compared} requests compared, seed {seed}: mismatches {mismatches:?}");
    assert!(
        mismatches.is_empty(),
        "case numbers by stage: {mismatches:?}"
    );
}

/// The stages whose result is another than the oracle's.
fn differing_stages(case: &Case, rsa: &AuthKey) -> Vec<&'static str> {
    let body = if case.body.is_empty() {
        Vec::new()
    } else {
        canonical_json(case.body.as_bytes()).unwrap_or_default()
    };
    let milliseconds = case.unix_milliseconds;
    let moment = OffsetDateTime::from_unix_timestamp_nanos(milliseconds * 1_000_000).unwrap();
    let timestamp = Timestamp::at(moment);
    let request = RequestToSign {
        method: &case.method,
        path: &case.path,
        access_token: Some(&case.access_token),
        body: &body,
        timestamp: timestamp.as_str(),
    };
    let hmac = RequestSigner::hmac_sha512(&case.client_secret.as_str().into());
    let key = RequestKey::from_pkcs8_pem(&case.p256_private_key_pem).unwrap();
    let public = key.public_key_pem().unwrap();
    let ecdsa = RequestSigner::ecdsa_p256(key);
    let p256 = AuthKey::from_pkcs8_pem(&case.p256_private_key_pem).unwrap();
    let auth_rsa = AuthSigner::new(&case.client_id, rsa.clone());
    let auth_p256 = AuthSigner::new(&case.client_id, p256);
    let auth = |signer: &AuthSigner| signer.sign(timestamp.as_str()).unwrap().to_string();
    let stages = [
        ("timestamp", timestamp.to_string(), &case.timestamp),
        (
            "canonical body",
            String::from_utf8(body.clone()).unwrap(),
            &case.canonical_body,
        ),
        ("hash", hashed_payload(&body), &case.hash),
        (
            "string to sign",
            request.string_to_sign(),
            &case.string_to_sign,
        ),
        ("HMAC-SHA512", hmac.sign(&request).to_string(), &case.hmac),
        ("ECDSA P-256", ecdsa.sign(&request).to_string(), &case.ecdsa),
        ("public key", public, &case.p256_public_key_pem),
        (
            "auth string",
            auth_rsa.string_to_sign(timestamp.as_str()),
            &case.auth_string,
        ),
        ("auth RSA", auth(&auth_rsa), &case.auth_rsa),
        ("auth ECDSA P-256", auth(&auth_p256), &case.auth_ecdsa),
    ];
    stages
        .into_iter()
        .filter(|(_, ours, theirs)| ours != *theirs)
        .map(|(stage, ..)| stage)
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the size of a test run is no setting of the program"
)]
fn from_environment(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}
