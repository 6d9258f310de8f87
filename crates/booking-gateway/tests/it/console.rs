//! The console: its sign-in, its cookies, its files.

use std::path::Path;

use booking_gateway::{GatewayOptions, Scope};
use booking_ports::{NotSentKind, RefusalKind, UnknownKind};
use serde_json::json;

use crate::client::Ask;
use crate::house::{House, wide};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

fn sign_in(key: &str) -> Ask {
    Ask::post("/console/session").json(&json!({"key": key}))
}

#[tokio::test]
async fn whoever_signs_in_is_told_who_they_are() {
    let house = House::open().await;
    let key = house.key(Some("acme"), &[Scope::Read, Scope::Block]);
    let nobody = house.send(&Ask::get("/console/session")).await;
    assert_eq!(nobody.status, 401);
    let reply = house.send(&sign_in(&key)).await;
    let session = reply.json();
    assert_eq!(session["name"], "a shop");
    assert_eq!(session["tenant"], "acme");
    assert_eq!(session["scopes"], json!(["read", "block"]));
    assert_eq!(session["sandbox"], true);
    assert_eq!(session["ends_at"], "2026-11-24T10:15:00+07:00");
    assert!(session["csrf"].as_str().unwrap().len() >= 32);
    let cookie = reply
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert!(!cookie.contains(&key[24..]), "the secret is in the cookie");
    let again = house
        .send(&Ask::get("/console/session").header("Cookie", cookie))
        .await;
    assert_eq!(again.json()["csrf"], session["csrf"]);
    // Whoever signs in twice has two sessions.
    let other = house.send(&sign_in(&key)).await.json();
    assert_ne!(other["csrf"], session["csrf"]);
}

#[tokio::test]
async fn cookies_are_kept_from_scripts_and_from_other_pages() {
    for secure in [false, true] {
        let house = House::with(wide(), |options| GatewayOptions {
            secure_cookies: secure,
            ..options
        })
        .await;
        let key = house.master_key();
        let reply = house.send(&sign_in(&key)).await;
        let cookie = reply.header("set-cookie").unwrap();
        let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
        for attribute in ["Path=/", "HttpOnly", "SameSite=Strict"] {
            assert!(attributes.contains(&attribute), "{cookie}");
        }
        assert_eq!(attributes.contains(&"Secure"), secure, "{cookie}");
        assert_eq!(cookie.starts_with("__Host-seatblock="), secure, "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
        let out = house.send(&Ask::new("DELETE", "/console/session")).await;
        assert_eq!(out.status, 204);
        let gone = out.header("set-cookie").unwrap();
        assert!(
            gone.contains("Max-Age=0") && gone.contains("HttpOnly"),
            "{gone}"
        );
    }
}

#[tokio::test]
async fn only_a_key_in_json_signs_in() {
    let house = House::open().await;
    let key = house.master_key();
    let wrong = format!("{}0", &key[..key.len() - 1]);
    for told in [
        "",
        "x",
        "sbk_",
        &wrong,
        &key.to_uppercase(),
        &format!("Bearer {key}"),
    ] {
        let reply = house.send(&sign_in(told)).await;
        assert_eq!(reply.status, 401, "{told:?}");
        assert!(reply.header("set-cookie").is_none());
        assert!(!reply.text().contains(&key[24..]), "{}", reply.text());
    }
    let form = Ask::post("/console/session").raw_json(format!("key={key}"));
    let form = form.replacing("Content-Type", "application/x-www-form-urlencoded");
    assert_eq!(house.send(&form).await.status, 415);
    // As a form of another page could send it without asking first.
    let plain = sign_in(&key).replacing("Content-Type", "text/plain");
    assert_eq!(house.send(&plain).await.status, 415);
    for body in [
        "",
        "{}",
        "{\"key\":1}",
        "[]",
        "{\"key\":\"x\",\"more\":1}",
        "{\"key\":\"x\",\"key\":\"y\"}",
    ] {
        let reply = house
            .send(&Ask::post("/console/session").raw_json(body))
            .await;
        assert_eq!(reply.status, 400, "{body}");
    }
}

#[tokio::test]
async fn no_other_page_is_allowed_to_read_an_answer() {
    let house = House::open().await;
    let key = house.master_key();
    for target in [
        "/v1/holds",
        "/console/session",
        "/console/",
        "/openapi.json",
    ] {
        for method in ["GET", "OPTIONS", "POST"] {
            let ask = Ask::new(method, target)
                .key(&key)
                .header("Origin", "https://elsewhere.example");
            let ask = ask.header("Access-Control-Request-Method", "POST");
            let reply = house.send(&ask).await;
            assert!(
                reply.header("access-control-allow-origin").is_none(),
                "{method} {target}"
            );
        }
    }
}

/// Every file of the console, as paths beneath it.
fn files(folder: &Path, beneath: &str, all: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{beneath}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), &format!("{name}/"), all);
        } else {
            all.push(name);
        }
    }
}

#[tokio::test]
async fn every_file_has_its_type_and_the_policy() {
    let house = House::open().await;
    let mut all = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("console"),
        "",
        &mut all,
    );
    assert!(!all.is_empty());
    for name in &all {
        let reply = house.send(&Ask::get(&format!("/console/{name}"))).await;
        assert_eq!(reply.status, 200, "{name}");
        let kind = reply
            .header("content-type")
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        let right = match name.rsplit('.').next().unwrap() {
            "html" => "text/html",
            "css" => "text/css",
            "js" | "mjs" => "text/javascript",
            "svg" => "image/svg+xml",
            "json" => "application/json",
            "gitkeep" | "ico" | "png" | "woff2" => "application/octet-stream",
            other => panic!("what type has .{other}?"),
        };
        assert_eq!(kind, right, "{name}");
        assert_eq!(
            reply.header("content-security-policy"),
            Some(POLICY),
            "{name}"
        );
        let tag = reply.header("etag").unwrap();
        let again = Ask::get(&format!("/console/{name}")).header("if-none-match", tag);
        assert_eq!(house.send(&again).await.status, 304, "{name}");
    }
    println!("console: {} files", all.len());
}

#[test]
fn every_kind_has_words_in_both_languages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("console");
    let refused = RefusalKind::ALL.iter().copied().map(RefusalKind::as_str);
    let not_sent = NotSentKind::ALL.iter().copied().map(NotSentKind::as_str);
    let unknown = UnknownKind::ALL.iter().copied().map(UnknownKind::as_str);
    let all = refused.chain(not_sent).chain(unknown);
    // The gateway's own, of a hold whose receipt was lost.
    let kinds: Vec<&str> = all.chain(["deadline_not_stated"]).collect();
    for language in ["en", "id"] {
        let file = format!("words.{language}.js");
        let words = std::fs::read_to_string(folder.join(&file)).unwrap();
        for kind in &kinds {
            let key = format!("'kind.{kind}':");
            assert!(words.contains(&key), "{file} has no {key}");
        }
    }
}

#[tokio::test]
async fn pages_and_files_answer_with_the_headers_that_browsers_obey() {
    let house = House::open().await;
    for (target, status) in [
        ("/", 307),
        ("/console", 307),
        ("/docs/", 200),
        ("/openapi.json", 200),
        ("/docs/problems", 200),
        ("/console/nothing.js", 404),
        ("/nothing", 404),
        ("/favicon.ico", 404),
        ("/healthz", 200),
        ("/console/..%2f..%2fCargo.toml", 404),
        ("/console/%2e%2e/%2e%2e/Cargo.toml", 404),
        ("/docs/..%2f..%2fCargo.toml", 404),
    ] {
        let reply = house.send(&Ask::get(target)).await;
        assert_eq!(reply.status, status, "{target}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{target}"
        );
        assert_eq!(
            reply.header("x-content-type-options"),
            Some("nosniff"),
            "{target}"
        );
        assert!(!reply.text().contains("[package]"), "{target}");
    }
    // A failure of ours too.
    let key = house.master_key();
    let reply = house
        .send(&Ask::get("/v1/places?role=source&keyword=odd").key(&key))
        .await;
    assert_eq!(
        (reply.status, reply.header("content-security-policy")),
        (502, Some(POLICY))
    );
}
