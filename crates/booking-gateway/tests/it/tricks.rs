//! Ways to get in without a key that opens the door.

use booking_gateway::{ApiKey, Scope};
use serde_json::{Value, json};

use crate::client::{Ask, Reply};
use crate::described::Route;
use crate::house::House;

type Change = Box<dyn Fn(&Route, Ask) -> Option<Ask> + Send + Sync>;

/// One trick, to be tried on every route.
pub(crate) struct Trick {
    pub(crate) name: String,
    change: Change,
    /// Whether the target is another path, so that an answer of an open route is none of a keyed.
    other_path: bool,
}

impl Trick {
    /// The request with the trick; `None` where it is none on this route.
    pub(crate) fn apply(&self, route: &Route, ask: Ask) -> Option<Ask> {
        (self.change)(route, ask)
    }

    /// Whether what came is the console's page, a redirect to it, or the like.
    pub(crate) fn is_harmless(&self, reply: &Reply) -> bool {
        let shown = reply.text();
        self.other_path
            && (reply.status == 307 || reply.status == 200)
            && !shown.contains("partner_reference_no")
            && !shown.contains("trip_id")
    }
}

/// A session of `key`: its cookie and its token.
pub(crate) async fn sign_in(house: &House, key: &str) -> (String, String) {
    let reply = house
        .send(&Ask::post("/console/session").json(&json!({"key": key})))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let cookie = reply
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let csrf = reply.json()["csrf"].as_str().unwrap().to_owned();
    (cookie, csrf)
}

struct List(Vec<Trick>);

impl List {
    fn add(
        &mut self,
        name: impl Into<String>,
        change: impl Fn(&Route, Ask) -> Option<Ask> + Send + Sync + 'static,
    ) {
        self.0.push(Trick {
            name: name.into(),
            change: Box::new(change),
            other_path: false,
        });
    }

    fn header(&mut self, name: &'static str, value: impl Into<Vec<u8>>) {
        let value = value.into();
        let shown = format!("{name}: {}", String::from_utf8_lossy(&value));
        self.add(shown, move |_, ask| Some(ask.header(name, value.clone())));
    }

    fn path(
        &mut self,
        name: &'static str,
        change: impl Fn(&str) -> String + Send + Sync + 'static,
    ) {
        self.add(name, move |route, ask| {
            let target = route.target("held-1");
            let changed = change(&target);
            (changed != target).then(|| ask.to(&changed))
        });
        if let Some(trick) = self.0.last_mut() {
            trick.other_path = true;
        }
    }
}

/// Every trick. `key` opens everything, and none of the tricks shows it as it has to be shown.
pub(crate) async fn all(house: &House, key: &str) -> Vec<Trick> {
    let mut list = List(Vec::new());
    list.add("no key", |_, ask| Some(ask));
    schemes(&mut list, key);
    keys(&mut list, house, key);
    elsewhere(&mut list, key);
    paths(&mut list);
    sessions(&mut list, house, key).await;
    list.0
}

fn schemes(list: &mut List, key: &str) {
    for value in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        key.to_owned(),
        format!("bearer {key}"),
        format!("BEARER {key}"),
        format!("Bearer  {key}"),
        format!("Bearer\t{key}"),
        format!("Bearer:{key}"),
        format!("Bearer {key},"),
        format!("Bearer {key} {key}"),
        format!("Bearer \"{key}\""),
        format!("Bearer {key};"),
        format!("Basic {key}"),
        format!("Token {key}"),
        format!("ApiKey {key}"),
        format!("Digest {key}"),
        format!("Negotiate {key}"),
        format!("Basic, Bearer {key}"),
        format!("Bearer Bearer {key}"),
        "Bearer null".to_owned(),
        "Bearer undefined".to_owned(),
        "Bearer *".to_owned(),
        "Bearer sbk_".to_owned(),
        "Bearer sbk__".to_owned(),
        "Bearer true".to_owned(),
        "Bearer eyJhbGciOiJub25lIn0.e30.".to_owned(),
        "Bearer ' OR 1=1 --".to_owned(),
    ] {
        list.header("Authorization", value);
    }
    list.header("Authorization", b"Bearer \xff\xfe".to_vec());
    let twice = format!("Bearer {key}");
    list.add("two Authorization headers", move |_, ask| {
        Some(
            ask.header("Authorization", twice.clone())
                .header("Authorization", twice.clone()),
        )
    });
    let second = key.to_owned();
    list.add("a wrong and a right Authorization header", move |_, ask| {
        Some(ask.header("Authorization", "Bearer x").key(&second))
    });
}

fn keys(list: &mut List, house: &House, key: &str) {
    let (id, secret) = key.trim_start_matches("sbk_").split_once('_').unwrap();
    let other = house.key(Some("acme"), &[Scope::Read]);
    let (other_id, other_secret) = other.trim_start_matches("sbk_").split_once('_').unwrap();
    let revoked = house.master_key();
    house.ring.revoke(&revoked);
    let unknown = ApiKey::of_random([0xee; 8], [0xee; 32])
        .expose()
        .to_string();
    for (name, value) in [
        ("truncated", key[..key.len() - 1].to_owned()),
        ("a digit longer", format!("{key}0")),
        ("upper case", key.to_uppercase()),
        ("last digit", format!("{}f", &key[..key.len() - 1])),
        ("first digit", format!("sbk_{id}_f{}", &secret[1..])),
        ("no secret", format!("sbk_{id}_")),
        ("no id", format!("sbk__{secret}")),
        ("zeros", format!("sbk_{id}_{}", "0".repeat(64))),
        ("another's secret", format!("sbk_{id}_{other_secret}")),
        ("another's id", format!("sbk_{other_id}_{secret}")),
        ("unknown", unknown),
        ("revoked", revoked),
        (
            "hash as secret",
            format!(
                "sbk_{id}_{}",
                String::from(ApiKey::parse(key).unwrap().secret_hash())
            ),
        ),
        ("wide digits", key.replace('0', "\u{ff10}")),
        ("a cyrillic letter", key.replacen('s', "\u{455}", 1)),
        ("percent encoded", key.replace('_', "%5F")),
        ("another prefix", key.replace("sbk_", "skb_")),
        ("a NUL within", key.replacen('_', "\0_", 1)),
        ("trailing space", format!("{key} x")),
    ] {
        let value = format!("Bearer {value}");
        list.add(format!("key: {name}"), move |_, ask| {
            Some(ask.header("Authorization", value.clone()))
        });
    }
}

/// The key where no key is looked for, and headers that other servers believe.
fn elsewhere(list: &mut List, key: &str) {
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

fn paths(list: &mut List) {
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

/// Cookies that are forged, stale, or of another gateway.
async fn sessions(list: &mut List, house: &House, key: &str) {
    let (cookie, csrf) = sign_in(house, key).await;
    let (name, value) = cookie.split_once('=').unwrap();
    let (signed, mac) = value.rsplit_once('.').unwrap();
    let parts: Vec<&str> = signed.split('.').collect();
    let elsewhere = House::with(crate::house::wide(), |options| {
        booking_gateway::GatewayOptions {
            session_key: [8; 32],
            ..options
        }
    })
    .await;
    let key_there = elsewhere.master_key();
    let (of_another, csrf_there) = sign_in(&elsewhere, &key_there).await;
    let later = parts[1].parse::<i64>().unwrap() + 3_600;
    let forged = [
        ("of another gateway", of_another),
        ("without its signature", format!("{name}={signed}")),
        ("an empty signature", format!("{name}={signed}.")),
        (
            "a zero signature",
            format!("{name}={signed}.{}", "0".repeat(64)),
        ),
        (
            "a later end",
            format!("{name}={}.{later}.{}.{mac}", parts[0], parts[2]),
        ),
        (
            "another key",
            format!("{name}={}.{}.{}.{mac}", "0".repeat(16), parts[1], parts[2]),
        ),
        (
            "another nonce",
            format!("{name}={}.{}.{}.{mac}", parts[0], parts[1], "0".repeat(32)),
        ),
        ("the token as signature", format!("{name}={signed}.{csrf}")),
        ("upper case", format!("{name}={}", value.to_uppercase())),
        ("quoted", format!("{name}=\"{value}\"")),
        ("the secure name", format!("__Host-{name}={value}")),
        ("another name", format!("Seatblock={value}")),
        ("twice", format!("{name}={value}; {name}={value}")),
        ("after an empty one", format!("{name}=; {name}={value}")),
        ("truncated", format!("{name}={}", &value[..value.len() - 1])),
    ];
    for (what, cookie) in forged {
        let token = if what == "of another gateway" {
            &csrf_there
        } else {
            &csrf
        }
        .clone();
        list.add(format!("cookie: {what}"), move |_, ask| {
            Some(
                ask.header("Cookie", cookie.clone())
                    .header("X-CSRF-Token", token.clone()),
            )
        });
    }
    let whole = cookie.clone();
    list.add("cookie without a token", move |route, ask| {
        (route.method != "GET").then(|| ask.header("Cookie", whole.clone()))
    });
    let whole = cookie.clone();
    list.add("a wrong key beside a cookie", move |_, ask| {
        let ask = ask
            .header("Authorization", "Bearer x")
            .header("X-CSRF-Token", csrf.clone());
        Some(ask.header("Cookie", whole.clone()))
    });
}
