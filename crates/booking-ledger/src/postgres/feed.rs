//! What changes on a server, whoever changes it.
//!
//! Transactions do not end in the order in which they began. So the feed goes by the number of the
//! transaction that wrote an entry, and shows only those before which none runs any more: nothing
//! can come in before them.

use async_trait::async_trait;
use booking_ports::{Change, FeedPosition, HoldFeed, LedgerError};
use sqlx::{query_as, query_scalar};

use super::PostgresLedger;
use super::store::columns;
use crate::row::{ChangeRow, signed, unsigned};

/// A position is the transaction's number, and in its last digits the place among the entries of that
/// transaction, of which there are few.
const PLACES: i64 = 256;

/// Up to here, and not to this itself, everything has ended.
macro_rules! ended {
    () => {
        "turn < (SELECT feed_ahead + pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
             FROM seatblock.version)"
    };
}

#[async_trait]
impl HoldFeed for PostgresLedger {
    async fn latest(&self) -> Result<FeedPosition, LedgerError> {
        let sql = concat!(
            "SELECT turn * 256 + place FROM seatblock.entries WHERE turn IS NOT NULL AND ",
            ended!(),
            " ORDER BY turn DESC, place DESC LIMIT 1"
        );
        let latest: Option<i64> = self
            .connections
            .ask(|mut on| async move {
                let latest = query_scalar(sql).fetch_optional(&mut on).await;
                (on, latest)
            })
            .await?;
        Ok(FeedPosition::new(unsigned(latest.unwrap_or_default())?))
    }

    async fn after(&self, position: FeedPosition, limit: u32) -> Result<Vec<Change>, LedgerError> {
        let sql = concat!(
            "SELECT turn * 256 + place AS position, at, fact, ",
            columns!(),
            " FROM (SELECT turn, place, at, fact, hold AS of_hold FROM seatblock.entries \
             WHERE (turn, place) > ($1, $2) AND ",
            ended!(),
            " ORDER BY turn, place LIMIT $3) AS told \
             JOIN seatblock.holds ON number = of_hold ORDER BY turn, place"
        );
        let position = signed(position.get());
        let rows: Vec<ChangeRow> = self
            .connections
            .ask(|mut on| async move {
                let rows = query_as(sql)
                    .bind(position / PLACES)
                    .bind(position % PLACES)
                    .bind(i64::from(limit))
                    .fetch_all(&mut on)
                    .await;
                (on, rows)
            })
            .await?;
        Ok(rows.iter().filter_map(ChangeRow::shown).collect())
    }

    async fn changed(&self, position: FeedPosition) -> Result<(), LedgerError> {
        let follows = || async move { Ok(self.latest().await? > position) };
        self.bell.wait(follows).await
    }
}
