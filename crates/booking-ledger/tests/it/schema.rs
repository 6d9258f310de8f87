//! Which schema a ledger has, and what its tables refuse.

use booking_ledger::OpenError;
use booking_ports::HoldLedger as _;

use crate::harness::{Place, reference, send};

#[tokio::test]
async fn a_newer_schema_is_refused_with_one_line_and_left_alone() {
    let place = Place::new();
    let ledger = place.open().await;
    send(&ledger, "1").await;
    ledger.close().await;
    place.execute("PRAGMA user_version = 5").await.unwrap();
    let before = std::fs::read(place.path()).unwrap();
    let error = place.try_open(&place.options()).await.err().unwrap();
    assert!(
        matches!(
            error,
            OpenError::NewerSchema {
                found: 5,
                known: 4,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(error.to_string().lines().count(), 1);
    assert!(std::fs::read(place.path()).unwrap() == before);
}

#[tokio::test]
async fn many_processes_may_be_the_first() {
    let place = Place::new();
    let mut opening = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (options, clock) = (place.options(), place.clock.clone());
        opening.spawn(async move {
            let clock = std::sync::Arc::new(clock);
            booking_ledger::SqliteLedger::open(&options, clock)
                .await
                .map(drop)
        });
    }
    for opened in opening.join_all().await {
        opened.unwrap();
    }
}

#[tokio::test]
async fn a_migration_that_was_cut_short_is_begun_again() {
    let place = Place::new();
    let mut connection = {
        std::fs::write(place.path(), "").unwrap();
        place.connect().await
    };
    // As far as a process may have come that died before its commit.
    sqlx::raw_sql("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; CREATE TABLE keys (id INTEGER)")
        .execute(&mut connection)
        .await
        .unwrap();
    drop(connection);
    let ledger = place.open().await;
    send(&ledger, "1").await;
    assert!(ledger.check().await.unwrap().is_sound());
}

#[tokio::test]
async fn what_was_written_can_neither_be_changed_nor_removed() {
    let place = Place::new();
    let ledger = place.open().await;
    send(&ledger, "1").await;
    for (sql, refusal) in [
        (
            "UPDATE entries SET fact = '\"shredded\"'",
            "an entry never changes",
        ),
        ("DELETE FROM entries", "an entry is never removed"),
        ("DELETE FROM holds", "a reference is never forgotten"),
        ("UPDATE holds SET fingerprint = x'00'", "never changes"),
        ("UPDATE holds SET reference = '2'", "never changes"),
        ("UPDATE holds SET tenant = 'other'", "never changes"),
        ("UPDATE holds SET trip = 1", "never changes"),
    ] {
        let error = place.execute(sql).await.unwrap_err().to_string();
        assert!(error.contains(refusal), "{sql}: {error}");
    }
    assert_eq!(ledger.story(&reference("1")).await.unwrap().len(), 1);
}
