//! What is left of people.

use std::process::Command;

use booking_ports::HoldLedger as _;

use super::harness::{Database, send};
use super::server::Server;
use crate::harness::{order, reference};

/// Whether a text is in any file that the server has on the disk, the log of what it wrote among
/// them. They are too many for a loop of this test.
fn is_kept(server: &Server, text: &str) -> bool {
    let found = Command::new("grep")
        .args([
            "--recursive",
            "--text",
            "--fixed-strings",
            "--quiet",
            "-e",
            text,
        ])
        .arg(server.data())
        .status()
        .unwrap();
    assert!(matches!(found.code(), Some(0 | 1)), "{found}");
    found.success()
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn no_personal_value_is_in_a_file_of_the_server_before_or_after_shredding() {
    let server = Server::start(&[]);
    let database = Database::at(server.database());
    let ledger = database.open().await;
    let permit = send(&ledger, "marked-1").await;
    database.execute("CHECKPOINT").await.unwrap();
    let personal = order("marked-1").personal_texts();
    assert!(is_kept(&server, "marked-1"), "it looks where things are");
    assert!(!personal.iter().any(|text| is_kept(&server, text)));
    ledger
        .end(&permit, &Ok(database.hold("marked-1")))
        .await
        .unwrap();
    ledger.shred(&reference("marked-1")).await.unwrap();
    database.execute("CHECKPOINT").await.unwrap();
    assert!(!personal.iter().any(|text| is_kept(&server, text)));
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM seatblock.sealed_orders")
        .fetch_one(&mut database.connect().await)
        .await
        .unwrap();
    assert_eq!(left, 0);
    assert_eq!(ledger.order(&reference("marked-1")).await.unwrap(), None);
    assert!(ledger.check().await.unwrap().is_sound());
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn shredding_has_the_server_clear_away_what_was_deleted() {
    let database = Database::new();
    let ledger = database.open().await;
    let permit = send(&ledger, "1").await;
    ledger.end(&permit, &Ok(database.hold("1"))).await.unwrap();
    ledger.shred(&reference("1")).await.unwrap();
    // Nothing of the row is left in the table's one page, which therefore is given back.
    let size: i64 = sqlx::query_scalar("SELECT pg_relation_size('seatblock.sealed_orders')")
        .fetch_one(&mut database.connect().await)
        .await
        .unwrap();
    assert_eq!(size, 0);
}
