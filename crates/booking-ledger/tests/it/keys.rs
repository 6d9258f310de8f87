//! A ledger that is opened with another key, or none.

use booking_ledger::{LedgerKey, SqliteOptions};
use booking_ports::{Begun, HoldLedger as _};

use crate::harness::{LEASE, Place, contains, order, reference, send};

#[tokio::test]
async fn another_key_neither_reads_nor_compares_what_it_did_not_write() {
    let place = Place::new();
    send(&place.open().await, "first").await;
    let other = SqliteOptions::at(place.path()).sealed_by(LedgerKey::new([8; 32]));
    for options in [other, SqliteOptions::at(place.path())] {
        let ledger = place.try_open(&options).await.unwrap();
        let begun = ledger.begin(&order("first"), LEASE).await;
        let error = begun.unwrap_err().to_string();
        assert!(error.contains("recorded with another key"), "{error}");
        assert!(ledger.order(&reference("first")).await.is_err());
        // What needs no key goes on.
        assert!(ledger.find(&reference("first")).await.unwrap().is_some());
        assert!(ledger.check().await.unwrap().is_sound());
    }
    let ledger = place.open().await;
    assert_eq!(
        ledger.order(&reference("first")).await.unwrap(),
        Some(order("first"))
    );
}

#[tokio::test]
async fn a_key_can_be_given_later() {
    let place = Place::new();
    let keyless = place
        .try_open(&SqliteOptions::at(place.path()))
        .await
        .unwrap();
    send(&keyless, "first").await;
    let ledger = place.open().await;
    send(&ledger, "second").await;
    assert!(ledger.order(&reference("first")).await.unwrap().is_none());
    assert!(ledger.order(&reference("second")).await.unwrap().is_some());
    let begun = ledger.begin(&order("first"), LEASE).await.unwrap();
    assert!(matches!(begun, Begun::Busy { .. }), "{begun:?}");
}

#[tokio::test]
async fn a_key_that_was_given_is_in_no_file() {
    let place = Place::new();
    send(&place.open().await, "first").await;
    assert!(!contains(&place.bytes(), &[7; 16]));
}

#[test]
fn a_key_is_read_as_hex_or_base64_and_never_shown() {
    let secret = "hunter2hunter2hunter2";
    for text in ["", "00", secret, &"00".repeat(31), &"00".repeat(33)] {
        let error = LedgerKey::parse(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter"), "{error}");
    }
    for text in [
        " 0700000000000000000000000000000000000000000000000000000000000007\n",
        "BwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAc=",
    ] {
        assert_eq!(
            format!("{:?}", LedgerKey::parse(text).unwrap()),
            "LedgerKey([secret])"
        );
    }
}
