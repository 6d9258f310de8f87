//! T15: no document that is no order brings the gateway down, or is echoed.

use std::collections::BTreeMap;

use serde_json::json;

use crate::bad_documents::{members, replaced, texts};
use crate::client::{Ask, Line};
use crate::house::House;
use crate::log;
use crate::orders::{PERSONAL, there_and_back};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_document_brings_it_down_or_is_echoed() {
    let house = House::open().await;
    let key = house.master_key();
    let order = there_and_back("held-1");
    let mut documents = replaced(&order);
    documents.extend(members(&order));
    documents.extend(texts(&order));
    assert!(documents.len() >= 600, "{}", documents.len());
    let mut statuses = BTreeMap::new();
    let mut line = Line::open(house.at).await;
    let mut invalid = 0;
    for document in &documents {
        let ask = Ask::post("/v1/holds").key(&key).raw_json(document.clone());
        let reply = line.send(&ask).await;
        let (shown, sent) = (reply.text(), String::from_utf8_lossy(document));
        assert!(reply.status < 500, "{sent} -> {shown}");
        if reply.header("connection") == Some("close") || reply.status == 413 {
            line = Line::open(house.at).await;
        }
        if reply.status == 400 {
            invalid += 1;
            assert!(!reply.json()["detail"].as_str().unwrap().is_empty());
        }
        for personal in PERSONAL {
            assert!(!shown.contains(personal), "{sent} -> {shown}");
        }
        *statuses.entry(reply.status).or_insert(0) += 1;
    }
    println!("T15: {} documents: {statuses:?}", documents.len());
    assert!(invalid * 10 > documents.len() * 8, "{statuses:?}");
    // What is refused logs nothing; what is settled does, so there is a log to look through.
    let lost = there_and_back("gone-1").to_string();
    let ask = Ask::post("/v1/holds").key(&key).raw_json(lost);
    assert_eq!(house.send(&ask).await.status, 202);
    house.sweep().await;
    let (lines, found) = log::found();
    assert!(lines > 0, "no line was logged");
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test]
async fn a_document_is_nested_thirty_two_levels_deep_at_most() {
    let house = House::open().await;
    let key = house.master_key();
    let nested = |depth: usize| {
        let mut order = crate::orders::order("held-1").to_string();
        // The order itself is the first level.
        let inner = format!("{}{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        order.truncate(order.len() - 1);
        format!("{order},\"x\":{inner}}}")
    };
    let reply = async |text: String| {
        house
            .send(&Ask::post("/v1/holds").key(&key).raw_json(text))
            .await
    };
    let sound = reply(nested(32)).await;
    assert_eq!(
        sound.json()["problems"][0]["code"],
        "unknown_field",
        "{}",
        sound.text()
    );
    let deep = reply(nested(33)).await;
    assert_eq!(deep.status, 400);
    assert!(deep.text().contains("nested"), "{}", deep.text());
    // Brackets in a text are none.
    let mut order = crate::orders::order("held-2");
    order["order_detail"]["name"] = json!(format!("{}\\\"{}", "[".repeat(40), "{".repeat(40)));
    assert_eq!(reply(order.to_string()).await.status, 201);
}

#[tokio::test]
async fn a_body_has_to_be_json_of_its_type_and_length() {
    let house = House::open().await;
    let key = house.master_key();
    let order = crate::orders::order("held-1").to_string();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/jsonp",
        "application/json+x",
        "text/json",
        "json",
        ", application/json",
    ] {
        let mut ask = Ask::post("/v1/holds").key(&key).raw_json(order.clone());
        ask = ask.replacing("Content-Type", kind);
        assert_eq!(house.send(&ask).await.status, 415, "{kind:?}");
    }
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        let ask = Ask::post("/v1/holds").key(&key).raw_json(order.clone());
        assert_eq!(
            house
                .send(&ask.replacing("Content-Type", kind))
                .await
                .status,
            201
        );
    }
    let long = format!("{order}{}", " ".repeat(64 * 1024 - order.len()));
    assert_eq!(
        house
            .send(&Ask::post("/v1/holds").key(&key).raw_json(long.clone()))
            .await
            .status,
        201
    );
    let longer = format!("{long} ");
    assert_eq!(
        house
            .send(&Ask::post("/v1/holds").key(&key).raw_json(longer))
            .await
            .status,
        413
    );
}
