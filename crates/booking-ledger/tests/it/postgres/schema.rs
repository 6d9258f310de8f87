//! Which schema a ledger has, and what its tables refuse.

use booking_ledger::{LedgerOptions, OpenError, PostgresLedger};
use booking_ports::HoldLedger as _;

use super::harness::{Database, send};
use crate::harness::reference;

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_newer_schema_is_refused_with_one_line_and_left_alone() {
    let database = Database::new();
    let ledger = database.open().await;
    send(&ledger, "1").await;
    ledger.close().await;
    let newer = "UPDATE seatblock.version SET schema = 3";
    database.execute(newer).await.unwrap();
    let error = database.try_open(&database.options()).await.err().unwrap();
    assert!(
        matches!(
            error,
            OpenError::NewerSchema {
                found: 3,
                known: 2,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(error.to_string().lines().count(), 1);
    let back = "UPDATE seatblock.version SET schema = 2";
    database.execute(back).await.unwrap();
    let ledger = database.open().await;
    assert!(ledger.find(&reference("1")).await.unwrap().is_some());
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_schema_of_something_else_is_refused_and_left_alone() {
    for theirs in [
        "CREATE SCHEMA seatblock; CREATE TABLE seatblock.seats (id bigint)",
        "CREATE SCHEMA seatblock; CREATE TABLE seatblock.version (version bigint)",
        "CREATE SCHEMA seatblock; CREATE TABLE seatblock.version (application text, schema bigint); \
         INSERT INTO seatblock.version VALUES ('seats', 1)",
    ] {
        let database = Database::new();
        database.execute(theirs).await.unwrap();
        let error = database.try_open(&database.options()).await.err().unwrap();
        assert!(matches!(error, OpenError::NotALedger { .. }), "{error:?}");
        let ours = database.execute("SELECT FROM seatblock.holds").await;
        assert!(ours.is_err(), "{theirs}");
    }
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_schema_that_was_made_for_it_is_taken_and_nothing_stands_outside() {
    let database = Database::new();
    database.execute("CREATE SCHEMA seatblock").await.unwrap();
    let options = LedgerOptions::from_url(&database.url).unwrap();
    assert_eq!(options.schema().await.unwrap().found, None);
    assert_eq!(options.migrate().await.unwrap().found, None);
    assert_eq!(options.schema().await.unwrap().found, Some(2));
    let outside: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace \
         WHERE nspname NOT IN ('seatblock', 'pg_catalog', 'pg_toast', 'information_schema')",
    )
    .fetch_one(&mut database.connect().await)
    .await
    .unwrap();
    assert_eq!(outside, 0);
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn many_processes_may_be_the_first() {
    let database = Database::new();
    let mut opening = tokio::task::JoinSet::new();
    for _ in 0..8 {
        // Without a key, so that they must agree on one.
        let (options, clock) = (database.keyless(), database.clock.clone());
        opening.spawn(async move {
            let clock = std::sync::Arc::new(clock);
            PostgresLedger::open(&options, clock).await.map(drop)
        });
    }
    for opened in opening.join_all().await {
        opened.unwrap();
    }
    let keys: i64 = sqlx::query_scalar("SELECT count(*) FROM seatblock.keys")
        .fetch_one(&mut database.connect().await)
        .await
        .unwrap();
    assert_eq!(keys, 1);
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn what_was_written_can_neither_be_changed_nor_removed() {
    let database = Database::new();
    let ledger = database.open().await;
    send(&ledger, "1").await;
    for (sql, refusal) in [
        (
            "UPDATE seatblock.entries SET fact = '\"shredded\"'",
            "an entry never changes",
        ),
        ("DELETE FROM seatblock.entries", "an entry is never removed"),
        ("TRUNCATE seatblock.entries", "an entry is never removed"),
        (
            "DELETE FROM seatblock.holds",
            "a reference is never forgotten",
        ),
        ("TRUNCATE seatblock.holds CASCADE", "never"),
        (
            "UPDATE seatblock.holds SET fingerprint = '\\x00'",
            "never changes",
        ),
        (
            "UPDATE seatblock.holds SET reference = '2'",
            "never changes",
        ),
        (
            "UPDATE seatblock.holds SET tenant = 'other'",
            "never changes",
        ),
        ("UPDATE seatblock.holds SET trip = 1", "never changes"),
        (
            "UPDATE seatblock.keys SET mark = '\\x00'",
            "a key never changes",
        ),
        ("DELETE FROM seatblock.keys", "is never removed"),
    ] {
        let error = database.execute(sql).await.unwrap_err().to_string();
        assert!(error.contains(refusal), "{sql}: {error}");
    }
    assert_eq!(ledger.story(&reference("1")).await.unwrap().len(), 1);
    assert!(ledger.check().await.unwrap().is_sound());
}

/// A role that may write what a ledger writes, and no more.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn the_role_that_works_need_not_own_the_schema() {
    let database = Database::new();
    database.open().await.close().await;
    let name = database.url.split(['/', '?']).nth(3).unwrap();
    let role = format!("shop_{name}");
    database
        .execute(&format!(
            "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA seatblock TO {role}; \
             GRANT SELECT ON ALL TABLES IN SCHEMA seatblock TO {role}; \
             GRANT INSERT ON seatblock.keys, seatblock.holds, seatblock.entries, \
             seatblock.sealed_orders TO {role}; GRANT UPDATE ON seatblock.holds TO {role}; \
             GRANT DELETE ON seatblock.sealed_orders TO {role}"
        ))
        .await
        .unwrap();
    let theirs = Database::at(
        database
            .url
            .replace("user=postgres", &format!("user={role}")),
    );
    let ledger = theirs.open().await;
    let permit = send(&ledger, "1").await;
    ledger.end(&permit, &Ok(theirs.hold("1"))).await.unwrap();
    ledger.shred(&reference("1")).await.unwrap();
    assert_eq!(ledger.order(&reference("1")).await.unwrap(), None);
    assert!(
        theirs
            .execute("DROP TABLE seatblock.entries")
            .await
            .is_err()
    );
}
