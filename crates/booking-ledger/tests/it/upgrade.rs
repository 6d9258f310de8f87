//! Ledgers as earlier versions left them: they open, nothing is missing, and work goes on.

use booking_domain::{HoldState, TripId};
use booking_ledger::SqliteLedger;
use booking_ports::{
    Begun, BookingBegun, FeedPosition, HoldFeed as _, HoldLedger as _, HoldRecord, Listing, Page,
    Which,
};
use time::macros::datetime;

use crate::harness::{LEASE, Place, order, reference, send};

/// What each earlier version left: the same references, each as a dump of its schema.
const VERSIONS: [&str; 3] = [
    include_str!("../data/schema-1.sql"),
    include_str!("../data/schema-2.sql"),
    include_str!("../data/schema-3.sql"),
];

/// By reference: the state, how many entries tell it, whether its people are kept.
const KEPT: [(&str, &str, usize, bool); 9] = [
    ("old-held", "held", 2, true),
    ("old-expired", "held", 2, true),
    ("old-refused", "refused", 2, true),
    ("old-unknown", "unknown", 2, true),
    ("old-settled", "expired", 4, false),
    ("old-past", "expired", 2, true),
    ("old-shredded", "held", 2, true),
    ("old-not-sent", "not sent", 2, true),
    ("old-sending", "sending", 1, true),
];

async fn left_by(version: &'static str) -> Place {
    let place = Place::new();
    std::fs::write(place.path(), "").unwrap();
    place.execute(version).await.unwrap();
    // While the old holds still lived.
    place.clock.step_to(datetime!(2026-11-25 01:45 +7));
    place
}

async fn record(ledger: &SqliteLedger, name: &str) -> HoldRecord {
    ledger.find(&reference(name)).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_ledger_of_each_earlier_version_opens_with_all_that_it_holds() {
    for version in VERSIONS {
        let place = left_by(version).await;
        let ledger = place.open().await;
        let checked = ledger.check().await.unwrap();
        assert!(checked.is_sound(), "{checked:?}");
        assert_eq!((checked.holds, checked.entries), (9, 19));
        // Of one trip all of them, and of no tenant.
        let trip = TripId::new(188_336).unwrap();
        let on_trip = Listing::of(Which::All).on_trip(trip);
        let listed = ledger
            .list(&on_trip, Page::first(99))
            .await
            .unwrap()
            .records;
        assert_eq!(listed.len(), 9);
        assert!(listed.iter().all(|record| record.outline.tenant.is_none()));
        for (name, state, entries, keeps_order) in KEPT {
            let record = record(&ledger, name).await;
            assert_eq!(record.state.name(), state, "{name}");
            assert_eq!(record.keeps_order, keeps_order, "{name}");
            let story = ledger.story(&reference(name)).await.unwrap();
            assert_eq!(story.len(), entries, "{name}");
            let kept = ledger.order(&reference(name)).await.unwrap();
            assert_eq!(kept.is_some(), keeps_order, "{name}");
            if let Some(kept) = kept {
                let begun = ledger.begin(&kept, LEASE).await.unwrap();
                assert!(!matches!(begun, Begun::Conflict), "{name} is its own order");
            }
        }
    }
}

#[tokio::test]
async fn work_goes_on_in_a_ledger_of_each_earlier_version() {
    for version in VERSIONS {
        let place = left_by(version).await;
        let ledger = place.open().await;
        send(&ledger, "new").await;
        // What its sender left is unknown once the lease is over.
        place.clock.advance(2 * LEASE);
        let claim = ledger
            .claim(&reference("old-sending"), LEASE)
            .await
            .unwrap();
        assert_eq!(claim.unwrap().record.state, HoldState::Unknown);
        let begun = ledger.begin_booking(&reference("old-held"), LEASE).await;
        assert!(matches!(begun, Ok(BookingBegun::Send(_))), "{begun:?}");
        let next = ledger
            .list(&Which::NextToExpire.into(), Page::first(9))
            .await
            .unwrap();
        let names: Vec<_> = next
            .records
            .iter()
            .map(|record| record.reference.as_str())
            .collect();
        assert_eq!(names, ["old-expired", "old-shredded"]);
        let conflict = ledger.begin(&order("old-refused"), LEASE).await.unwrap();
        assert!(matches!(conflict, Begun::Conflict), "{conflict:?}");
        assert!(ledger.check().await.unwrap().is_sound());
        // What was written before has no place in the feed; all since then has.
        let changes = ledger.after(FeedPosition::START, 99).await.unwrap();
        let told: Vec<_> = changes
            .iter()
            .map(|change| {
                (
                    change.record.reference.as_str(),
                    change.entry.fact.to_string(),
                )
            })
            .collect();
        assert_eq!(told[0], ("new", "attempt 1: sending".to_owned()));
        assert_eq!(
            (told.len(), told[1].0, told[2].0),
            (3, "old-sending", "old-held")
        );
    }
}

/// Each is migrated in one transaction: whoever dies in it leaves the ledger as it was.
#[tokio::test]
async fn a_migration_that_was_cut_short_leaves_an_earlier_ledger() {
    for version in VERSIONS {
        let place = left_by(version).await;
        let mut dying = place.connect().await;
        sqlx::raw_sql("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; ALTER TABLE holds ADD COLUMN half TEXT; PRAGMA user_version = 4")
            .execute(&mut dying)
            .await
            .unwrap();
        drop(dying);
        let ledger = place.open().await;
        assert!(ledger.check().await.unwrap().is_sound());
        assert_eq!(
            record(&ledger, "old-unknown").await.state,
            HoldState::Unknown
        );
    }
}
