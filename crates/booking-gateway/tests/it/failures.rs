//! What is answered when something fails: each failure its own status, and words that fit it.

use serde_json::json;

use crate::client::Ask;
use crate::house::House;

#[tokio::test]
async fn every_end_of_a_block_has_its_status() {
    let house = House::open().await;
    let key = house.master_key();
    for (fate, status, outcome, may_be_held, waits) in [
        ("held", 201, "held", true, false),
        ("gone", 202, "unknown", true, true),
        ("lost", 202, "unknown", true, true),
        ("burst", 202, "unknown", true, true),
        ("no", 409, "refused", false, false),
        ("past", 410, "expired", false, false),
        ("clock", 502, "refused", false, false),
        ("away", 503, "not_sent", false, true),
    ] {
        let reference = format!("{fate}-1");
        let reply = house.block(&key, &reference).await;
        let body = reply.json();
        assert_eq!(reply.status, status, "{fate}: {body}");
        assert_eq!(body["outcome"], outcome, "{fate}");
        assert_eq!(body["may_be_held"], may_be_held, "{fate}");
        assert_eq!(body["partner_reference_no"], reference, "{fate}");
        assert_eq!(reply.header("retry-after").is_some(), waits, "{fate}");
        let told = status == 201 || body["advice"].as_str().is_some_and(|it| !it.is_empty());
        assert!(told, "{fate} gives no advice: {body}");
        // It can be looked at, and says the same.
        let hold = house
            .send(&Ask::get(&format!("/v1/holds/{reference}")).key(&key))
            .await;
        assert_eq!(hold.json()["outcome"], outcome, "{fate}");
        assert_eq!(hold.json()["may_be_held"], may_be_held, "{fate}");
    }
}

#[tokio::test]
async fn a_provider_that_fails_is_told_apart_from_a_gateway_that_does() {
    let house = House::open().await;
    let key = house.master_key();
    for (keyword, status, waits) in [
        ("refused", 502, false),
        ("odd", 502, false),
        ("silent", 504, true),
        ("burst", 500, false),
    ] {
        let target = format!("/v1/places?role=source&keyword={keyword}");
        let reply = house.send(&Ask::get(&target).key(&key)).await;
        assert_eq!(reply.status, status, "{}", reply.text());
        assert_eq!(reply.header("retry-after").is_some(), waits, "{keyword}");
        assert!(!reply.text().contains("on purpose"), "{}", reply.text());
    }
    let reply = house
        .send(&Ask::get("/v1/places?role=source").key(&key))
        .await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn only_what_is_held_becomes_a_ticket_and_once() {
    let house = House::open().await;
    let key = house.master_key();
    let book = async |reference: &str| {
        let target = format!("/v1/holds/{reference}/ticket");
        house.send(&Ask::post(&target).key(&key)).await
    };
    for (fate, status) in [("gone", 409), ("no", 409), ("away", 409), ("past", 409)] {
        let reference = format!("{fate}-1");
        house.block(&key, &reference).await;
        let reply = book(&reference).await;
        assert_eq!(reply.status, status, "{fate}: {}", reply.text());
    }
    house.block(&key, "held-1").await;
    let first = book("held-1").await;
    assert_eq!(first.status, 200, "{}", first.text());
    let codes = first.json()["booking"]["codes"].clone();
    assert!(codes["departure"].is_string(), "{}", first.text());
    for _ in 0..5 {
        let again = book("held-1").await;
        assert_eq!(
            (again.status, &again.json()["booking"]["codes"]),
            (200, &codes)
        );
    }
    assert_eq!(
        house.block(&key, "held-1").await.json()["outcome"],
        "booked"
    );
    let hold = house
        .send(&Ask::get("/v1/holds/held-1").key(&key))
        .await
        .json();
    assert_eq!(hold["booking"]["attempts"], 1);
}

#[tokio::test]
async fn an_operators_word_settles_what_is_uncertain_and_nothing_else() {
    let house = House::open().await;
    let key = house.master_key();
    let settle = async |reference: &str, word: serde_json::Value| {
        let target = format!("/v1/holds/{reference}/settlement");
        house.send(&Ask::post(&target).key(&key).json(&word)).await
    };
    let not_held = json!({"finding": "not_held", "because": "support said so"});
    house.block(&key, "held-1").await;
    assert_eq!(settle("held-1", not_held.clone()).await.status, 409);
    house.block(&key, "lost-1").await;
    for odd in [
        json!({}),
        json!({"finding": "not_held"}),
        json!({"finding": "lost", "because": "x"}),
        json!({"finding": "not_held", "because": ""}),
        json!({"finding": "not_held", "because": "a\nb"}),
        json!({"finding": "not_held", "because": "x".repeat(301)}),
        json!({"finding": "not_held", "because": "x", "more": 1}),
        json!({"finding": "held", "because": "x"}),
        json!({"finding": "held", "because": "x", "transaction_id": "../1"}),
    ] {
        let reply = settle("lost-1", odd.clone()).await;
        assert_eq!(reply.status, 400, "{odd}: {}", reply.text());
    }
    let hold = || async {
        house
            .send(&Ask::get("/v1/holds/lost-1").key(&key))
            .await
            .json()
    };
    assert_eq!(hold().await["state"], "unknown");
    assert_eq!(settle("lost-1", not_held).await.status, 200);
    let hold = hold().await;
    assert_eq!(hold["may_be_held"], false);
    let told = hold["story"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&told["fact"], &told["source"]),
        (&json!("learned"), &json!("operator"))
    );
    assert!(
        told["text"].as_str().unwrap().contains("support said so"),
        "{told}"
    );
}

/// As an order's faults are: each member that is wrong, and what is accepted.
#[tokio::test]
async fn an_operators_word_that_cannot_be_read_is_told_member_by_member() {
    let house = House::open().await;
    let key = house.master_key();
    house.block(&key, "lost-1").await;
    for (word, path, code, told) in [
        (
            json!({"because": "x"}),
            "finding",
            "missing",
            "is missing; it has to be \"held\", \"booked\" or \"not_held\"",
        ),
        (
            json!({"finding": "Pandu", "because": "x"}),
            "finding",
            "invalid",
            "has to be \"held\", \"booked\" or \"not_held\"",
        ),
        (
            json!({"finding": "not_held", "because": 7}),
            "because",
            "invalid",
            "has to be a text",
        ),
        (
            json!({"finding": "held", "because": "x", "transaction_id": 7}),
            "transaction_id",
            "invalid",
            "has to be a text such as \"14429004\"",
        ),
        (
            json!({"finding": "not_held", "because": "x", "Pandu": 1}),
            "",
            "unknown_field",
            "has a member that is none of finding, because, transaction_id",
        ),
    ] {
        let ask = Ask::post("/v1/holds/lost-1/settlement").key(&key);
        let reply = house.send(&ask.json(&word)).await;
        assert_eq!(reply.status, 400, "{word}: {}", reply.text());
        let problems = reply.json()["problems"].clone();
        assert_eq!(problems.as_array().unwrap().len(), 1, "{problems}");
        assert_eq!(problems[0]["path"], path, "{problems}");
        assert_eq!(problems[0]["code"], code, "{problems}");
        let message = problems[0]["message"].as_str().unwrap();
        assert!(message.starts_with(told), "{problems}");
        assert!(reply.json()["detail"].as_str().unwrap().contains(message));
        assert!(!reply.text().contains("Pandu"), "{}", reply.text());
    }
}
