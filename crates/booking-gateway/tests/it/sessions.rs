//! How long a cookie of the console's opens anything, copied or not.

use std::time::Duration;

use serde_json::json;

use crate::client::{Ask, Reply};
use crate::house::House;

/// The cookie that a reply sets.
fn cookie(reply: &Reply) -> String {
    let set = reply.header("set-cookie").unwrap();
    set.split(';').next().unwrap().to_owned()
}

pub(crate) async fn signed_in(house: &House, key: &str) -> String {
    let ask = Ask::post("/console/session").json(&json!({"key": key}));
    cookie(&house.send(&ask).await)
}

async fn get(house: &House, target: &str, cookie: &str) -> Reply {
    house.send(&Ask::get(target).header("Cookie", cookie)).await
}

#[tokio::test]
async fn who_signs_out_ends_a_copied_cookie_and_those_that_follow_it() {
    let house = House::open().await;
    let key = house.master_key();
    let copy = signed_in(&house, &key).await;
    house.clock.advance(Duration::from_mins(5));
    let renewed = cookie(&get(&house, "/console/session", &copy).await);
    assert_ne!(renewed, copy);
    let other = signed_in(&house, &key).await;
    for cookie in [&copy, &renewed, &other] {
        assert_eq!(get(&house, "/v1/holds", cookie).await.status, 200);
    }
    let out = Ask::new("DELETE", "/console/session").header("Cookie", renewed.as_str());
    assert_eq!(house.send(&out).await.status, 204);
    for target in ["/v1/holds", "/v1/overview", "/console/session"] {
        for cookie in [&copy, &renewed] {
            let reply = get(&house, target, cookie).await;
            assert_eq!(reply.status, 401, "{target}: {}", reply.text());
            assert!(reply.header("set-cookie").is_none(), "{target}");
        }
        // Another browser of the same operator's.
        assert_eq!(get(&house, target, &other).await.status, 200, "{target}");
    }
}

#[tokio::test]
async fn a_cookie_that_is_not_renewed_ends_within_a_quarter_of_an_hour() {
    let house = House::open().await;
    let first = signed_in(&house, &house.master_key()).await;
    house.clock.advance(Duration::from_mins(10));
    let second = get(&house, "/console/session", &first).await;
    assert_eq!(second.json()["ends_at"], "2026-11-24T10:25:00+07:00");
    let second = cookie(&second);
    house.clock.advance(Duration::from_mins(5));
    assert_eq!(get(&house, "/v1/holds", &first).await.status, 401);
    assert_eq!(get(&house, "/v1/holds", &second).await.status, 200);
    house.clock.advance(Duration::from_mins(10));
    assert_eq!(get(&house, "/v1/holds", &second).await.status, 401);
}

#[tokio::test]
async fn a_night_of_renewals_is_over_in_the_end() {
    let house = House::open().await;
    let mut last = signed_in(&house, &house.master_key()).await;
    for _ in 0..(12 * 60 / 10) - 1 {
        house.clock.advance(Duration::from_mins(10));
        last = cookie(&get(&house, "/console/session", &last).await);
    }
    house.clock.advance(Duration::from_mins(10));
    assert_eq!(get(&house, "/console/session", &last).await.status, 401);
}
