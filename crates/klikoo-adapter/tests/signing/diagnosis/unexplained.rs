//! A signature that no known mistake explains.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use klikoo_adapter::{Diagnosis, RequestScheme};

use super::{diagnosed, hmac_bytes, right};

#[test]
fn a_signature_that_no_known_mistake_explains_gets_hints() {
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
            compared,
            hints,
        } = diagnosed(|facts| facts.key = None, &signature)
        else {
            panic!("{signature} has no explanation")
        };
        assert!(hints[0].contains(hint), "{signature}: {hints:?}");
        assert!(
            hints
                .iter()
                .any(|hint| hint.contains("no P-256 key was given"))
        );
        assert_eq!(compared.is_empty(), tried == 0);
    }
    // The work is bounded, also where each try is an ECDSA verification.
    let Diagnosis::NotFound { tried, .. } =
        diagnosed(|facts| facts.scheme = RequestScheme::EcdsaP256, &foreign)
    else {
        panic!("the secret is another")
    };
    println!("{tried} combinations tried");
    assert!((1_000..40_000).contains(&tried), "{tried}");
}
