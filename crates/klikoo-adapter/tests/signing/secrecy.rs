//! Markers planted in every secret and personal value appear in nothing that is printed.

use std::fmt::Write as _;

use klikoo_adapter::{
    AuthKey, AuthSigner, Facts, GeneratedKeyPair, KeyKind, RequestKey, RequestScheme,
    RequestSigner, RequestToSign, canonical_json, diagnose,
};
use secrecy::{ExposeSecret as _, SecretString};

const SECRET: &str = "MARKER-SECRET-7f3a";
const TOKEN: &str = "MARKER-TOKEN-91cd";
const OTHER_TOKEN: &str = "MARKER-OTHER-TOKEN-55ab";
const BODY: &str = r#"{"name":"MARKER-NAME-d00d","id_card_number":"MARKER-NIK-c0de"}"#;

#[test]
fn nothing_printed_holds_a_marker() {
    let mut printed = String::new();
    let mut markers: Vec<String> = vec!["MARKER".into()];
    let secret = SecretString::from(SECRET);
    for kind in [KeyKind::P256, KeyKind::Rsa2048] {
        let pair = GeneratedKeyPair::generate(kind).unwrap();
        let pem = pair.private_key_pem.expose_secret();
        markers.extend(pem.lines().skip(1).take(3).map(str::to_owned));
        let key = AuthKey::from_pkcs8_pem(pem).unwrap();
        let signer = AuthSigner::new("client", key.clone());
        write!(
            printed,
            "{pair:?} {key:?} {signer:?} {:?}",
            signer.sign("now")
        )
        .unwrap();
        // Errors about a key must not quote it.
        for broken in [
            &pem[..pem.len() / 2],
            &pem.replacen('M', "*", 1),
            &pem.repeat(2),
        ] {
            let error = AuthKey::from_pkcs8_pem(broken).unwrap_err();
            write!(printed, "{error} {error:?}").unwrap();
        }
    }
    let pair = GeneratedKeyPair::generate(KeyKind::P256).unwrap();
    let pem = pair.private_key_pem.expose_secret();
    markers.extend(pem.lines().skip(1).take(2).map(str::to_owned));
    let key = RequestKey::from_pkcs8_pem(pem).unwrap();
    let request = RequestToSign {
        method: "POST",
        path: "/v1/",
        access_token: Some(TOKEN),
        body: BODY.as_bytes(),
        timestamp: "2024-02-07T10:28:35.000+07:00",
    };
    let facts = Facts {
        method: request.method,
        path: request.path,
        base_url: None,
        body: request.body,
        tokens: &[TOKEN, OTHER_TOKEN],
        timestamp: request.timestamp,
        scheme: RequestScheme::HmacSha512,
        client_secret: Some(&secret),
        key: Some(&key),
    };
    write!(printed, "{request:?} {facts:?} {key:?}").unwrap();
    let other = RequestToSign {
        access_token: Some(OTHER_TOKEN),
        ..request
    };
    for signer in [
        RequestSigner::hmac_sha512(&secret),
        RequestSigner::ecdsa_p256(key.clone()),
    ] {
        write!(printed, "{signer:?} {:?}", signer.sign(&request)).unwrap();
        for request in [request, other] {
            let diagnosis = diagnose(&facts, signer.sign(&request).as_str());
            write!(printed, "{diagnosis:?}").unwrap();
        }
    }
    write!(printed, "{:?}", diagnose(&facts, SECRET)).unwrap();
    let duplicate = BODY.replace("id_card_number", "name");
    for broken in [
        &BODY[..40],
        duplicate.as_str(),
        &BODY.replace("-d00d", "\\ud800"),
    ] {
        let error = canonical_json(broken.as_bytes()).unwrap_err();
        write!(printed, "{error} {error:?}").unwrap();
    }
    for marker in &markers {
        assert!(!printed.contains(marker.as_str()), "{marker} in {printed}");
    }
    // The markers would be found, were they there.
    assert!(request.string_to_sign().contains("MARKER-TOKEN"));
    assert!(printed.len() > 2000, "{printed}");
}
