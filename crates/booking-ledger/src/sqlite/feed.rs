//! What changes in a file, in the order in which it was committed.

use async_trait::async_trait;
use booking_ports::{Change, FeedPosition, HoldFeed, LedgerError};
use sqlx::{query_as, query_scalar};

use super::SqliteLedger;
use crate::error::unavailable;
use crate::row::{ChangeRow, signed, unsigned};

#[async_trait]
impl HoldFeed for SqliteLedger {
    async fn latest(&self) -> Result<FeedPosition, LedgerError> {
        let sql = "SELECT coalesce(max(position), 0) FROM entries WHERE position > 0";
        let latest: i64 = query_scalar(sql)
            .fetch_one(&self.readers)
            .await
            .map_err(unavailable)?;
        Ok(FeedPosition::new(unsigned(latest)?))
    }

    async fn after(&self, position: FeedPosition, limit: u32) -> Result<Vec<Change>, LedgerError> {
        let sql = "SELECT position, at, fact, holds.* \
             FROM entries INDEXED BY entries_by_position JOIN holds ON number = entries.hold \
             WHERE position > 0 AND position > ? ORDER BY position LIMIT ?";
        let rows: Vec<ChangeRow> = query_as(sql)
            .bind(signed(position.get()))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        Ok(rows.iter().filter_map(ChangeRow::shown).collect())
    }

    async fn changed(&self, position: FeedPosition) -> Result<(), LedgerError> {
        let follows = || async move { Ok(self.latest().await? > position) };
        self.bell.wait(follows).await
    }
}
