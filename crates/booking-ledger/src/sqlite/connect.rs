//! A connection that keeps what is written, to a file that is a ledger of a known schema.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, Decode, Sqlite, Type};

use super::place::SqliteOptions;
use crate::error::OpenError;
use crate::store::LedgerSchema;

/// Migrations in order; each sets `user_version` to its place in this list.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/1.sql"),
    include_str!("../../migrations/sqlite/2.sql"),
    include_str!("../../migrations/sqlite/3.sql"),
    include_str!("../../migrations/sqlite/4.sql"),
];

/// The `application_id` that the first migration sets.
const APPLICATION_ID: i64 = 1_588_048_140;

/// How long to wait for another process that writes. A transaction takes milliseconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Between two attempts at what cannot be waited for.
const PAUSE: Duration = Duration::from_millis(20);

const READERS: u32 = 4;

/// Pages that a reader keeps, in KiB (negative, as the pragma has it). What it misses it reads from the
/// system's own cache; with the default of 2 MiB readers filled theirs for an hour.
const READER_CACHE: &str = "-512";

/// The one connection that writes.
pub(super) async fn writer(options: &SqliteOptions) -> Result<SqliteConnection, OpenError> {
    options.make_private()?;
    let path = options.path();
    let connection = connect_options(path).connect().await;
    let mut opening = Opening {
        connection: connection.map_err(|cause| OpenError::of_file(path, cause))?,
        path,
    };
    // Before the first change, since it may be somebody else's file.
    opening.identify().await?;
    opening.make_durable().await?;
    opening.migrate().await?;
    // A shredding that was cut short may have left bytes there. A reader elsewhere may prevent it.
    opening
        .run(
            "PRAGMA busy_timeout = 250; PRAGMA wal_checkpoint(TRUNCATE); \
             PRAGMA busy_timeout = 5000",
        )
        .await?;
    Ok(opening.connection)
}

/// Which schema is there, without a change to anything.
pub(super) async fn schema(options: &SqliteOptions) -> Result<LedgerSchema, OpenError> {
    let path = options.path();
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    // A file that is empty was made, and nothing more.
    if std::fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        return Ok(LedgerSchema { found: None, known });
    }
    let connection = connect_options(path).read_only(true).connect().await;
    let mut opening = Opening {
        connection: connection.map_err(|cause| OpenError::of_file(path, cause))?,
        path,
    };
    opening.identify().await?;
    let found = Some(opening.schema().await?).filter(|found| *found > 0);
    Ok(LedgerSchema { found, known })
}

pub(super) fn readers(options: &SqliteOptions) -> SqlitePool {
    let options = connect_options(options.path())
        .pragma("query_only", "ON")
        .pragma("cache_size", READER_CACHE);
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .connect_lazy_with(options)
}

fn connect_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
}

struct Opening<'a> {
    connection: SqliteConnection,
    path: &'a Path,
}

impl Opening<'_> {
    async fn identify(&mut self) -> Result<(), OpenError> {
        // All of one moment: another process may be about to make it.
        self.run("BEGIN").await?;
        let application: i64 = self.read("PRAGMA application_id").await?;
        let found = self.schema().await?;
        let tables: i64 = self.read("SELECT count(*) FROM sqlite_schema").await?;
        self.run("COMMIT").await?;
        if application != APPLICATION_ID && (application, found, tables) != (0, 0, 0) {
            let place = self.path.display().to_string();
            return Err(OpenError::NotALedger { place });
        }
        self.refuse_newer(found)
    }

    async fn make_durable(&mut self) -> Result<(), OpenError> {
        let journal = self.begin_log().await?;
        self.run(
            "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA secure_delete = ON; \
             PRAGMA journal_size_limit = 16777216",
        )
        .await?;
        let synchronous: i64 = self.read("PRAGMA synchronous").await?;
        self.demand("journal_mode", &journal, "wal")?;
        self.demand("synchronous", &synchronous.to_string(), "2")
    }

    /// Of processes that begin the log at one time, one does, and `SQLite` does not let the others
    /// wait for it.
    async fn begin_log(&mut self) -> Result<String, OpenError> {
        let mut waited = Duration::ZERO;
        loop {
            match self.read("PRAGMA journal_mode = WAL").await {
                Err(error) if error.is_busy() && waited < BUSY_TIMEOUT => {
                    tokio::time::sleep(PAUSE).await;
                    waited += PAUSE;
                }
                done => return done,
            }
        }
    }

    fn demand(
        &self,
        setting: &'static str,
        found: &str,
        needed: &'static str,
    ) -> Result<(), OpenError> {
        if found == needed {
            return Ok(());
        }
        Err(OpenError::NotDurable {
            place: self.path.display().to_string(),
            setting,
            found: found.to_owned(),
            needed,
            advice: "put it on a local disk",
        })
    }

    /// In one transaction: a process that dies in it leaves the schema that was there.
    async fn migrate(&mut self) -> Result<(), OpenError> {
        self.run("BEGIN IMMEDIATE").await?;
        // Read anew: another process may have migrated it meanwhile.
        let found = self.schema().await?;
        self.refuse_newer(found)?;
        let done = usize::try_from(found).unwrap_or_default();
        for migration in MIGRATIONS.iter().skip(done) {
            self.run(migration).await?;
            #[cfg(feature = "kill-points")]
            crate::kill_points::pass("ledger.migration");
        }
        self.run("COMMIT").await?;
        #[cfg(feature = "kill-points")]
        crate::kill_points::pass("ledger.migrated");
        Ok(())
    }

    fn refuse_newer(&self, found: i64) -> Result<(), OpenError> {
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        if found <= known {
            return Ok(());
        }
        let place = self.path.display().to_string();
        Err(OpenError::NewerSchema {
            place,
            found,
            known,
        })
    }

    async fn schema(&mut self) -> Result<i64, OpenError> {
        self.read("PRAGMA user_version").await
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), OpenError> {
        let done = sqlx::raw_sql(sql).execute(&mut self.connection).await;
        done.map(drop)
            .map_err(|cause| OpenError::of_file(self.path, cause))
    }

    async fn read<T>(&mut self, sql: &'static str) -> Result<T, OpenError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + Send + Unpin,
    {
        sqlx::query_scalar(sql)
            .fetch_one(&mut self.connection)
            .await
            .map_err(|cause| OpenError::of_file(self.path, cause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_journal_that_does_not_outlive_the_process_is_refused() {
        let options = SqliteConnectOptions::new().in_memory(true);
        let mut opening = Opening {
            connection: options.connect().await.unwrap(),
            path: Path::new("holds.db"),
        };
        let error = opening.make_durable().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the ledger holds.db would not keep what is written: journal_mode is memory instead \
             of wal; put it on a local disk"
        );
    }

    #[tokio::test]
    async fn what_is_set_is_what_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = writer(&SqliteOptions::at(folder.path().join("holds.db")))
            .await
            .unwrap();
        for (pragma, needed) in [
            ("PRAGMA synchronous", "2"),
            ("PRAGMA journal_mode", "wal"),
            ("PRAGMA secure_delete", "1"),
            ("PRAGMA foreign_keys", "1"),
        ] {
            use sqlx::Row as _;
            let row = sqlx::query(pragma)
                .fetch_one(&mut connection)
                .await
                .unwrap();
            let found = row.try_get_unchecked::<String, _>(0).unwrap();
            assert_eq!(found, needed, "{pragma}");
        }
    }
}
