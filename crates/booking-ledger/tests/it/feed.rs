//! What changes in a file, whoever changes it, and disclosures of it.

use std::sync::Arc;
use std::time::Duration;

use booking_ports::{FeedPosition, HoldFeed as _, HoldLedger as _};
use tokio::time::timeout;

use crate::harness::{Place, order, reference, send};

/// Longer than anything here takes.
const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_reader_is_told_what_another_process_writes() {
    let place = Place::new();
    let (here, there) = (Arc::new(place.open().await), place.open().await);
    let begin = here.latest().await.unwrap();
    let reading = Arc::clone(&here);
    let waiting = tokio::spawn(async move { reading.changed(begin).await });
    send(&there, "1").await;
    timeout(SOON, waiting).await.unwrap().unwrap().unwrap();
    let changes = here.after(begin, 9).await.unwrap();
    assert_eq!(changes[0].record.reference, reference("1"));
}

/// A reader that is further than its ledger sees that the ledger was set back.
#[tokio::test]
async fn a_ledger_that_was_set_back_lies_before_its_readers() {
    let place = Place::new();
    let ledger = place.open().await;
    send(&ledger, "1").await;
    ledger.close().await;
    let copy = place.copy();
    let ledger = place.open().await;
    send(&ledger, "2").await;
    let position = ledger.latest().await.unwrap();
    let restored = copy.open().await;
    assert!(restored.latest().await.unwrap() < position);
    assert!(restored.latest().await.unwrap() > FeedPosition::START);
    assert!(restored.after(position, 9).await.unwrap().is_empty());
}

/// Nothing is given where it cannot be told.
#[tokio::test]
async fn an_order_is_not_disclosed_without_its_entry() {
    let place = Place::new();
    let ledger = place.open().await;
    send(&ledger, "1").await;
    place
        .execute(
            "CREATE TRIGGER full BEFORE INSERT ON entries WHEN new.fact LIKE '%disclosed%' \
             BEGIN SELECT RAISE(ABORT, 'no room'); END",
        )
        .await
        .unwrap();
    let refused = ledger.disclose(&reference("1"), "a test").await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(
        ledger.order(&reference("1")).await.unwrap(),
        Some(order("1"))
    );
    assert_eq!(ledger.story(&reference("1")).await.unwrap().len(), 1);
}
