//! What is left of people.

use booking_domain::HoldState;
use booking_ports::{Begun, HoldLedger as _, Refusal, RefusalKind};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Sqlite, Transaction};

use crate::harness::{LEASE, Place, contains, order, reference, send};

/// The bytes by which an order could be read: its key and its body.
async fn sealed(place: &Place, name: &'static str) -> [Vec<u8>; 2] {
    let mut connection = place.connect().await;
    let sql = "SELECT row_key, body FROM sealed_orders JOIN holds ON number = sealed_orders.hold WHERE reference = ?";
    let (row_key, body): (Vec<u8>, Vec<u8>) = sqlx::query_as(sql)
        .bind(name)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    [row_key, body]
}

#[tokio::test]
async fn no_personal_value_is_ever_in_a_file() {
    let place = Place::new();
    let ledger = place.open().await;
    for (personal, name) in order("1").personal_texts().iter().zip(["1", "2", "3"]) {
        let permit = send(&ledger, name).await;
        assert!(!contains(&place.bytes(), personal.as_bytes()));
        ledger.end(&permit, &Ok(place.hold(name))).await.unwrap();
    }
    for personal in order("1").personal_texts() {
        assert!(!contains(&place.bytes(), personal.as_bytes()), "{personal}");
    }
}

#[tokio::test]
async fn after_shredding_no_byte_of_key_or_order_is_left() {
    let place = Place::new();
    let ledger = place.open().await;
    for name in ["before", "1", "after"] {
        let permit = send(&ledger, name).await;
        let refusal = Refusal::new(reference(name), RefusalKind::Other, "400050000", "no");
        ledger.end(&permit, &Err(refusal.into())).await.unwrap();
    }
    let others = sealed(&place, "after").await;
    let own = sealed(&place, "1").await;
    // Any quarter of it is looked for: it may lie on several pages.
    let quarters = own
        .iter()
        .flat_map(|part| part.chunks_exact(part.len() / 4));
    let quarters: Vec<&[u8]> = quarters.collect();
    let before = place.bytes();
    assert!(quarters.iter().all(|part| contains(&before, part)));
    ledger.shred(&reference("1")).await.unwrap();
    let left = place.bytes();
    assert!(!quarters.iter().any(|part| contains(&left, part)));
    assert!(others.iter().all(|part| contains(&left, part)));
    assert_eq!(
        ledger.order(&reference("after")).await.unwrap(),
        Some(order("after"))
    );
    assert!(ledger.check().await.unwrap().is_sound());
}

/// A transaction that has read, and so keeps the log as it is.
async fn reading(reader: &mut SqliteConnection) -> Transaction<'_, Sqlite> {
    let mut reading = reader.begin().await.unwrap();
    let _: i64 = sqlx::query_scalar("SELECT count(*) FROM sealed_orders")
        .fetch_one(&mut *reading)
        .await
        .unwrap();
    reading
}

#[tokio::test]
async fn a_reader_that_keeps_the_log_is_told_and_shredding_again_is_enough() {
    let place = Place::new();
    let ledger = place.open().await;
    let permit = send(&ledger, "1").await;
    ledger.end(&permit, &Ok(place.hold("1"))).await.unwrap();
    let mut reader = place.connect().await;
    let reading = reading(&mut reader).await;
    let error = ledger.shred(&reference("1")).await.unwrap_err().to_string();
    assert!(error.contains("shred it again"), "{error}");
    reading.rollback().await.unwrap();
    ledger.shred(&reference("1")).await.unwrap();
    assert_eq!(
        std::fs::metadata(place.path().with_extension("db-wal"))
            .unwrap()
            .len(),
        0
    );
}

#[tokio::test]
async fn a_log_that_a_reader_kept_is_emptied_when_it_has_gone() {
    let place = Place::new();
    let ledger = place.open().await;
    let permit = send(&ledger, "1").await;
    ledger.end(&permit, &Ok(place.hold("1"))).await.unwrap();
    let mut reader = place.connect().await;
    let reading = reading(&mut reader).await;
    ledger.shred(&reference("1")).await.unwrap_err();
    let log = || std::fs::metadata(place.path().with_extension("db-wal")).map(|it| it.len());
    // Others write meanwhile, as ever.
    send(&ledger, "2").await;
    assert!(log().unwrap() > 0);
    reading.rollback().await.unwrap();
    let mut looks = 0;
    while log().unwrap() > 0 {
        looks += 1;
        assert!(looks < 600, "the log is still there");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_shredded_reference_keeps_its_answer() {
    let place = Place::new();
    let ledger = place.open().await;
    let permit = send(&ledger, "1").await;
    ledger.end(&permit, &Ok(place.hold("1"))).await.unwrap();
    ledger.shred(&reference("1")).await.unwrap();
    match ledger.begin(&order("1"), LEASE).await.unwrap() {
        Begun::Recorded(record) => assert_eq!(record.state, HoldState::Held(place.hold("1"))),
        other => panic!("{other:?}"),
    }
}
