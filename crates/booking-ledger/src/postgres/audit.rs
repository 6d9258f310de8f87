//! Whether a ledger is sound, and a copy of it for others.

use std::io::Write;

use booking_ports::LedgerError;
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, query_as};

use super::PostgresLedger;
use super::store::columns;
use crate::audit::{self, Checked, Hold, PAGE, with_entries};
use crate::row::{EntryRow, HoldRow, unsigned};
use crate::store::LedgerPosition;

impl PostgresLedger {
    /// How far it has come.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: it could not be read.
    ///
    /// ```
    /// # use booking_ledger::PostgresLedger;
    /// # use booking_ports::LedgerError;
    /// async fn latest(ledger: &PostgresLedger) -> Result<u64, LedgerError> {
    ///     Ok(ledger.position().await?.latest)
    /// }
    /// ```
    pub async fn position(&self) -> Result<LedgerPosition, LedgerError> {
        let sql = "SELECT id, coalesce((SELECT max(number) FROM seatblock.holds), 0) \
             FROM seatblock.identity";
        let (ledger, latest): (String, i64) = self
            .connections
            .ask(|mut on| async move {
                let position = query_as(sql).fetch_one(&mut on).await;
                (on, position)
            })
            .await?;
        Ok(LedgerPosition {
            ledger,
            latest: unsigned(latest)?,
        })
    }

    /// Looks whether every record is what follows from its entries. Whether the server's files are
    /// whole is for its own tools to say.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: it could not be looked at. What is wrong with it is no error here.
    ///
    /// ```
    /// # use booking_ledger::PostgresLedger;
    /// async fn is_sound(ledger: &PostgresLedger) -> bool {
    ///     ledger.check().await.is_ok_and(|checked| checked.is_sound())
    /// }
    /// ```
    pub async fn check(&self) -> Result<Checked, LedgerError> {
        let mut checked = Checked::default();
        let mut after = 0;
        loop {
            let page = self.page(after).await?;
            let Some((last, _)) = page.last() else {
                return Ok(checked);
            };
            after = last.number;
            checked.look(&page);
        }
    }

    /// Writes a line of JSON per reference with all its entries, and no personal data. Answers how
    /// many.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: it could not be read, or not be written to `out`.
    ///
    /// ```
    /// # use booking_ledger::PostgresLedger;
    /// # use booking_ports::LedgerError;
    /// async fn copy(ledger: &PostgresLedger) -> Result<Vec<u8>, LedgerError> {
    ///     let mut lines = Vec::new();
    ///     ledger.export(&mut lines).await?;
    ///     Ok(lines)
    /// }
    /// ```
    pub async fn export<W: Write + Send>(&self, out: &mut W) -> Result<u64, LedgerError> {
        let (mut after, mut count) = (0, 0);
        loop {
            let page = self.page(after).await?;
            let Some((last, _)) = page.last() else {
                return Ok(count);
            };
            after = last.number;
            count += audit::export(&page, out)?;
        }
    }

    async fn page(&self, after: i64) -> Result<Vec<Hold>, LedgerError> {
        self.connections
            .ask(|mut on| async move {
                let page = page(&mut on, after).await;
                (on, page)
            })
            .await
    }
}

/// The next references with their entries, as both were at one moment.
async fn page(connection: &mut PgConnection, after: i64) -> Result<Vec<Hold>, sqlx::Error> {
    let of_one_moment = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    let mut reading = connection.begin_with(of_one_moment).await?;
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM seatblock.holds WHERE number > $1 ORDER BY number LIMIT $2"
    );
    let rows: Vec<HoldRow> = query_as(sql)
        .bind(after)
        .bind(PAGE)
        .fetch_all(&mut *reading)
        .await?;
    let last = rows.last().map_or(after, |row| row.number);
    let entries: Vec<EntryRow> = query_as(
        "SELECT hold, at, fact FROM seatblock.entries WHERE hold > $1 AND hold <= $2 \
         ORDER BY hold, revision, place",
    )
    .bind(after)
    .bind(last)
    .fetch_all(&mut *reading)
    .await?;
    reading.commit().await?;
    Ok(with_entries(rows, entries))
}
