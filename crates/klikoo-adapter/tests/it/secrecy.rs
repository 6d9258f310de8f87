//! Nothing that can be printed of a set-up shows a secret.

use klikoo_adapter::{Authorization, BaseUrl, KlikooConfig, RequestSigner};

use crate::setup::{CLIENT_SECRET, bearer, config, credentials};

#[test]
fn debug_of_a_configuration_shows_no_secret() {
    let config =
        config("http://127.0.0.1:1/prefix", bearer()).with_extra_root("MARKER-ROOT".to_owned());
    let shown = format!("{config:?} {config:#?} {:?} {:?}", credentials(), bearer());
    assert!(
        shown.contains("127.0.0.1") && shown.contains("5f0c1f6e"),
        "{shown}"
    );
    let data: serde_json::Value =
        serde_json::from_str(include_str!("../data/signing.json")).unwrap();
    let pem = data["p256_private_key_pkcs8_pem"].as_str().unwrap();
    for secret in [CLIENT_SECRET, pem.lines().nth(1).unwrap(), "[107, 55, 116"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_signer_shows_its_scheme_only() {
    let signer = RequestSigner::hmac_sha512(&CLIENT_SECRET.into());
    let base_url = BaseUrl::parse("http://127.0.0.1:1").unwrap();
    let shown = format!(
        "{signer:?} {:?}",
        KlikooConfig::new(base_url, signer.clone(), Authorization::None)
    );
    assert!(!shown.contains(CLIENT_SECRET), "{shown}");
}

#[test]
fn a_base_url_with_a_password_is_not_repeated() {
    let error = BaseUrl::parse("https://partner:MARKER@example.com").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("MARKER"));
    let error = BaseUrl::parse("https://partner:MARKER@exa mple.com").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("MARKER"));
}
