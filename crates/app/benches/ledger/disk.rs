//! The baseline: one writer that makes one row durable after another.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, query};

/// A table of one row after another, set up as durably as a ledger.
pub(crate) struct Disk(SqliteConnection);

impl Disk {
    pub(crate) async fn open(folder: &Path) -> Self {
        let mut connection = SqliteConnectOptions::new()
            .filename(folder.join("baseline.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging()
            .connect()
            .await
            .unwrap();
        query("CREATE TABLE IF NOT EXISTS rows (number INTEGER PRIMARY KEY, text TEXT)")
            .execute(&mut connection)
            .await
            .unwrap();
        Self(connection)
    }

    /// One durable commit of one row.
    pub(crate) async fn commit(&mut self) -> Duration {
        let begin = Instant::now();
        query("INSERT INTO rows (text) VALUES (?)")
            .bind("one row of about as many bytes as one line of a hold's story has in a ledger")
            .execute(&mut self.0)
            .await
            .unwrap();
        begin.elapsed()
    }

    /// Commits per second, over about `time`.
    pub(crate) async fn rate(&mut self, time: Duration) -> f64 {
        let begin = Instant::now();
        let mut commits = 0_u32;
        while begin.elapsed() < time {
            self.commit().await;
            commits += 1;
        }
        f64::from(commits) / begin.elapsed().as_secs_f64()
    }
}
