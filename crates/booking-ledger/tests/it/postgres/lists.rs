//! A page costs the same however long the list is.

use std::time::Duration;

use booking_domain::{Tenant, TripId};
use booking_ports::{HoldLedger as _, Listing, Page, Which};

use super::harness::{Database, send};

/// As many as a shop has in a year, in a form that is quick to write.
const MANY: &str = "INSERT INTO seatblock.holds (reference, product_code, selling_price, legs, \
    begun_at, key_id, fingerprint, sealed, state, hold, deadline, attempts, open_attempts, \
    bookings, open_bookings, changed_at, keeps_order, unsettled, fence, revision, written, tenant, \
    trip, return_trip) \
    SELECT 'many-' || n, product_code, selling_price, legs, begun_at, key_id, fingerprint, sealed, \
    (ARRAY['held', 'refused', 'unknown', 'expired'])[n % 4 + 1], hold, begun_at + n % 997, attempts, \
    open_attempts, bookings, open_bookings, begun_at + n % 991, keeps_order, n % 4 = 2, fence, 1, n, \
    (ARRAY['acme', 'beta', NULL])[n % 3 + 1], n % 1000, CASE WHEN n % 5 = 0 THEN n % 1000 + 1 END \
    FROM seatblock.holds, generate_series(1, 50000) AS n WHERE reference = '1'; \
    ANALYZE seatblock.holds";

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn no_list_is_searched_from_end_to_end_or_sorted() {
    let database = Database::new();
    let name = database.url.split(['/', '?']).nth(3).unwrap();
    send(&database.open().await, "1").await;
    database.execute(MANY).await.unwrap();
    // The server writes down how it went about each question that it is asked from now on.
    database
        .execute(&format!(
            "ALTER DATABASE {name} SET session_preload_libraries = 'auto_explain'; \
             ALTER DATABASE {name} SET auto_explain.log_min_duration = 0; \
             ALTER DATABASE {name} SET auto_explain.log_analyze = on; \
             ALTER DATABASE {name} SET log_min_duration_statement = -1"
        ))
        .await
        .unwrap();
    let ledger = database.open().await;
    let log = super::server::Server::shared().log();
    let moment = time::macros::datetime!(2030-01-01 0:00 UTC);
    for which in [
        Which::All,
        Which::State("refused"),
        Which::State("sending"),
        Which::Unsettled,
        Which::NextToExpire,
        Which::EndedBefore(moment),
        Which::Live(moment),
    ] {
        for tenant in [None, Tenant::new("acme").ok()] {
            for trip in [None, TripId::new(7).ok()] {
                for newest_first in [false, true] {
                    let listing = Listing {
                        which,
                        tenant: tenant.clone(),
                        trip,
                        newest_first,
                    };
                    // These rows are no ledger's, and need not be readable.
                    let _ = ledger.list(&listing, Page::first(20)).await;
                    let next = Page {
                        after: Some(30_000),
                        limit: 20,
                    };
                    let _ = ledger.list(&listing, next).await;
                    tokio::time::sleep(Duration::from_millis(30)).await;
                    let told = std::fs::read_to_string(&log).unwrap();
                    let plan = told.rsplit("Query Text: SELECT number").next().unwrap();
                    assert!(plan.contains("Index"), "{listing:?}: {plan}");
                    // What is of two lists, or of one trip, is little and put in order.
                    let is_one = trip.is_none() && !matches!(which, Which::Live(_));
                    let costly = if is_one {
                        &["Seq Scan", "Sort", "Bitmap"][..]
                    } else {
                        &["Seq Scan"]
                    };
                    for costly in costly {
                        assert!(!plan.contains(costly), "{listing:?}: {plan}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_damaged_record_keeps_no_other_from_being_shown() {
    let database = Database::new();
    let ledger = database.open().await;
    for name in ["1", "2", "3", "4", "5"] {
        send(&ledger, name).await;
    }
    let damage = "UPDATE seatblock.holds SET open_attempts = 'x' WHERE reference IN ('2', '5')";
    database.execute(damage).await.unwrap();
    crate::damaged::others_are_shown(&ledger).await;
}
