//! Nothing that can be printed of a set-up shows a secret.

use klikoo_adapter::{Authorization, BaseUrl, KlikooConfig, RequestSigner};

use booking_ports::{ManualClock, SeatBlocker};

use crate::raw::{RawServer, Request, Step, json, token};
use crate::setup::{CLIENT_SECRET, NOW, bearer, blocker_of, config, credentials, order};

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

/// A refusal whose message repeats everything that was sent.
fn echo(status: u16, code: &str, request: &Request) -> Step {
    let mut sent: Vec<&str> = request.headers.values().map(String::as_str).collect();
    sent.push(&request.body);
    let message = sent.join(" ");
    let body = serde_json::json!({"response_code": code, "response_message": message});
    Step::Send(json(status, &body.to_string()))
}

#[tokio::test]
async fn a_provider_that_repeats_secrets_is_masked() {
    let refuses_token = RawServer::start(|request, _| echo(401, "401016570", request)).await;
    let refuses_block = RawServer::start(|request, _| {
        if request.is_token() {
            Step::Send(token("canary.token.text", "900"))
        } else {
            echo(403, "403016571", request)
        }
    })
    .await;
    for server in [refuses_token, refuses_block] {
        let clock = ManualClock::at(NOW);
        let blocker = blocker_of(config(&server.base_url(), bearer()), &clock);
        let error = blocker.block(&order("1238", &["8"])).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        let signatures: Vec<String> = server
            .seen()
            .into_iter()
            .map(|request| request.headers["open-api-signature"].clone())
            .collect();
        assert!(
            !signatures.is_empty() && shown.contains("[personal]"),
            "{shown}"
        );
        let last = signatures.last().unwrap();
        for secret in [CLIENT_SECRET, "canary.token.text", last] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
