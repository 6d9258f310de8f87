//! Access tokens: how they are got, and how long they last.

use std::time::Duration;

use klikoo_sandbox::{Sandbox, Scheme, SignatureVerdict, VirtualClock};
use serde_json::{Value, json};
use time::macros::datetime;

use crate::client::{
    BLOCK, Draft, TOKEN, draft, ecdsa, hmac, order, send, string_to_sign, timestamp,
};

/// A token request signed with the demo key.
pub(crate) fn request(sandbox: &Sandbox) -> Draft {
    let at = timestamp(sandbox.clock().now());
    let signature = ecdsa(
        sandbox.private_key_pem(),
        &format!("{}|{at}", sandbox.client_id()),
    );
    let body = json!({
        "grant_type": "client_credentials",
        "additional_info": {
            "client_id": sandbox.client_id(), "client_secret": sandbox.client_secret(),
        },
    });
    draft(sandbox, "POST", TOKEN, body.to_string().as_bytes())
        .set("Open-Api-Timestamp", &at)
        .set("Open-Api-Signature", &signature)
}

async fn fetch(sandbox: &Sandbox) -> String {
    let reply = send(sandbox, &request(sandbox)).await.reply();
    assert_eq!((reply.status, reply.code().as_str()), (200, "200012000"));
    let data = &reply.json()["data"];
    assert_eq!(data["token_type"], "Bearer");
    data["access_token"].as_str().unwrap().to_owned()
}

fn with_token(sandbox: &Sandbox, reference: &str, seat: &str, token: &str) -> Draft {
    let body = order(reference, &[seat]).to_string();
    let at = timestamp(sandbox.clock().now());
    let text = string_to_sign("POST", BLOCK, token, body.as_bytes(), &at);
    draft(sandbox, "POST", BLOCK, body.as_bytes())
        .set("Open-Api-Timestamp", &at)
        .set("Authorization", &format!("Bearer {token}"))
        .set("Open-Api-Signature", &hmac(sandbox.client_secret(), &text))
}

#[tokio::test]
async fn a_token_works_until_it_expires() {
    let sandbox = Sandbox::builder()
        .token_lifetime(Duration::from_mins(1))
        .start()
        .await
        .unwrap();
    let token = fetch(&sandbox).await;
    let good = send(&sandbox, &with_token(&sandbox, "a", "1", &token))
        .await
        .reply();
    assert_eq!(good.status, 201);
    sandbox.clock().advance(Duration::from_secs(61));
    let late = send(&sandbox, &with_token(&sandbox, "b", "2", &token))
        .await
        .reply();
    assert_eq!((late.status, late.code().as_str()), (401, "401056535"));
    let unknown = send(&sandbox, &with_token(&sandbox, "b", "2", "a.b.c"))
        .await
        .reply();
    assert_eq!(
        (unknown.status, unknown.code().as_str()),
        (401, "401056500")
    );
}

#[tokio::test]
async fn a_live_token_must_be_in_the_signature() {
    let sandbox = Sandbox::start().await.unwrap();
    let token = fetch(&sandbox).await;
    let unsigned = draft(
        &sandbox,
        "POST",
        BLOCK,
        order("a", &["1"]).to_string().as_bytes(),
    )
    .set("Authorization", &format!("Bearer {token}"));
    assert_eq!(send(&sandbox, &unsigned).await.reply().code(), "400056508");
}

#[tokio::test]
async fn the_lifetime_is_a_number_of_seconds() {
    let sandbox = Sandbox::start().await.unwrap();
    let reply = send(&sandbox, &request(&sandbox)).await.reply().json();
    assert_eq!(reply["data"]["expires_in"], 900);
    let scheme = Scheme::EcdsaP256;
    assert_eq!(
        sandbox.journal()[0].signature,
        SignatureVerdict::Valid { scheme }
    );
}

#[tokio::test]
async fn each_mistake_has_its_code() {
    let sandbox = Sandbox::start().await.unwrap();
    let good = request(&sandbox);
    let body: Value = serde_json::from_slice(&good.body).unwrap();
    let with = |path: &str, value: Value| {
        let mut body = body.clone();
        *body.pointer_mut(path).unwrap() = value;
        Draft {
            body: body.to_string().into_bytes(),
            ..good.clone()
        }
    };
    let old = timestamp(sandbox.clock().now() - time::Duration::minutes(6));
    for (call, code) in [
        (with("/grant_type", json!("password")), "400016569"),
        (
            with("/additional_info/client_id", json!("another")),
            "401016570",
        ),
        (
            with("/additional_info/client_secret", json!("another")),
            "401016570",
        ),
        (
            with("/additional_info/client_secret", json!("")),
            "400016512",
        ),
        (with("/grant_type", json!(1)), "400016510"),
        (
            with("/additional_info", json!({"client_id": "x"})),
            "400016510",
        ),
        (good.clone().set("Open-Api-Timestamp", &old), "400016505"),
        (good.clone().set("Open-Api-Signature", "AAAA"), "400016508"),
        (good.clone().without("Open-Api-Signature"), "400016508"),
        (good.clone().set("Content-Type", "text/plain"), "400016510"),
    ] {
        let reply = send(&sandbox, &call).await.reply();
        assert_eq!(reply.code(), code, "{call:?}");
        assert_eq!(reply.json()["data"], Value::Null);
    }
}

#[tokio::test]
async fn a_partner_may_register_rsa_or_p256() {
    let vectors: Value = serde_json::from_str(include_str!("../data/signing.json")).unwrap();
    let vector = &vectors["auth_signatures"][1];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let clock = VirtualClock::fixed(datetime!(2023-12-13 15:14:17 +7));
    for (key, signature, scheme) in [
        (
            "rsa_public_key_spki_pem",
            "sha256_with_rsa_base64",
            Scheme::RsaSha256,
        ),
        (
            "p256_public_key_spki_pem",
            "ecdsa_p256_base64",
            Scheme::EcdsaP256,
        ),
    ] {
        let sandbox = Sandbox::builder()
            .client_id(text(&vector["client_id"]))
            .partner_public_key_pem(&text(&vectors[key]))
            .unwrap()
            .clock(clock.clone())
            .start()
            .await
            .unwrap();
        let call = request(&sandbox)
            .set("Open-Api-Timestamp", &text(&vector["timestamp"]))
            .set("Open-Api-Signature", &text(&vector[signature]));
        assert_eq!(send(&sandbox, &call).await.reply().status, 200, "{key}");
        assert_eq!(
            sandbox.journal()[0].signature,
            SignatureVerdict::Valid { scheme }
        );
        // The demo key goes on beside it.
        assert_eq!(send(&sandbox, &request(&sandbox)).await.reply().status, 200);
    }
}
