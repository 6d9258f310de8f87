//! A ledger as an earlier version left it: it opens, nothing is missing, and work goes on.

use booking_domain::{HoldState, TripId};
use booking_ports::{Begun, FeedPosition, HoldFeed as _, HoldLedger as _, Listing, Page, Which};
use time::macros::datetime;

use super::harness::{Database, send};
use crate::harness::{LEASE, order, reference};

const SCHEMA: &str = include_str!("../../../migrations/postgres/1.sql");
const ROWS: &str = include_str!("../../data/postgres-1.sql");

async fn left() -> Database {
    let database = Database::new();
    database.execute(SCHEMA).await.unwrap();
    database.execute(ROWS).await.unwrap();
    // While the old holds still lived.
    database.clock.step_to(datetime!(2026-11-25 01:45 +7));
    database
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_ledger_of_the_first_schema_opens_with_all_that_it_holds() {
    let ledger = left().await.open().await;
    let checked = ledger.check().await.unwrap();
    assert!(checked.is_sound(), "{checked:?}");
    assert_eq!((checked.holds, checked.entries), (9, 19));
    let trip = TripId::new(188_336).unwrap();
    let on_trip = Listing::of(Which::All).on_trip(trip);
    let listed = ledger
        .list(&on_trip, Page::first(99))
        .await
        .unwrap()
        .records;
    assert_eq!(listed.len(), 9);
    for record in listed {
        assert!(record.outline.tenant.is_none());
        let kept = ledger.order(&record.reference).await.unwrap();
        assert_eq!(kept.is_some(), record.keeps_order, "{}", record.reference);
        if let Some(kept) = kept {
            let begun = ledger.begin(&kept, LEASE).await.unwrap();
            assert!(!matches!(begun, Begun::Conflict), "{}", record.reference);
        }
    }
    let conflict = ledger.begin(&order("old-refused"), LEASE).await.unwrap();
    assert!(matches!(conflict, Begun::Conflict), "{conflict:?}");
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn work_goes_on_in_a_ledger_of_the_first_schema() {
    let database = left().await;
    let ledger = database.open().await;
    database.clock.advance(2 * LEASE);
    let claim = ledger
        .claim(&reference("old-sending"), LEASE)
        .await
        .unwrap();
    assert_eq!(claim.unwrap().record.state, HoldState::Unknown);
    send(&ledger, "new").await;
    // What was written before has no place in the feed; all since then has.
    let mut position = FeedPosition::START;
    for told in [
        "old-sending attempt 1: its sender ended without a word",
        "new attempt 1: sending",
    ] {
        ledger.changed(position).await.unwrap();
        let change = ledger.after(position, 1).await.unwrap().remove(0);
        let (record, entry) = (&change.record, &change.entry);
        assert_eq!(format!("{} {}", record.reference, entry.fact), told);
        position = change.position;
    }
    assert!(ledger.check().await.unwrap().is_sound());
}

/// A program of the earlier version that still runs goes on writing, and is heard.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn what_an_earlier_version_still_writes_is_in_the_feed() {
    let database = left().await;
    let ledger = database.open().await;
    let begin = ledger.latest().await.unwrap();
    let earlier = "INSERT INTO seatblock.entries (hold, revision, place, at, fact) \
         SELECT number, revision + 1, 1, changed_at, '\"shredded\"' FROM seatblock.holds \
         WHERE reference = 'old-past'";
    database.execute(earlier).await.unwrap();
    ledger.changed(begin).await.unwrap();
    let changes = ledger.after(begin, 9).await.unwrap();
    assert_eq!(changes[0].record.reference, reference("old-past"));
    assert_eq!(changes.len(), 1);
}
