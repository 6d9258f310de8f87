//! What changes, told in order to whoever reads, wherever it is written.

use std::sync::Arc;
use std::time::Duration;

use booking_ports::{FeedPosition, HoldFeed, HoldLedger as _};
use sqlx::Connection as _;
use sqlx::postgres::PgListener;
use tokio::time::{sleep, timeout};

use super::harness::{Database, send};
use super::server::Server;
use crate::harness::{LEASE, order, reference};

/// Longer than anything here takes.
const SOON: Duration = Duration::from_secs(20);

/// The references of what follows, as they come.
async fn next(feed: &dyn HoldFeed, position: &mut FeedPosition, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    while names.len() < count {
        timeout(SOON, feed.changed(*position))
            .await
            .unwrap()
            .unwrap();
        for change in feed.after(*position, 100).await.unwrap() {
            *position = change.position;
            names.push(change.record.reference.to_string());
        }
    }
    names
}

/// Whoever writes an entry as the ledger does, but takes its time to commit.
const SLOW: &str = "INSERT INTO seatblock.entries (hold, revision, place, at, fact) \
    SELECT number, 99, 1, changed_at, '{\"sender_lost\":{\"attempt\":1}}' FROM seatblock.holds \
    WHERE reference = 'slow'";

/// A transaction that began before another and ends after it comes first, and is waited for.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn what_is_committed_late_is_not_missed() {
    // Of its own, so that no other test's transactions are waited for.
    let server = Server::start(&[]);
    let database = Database::at(server.database());
    let ledger = database.open().await;
    let mut position = ledger.latest().await.unwrap();
    send(&ledger, "slow").await;
    assert_eq!(next(&ledger, &mut position, 1).await, ["slow"]);
    let mut writer = database.connect().await;
    let mut slow = writer.begin().await.unwrap();
    sqlx::query(SLOW).execute(&mut *slow).await.unwrap();
    send(&ledger, "fast").await;
    let early = timeout(Duration::from_millis(300), ledger.changed(position)).await;
    assert!(early.is_err(), "nothing can be shown yet");
    assert!(ledger.after(position, 9).await.unwrap().is_empty());
    assert_eq!(ledger.latest().await.unwrap(), position);
    slow.commit().await.unwrap();
    assert_eq!(next(&ledger, &mut position, 2).await, ["slow", "fast"]);
}

/// One that comes to nothing leaves nothing behind, and holds nobody up.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn what_is_never_committed_is_never_told() {
    let database = Database::new();
    let ledger = database.open().await;
    let mut position = ledger.latest().await.unwrap();
    send(&ledger, "slow").await;
    let mut writer = database.connect().await;
    let mut slow = writer.begin().await.unwrap();
    sqlx::query(SLOW).execute(&mut *slow).await.unwrap();
    send(&ledger, "fast").await;
    slow.rollback().await.unwrap();
    assert_eq!(next(&ledger, &mut position, 2).await, ["slow", "fast"]);
}

/// By a notification: the next look of its own would come much later.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_reader_is_woken_by_what_another_process_writes() {
    let server = Server::start(&[]);
    let database = Database::at(server.database());
    let (here, there) = (Arc::new(database.open().await), database.open().await);
    let begin = here.latest().await.unwrap();
    let reading = Arc::clone(&here);
    let waiting = tokio::spawn(async move { reading.changed(begin).await });
    // It has looked after 635 and 1275 ms, and looks again after 2275.
    sleep(Duration::from_millis(1_400)).await;
    assert!(!waiting.is_finished());
    send(&there, "1").await;
    let woken = timeout(Duration::from_millis(600), waiting).await;
    woken.expect("it is told").unwrap().unwrap();
}

/// Many writings are told by few notifications, since each of those costs everybody something.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn many_writings_are_told_together() {
    let database = Database::new();
    let ledger = database.open().await;
    let mut listener = PgListener::connect(&database.url).await.unwrap();
    listener.listen("seatblock_changes").await.unwrap();
    for number in 0..100 {
        send(&ledger, &number.to_string()).await;
    }
    let mut told = 0;
    while timeout(Duration::from_millis(500), listener.recv())
        .await
        .is_ok()
    {
        told += 1;
    }
    assert!((1..50).contains(&told), "{told}");
}

/// A server counts its transactions from its own beginning, and a ledger may come from another.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_ledger_that_was_moved_to_another_server_goes_on_with_its_feed() {
    let database = Database::new();
    let ledger = database.open().await;
    send(&ledger, "before").await;
    ledger.close().await;
    // As a server that had come further would have left it.
    let far = "INSERT INTO seatblock.entries (hold, revision, place, at, fact, turn) \
         SELECT number, 99, 1, changed_at, '{\"sender_lost\":{\"attempt\":1}}', 7000000000 \
         FROM seatblock.holds WHERE reference = 'before'";
    database.execute(far).await.unwrap();
    for name in ["after", "again"] {
        let ledger = database.open().await;
        let mut position = ledger.latest().await.unwrap();
        let seen = position;
        send(&ledger, name).await;
        assert_eq!(next(&ledger, &mut position, 1).await, [name]);
        assert!(seen.get() >= 7_000_000_000 * 256, "what was there is shown");
        assert!(position > seen);
        ledger.close().await;
    }
}

/// Nothing is given where it cannot be told.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn an_order_is_not_disclosed_without_its_entry() {
    let database = Database::new();
    let ledger = database.open().await;
    send(&ledger, "1").await;
    let full = "ALTER TABLE seatblock.entries ADD CHECK (fact NOT LIKE '%disclosed%')";
    database.execute(full).await.unwrap();
    let refused = ledger.disclose(&reference("1"), "a test").await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(
        ledger.order(&reference("1")).await.unwrap(),
        Some(order("1"))
    );
    assert_eq!(ledger.story(&reference("1")).await.unwrap().len(), 1);
    let begun = ledger.begin(&order("1"), LEASE).await;
    assert!(begun.is_ok(), "{begun:?}");
}
