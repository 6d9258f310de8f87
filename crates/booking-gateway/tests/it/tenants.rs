//! What is another tenant's is not there: the same bytes as for what never was.

use booking_gateway::Scope;
use serde_json::json;

use crate::client::{Ask, Reply};
use crate::described;
use crate::house::House;

/// The answer without its date.
fn bytes(reply: &Reply) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let mut headers = reply.headers.clone();
    headers.retain(|(name, _)| name != "date");
    (reply.status, headers, reply.body.clone())
}

#[tokio::test]
async fn no_route_tells_one_tenant_of_another() {
    let house = House::open().await;
    let key = |tenant| house.key(Some(tenant), &Scope::ALL);
    let (acme, bravo) = (key("acme"), key("bravo"));
    assert_eq!(house.block(&acme, "of-acme").await.status, 201);
    assert_eq!(house.block(&bravo, "of-bravo").await.status, 201);
    let mut tries = 0;
    for route in described::keyed() {
        for (mine, own, theirs) in [
            (&acme, "of-acme", "of-bravo"),
            (&bravo, "of-bravo", "of-acme"),
        ] {
            if route.path.contains("{reference}") {
                let ask = |reference: &str| {
                    let ask = Ask::new(&route.method, &route.target(reference)).key(mine);
                    if route.has_body {
                        ask.json(&route.body(reference))
                    } else {
                        ask
                    }
                };
                let others = house.send(&ask(theirs)).await;
                let absent = house.send(&ask("nobodys")).await;
                assert_eq!(others.status, 404, "{} {}", route.method, route.path);
                assert_eq!(
                    bytes(&others),
                    bytes(&absent),
                    "{} {}",
                    route.method,
                    route.path
                );
                tries += 2;
            } else if route.method == "GET" && route.path != "/v1/events" {
                let reply = house.send(&Ask::get(&route.target(own)).key(mine)).await;
                assert_eq!(reply.status, 200, "{}", route.path);
                assert!(
                    !reply.text().contains(theirs),
                    "{}: {}",
                    route.path,
                    reply.text()
                );
                tries += 1;
            }
        }
    }
    println!("tenants: {tries} tries");
    // Nothing was done to either by the other.
    for (key, reference) in [(&acme, "of-acme"), (&bravo, "of-bravo")] {
        let hold = house
            .send(&Ask::get(&format!("/v1/holds/{reference}")).key(key))
            .await
            .json();
        assert_eq!(hold["state"], "held");
        assert_eq!(hold["booking"], json!(null));
        assert!(
            hold["story"]
                .as_array()
                .unwrap()
                .iter()
                .all(|it| it["fact"] != "disclosed")
        );
    }
}

#[tokio::test]
async fn figures_lists_and_filters_are_of_one_tenant() {
    let house = House::open().await;
    let (acme, bravo) = (
        house.key(Some("acme"), &Scope::ALL),
        house.key(Some("bravo"), &Scope::ALL),
    );
    let all = house.master_key();
    for number in 0..7 {
        house.block(&acme, &format!("held-a{number}")).await;
    }
    for number in 0..3 {
        house.block(&bravo, &format!("lost-b{number}")).await;
    }
    house.block(&all, "held-house").await;
    let count = async |key: &str, query: &str| {
        let list = house
            .send(&Ask::get(&format!("/v1/holds{query}")).key(key))
            .await
            .json();
        list["holds"].as_array().unwrap().len()
    };
    for (query, of_acme, of_bravo, of_all) in [
        ("", 7, 3, 11),
        ("?state=held", 7, 0, 8),
        ("?state=unknown", 0, 3, 3),
        ("?state=unsettled", 0, 3, 3),
        ("?state=expiring", 7, 0, 8),
        ("?trip=188336", 7, 3, 11),
        ("?trip=1", 0, 0, 0),
        ("?order=oldest", 7, 3, 11),
    ] {
        let counts = (
            count(&acme, query).await,
            count(&bravo, query).await,
            count(&all, query).await,
        );
        assert_eq!(counts, (of_acme, of_bravo, of_all), "{query}");
    }
    for (key, blocks) in [(&acme, 7), (&bravo, 3), (&all, 11)] {
        let overview = house.send(&Ask::get("/v1/overview").key(key)).await.json();
        assert_eq!(overview["blocks"], blocks);
    }
    // A page's cursor, which counts all tenants' holds, opens nothing either.
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = house
            .send(&Ask::get(&format!("/v1/holds?limit=2{cursor}")).key(&acme))
            .await
            .json();
        seen.extend(
            page["holds"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it["tenant"].clone()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, vec![json!("acme"); 7]);
}

#[tokio::test]
async fn a_reference_that_another_tenant_has_is_a_conflict_and_tells_nothing() {
    let house = House::open().await;
    let (acme, bravo) = (
        house.key(Some("acme"), &Scope::ALL),
        house.key(Some("bravo"), &Scope::ALL),
    );
    assert_eq!(house.block(&acme, "held-1").await.status, 201);
    let number = house.block(&acme, "held-1").await.json()["transaction_id"].clone();
    let reply = house.block(&bravo, "held-1").await;
    assert_eq!(reply.status, 422, "{}", reply.text());
    assert!(!reply.text().contains(number.as_str().unwrap()));
    assert!(!reply.text().contains("acme"));
    assert_eq!(house.provider.sendings("held-1"), 1);
}
