//! What is read without waiting for the writer.

use booking_domain::{BlockOrder, PartnerReference, day_in_jakarta};
use booking_ports::{Entry, HoldRecord, LedgerError, Page, Which};
use sqlx::query_as;
use sqlx::sqlite::SqlitePool;

use crate::error::unavailable;
use crate::keyring::Keyring;
use crate::moment::{from_millis, to_millis};
use crate::row::{EntryRow, HoldRow, signed};
use crate::seal::SealedOrder;

pub(super) async fn find(
    readers: &SqlitePool,
    reference: &PartnerReference,
) -> Result<Option<HoldRecord>, LedgerError> {
    let row: Option<HoldRow> = query_as("SELECT * FROM holds WHERE reference = ?")
        .bind(reference.as_str())
        .fetch_optional(readers)
        .await
        .map_err(unavailable)?;
    row.map(|row| row.record()).transpose()
}

pub(super) async fn story(
    readers: &SqlitePool,
    reference: &PartnerReference,
) -> Result<Vec<Entry>, LedgerError> {
    let sql = "SELECT hold, at, fact FROM entries \
         WHERE hold = (SELECT number FROM holds WHERE reference = ?) ORDER BY place";
    let rows: Vec<EntryRow> = query_as(sql)
        .bind(reference.as_str())
        .fetch_all(readers)
        .await
        .map_err(unavailable)?;
    rows.iter().map(EntryRow::entry).collect()
}

pub(super) async fn list(
    readers: &SqlitePool,
    which: Which,
    page: Page,
) -> Result<Vec<HoldRecord>, LedgerError> {
    let after = page.after.map_or(-1, signed);
    let query = query_as(listing(which));
    let query = match which {
        Which::All | Which::Unsettled => query,
        Which::State(name) => query.bind(name),
        Which::NextToExpire => {
            let place = "SELECT deadline FROM holds WHERE number = ?";
            query.bind(self::place(readers, place, after).await?)
        }
        Which::EndedBefore(moment) => {
            let place = "SELECT changed_at FROM holds WHERE number = ?";
            query
                .bind(to_millis(moment))
                .bind(self::place(readers, place, after).await?)
        }
    };
    let rows: Vec<HoldRow> = query
        .bind(after)
        .bind(i64::from(page.limit))
        .fetch_all(readers)
        .await
        .map_err(unavailable)?;
    rows.iter().map(HoldRow::record).collect()
}

/// Where the record `after` stands in a list that goes by a time: it may have left the list since.
async fn place(readers: &SqlitePool, sql: &'static str, after: i64) -> Result<i64, LedgerError> {
    let time: Option<Option<i64>> = sqlx::query_scalar(sql)
        .bind(after)
        .fetch_optional(readers)
        .await
        .map_err(unavailable)?;
    Ok(time.flatten().unwrap_or(i64::MIN))
}

/// Each goes along an index, so that a page costs the same however long the list is.
fn listing(which: Which) -> &'static str {
    match which {
        Which::All => "SELECT * FROM holds WHERE number > ? ORDER BY number LIMIT ?",
        Which::State("sending") => {
            "SELECT * FROM holds WHERE unsettled = 1 AND state = ? AND number > ? \
             ORDER BY number LIMIT ?"
        }
        Which::State(_) => {
            "SELECT * FROM holds WHERE state <> 'sending' AND state = ? AND number > ? \
             ORDER BY number LIMIT ?"
        }
        Which::Unsettled => {
            "SELECT * FROM holds WHERE unsettled = 1 AND number > ? ORDER BY number LIMIT ?"
        }
        // Left to itself, SQLite would take the index of states and sort all that are held.
        Which::NextToExpire => {
            "SELECT * FROM holds INDEXED BY holds_by_deadline \
             WHERE state = 'held' AND unsettled = 0 AND (deadline, number) > (?, ?) \
             ORDER BY deadline, number LIMIT ?"
        }
        Which::EndedBefore(_) => {
            "SELECT * FROM holds INDEXED BY holds_ended \
             WHERE keeps_order = 1 AND unsettled = 0 \
             AND state IN ('refused', 'not sent', 'booked', 'expired') \
             AND changed_at < ? AND (changed_at, number) > (?, ?) \
             ORDER BY changed_at, number LIMIT ?"
        }
    }
}

pub(super) async fn order(
    readers: &SqlitePool,
    keyring: &Keyring,
    reference: &PartnerReference,
) -> Result<Option<BlockOrder>, LedgerError> {
    let sql = "SELECT begun_at, sealed_orders.key_id, row_key, body FROM sealed_orders \
         JOIN holds ON holds.number = sealed_orders.hold WHERE reference = ?";
    let row: Option<(i64, i64, Vec<u8>, Vec<u8>)> = query_as(sql)
        .bind(reference.as_str())
        .fetch_optional(readers)
        .await
        .map_err(unavailable)?;
    let Some((begun_at, key_id, row_key, body)) = row else {
        return Ok(None);
    };
    // The rules of an order depend on the day, and it was valid on that one.
    let day = day_in_jakarta(from_millis(begun_at)?);
    let sealed = SealedOrder { row_key, body };
    keyring.open(key_id, reference, &sealed, day).map(Some)
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{AssertSqlSafe, ConnectOptions as _};

    use super::super::connect::MIGRATIONS;
    use super::*;

    #[tokio::test]
    async fn no_list_is_searched_from_end_to_end_or_sorted() {
        let options = SqliteConnectOptions::new().in_memory(true);
        let mut connection = options.connect().await.unwrap();
        for migration in MIGRATIONS {
            sqlx::raw_sql(*migration)
                .execute(&mut connection)
                .await
                .unwrap();
        }
        for which in [
            Which::All,
            Which::State("held"),
            Which::State("sending"),
            Which::Unsettled,
            Which::NextToExpire,
            Which::EndedBefore(time::OffsetDateTime::UNIX_EPOCH),
        ] {
            let explain = format!("EXPLAIN QUERY PLAN {}", listing(which));
            let steps: Vec<(i64, i64, i64, String)> = query_as(AssertSqlSafe(explain))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            assert_eq!(steps.len(), 1, "{which:?}: {steps:?}");
            assert!(steps[0].3.starts_with("SEARCH"), "{which:?}: {steps:?}");
        }
    }
}
