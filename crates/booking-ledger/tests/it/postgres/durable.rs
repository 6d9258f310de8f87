//! A server that would not keep what it answers is refused.

use booking_ledger::OpenError;
use booking_ports::HoldLedger as _;

use super::harness::{Database, send};
use super::server::Server;
use crate::harness::reference;

async fn refusal(database: &Database) -> (&'static str, String) {
    match database.try_open(&database.options()).await.err() {
        Some(OpenError::NotDurable { setting, found, .. }) => (setting, found),
        other => unreachable!("it is not refused for what it does not keep: {other:?}"),
    }
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_database_whose_commits_do_not_wait_for_the_disk_is_refused() {
    let database = Database::new();
    let name = database.url.split(['/', '?']).nth(3).unwrap();
    for (setting, value) in [
        ("synchronous_commit", "off"),
        ("default_transaction_read_only", "on"),
    ] {
        let set = format!("ALTER DATABASE {name} SET {setting} = {value}");
        database.execute(&set).await.unwrap();
        assert_eq!(refusal(&database).await, (setting, value.to_owned()));
        let reset = format!(
            "SET default_transaction_read_only = off; ALTER DATABASE {name} RESET {setting}"
        );
        let mut connection = database.connect().await;
        for sql in reset.split("; ") {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
                .execute(&mut connection)
                .await
                .unwrap();
        }
    }
    database.open().await;
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_server_that_does_not_wait_for_the_disk_is_refused() {
    for setting in ["fsync", "full_page_writes"] {
        let server = Server::start(&[&format!("{setting}=off")]);
        let database = Database::at(server.database());
        assert_eq!(refusal(&database).await, (setting, "off".to_owned()));
    }
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_standby_is_refused() {
    let server = Server::start(&[]);
    let database = Database::at(server.database());
    let ledger = database.open().await;
    send(&ledger, "1").await;
    server.stop_at_once();
    // One that follows nobody.
    let signal = server.data().join("standby.signal");
    std::fs::write(&signal, "").unwrap();
    server.start_again();
    assert_eq!(
        refusal(&database).await,
        ("in_hot_standby", "on".to_owned())
    );
    // Nor is it used by a ledger that was opened before: what is behind an address may change.
    let error = ledger.find(&reference("1")).await.unwrap_err().to_string();
    assert!(error.contains("standby"), "{error}");
}

/// What was answered before the power went is there after.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_server_that_stops_at_once_has_lost_nothing_that_was_answered() {
    let server = Server::start(&[]);
    let database = Database::at(server.database());
    let ledger = std::sync::Arc::new(database.open().await);
    let mut answered = Vec::new();
    for round in 0..2 {
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..16 {
            let ledger = std::sync::Arc::clone(&ledger);
            callers.spawn(async move {
                let mut answered = Vec::new();
                for number in 0..40 {
                    let name = format!("{round}-{caller}-{number}");
                    let order = crate::harness::order(&name);
                    // Whoever is not answered in time knows nothing, and no more is claimed.
                    if ledger.begin(&order, crate::harness::LEASE).await.is_ok() {
                        answered.push(name);
                    }
                }
                answered
            });
        }
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        tokio::task::block_in_place(|| {
            server.stop_at_once();
            server.start_again();
        });
        answered.extend(callers.join_all().await.into_iter().flatten());
    }
    assert!(answered.len() > 700, "{} answers", answered.len());
    let other = database.open().await;
    for name in &answered {
        let record = other.find(&reference(name)).await.unwrap();
        let record = record.unwrap_or_else(|| unreachable!("{name} was answered, and is lost"));
        assert_eq!(record.attempts, 1, "{name}");
    }
    assert!(other.check().await.unwrap().is_sound());
}
