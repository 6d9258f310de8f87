//! Klikoo's own helpers that sign for others, and paths that lead nowhere.

use klikoo_sandbox::{Sandbox, Scheme, SignatureVerdict};
use serde_json::{Value, json};

use crate::client::{BLOCK, draft, order, post, send, timestamp};

#[tokio::test]
async fn unknown_paths_and_methods_get_an_envelope() {
    let sandbox = Sandbox::start().await.unwrap();
    for (method, path, status, code) in [
        ("POST", "/v1/open-api/nowhere", 404, "404007804"),
        ("GET", "/", 404, "404007804"),
        ("GET", BLOCK, 405, "405057805"),
        ("POST", "/v1/open-api/transactions", 405, "405027805"),
    ] {
        let reply = send(&sandbox, &draft(&sandbox, method, path, b""))
            .await
            .reply();
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{method} {path}"
        );
        assert_eq!(reply.header("x-klikoo-sandbox"), Some("true"));
    }
}

#[tokio::test]
async fn the_helpers_sign_for_others_and_are_counted() {
    use base64::Engine as _;

    let sandbox = Sandbox::start().await.unwrap();
    let at = timestamp(sandbox.clock().now());
    let key = base64::engine::general_purpose::STANDARD.encode(sandbox.private_key_pem());
    let ask = json!({"client_id": sandbox.client_id(), "timestamp": at, "private_key": key});
    let reply = post(&sandbox, "/v1/open-api/auth-signature", &ask)
        .await
        .reply()
        .json();
    let signature = reply["data"]["signature"].as_str().unwrap().to_owned();
    let token = crate::token::request(&sandbox).set("Open-Api-Timestamp", &at);
    let token = token.set("Open-Api-Signature", &signature);
    assert_eq!(send(&sandbox, &token).await.reply().status, 200);

    let body = order("helped", &["1"]);
    let ask = json!({"client_id": sandbox.client_id(), "method": "POST", "path": BLOCK,
                     "token": "", "timestamp": at, "body": body});
    let reply = post(&sandbox, "/v1/open-api/signature", &ask)
        .await
        .reply()
        .json();
    let signature = reply["data"]["signature"].as_str().unwrap();
    let call = draft(&sandbox, "POST", BLOCK, body.to_string().as_bytes())
        .set("Open-Api-Timestamp", &at)
        .set("Open-Api-Signature", signature);
    assert_eq!(send(&sandbox, &call).await.reply().status, 201);

    assert_eq!(
        (
            sandbox.calls("auth-signature"),
            sandbox.calls("-api/signature")
        ),
        (1, 1)
    );
    let text = serde_json::to_string(&sandbox.journal()).unwrap();
    assert!(!text.contains(&key) && !text.contains("BEGIN PRIVATE"));
}

#[tokio::test]
async fn the_auth_helper_signs_by_rsa_where_the_key_is_rsa() {
    use base64::Engine as _;

    let vectors: Value = serde_json::from_str(include_str!("../data/signing.json")).unwrap();
    let sandbox = Sandbox::start().await.unwrap();
    let pem = vectors["rsa_private_key_pkcs8_pem"].as_str().unwrap();
    let key = base64::engine::general_purpose::STANDARD.encode(pem);
    let vector = &vectors["auth_signatures"][0];
    let ask = json!({"client_id": vector["client_id"], "timestamp": vector["timestamp"], "private_key": key});
    let reply = post(&sandbox, "/v1/open-api/auth-signature", &ask)
        .await
        .reply()
        .json();
    assert_eq!(reply["data"]["signature"], vector["sha256_with_rsa_base64"]);
    assert_eq!(sandbox.journal()[0].signature, SignatureVerdict::NotChecked);
    assert_ne!(
        sandbox.journal()[0].signature,
        SignatureVerdict::Valid {
            scheme: Scheme::RsaSha256
        }
    );
    for key in ["", "%%%", "AAAA"] {
        let ask = json!({"client_id": "c", "timestamp": "t", "private_key": key});
        let reply = post(&sandbox, "/v1/open-api/auth-signature", &ask)
            .await
            .reply();
        assert_eq!(reply.status, 400, "{key}");
    }
}
