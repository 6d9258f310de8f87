//! The schema `seatblock`: whether it is a ledger's, and of which version.

use booking_ports::Clock;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::options::PostgresOptions;
use super::server;
use crate::error::OpenError;
use crate::moment::to_millis;

/// Migrations in order; each sets `seatblock.version` to its place in this list.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/postgres/1.sql"),
    include_str!("../../migrations/postgres/2.sql"),
];

const APPLICATION: &str = "booking-ledger";

/// Seconds by which clocks may differ without a word: little beside a lease.
const DIFFERENCE: i64 = 3;

/// Of the lock that whoever opens a ledger holds meanwhile: "seatbloc".
pub(super) const OPENING: i64 = 0x7365_6174_626c_6f63;

/// A connection to a server that keeps what it answers, and to a database that is a ledger of a
/// known schema, or could become one. Nothing was changed yet.
pub(super) struct Opening<'a> {
    pub(super) connection: PgConnection,
    options: &'a PostgresOptions,
}

impl<'a> Opening<'a> {
    pub(super) async fn begin(options: &'a PostgresOptions) -> Result<Self, OpenError> {
        let failed = |cause| options.failed(cause);
        let mut connection = options.connect().connect().await.map_err(failed)?;
        if let Some(unfit) = server::unfit(&mut connection).await.map_err(failed)? {
            return Err(unfit.at(options.place()));
        }
        let mut opening = Self {
            connection,
            options,
        };
        opening.version().await?;
        Ok(opening)
    }

    /// Brings it up to date, in one transaction: a process that dies in it leaves the schema that
    /// was there.
    pub(super) async fn migrate(&mut self) -> Result<(), OpenError> {
        let done = self.version().await?.unwrap_or_default();
        if done == known() {
            return Ok(());
        }
        // It may have many rows, or another process be at it, and nobody else waits for this session.
        self.run("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
            .await?;
        self.lock().await?;
        // Read anew: another process may have migrated it meanwhile.
        let done = self.version().await?.unwrap_or_default();
        let done = usize::try_from(done).unwrap_or_default();
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

    /// The schema that is there; `None` where there is none.
    pub(super) async fn version(&mut self) -> Result<Option<i64>, OpenError> {
        let failed = |cause| self.options.failed(cause);
        let sql = "SELECT to_regclass('seatblock.version') IS NOT NULL, EXISTS \
             (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('seatblock'))";
        let (versioned, used): (bool, bool) = sqlx::query_as(sql)
            .fetch_one(&mut self.connection)
            .await
            .map_err(failed)?;
        if !used {
            return Ok(None);
        }
        let foreign = || OpenError::NotALedger {
            place: format!("the schema seatblock of {}", self.options.place()),
        };
        if !versioned {
            return Err(foreign());
        }
        let found: Option<(String, i64)> =
            sqlx::query_as("SELECT application, schema FROM seatblock.version")
                .fetch_optional(&mut self.connection)
                .await
                // Another program's table may have other columns.
                .map_err(|cause| match &cause {
                    sqlx::Error::Database(error) if error.code().as_deref() == Some("42703") => {
                        foreign()
                    }
                    _ => failed(cause),
                })?;
        match found {
            Some((application, found)) if application == APPLICATION => {
                if found > known() {
                    return Err(OpenError::NewerSchema {
                        place: self.options.place().to_owned(),
                        found,
                        known: known(),
                    });
                }
                Ok(Some(found))
            }
            _ => Err(foreign()),
        }
    }

    /// Tells where this machine's clock and the server's disagree. Leases go by the clocks of those
    /// who share a ledger.
    pub(super) async fn compare_clocks(&mut self, clock: &dyn Clock) -> Result<(), OpenError> {
        let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        let theirs: i64 = sqlx::query_scalar(sql)
            .fetch_one(&mut self.connection)
            .await
            .map_err(|cause| self.options.failed(cause))?;
        let seconds = (to_millis(clock.now()) - theirs) / 1000;
        if seconds.abs() >= DIFFERENCE {
            tracing::warn!(
                seconds,
                "this machine's clock and PostgreSQL's differ by so much; another machine would \
                 wait for a sender too short or too long"
            );
        }
        Ok(())
    }

    /// The feed goes by the numbers of the server's transactions. Where the ledger was moved to a
    /// server that has not counted so far, it goes on from its own last one.
    pub(super) async fn keep_feed_ahead(&mut self) -> Result<(), OpenError> {
        let behind = "SELECT turn + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
             FROM seatblock.entries, seatblock.version WHERE turn IS NOT NULL \
             AND turn >= feed_ahead + pg_snapshot_xmax(pg_current_snapshot())::text::bigint \
             ORDER BY turn DESC LIMIT 1";
        if self.optional(behind).await?.is_none() {
            return Ok(());
        }
        self.run("BEGIN").await?;
        self.lock().await?;
        // Read anew: another process may have done it meanwhile.
        if let Some(ahead) = self.optional(behind).await? {
            let sql = format!(
                "ALTER TABLE seatblock.entries ALTER COLUMN turn \
                 SET DEFAULT (pg_current_xact_id()::text::bigint + {ahead}); \
                 UPDATE seatblock.version SET feed_ahead = {ahead}"
            );
            let done = sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(&mut self.connection)
                .await;
            done.map_err(|cause| self.options.failed(cause))?;
            tracing::info!("the ledger came from another server; its feed goes on from there");
        }
        self.run("COMMIT").await
    }

    async fn optional(&mut self, sql: &'static str) -> Result<Option<i64>, OpenError> {
        sqlx::query_scalar(sql)
            .fetch_optional(&mut self.connection)
            .await
            .map_err(|cause| self.options.failed(cause))
    }

    async fn lock(&mut self) -> Result<(), OpenError> {
        let locked = sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(OPENING)
            .execute(&mut self.connection)
            .await;
        locked.map(drop).map_err(|cause| self.options.failed(cause))
    }

    pub(super) async fn close(self) {
        // What was done is committed.
        let _ = self.connection.close().await;
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), OpenError> {
        let done = sqlx::raw_sql(sql).execute(&mut self.connection).await;
        done.map(drop).map_err(|cause| self.options.failed(cause))
    }
}

/// The newest schema that this version knows.
pub(super) fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}
