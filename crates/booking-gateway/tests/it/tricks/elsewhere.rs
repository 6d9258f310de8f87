//! A key where none is looked for, and ways around the path.

use serde_json::{Value, json};

use super::List;

/// The key where no key is looked for, and headers that other servers believe.
pub(super) fn headers(list: &mut List, key: &str) {
    for name in [
        "X-API-Key",
        "X-Api-Token",
        "Api-Key",
        "X-Authorization",
        "Proxy-Authorization",
        "X-Auth-Token",
        "X-Forwarded-Authorization",
        "Authentication",
        "Authorization_",
        "X-Access-Token",
    ] {
        list.header(name, format!("Bearer {key}"));
    }
    for (name, value) in [
        ("X-Original-URL", "/healthz"),
        ("X-Rewrite-URL", "/healthz"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Real-IP", "127.0.0.1"),
        ("Forwarded", "for=127.0.0.1;by=x"),
        ("X-Forwarded-Host", "localhost"),
        ("X-Forwarded-User", "admin"),
        ("X-Remote-User", "admin"),
        ("X-HTTP-Method-Override", "OPTIONS"),
        ("X-HTTP-Method", "HEAD"),
        ("X-Method-Override", "GET"),
        ("X-CSRF-Token", "x"),
        ("Origin", "null"),
        ("X-Tenant", "acme"),
        ("X-Scopes", "admin"),
        ("X-Custom-IP-Authorization", "127.0.0.1"),
        ("Connection", "close, Authorization"),
        ("Upgrade", "h2c"),
    ] {
        list.header(name, value);
    }
    for name in ["key", "api_key", "access_token", "token", "Authorization"] {
        let query = format!("{name}={key}");
        list.add(format!("query {name}"), move |route, ask| {
            let target = route.target("held-1");
            let mark = if target.contains('?') { '&' } else { '?' };
            Some(ask.to(&format!("{target}{mark}{query}")))
        });
    }
    let in_body = key.to_owned();
    list.add("key in the body", move |route, ask| {
        let Value::Object(mut body) = route.body("held-1") else {
            return None;
        };
        body.insert("key".to_owned(), json!(in_body));
        Some(ask.without_body().json(&Value::Object(body)))
    });
    for name in ["seatblock", "__Host-seatblock", "key", "Authorization"] {
        list.header("Cookie", format!("{name}={key}"));
    }
    for method in [
        "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "get", "PURGE",
    ] {
        list.add(format!("method {method}"), move |route, ask| {
            (route.method != method).then(|| ask.by(method))
        });
    }
}

pub(super) fn paths(list: &mut List) {
    list.path("double slash", |it| format!("/{it}"));
    list.path("double slash inside", |it| it.replace("/v1/", "/v1//"));
    list.path("dot", |it| it.replace("/v1/", "/v1/./"));
    list.path("encoded dot", |it| it.replace("/v1/", "/v1/%2e/"));
    list.path("from healthz", |it| format!("/healthz/..{it}"));
    list.path("from the console", |it| format!("/console/..{it}"));
    list.path("encoded from the console", |it| {
        format!("/console/%2e%2e{it}")
    });
    list.path("encoded slash", |it| it.replace("/v1/", "/v1%2F"));
    list.path("twice encoded slash", |it| it.replace("/v1/", "/v1%252F"));
    list.path("backslash", |it| it.replace("/v1/", "/v1\\"));
    list.path("upper case", |it| it.replace("/v1/", "/V1/"));
    list.path("trailing slash", |it| {
        it.split('?').next().unwrap().to_owned() + "/"
    });
    list.path("matrix parameter", |it| it.replace("/v1/", "/v1;x=y/"));
    list.path("trailing matrix parameter", |it| {
        it.split('?').next().unwrap().to_owned() + ";x=.js"
    });
    list.path("trailing dot", |it| {
        it.split('?').next().unwrap().to_owned() + "%2e"
    });
    list.path("trailing space", |it| {
        it.split('?').next().unwrap().to_owned() + "%20"
    });
    list.path("NUL", |it| it.split('?').next().unwrap().to_owned() + "%00");
    list.path("json suffix", |it| {
        it.split('?').next().unwrap().to_owned() + ".json"
    });
    list.path("fragment", |it| format!("/healthz#{it}"));
    list.path("absolute", |it| format!("http://gateway{it}"));
    list.path("absolute, another host", |it| {
        format!("http://localhost{it}")
    });
    list.path("encoded letter", |it| it.replace("/v1/", "/%761/"));
}
