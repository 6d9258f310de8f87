//! Transactions: by number, and in the history.

use std::time::Duration;

use klikoo_sandbox::Sandbox;
use serde_json::json;

use crate::client::{block, draft, get, hmac, send, string_to_sign, timestamp};

#[tokio::test]
async fn a_transaction_is_shown_by_its_number() {
    let sandbox = Sandbox::start().await.unwrap();
    block(&sandbox, "mine", "1").await.reply();
    let reply = get(&sandbox, "/v1/open-api/transactions/14429004").await;
    assert_eq!((reply.status, reply.code().as_str()), (200, "200022000"));
    let data = &reply.json()["data"];
    assert_eq!(data["partner_reference_id"], "mine");
    assert_eq!(data["amount"], "20000");
    assert_eq!(data["status"], "WAITING");
    let unknown = get(&sandbox, "/v1/open-api/transactions/1").await;
    assert_eq!(
        (unknown.status, unknown.code().as_str()),
        (404, "404027005")
    );
}

async fn found(sandbox: &Sandbox, query: &str) -> Vec<String> {
    let target = format!("/v1/open-api/transactions?page=1&limit=10&{query}");
    let reply = get(sandbox, &target).await;
    assert_eq!(reply.status, 200, "{query}");
    let reply = reply.json();
    let list = reply["data"].as_array().unwrap();
    assert_eq!(reply["meta"]["total_rows"], list.len(), "{query}");
    list.iter()
        .map(|item| item["partner_reference_id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_history_finds_by_reference_number_and_time() {
    let sandbox = Sandbox::start().await.unwrap();
    block(&sandbox, "first", "1").await.reply();
    sandbox.clock().advance(Duration::from_hours(1));
    let between = timestamp(sandbox.clock().now()).replace('+', "%2B");
    sandbox.clock().advance(Duration::from_hours(1));
    block(&sandbox, "second", "2").await.reply();

    assert_eq!(found(&sandbox, "").await, ["second", "first"]);
    assert_eq!(found(&sandbox, "q=first").await, ["first"]);
    assert_eq!(found(&sandbox, "q=14429005").await, ["second"]);
    assert!(found(&sandbox, "q=fir").await.is_empty());
    assert_eq!(
        found(&sandbox, &format!("from={between}")).await,
        ["second"]
    );
    assert_eq!(found(&sandbox, &format!("to={between}")).await, ["first"]);
    let unescaped = between.replace("%2B", "+");
    assert_eq!(
        found(&sandbox, &format!("q=first&to={unescaped}")).await,
        ["first"]
    );
    assert!(
        found(&sandbox, &format!("q=first&from={between}"))
            .await
            .is_empty()
    );

    let silent = Sandbox::builder()
        .history_matches_reference(false)
        .start()
        .await
        .unwrap();
    block(&silent, "first", "1").await.reply();
    assert!(found(&silent, "q=first").await.is_empty());
    assert_eq!(found(&silent, "q=14429004").await, ["first"]);
}

#[tokio::test]
async fn the_history_counts_its_pages() {
    let sandbox = Sandbox::start().await.unwrap();
    for seat in ["1", "2", "3"] {
        block(&sandbox, seat, seat).await.reply();
    }
    let reply = get(&sandbox, "/v1/open-api/transactions?page=2&limit=2")
        .await
        .json();
    assert_eq!(reply["data"][0]["partner_reference_id"], "1");
    assert_eq!(
        reply["meta"],
        json!({"current_page": 2, "previous_page": 1, "next_page": null,
               "total_pages": 2, "total_rows": 3, "per_page": 2})
    );
    for query in [
        "",
        "page=1",
        "limit=1",
        "page=0&limit=1",
        "page=1&limit=0",
        "page=x&limit=1",
        "page=1&limit=101",
        "page=1&limit=1&from=yesterday",
    ] {
        let reply = get(&sandbox, &format!("/v1/open-api/transactions?{query}")).await;
        assert_eq!(reply.code(), "400026510", "{query}");
    }
    let far = get(
        &sandbox,
        "/v1/open-api/transactions?page=18446744073709551615&limit=100",
    )
    .await;
    assert_eq!(far.json()["data"], json!([]));
}

#[tokio::test]
async fn the_query_is_signed_where_the_option_says_so() {
    let target = "/v1/open-api/transactions?page=1&limit=1";
    for signs_query in [false, true] {
        let sandbox = Sandbox::builder()
            .signs_query(signs_query)
            .start()
            .await
            .unwrap();
        let plain = draft(&sandbox, "GET", target, b"");
        let at = plain.header("Open-Api-Timestamp");
        let text = string_to_sign("GET", target, "", b"", at);
        let with_query = plain
            .clone()
            .set("Open-Api-Signature", &hmac(sandbox.client_secret(), &text));
        assert_eq!(
            send(&sandbox, &plain).await.reply().status == 200,
            !signs_query
        );
        assert_eq!(
            send(&sandbox, &with_query).await.reply().status == 200,
            signs_query
        );
    }
}
