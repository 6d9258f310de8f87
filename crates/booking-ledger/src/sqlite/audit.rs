//! Whether a file is sound, and a copy of it for others.

use std::io::Write;

use booking_ports::LedgerError;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, query_as, query_scalar};

use super::SqliteLedger;
use crate::audit::{self, Checked, Hold, PAGE, with_entries};
use crate::error::unavailable;
use crate::row::{EntryRow, HoldRow, unsigned};
use crate::store::LedgerPosition;

impl SqliteLedger {
    /// How far it has come.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: it could not be read.
    ///
    /// ```
    /// # use booking_ledger::SqliteLedger;
    /// # use booking_ports::LedgerError;
    /// async fn latest(ledger: &SqliteLedger) -> Result<u64, LedgerError> {
    ///     Ok(ledger.position().await?.latest)
    /// }
    /// ```
    pub async fn position(&self) -> Result<LedgerPosition, LedgerError> {
        let sql = "SELECT id, coalesce((SELECT max(number) FROM holds), 0) FROM identity";
        let (ledger, latest): (String, i64) = query_as(sql)
            .fetch_one(&self.readers)
            .await
            .map_err(unavailable)?;
        Ok(LedgerPosition {
            ledger,
            latest: unsigned(latest)?,
        })
    }

    /// Looks whether the file is whole, and whether every record is what follows from its entries.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: it could not be looked at. What is wrong with it is no error here.
    ///
    /// ```
    /// # use booking_ledger::SqliteLedger;
    /// async fn is_sound(ledger: &SqliteLedger) -> bool {
    ///     ledger.check().await.is_ok_and(|checked| checked.is_sound())
    /// }
    /// ```
    pub async fn check(&self) -> Result<Checked, LedgerError> {
        let mut checked = Checked::default();
        let mut connection = self.readers.acquire().await.map_err(unavailable)?;
        let whole: Vec<String> = query_scalar("PRAGMA integrity_check")
            .fetch_all(&mut *connection)
            .await
            .map_err(unavailable)?;
        if whole != ["ok"] {
            checked.faults.extend(whole);
        }
        let mut after = 0;
        loop {
            let page = page(&mut connection, after).await?;
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
    /// # use booking_ledger::SqliteLedger;
    /// # use booking_ports::LedgerError;
    /// async fn copy(ledger: &SqliteLedger) -> Result<Vec<u8>, LedgerError> {
    ///     let mut lines = Vec::new();
    ///     ledger.export(&mut lines).await?;
    ///     Ok(lines)
    /// }
    /// ```
    pub async fn export<W: Write + Send>(&self, out: &mut W) -> Result<u64, LedgerError> {
        let mut connection = self.readers.acquire().await.map_err(unavailable)?;
        let (mut after, mut count) = (0, 0);
        loop {
            let page = page(&mut connection, after).await?;
            let Some((last, _)) = page.last() else {
                return Ok(count);
            };
            after = last.number;
            count += audit::export(&page, out)?;
        }
    }
}

/// The next references with their entries, as both were at one moment.
async fn page(connection: &mut SqliteConnection, after: i64) -> Result<Vec<Hold>, LedgerError> {
    let mut reading = connection.begin().await.map_err(unavailable)?;
    let rows: Vec<HoldRow> =
        query_as("SELECT * FROM holds WHERE number > ? ORDER BY number LIMIT ?")
            .bind(after)
            .bind(PAGE)
            .fetch_all(&mut *reading)
            .await
            .map_err(unavailable)?;
    let last = rows.last().map_or(after, |row| row.number);
    let entries: Vec<EntryRow> = query_as(
        "SELECT hold, at, fact FROM entries WHERE hold > ? AND hold <= ? ORDER BY hold, place",
    )
    .bind(after)
    .bind(last)
    .fetch_all(&mut *reading)
    .await
    .map_err(unavailable)?;
    reading.commit().await.map_err(unavailable)?;

    Ok(with_entries(rows, entries))
}
