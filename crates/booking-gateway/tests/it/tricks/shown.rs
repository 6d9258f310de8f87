//! Keys and cookies that are shown where they belong, and open nothing.

use booking_gateway::{ApiKey, Scope};

use super::{List, sign_in};
use crate::house::House;

pub(super) fn schemes(list: &mut List, key: &str) {
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

pub(super) fn keys(list: &mut List, house: &House, key: &str) {
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

/// Cookies that are forged, stale, or of another gateway.
pub(super) async fn sessions(list: &mut List, house: &House, key: &str) {
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
