//! What is written without being read first is written only where that was right.

use booking_domain::HoldState;
use booking_ledger::{LedgerKey, SqliteOptions};
use booking_ports::{Begun, HoldLedger as _, LedgerError};

use crate::harness::{LEASE, Place, order, reference, send};

#[tokio::test]
async fn a_lone_block_is_two_commits_and_its_story_whole() {
    let place = Place::new();
    let ledger = place.open().await;
    let permit = send(&ledger, "1").await;
    ledger.end(&permit, &Ok(place.hold("1"))).await.unwrap();
    assert_eq!(ledger.commits(), 2);
    assert_eq!(ledger.story(&reference("1")).await.unwrap().len(), 2);
    assert!(ledger.check().await.unwrap().is_sound());
    assert_eq!(
        ledger.order(&reference("1")).await.unwrap(),
        Some(order("1"))
    );
}

/// Another process has given the sender up and settled it meanwhile.
#[tokio::test]
async fn an_end_is_decided_on_what_another_process_wrote_since() {
    let place = Place::new();
    let (own, other) = (place.open().await, place.open().await);
    let permit = send(&own, "1").await;
    place.clock.advance(LEASE);
    let claim = other.claim(&reference("1"), LEASE).await.unwrap().unwrap();
    let record = own.end(&permit, &Ok(place.hold("1"))).await.unwrap();
    assert_eq!(record.state, HoldState::Held(place.hold("1")));
    // The claim is the other's to give back, so its lease goes on.
    other.release(&claim).await.unwrap();
    let story = own.story(&reference("1")).await.unwrap();
    let told: Vec<String> = story.iter().map(|entry| entry.fact.to_string()).collect();
    assert_eq!(
        told,
        [
            "attempt 1: sending",
            "attempt 1: its sender ended without a word",
            "attempt 1: held as T-1",
        ]
    );
    assert!(own.check().await.unwrap().is_sound());
}

/// It is new to this process, and known to the ledger.
#[tokio::test]
async fn a_reference_that_another_process_began_is_begun_by_nobody_else() {
    let place = Place::new();
    let (own, other) = (place.open().await, place.open().await);
    send(&other, "1").await;
    let begun = own.begin(&order("1"), LEASE).await.unwrap();
    assert!(matches!(begun, Begun::Busy { .. }), "{begun:?}");
    assert_eq!(own.story(&reference("1")).await.unwrap().len(), 1);
    assert!(own.check().await.unwrap().is_sound());
}

/// A lock is met before anything is written, so nothing may be sent, and nothing is in doubt.
#[tokio::test]
async fn what_a_locked_ledger_did_not_take_is_known_not_to_be_there() {
    let place = Place::new();
    let ledger = place.open().await;
    let mut other = place.connect().await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    let error = ledger.begin(&order("1"), LEASE).await.unwrap_err();
    assert!(
        matches!(error, LedgerError::Unavailable { .. }),
        "{error:?}"
    );
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert!(ledger.find(&reference("1")).await.unwrap().is_none());
    send(&ledger, "1").await;
}

/// The same file by another name: who lives is found beside the file, not beside the name.
#[cfg(unix)]
#[tokio::test]
async fn a_ledger_opened_through_a_link_knows_who_lives() {
    let place = Place::new();
    let own = place.open().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("link.db");
    std::os::unix::fs::symlink(place.path(), &link).unwrap();
    let options = SqliteOptions::at(link).sealed_by(LedgerKey::new([7; 32]));
    let other = place.try_open(&options).await.unwrap();
    send(&own, "1").await;
    let begun = other.begin(&order("1"), LEASE).await.unwrap();
    assert!(matches!(begun, Begun::Busy { .. }), "{begun:?}");
    assert!(other.claim(&reference("1"), LEASE).await.unwrap().is_none());
}
