//! Either reading of what is not published.

use std::time::Duration;

use klikoo_sandbox::{HistoryOff, Sandbox};
use serde_json::json;

use crate::client::{BLOCK, block, draft, get, leg, order, post, send};

const HISTORY: &str = "/v1/open-api/transactions?page=1&limit=10";

async fn code(sandbox: &Sandbox, reference: &str, seat: &str) -> String {
    block(sandbox, reference, seat).await.reply().code()
}

#[tokio::test]
async fn the_reference_is_judged_first_unless_told_otherwise() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(code(&sandbox, "r", "1").await, "201052001");
    for (reference, seat, expected) in [
        ("r", "1", "409056563"),
        ("r", "2", "409056563"),
        ("s", "1", "400057801"),
    ] {
        assert_eq!(code(&sandbox, reference, seat).await, expected);
    }
}

#[tokio::test]
async fn the_reference_may_be_judged_after_product_trip_and_seat() {
    let sandbox = Sandbox::builder()
        .reference_checked_last(true)
        .start()
        .await
        .unwrap();
    assert_eq!(code(&sandbox, "r", "1").await, "201052001");
    for (seat, expected) in [
        // Its own seat, one that is not there, a free one.
        ("1", "400057801"),
        ("99", "400057802"),
        ("2", "409056563"),
    ] {
        assert_eq!(code(&sandbox, "r", seat).await, expected, "{seat}");
    }
    let (mut other_product, mut other_trip) = (order("r", &["2"]), order("r", &["2"]));
    other_product["product_code"] = json!("TRAIN");
    other_trip["departure"] = leg(1, &["2"]);
    for body in [other_product, other_trip] {
        let reply = post(&sandbox, BLOCK, &body).await.reply();
        assert_eq!(reply.code(), "404057003", "{body}");
    }
    // No reading lets a reference hold twice, not even after its hold.
    sandbox.clock().advance(Duration::from_hours(1));
    assert_eq!(code(&sandbox, "r", "1").await, "409056563");
    assert_eq!(sandbox.holds().len(), 1);
}

#[tokio::test]
async fn both_readings_about_references_go_together() {
    let sandbox = Sandbox::builder()
        .reference_checked_last(true)
        .refused_uses_reference(true)
        .start()
        .await
        .unwrap();
    assert_eq!(code(&sandbox, "a", "1").await, "201052001");
    assert_eq!(code(&sandbox, "b", "1").await, "400057801");
    assert_eq!(code(&sandbox, "b", "1").await, "400057801");
    assert_eq!(code(&sandbox, "b", "2").await, "409056563");
    assert_eq!(sandbox.holds().len(), 1);
}

#[tokio::test]
async fn the_history_may_be_off_in_two_ways() {
    for (how, status, expected) in [
        (HistoryOff::Missing, 404, "404027804"),
        (HistoryOff::Fails, 500, "500028505"),
    ] {
        let sandbox = Sandbox::builder().history_off(how).start().await.unwrap();
        block(&sandbox, "r", "1").await.reply();
        for query in ["", "&q=r"] {
            let reply = get(&sandbox, &format!("{HISTORY}{query}")).await;
            assert_eq!(
                (reply.status, reply.code().as_str()),
                (status, expected),
                "{how:?}"
            );
            assert!(reply.json()["data"].is_null());
        }
        // The transaction itself is still shown.
        let one = get(&sandbox, "/v1/open-api/transactions/14429004").await;
        assert_eq!(one.json()["data"]["partner_reference_id"], "r");
    }
    // Who asks without a signature learns nothing of it.
    let sandbox = Sandbox::builder()
        .history_off(HistoryOff::Fails)
        .start()
        .await
        .unwrap();
    let unsigned = draft(&sandbox, "GET", HISTORY, b"").without("Open-Api-Signature");
    let reply = send(&sandbox, &unsigned).await.reply();
    assert_eq!(reply.code(), "400026508");
}
