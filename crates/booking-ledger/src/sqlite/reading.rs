//! What is read without waiting for the writer.

use booking_domain::{BlockOrder, PartnerReference};
use booking_ports::{Entry, HoldRecord, LedgerError, Listed, Listing, Page};
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, query_as};

use crate::error::unavailable;
use crate::keyring::Keyring;
use crate::listing::{Dialect, Statement, bind_all, time_of};
use crate::row::{EntryRow, HoldRow, OrderRow, signed};

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

const DIALECT: Dialect = Dialect {
    columns: "*",
    holds: "holds",
    unsettled: "unsettled = 1",
    settled: "unsettled = 0",
    keeps_order: "keeps_order = 1",
    names_indexes: true,
};

pub(super) async fn list(
    readers: &SqlitePool,
    listing: &Listing,
    page: Page,
) -> Result<Listed, LedgerError> {
    let time = match (time_of(listing.which), page.after) {
        (Some(column), Some(after)) => time(readers, column, after).await?,
        _ => 0,
    };
    let Statement { sql, values } = DIALECT.list(listing, page, time);
    // Of constants and placeholders; there are few such texts.
    let query = query_as(AssertSqlSafe(sql));
    let rows: Vec<HoldRow> = bind_all!(query, &values)
        .fetch_all(readers)
        .await
        .map_err(unavailable)?;
    Ok(Listed::of(rows.iter().map(HoldRow::listed)))
}

/// Where the record `after` stands in a list that goes by a time: it may have left the list since.
async fn time(readers: &SqlitePool, column: &'static str, after: u64) -> Result<i64, LedgerError> {
    let sql = format!("SELECT {column} FROM holds WHERE number = ?");
    let time: Option<Option<i64>> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(signed(after))
        .fetch_optional(readers)
        .await
        .map_err(unavailable)?;
    Ok(time.flatten().unwrap_or(i64::MIN))
}

pub(super) async fn order(
    readers: &SqlitePool,
    keyring: &Keyring,
    reference: &PartnerReference,
) -> Result<Option<BlockOrder>, LedgerError> {
    let sql = "SELECT begun_at, tenant, sealed_orders.key_id, row_key, body FROM sealed_orders \
         JOIN holds ON holds.number = sealed_orders.hold WHERE reference = ?";
    let row: Option<OrderRow> = query_as(sql)
        .bind(reference.as_str())
        .fetch_optional(readers)
        .await
        .map_err(unavailable)?;
    row.map(|row| row.order(keyring, reference)).transpose()
}

#[cfg(test)]
mod tests {
    use booking_domain::{Tenant, TripId};
    use booking_ports::Which;
    use sqlx::ConnectOptions as _;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

    use super::super::connect::MIGRATIONS;
    use super::*;

    async fn plan(connection: &mut SqliteConnection, listing: &Listing, page: Page) -> Vec<String> {
        let Statement { sql, values } = DIALECT.list(listing, page, 7);
        let query = query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
        let steps: Vec<(i64, i64, i64, String)> = bind_all!(query, &values)
            .fetch_all(connection)
            .await
            .unwrap();
        steps.into_iter().map(|step| step.3).collect()
    }

    /// Whether this step of a plan goes along an index from a place in it.
    fn is_cheap(step: &str, listing: &Listing, page: Page) -> bool {
        let begins = page.after.is_none() && listing.tenant.is_none() && listing.trip.is_none();
        let whole_index = [
            "holds",
            "holds USING INDEX holds_unsettled",
            "holds USING INDEX holds_by_deadline",
            "holds USING INDEX holds_ended",
        ];
        match step.strip_prefix("SCAN ") {
            // From the end of what is all listed, as far as the page goes.
            Some(scanned) if begins && whole_index.contains(&scanned) => true,
            // What was found along two ways.
            Some(scanned) => ["one", "other", "listed"].contains(&scanned),
            None => true,
        }
    }

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
        let moment = time::OffsetDateTime::UNIX_EPOCH;
        let kinds = [
            Which::All,
            Which::State("held"),
            Which::State("sending"),
            Which::Unsettled,
            Which::NextToExpire,
            Which::EndedBefore(moment),
            Which::Live(moment),
        ];
        for turn in 0..kinds.len() * 16 {
            let page = Page {
                after: (turn & 1 == 1).then_some(9),
                limit: 20,
            };
            let listing = Listing {
                which: kinds[turn / 16],
                newest_first: turn & 2 == 2,
                tenant: Tenant::new("acme").ok().filter(|_| turn & 4 == 4),
                trip: TripId::new(7).ok().filter(|_| turn & 8 == 8),
            };
            let steps = plan(&mut connection, &listing, page).await;
            for step in &steps {
                assert!(is_cheap(step, &listing, page), "{listing:?}: {steps:#?}");
            }
            // What is of two lists is put in order; of one it comes in order.
            let of_two = listing.trip.is_some() || matches!(listing.which, Which::Live(_));
            assert!(of_two || steps.len() == 1, "{listing:?}: {steps:#?}");
        }
    }
}
