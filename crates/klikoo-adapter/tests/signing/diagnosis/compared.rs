//! What is said to have been compared is what was compared.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use klikoo_adapter::{Diagnosis, Facts, RequestScheme};

use super::{
    BODY, METHOD, OTHER_TOKEN, PATH, TIME, TOKEN, codes, diagnosed, hmac, hmac_bytes, right,
};

type Found = (Vec<(&'static str, Vec<String>)>, Vec<String>);

/// What was compared, and the hints, for a signature by another secret.
fn compared(change: impl Fn(&mut Facts<'_>)) -> Found {
    let foreign = BASE64_STANDARD.encode(hmac_bytes(b"another secret", &right().text()));
    compared_with(change, &foreign)
}

fn compared_with(change: impl Fn(&mut Facts<'_>), signature: &str) -> Found {
    let found = match diagnosed(change, signature) {
        Diagnosis::NotFound {
            compared, hints, ..
        } => Some((compared, hints)),
        _ => None,
    };
    found.unwrap()
}

fn values(found: &Found, part: &str) -> Vec<String> {
    let (_, values) = found.0.iter().find(|(name, _)| *name == part).unwrap();
    values.clone()
}

#[test]
fn each_value_that_is_listed_is_recognised() {
    let found = compared(|_| {});
    let parts: Vec<&str> = found.0.iter().map(|(part, _)| *part).collect();
    assert_eq!(
        parts,
        [
            "method",
            "path",
            "access token",
            "body",
            "time",
            "signature"
        ]
    );
    let paths = values(&found, "path");
    assert_eq!(
        paths[..3],
        [
            PATH.to_owned(),
            format!("/klikoo-b2b{PATH}"),
            format!("https://host.example/klikoo-b2b{PATH}")
        ]
    );
    for path in paths {
        let signed = super::Signed { path, ..right() };
        assert!(codes(&hmac(&signed.text())).is_some(), "{}", signed.path);
    }
    let methods = values(&found, "method");
    assert_eq!(methods, [METHOD, "post", "Post"]);
    for time in values(&found, "time") {
        let signed = super::Signed { time, ..right() };
        assert!(codes(&hmac(&signed.text())).is_some(), "{}", signed.time);
    }
    assert_eq!(values(&found, "time")[0], TIME);
    let shown = format!("{found:?}");
    assert!(!shown.contains(TOKEN) && !shown.contains(OTHER_TOKEN) && !shown.contains("Dé"));
}

#[test]
fn no_prefix_is_claimed_where_the_base_url_has_none() {
    for base_url in [
        None,
        Some("https://host.example"),
        Some("mailto:user@host.example"),
    ] {
        let found = compared(|facts| facts.base_url = base_url);
        let paths = values(&found, "path");
        assert!(
            paths.iter().all(|path| !path.contains("klikoo-b2b")),
            "{paths:?}"
        );
        let whole = format!("https://host.example{PATH}");
        let expected = base_url == Some("https://host.example");
        assert_eq!(paths.contains(&whole), expected, "{paths:?}");
        assert!(
            found.1.iter().any(|hint| hint.contains("prefix")),
            "{:?}",
            found.1
        );
    }
    let found = compared(|_| {});
    assert!(!found.1.iter().any(|hint| hint.contains("prefix")));
}

#[test]
fn no_token_is_claimed_where_none_was_given() {
    let found = compared(|facts| facts.tokens = &[]);
    let tokens = values(&found, "access token");
    assert_eq!(tokens[0], "none");
    assert!(
        tokens.iter().all(|token| !token.contains("given")),
        "{tokens:?}"
    );
    assert!(
        found
            .1
            .iter()
            .any(|hint| hint.contains("no access token was given"))
    );
    let tokens = values(&compared(|_| {}), "access token");
    assert_eq!(tokens[0], "the one given");
    assert!(tokens.contains(&"number 2 of those given".to_owned()));
}

#[test]
fn only_what_differs_in_a_body_is_claimed() {
    let bodies = |body: &'static str| {
        let found = compared(|facts| facts.body = body.as_bytes());
        values(&found, "body")
    };
    let unsorted = "keys in the file's order".to_owned();
    assert!(bodies(r#"{"b":1,"a":2}"#).contains(&unsorted));
    assert!(!bodies(r#"{"a":2,"b":1}"#).contains(&unsorted));
    assert!(bodies(BODY).contains(&"non-ASCII characters escaped".to_owned()));
    assert!(!bodies(r#"{"a":2}"#).contains(&"non-ASCII characters escaped".to_owned()));
    assert_eq!(bodies("")[0], "empty");
    assert_eq!(bodies("plain")[0], "as given");
    assert!(!bodies("plain").contains(&"indented by tabs".to_owned()));
}

#[test]
fn only_schemes_that_the_keys_and_the_form_allow_are_claimed() {
    let sixty_four = values(&compared(|_| {}), "signature");
    assert!(
        sixty_four
            .iter()
            .any(|form| form.starts_with("HMAC-SHA512"))
    );
    assert!(sixty_four.iter().any(|form| form.starts_with("ECDSA")));
    assert!(
        !sixty_four
            .iter()
            .any(|form| form.starts_with("HMAC-SHA256"))
    );
    // Half as long, it can be neither HMAC-SHA512 nor ECDSA.
    let found = compared_with(|_| {}, &BASE64_STANDARD.encode([1; 32]));
    let half = values(&found, "signature");
    assert!(
        half.iter().all(|form| form.starts_with("HMAC-SHA256")),
        "{half:?}"
    );
    let found = compared(|facts| {
        facts.scheme = RequestScheme::EcdsaP256;
        facts.client_secret = None;
    });
    let ecdsa = values(&found, "signature");
    assert!(
        ecdsa.iter().all(|form| form.starts_with("ECDSA")),
        "{ecdsa:?}"
    );
}

/// Three mistakes in scheme and encoding leave none for the other parts.
#[test]
fn a_form_that_is_wrong_three_times_is_compared_with_the_right_parts_alone() {
    let der = super::ecdsa_over(&[7; 32]).to_der();
    let found = compared_with(|_| {}, &hex::encode(der.as_bytes()));
    for part in ["method", "path", "body", "time"] {
        assert_eq!(values(&found, part).len(), 1, "{part}");
    }
}
