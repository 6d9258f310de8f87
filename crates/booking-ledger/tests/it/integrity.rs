//! What a check finds, and what an export tells.

use booking_ports::{Evidence, Finding, HoldLedger as _, Source};
use serde_json::Value;

use crate::harness::{Place, order, reference, send};

#[tokio::test]
async fn a_record_that_does_not_follow_from_its_entries_is_found() {
    for (damage, found) in [
        (
            "UPDATE holds SET state = 'refused' WHERE reference = '2'",
            "2 is refused",
        ),
        (
            "UPDATE holds SET unsettled = 0 WHERE reference = '2'",
            "2 is sending",
        ),
        (
            "UPDATE holds SET attempts = 7 WHERE reference = '2'",
            "2 is sending",
        ),
        (
            "UPDATE holds SET hold = '{}' WHERE reference = '2'",
            "cannot be read",
        ),
        (
            "UPDATE holds SET keeps_order = 0 WHERE reference = '2'",
            "2 is sending",
        ),
        (
            "INSERT INTO entries (hold, place, at, fact) SELECT number, 9, 0, '{\"sender_lost\":{\"attempt\":1}}' FROM holds WHERE reference = '2'",
            "unknown by its entries",
        ),
        (
            "INSERT INTO entries (hold, place, at, fact) SELECT number, 9, 0, '{\"sent\":{\"attempt\":2}}' FROM holds WHERE reference = '2'",
            "2: ",
        ),
    ] {
        let place = Place::new();
        let ledger = place.open().await;
        for name in ["1", "2", "3"] {
            send(&ledger, name).await;
        }
        let checked = ledger.check().await.unwrap();
        assert!(checked.is_sound(), "{checked:?}");
        assert_eq!((checked.holds, checked.entries), (3, 3));
        place.execute(damage).await.unwrap();
        let checked = ledger.check().await.unwrap();
        assert_eq!(checked.faults.len(), 1, "{damage}: {checked:?}");
        assert!(checked.faults[0].contains(found), "{damage}: {checked:?}");
    }
}

#[tokio::test]
async fn a_check_and_an_export_go_over_more_than_one_page() {
    let place = Place::new();
    let ledger = std::sync::Arc::new(place.open().await);
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..1_001 {
        let ledger = std::sync::Arc::clone(&ledger);
        calls.spawn(async move { send(&ledger, &format!("order-{number}")).await });
    }
    calls.join_all().await;
    let checked = ledger.check().await.unwrap();
    assert_eq!((checked.holds, checked.entries), (1_001, 1_001));
    let mut lines = Vec::new();
    assert_eq!(ledger.export(&mut lines).await.unwrap(), 1_001);
}

#[tokio::test]
async fn an_export_tells_all_but_who() {
    let place = Place::new();
    let ledger = place.open().await;
    let permit = send(&ledger, "1").await;
    ledger.end(&permit, &Ok(place.hold("1"))).await.unwrap();
    let evidence = Evidence {
        source: Source::Transaction,
        finding: Finding::Nothing {
            message: "still waiting".into(),
        },
    };
    ledger.learn(&reference("1"), &evidence).await.unwrap();
    let mut lines = Vec::new();
    ledger.export(&mut lines).await.unwrap();
    let text = String::from_utf8(lines).unwrap();
    for personal in order("1").personal_texts() {
        assert!(!text.contains(&personal), "{personal}");
    }
    let line: Value = serde_json::from_str(text.trim_end()).unwrap();
    assert_eq!(line["reference"], "1");
    assert_eq!(line["state"], "held");
    assert_eq!(line["legs"][0]["seats"][0], "8");
    assert_eq!(line["begun_at"], "2026-11-24T10:00:00+07:00");
    assert_eq!(line["entries"].as_array().unwrap().len(), 3);
    assert_eq!(
        line["entries"][1]["fact"]["ended"]["outcome"]["held"]["transaction_id"],
        "T-1"
    );
}
