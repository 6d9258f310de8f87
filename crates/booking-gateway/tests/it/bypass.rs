//! T18: nobody gets past the key, the scope or the session.

use booking_domain::PartnerReference;
use booking_gateway::Scope;
use booking_ports::HoldLedger as _;
use serde_json::json;
use time::OffsetDateTime;

use crate::client::{Ask, Line, Reply};
use crate::described::{self, Route};
use crate::house::House;
use crate::tricks;

const HOLD: &str = "held-1";

fn ask(route: &Route) -> Ask {
    let ask = Ask::new(&route.method, &route.target(HOLD));
    if route.has_body {
        ask.json(&route.body(HOLD))
    } else {
        ask
    }
}

/// Whether the answer gave anything that needs a key.
fn passed(reply: &Reply) -> bool {
    // 400 and 415 would say that the request was looked at; 409 and 410 speak of a hold. What is no
    // HTTP is refused with an empty body, before any route.
    let is_no_request = reply.status == 400 && reply.body.is_empty();
    !is_no_request && !matches!(reply.status, 401 | 403 | 404 | 405 | 431)
}

/// Everything that the ledger has of the hold.
async fn record(house: &House) -> String {
    let reference = PartnerReference::new(HOLD).unwrap();
    let record = house.ledger.find(&reference).await.unwrap();
    let story = house.ledger.story(&reference).await.unwrap();
    format!("{record:?} {story:?}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_trick_opens_any_route() {
    let house = House::open().await;
    let key = house.master_key();
    assert_eq!(house.block(&key, HOLD).await.status, 201);
    let tricks = tricks::all(&house, &key).await;
    assert!(tricks.len() >= 80, "{}", tricks.len());
    let routes: Vec<&Route> = described::keyed().collect();
    println!(
        "T18: {} tricks, {} keyed routes: {:?}",
        tricks.len(),
        routes.len(),
        described::by_scope()
    );
    let before = record(&house).await;
    let (mut tries, mut passes) = (0, Vec::new());
    for trick in &tricks {
        for route in &routes {
            let Some(ask) = trick.apply(route, ask(route)) else {
                continue;
            };
            let mut line = Line::open(house.at).await;
            line.write(&ask.bytes()).await.unwrap();
            tries += 1;
            // Who cannot be understood is answered by hyper, or not at all.
            let Some(reply) = line.read(ask.is_head()).await else {
                continue;
            };
            if passed(&reply) && !trick.is_harmless(&reply) {
                passes.push(format!(
                    "{} on {} {}: {}",
                    trick.name, route.method, route.path, reply.status
                ));
            }
        }
    }
    println!("T18: {tries} tries, {} passes", passes.len());
    assert!(tries >= 80 * routes.len() / 2, "{tries}");
    assert_eq!(passes, Vec::<String>::new());
    let after = record(&house).await;
    assert_eq!(before, after, "a trick changed something");
    assert_eq!(house.provider.sendings(HOLD), 1);
}

#[tokio::test]
async fn the_very_same_requests_pass_with_the_key() {
    let house = House::open().await;
    let key = house.master_key();
    house.block(&key, HOLD).await;
    for route in described::keyed().filter(|route| route.path != "/v1/events") {
        let reply = house.send(&ask(route).key(&key)).await;
        assert!(
            passed(&reply) || reply.status == 404,
            "{} {}: {}",
            route.method,
            route.path,
            reply.text()
        );
        assert!(
            ![401, 403, 405].contains(&reply.status),
            "{} {}",
            route.method,
            route.path
        );
    }
}

#[tokio::test]
async fn a_scope_opens_its_routes_and_no_other() {
    let house = House::open().await;
    let key = house.master_key();
    house.block(&key, HOLD).await;
    let mut tries = 0;
    for scope in Scope::ALL {
        let lesser = house.key(None, &[scope]);
        let all_others: Vec<Scope> = Scope::ALL.into_iter().filter(|it| *it != scope).collect();
        let others = house.key(None, &all_others);
        for route in described::keyed().filter(|route| route.path != "/v1/events") {
            let is_its = route.scope.as_deref() == Some(scope.as_str());
            for (key, opens) in [(&lesser, is_its), (&others, !is_its)] {
                let reply = house.send(&ask(route).key(key)).await;
                tries += 1;
                assert_eq!(
                    reply.status != 403,
                    opens,
                    "{scope} {} {}: {}",
                    route.method,
                    route.path,
                    reply.text()
                );
            }
        }
    }
    println!("T18: {tries} tries of scopes");
}

#[tokio::test]
async fn a_session_changes_nothing_without_its_own_token() {
    let house = House::open().await;
    let key = house.master_key();
    house.block(&key, HOLD).await;
    let (cookie, csrf) = tricks::sign_in(&house, &key).await;
    let (_, of_another) = tricks::sign_in(&house, &key).await;
    let mut tries = 0;
    for route in described::keyed().filter(|route| route.path != "/v1/events") {
        let with_cookie = ask(route).header("Cookie", cookie.clone());
        if route.method == "GET" {
            assert_eq!(house.send(&with_cookie).await.status, 200, "{}", route.path);
            continue;
        }
        let cut = csrf[..csrf.len() - 1].to_owned();
        let mut wrong = vec![
            None,
            Some(String::new()),
            Some(of_another.clone()),
            Some(cut),
            Some(csrf.to_uppercase()),
        ];
        wrong.push(Some(format!("{csrf} {csrf}")));
        wrong.push(Some(cookie.split_once('=').unwrap().1.to_owned()));
        for token in wrong {
            let ask = match &token {
                Some(token) => with_cookie.clone().header("X-CSRF-Token", token.clone()),
                None => with_cookie.clone(),
            };
            assert_eq!(
                house.send(&ask).await.status,
                403,
                "{} {token:?}",
                route.path
            );
            tries += 1;
        }
        let right = house
            .send(&with_cookie.header("X-CSRF-Token", csrf.clone()))
            .await;
        assert!(
            ![401, 403].contains(&right.status),
            "{} {}",
            route.path,
            right.text()
        );
    }
    println!("T18: {tries} tries of tokens");
}

#[tokio::test]
async fn a_session_ends_with_its_time_and_with_its_key() {
    let house = House::open().await;
    let key = house.master_key();
    let (cookie, _) = tricks::sign_in(&house, &key).await;
    let list = || Ask::get("/v1/holds").header("Cookie", cookie.clone());
    assert_eq!(house.send(&list()).await.status, 200);
    house.clock.advance(std::time::Duration::from_hours(12));
    assert_eq!(house.send(&list()).await.status, 401);
    house
        .clock
        .step_to(OffsetDateTime::from_unix_timestamp(crate::house::NOW.unix_timestamp()).unwrap());
    assert_eq!(house.send(&list()).await.status, 200);
    house.ring.revoke(&key);
    assert_eq!(house.send(&list()).await.status, 401);
    let me = house
        .send(&Ask::get("/console/session").header("Cookie", cookie.clone()))
        .await;
    assert_eq!(me.status, 401);
    let signed = house
        .send(&Ask::post("/console/session").json(&json!({"key": key})))
        .await;
    assert_eq!(signed.status, 401);
}
