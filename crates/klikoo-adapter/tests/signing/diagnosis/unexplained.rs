//! A signature that no known mistake explains, and a text that is none.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use klikoo_adapter::{Diagnosis, Facts, RequestScheme};

use super::{SECRET, diagnosed, hmac_bytes, right};

fn foreign() -> String {
    BASE64_STANDARD.encode(hmac_bytes(b"another secret", &right().text()))
}

#[test]
fn a_signature_that_no_known_mistake_explains_gets_hints() {
    let cases = [
        (foreign(), "same secret or key"),
        (BASE64_STANDARD.encode([1; 32]), "HMAC-SHA256"),
        (hex::encode([1; 32]), "HMAC-SHA256"),
        (hex::encode([1; 64]), "must be base64"),
    ];
    for (signature, hint) in cases {
        let Diagnosis::NotFound { tried, hints, .. } =
            diagnosed(|facts| facts.key = None, &signature)
        else {
            panic!("{signature} can be compared and has no explanation")
        };
        assert!(tried > 0);
        assert!(hints[0].contains(hint), "{signature}: {hints:?}");
        assert!(
            hints
                .iter()
                .any(|hint| hint.contains("no P-256 key was given"))
        );
    }
}

/// Also where each try is an ECDSA verification.
#[test]
fn the_work_is_bounded() {
    let Diagnosis::NotFound { tried, .. } =
        diagnosed(|facts| facts.scheme = RequestScheme::EcdsaP256, &foreign())
    else {
        panic!("the secret is another")
    };
    println!("{tried} combinations tried");
    assert!((1_000..40_000).contains(&tried), "{tried}");
}

/// What is wrong with a text, and what is accepted, where it can be compared with nothing.
fn refused(change: impl Fn(&mut Facts<'_>), text: &str) -> Option<(String, String)> {
    match diagnosed(change, text) {
        Diagnosis::NotCompared { fault, accepted } => Some((fault, accepted)),
        _ => None,
    }
}

#[test]
fn a_text_that_is_no_signature_is_told_what_is_wrong_with_it() {
    let cases = [
        ("abcd".to_owned(), "3 bytes in base64 or 2 bytes in hex"),
        (foreign()[..80].to_owned(), "60 bytes in base64"),
        (foreign()[..85].to_owned(), "cut or garbled"),
        (
            BASE64_STANDARD.encode([1; 256]),
            "RSA signs the token request",
        ),
        (BASE64_STANDARD.encode([1; 71]), "DER"),
        (hex::encode([1; 71]), "71 bytes in hex"),
        (BASE64_STANDARD.encode([1; 96]), "P-384"),
        (BASE64_STANDARD.encode([1; 100]), "has 64 bytes"),
        (String::new(), "empty"),
        (" \n".to_owned(), "empty"),
        ("?".repeat(100), "number 1 is one that neither"),
        (format!("{}é", &foreign()[..40]), "number 41"),
        // Somebody gave the secret itself: it is not repeated.
        (SECRET.to_owned(), "24 bytes in base64 or 16 bytes in hex"),
    ];
    for (text, expected) in cases {
        let (fault, accepted) = refused(|facts| facts.key = None, &text).unwrap();
        assert!(fault.contains(expected), "{text}: {fault}");
        assert!(text.trim().is_empty() || !fault.contains(&text), "{fault}");
        assert!(accepted.contains("64 bytes of hmac-sha512"), "{accepted}");
        assert!(accepted.contains("88 characters"), "{accepted}");
    }
}

#[test]
fn what_is_accepted_depends_on_the_keys() {
    let accepted = |client_secret: bool, key: bool| {
        let change = |facts: &mut Facts<'_>| {
            facts.client_secret = facts.client_secret.filter(|_| client_secret);
            facts.key = facts.key.filter(|_| key);
            facts.scheme = RequestScheme::EcdsaP256;
        };
        refused(change, "abcd").unwrap().1
    };
    assert!(accepted(true, true).contains("of ecdsa-p256"));
    for (client_secret, key) in [(true, true), (true, false), (false, true), (false, false)] {
        let text = accepted(client_secret, key);
        assert_eq!(text.contains("HMAC-SHA256"), client_secret, "{text}");
        assert_eq!(text.contains("DER"), key, "{text}");
    }
}

/// 64 bytes, but with an r and s that no P-256 signature has; or nothing to compare them with.
#[test]
fn the_right_length_alone_makes_no_signature() {
    let change = |facts: &mut Facts<'_>| {
        facts.scheme = RequestScheme::EcdsaP256;
        facts.client_secret = None;
    };
    let (fault, _) = refused(change, &BASE64_STANDARD.encode([0xff; 64])).unwrap();
    assert!(fault.contains("no r and s"), "{fault}");
    let change = |facts: &mut Facts<'_>| (facts.client_secret, facts.key) = (None, None);
    let (fault, _) = refused(change, &foreign()).unwrap();
    assert!(fault.contains("neither a client secret nor"), "{fault}");
}
