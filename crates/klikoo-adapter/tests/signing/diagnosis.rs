//! For every mistake: a signature that this file makes with that mistake is named.

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use klikoo_adapter::{Diagnosis, Facts, RequestKey, RequestScheme, diagnose};
use p256::SecretKey;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::DecodePrivateKey as _;
use secrecy::SecretString;

use super::vectors::vectors;

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

/// The codes found, in order; none for a match.
fn codes_for(change: impl Fn(&mut Facts<'_>), signature: &str) -> Option<Vec<&'static str>> {
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
    match diagnose(&facts, signature) {
        Diagnosis::Matches => Some(vec![]),
        Diagnosis::Mistakes(mistakes) => {
            for mistake in &mistakes {
                assert!(mistake.message.len() > 30, "{mistake:?}");
                assert!(!mistake.message.contains(TOKEN) && !mistake.message.contains("Dé"));
            }
            Some(mistakes.into_iter().map(|mistake| mistake.code).collect())
        }
        Diagnosis::NotFound { .. } => None,
    }
}

fn codes(signature: &str) -> Option<Vec<&'static str>> {
    codes_for(|_| {}, signature)
}

fn codes_ecdsa(signature: &str) -> Option<Vec<&'static str>> {
    codes_for(|facts| facts.scheme = RequestScheme::EcdsaP256, signature)
}

#[test]
fn a_right_signature_matches_under_both_schemes() {
    let text = right().text();
    assert_eq!(codes(&hmac(&text)), Some(vec![]));
    assert_eq!(codes(&format!(" {}\n", hmac(&text))), Some(vec![]));
    assert_eq!(codes_ecdsa(&ecdsa(&text)), Some(vec![]));
}

#[test]
fn every_mistake_in_a_part_is_named_under_both_schemes() {
    type Change = fn(&mut Signed);
    let cases: [(&str, Change); 39] = [
        ("method_lower_case", |s| s.method = "post".into()),
        ("method_capitalised", |s| s.method = "Post".into()),
        ("path_with_prefix", |s| {
            s.path = format!("/klikoo-b2b{PATH}");
        }),
        ("path_full_url", |s| {
            s.path = format!("https://host.example/klikoo-b2b{PATH}");
        }),
        ("path_without_leading_slash", |s| s.path = PATH[1..].into()),
        ("path_trailing_slash", |s| s.path.push('/')),
        ("path_without_version", |s| {
            s.path = "/open-api/transports/block-seat".into();
        }),
        ("path_without_version", |s| {
            s.path = "/transports/block-seat".into();
        }),
        ("path_upper_case", |s| s.path = PATH.to_uppercase()),
        ("token_missing", |s| s.token = String::new()),
        ("token_bearer", |s| s.token = format!("Bearer {TOKEN}")),
        ("token_trailing_newline", |s| s.token = format!("{TOKEN}\n")),
        ("token_other", |s| s.token = OTHER_TOKEN.into()),
        ("body_unsorted", |s| {
            s.hash = hash(r#"{"b":"Dé/<&>","a":[1,{}]}"#);
        }),
        ("body_spaces", |s| {
            s.hash = hash(r#"{"a": [1, {}], "b": "Dé/<&>"}"#);
        }),
        ("body_pretty", |s| {
            s.hash = hash("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"Dé/<&>\"\n}");
        }),
        ("body_pretty", |s| {
            s.hash = hash("{\n\t\"a\": [\n\t\t1,\n\t\t{}\n\t],\n\t\"b\": \"Dé/<&>\"\n}");
        }),
        ("body_trailing_newline", |s| {
            s.hash = hash(&format!("{BODY}\n"));
        }),
        ("body_trailing_newline", |s| {
            s.hash = hash(&format!("{BODY}\r\n"));
        }),
        ("body_ascii_escapes", |s| {
            s.hash = hash(r#"{"a":[1,{}],"b":"D\u00e9/<&>"}"#);
        }),
        ("body_html_escapes", |s| {
            s.hash = hash(r#"{"a":[1,{}],"b":"Dé/\u003c\u0026\u003e"}"#);
        }),
        ("body_php_escapes", |s| {
            s.hash = hash(r#"{"a":[1,{}],"b":"D\u00e9\/<&>"}"#);
        }),
        ("body_slash_escapes", |s| {
            s.hash = hash(r#"{"a":[1,{}],"b":"Dé\/<&>"}"#);
        }),
        ("body_as_in_file", |s| s.hash = hash(FILE)),
        ("body_missing", |s| s.hash = hash("")),
        ("body_empty_value", |s| s.hash = hash("{}")),
        ("hash_upper_case", |s| s.hash = hash(BODY).to_uppercase()),
        ("hash_base64", |s| {
            s.hash = BASE64_STANDARD.encode(digest(&SHA256, BODY.as_bytes()));
        }),
        ("hash_missing", |s| s.hash = String::new()),
        ("hash_is_body", |s| s.hash = BODY.into()),
        ("time_without_milliseconds", |s| {
            s.time = "2024-02-07T10:28:35+07:00".into();
        }),
        ("time_microseconds", |s| {
            s.time = "2024-02-07T10:28:35.120000+07:00".into();
        }),
        ("time_utc", |s| s.time = "2024-02-07T03:28:35.120Z".into()),
        ("time_utc", |s| s.time = "2024-02-07T03:28:35Z".into()),
        ("time_utc_offset", |s| {
            s.time = "2024-02-07T03:28:35.120+00:00".into();
        }),
        ("time_offset_without_colon", |s| {
            s.time = "2024-02-07T10:28:35.120+0700".into();
        }),
        ("time_without_t", |s| {
            s.time = "2024-02-07 10:28:35.120+07:00".into();
        }),
        ("time_epoch", |s| s.time = "1707276515".into()),
        ("time_epoch", |s| s.time = "1707276515120".into()),
    ];
    for (code, change) in cases {
        let mut signed = right();
        change(&mut signed);
        assert_eq!(
            codes(&hmac(&signed.text())),
            Some(vec![code]),
            "{}",
            signed.text()
        );
        assert_eq!(
            codes_ecdsa(&ecdsa(&signed.text())),
            Some(vec![code]),
            "{}",
            signed.text()
        );
    }
}

#[test]
fn mistakes_that_depend_on_the_facts_are_named() {
    let text = |change: fn(&mut Signed)| {
        let mut signed = right();
        change(&mut signed);
        hmac(&signed.text())
    };
    // The header carries no milliseconds, the signature does.
    let signature = text(|s| s.time = "2024-02-07T10:28:35.000+07:00".into());
    let found = codes_for(
        |facts| facts.timestamp = "2024-02-07T10:28:35+07:00",
        &signature,
    );
    assert_eq!(found, Some(vec!["time_other_than_header"]));
    let signature = text(|s| s.time = "2024-02-07T10:28:35.120Z".into());
    assert_eq!(codes(&signature), Some(vec!["time_jakarta_called_utc"]));
    // A token is signed where none is sent, or its place is dropped.
    let found = codes_for(|facts| facts.tokens = &["", TOKEN], &hmac(&right().text()));
    assert_eq!(found, Some(vec!["token_other"]));
    let dropped = hmac(&format!("{METHOD}:{PATH}:{}:{TIME}", hash(BODY)));
    let found = codes_for(|facts| facts.tokens = &[], &dropped);
    assert_eq!(found, Some(vec!["token_place_dropped"]));
    // The base URL may be given by its path alone.
    let signature = text(|s| s.path = format!("/klikoo-b2b{PATH}"));
    let found = codes_for(|facts| facts.base_url = Some("/klikoo-b2b"), &signature);
    assert_eq!(found, Some(vec!["path_with_prefix"]));
    let found = codes_for(
        |facts| facts.path = "/v1/open-api/transports/block-seat?page=1",
        &hmac(&right().text()),
    );
    assert_eq!(found, Some(vec!["path_without_query"]));
    // A GET has no body: a value was hashed that stands for one.
    for body in ["{}", "null", "\"\""] {
        let mut signed = right();
        signed.hash = hash(body);
        let found = codes_for(|facts| facts.body = b"", &hmac(&signed.text()));
        assert_eq!(found, Some(vec!["body_empty_value"]), "{body}");
    }
    // What is not JSON is signed as it is.
    let mut signed = right();
    signed.hash = hash("plain");
    let found = codes_for(|facts| facts.body = b"plain", &hmac(&signed.text()));
    assert_eq!(found, Some(vec![]));
    signed.hash = hash("plain\n");
    let found = codes_for(|facts| facts.body = b"plain", &hmac(&signed.text()));
    assert_eq!(found, Some(vec!["body_trailing_newline"]));
}

#[test]
fn every_mistake_in_scheme_key_and_encoding_is_named() {
    let text = right().text();
    let right_bytes = hmac_bytes(SECRET.as_bytes(), &text);
    let base64 = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    let hmac_sha256 = {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
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

#[test]
fn several_mistakes_at_once_are_found_and_no_more_than_there_are() {
    let mut signed = right();
    signed.method = "post".into();
    signed.token = format!("Bearer {TOKEN}");
    let two = vec!["method_lower_case", "token_bearer"];
    assert_eq!(codes(&hmac(&signed.text())), Some(two.clone()));
    assert_eq!(codes_ecdsa(&ecdsa(&signed.text())), Some(two));
    // What Python's json.dumps writes by default.
    let mut signed = right();
    signed.hash = hash(r#"{"b": "D\u00e9/<&>", "a": [1, {}]}"#);
    let three = vec!["body_unsorted", "body_spaces", "body_ascii_escapes"];
    assert_eq!(codes(&hmac(&signed.text())), Some(three));
    let mut signed = right();
    signed.hash = hash(FILE).to_uppercase();
    signed.time = "2024-02-07T10:28:35+07:00".into();
    let three = vec![
        "body_as_in_file",
        "hash_upper_case",
        "time_without_milliseconds",
    ];
    assert_eq!(codes(&hmac(&signed.text())), Some(three));
}

/// The documented sample is unsorted and indented at once, but hashing it whole is one mistake.
#[test]
fn a_file_in_a_usual_style_hashed_as_it_stands_is_one_mistake() {
    let file = "{\n    \"b\": 1,\n    \"a\": \"8\"\n}";
    let mut signed = right();
    signed.hash = hash(file);
    let found = codes_for(|facts| facts.body = file.as_bytes(), &hmac(&signed.text()));
    assert_eq!(found, Some(vec!["body_as_in_file"]));
}

#[test]
fn a_file_hashed_as_it_stands_is_told_what_is_wrong_with_it() {
    let secret = SecretString::from(SECRET);
    let mut signed = right();
    signed.hash = hash(FILE);
    let facts = Facts {
        method: METHOD,
        path: PATH,
        base_url: None,
        body: FILE.as_bytes(),
        tokens: &[TOKEN],
        timestamp: TIME,
        scheme: RequestScheme::HmacSha512,
        client_secret: Some(&secret),
        key: None,
    };
    let Diagnosis::Mistakes(mistakes) = diagnose(&facts, &hmac(&signed.text())) else {
        panic!("one mistake")
    };
    let message = &mistakes[0].message;
    for part in [
        "keys are not sorted",
        "not minified",
        "white space around it",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_signature_that_no_known_mistake_explains_gets_hints() {
    let secret = SecretString::from(SECRET);
    let key = RequestKey::from_pkcs8_pem(&vectors().p256_private_key_pkcs8_pem).unwrap();
    let facts = Facts {
        method: METHOD,
        path: PATH,
        base_url: Some("https://host.example/klikoo-b2b"),
        body: FILE.as_bytes(),
        tokens: &[TOKEN, OTHER_TOKEN],
        timestamp: TIME,
        scheme: RequestScheme::HmacSha512,
        client_secret: Some(&secret),
        key: None,
    };
    let foreign = BASE64_STANDARD.encode(hmac_bytes(b"another secret", &right().text()));
    let cases = [
        (foreign.clone(), "same secret or key"),
        (foreign[..80].to_owned(), "no known signature"),
        (foreign[..85].to_owned(), "cut when it was copied"),
        (
            BASE64_STANDARD.encode([1; 256]),
            "RSA signs the token request",
        ),
        (BASE64_STANDARD.encode([1; 32]), "HMAC-SHA256"),
        (hex::encode([1; 32]), "64 hex digits"),
        (hex::encode([1; 64]), "must be base64"),
        (BASE64_STANDARD.encode([1; 71]), "DER"),
        (BASE64_STANDARD.encode([1; 96]), "P-384"),
        (String::new(), "empty"),
        ("?".repeat(100), "garbled"),
    ];
    for (signature, hint) in cases {
        let Diagnosis::NotFound {
            tried,
            ruled_out,
            hints,
        } = diagnose(&facts, &signature)
        else {
            panic!("{signature} has no explanation")
        };
        assert!(hints[0].contains(hint), "{signature}: {hints:?}");
        assert!(
            hints
                .iter()
                .any(|hint| hint.contains("no P-256 key was given"))
        );
        assert_eq!(ruled_out.is_empty(), tried == 0);
    }
    // The work is bounded, also where each try is an ECDSA verification.
    let facts = Facts {
        key: Some(&key),
        scheme: RequestScheme::EcdsaP256,
        ..facts
    };
    let Diagnosis::NotFound { tried, .. } = diagnose(&facts, &foreign) else {
        panic!("the secret is another")
    };
    println!("{tried} combinations tried");
    assert!((1_000..40_000).contains(&tried), "{tried}");
}
