//! What is read without any decision.

use booking_domain::{BlockOrder, PartnerReference};
use booking_ports::{Entry, LedgerError, Listed, Listing, Page};
use sqlx::{AssertSqlSafe, query_as, query_scalar};

use super::connections::Connections;
use super::store::columns;
use crate::keyring::Keyring;
use crate::listing::{Dialect, bind_all, time_of};
use crate::row::{EntryRow, HoldRow, OrderRow, signed};

pub(super) async fn story(
    connections: &Connections,
    reference: &PartnerReference,
) -> Result<Vec<Entry>, LedgerError> {
    let sql = "SELECT hold, at, fact FROM seatblock.entries \
         WHERE hold = (SELECT number FROM seatblock.holds WHERE reference = $1) \
         ORDER BY revision, place";
    let rows: Vec<EntryRow> = connections
        .ask(|mut on| async move {
            let query = query_as(sql).bind(reference.as_str());
            let rows = query.fetch_all(&mut on).await;
            (on, rows)
        })
        .await?;
    rows.iter().map(EntryRow::entry).collect()
}

const DIALECT: Dialect = Dialect {
    columns: columns!(),
    holds: "seatblock.holds",
    unsettled: "unsettled",
    settled: "NOT unsettled",
    keeps_order: "keeps_order",
    names_indexes: false,
};

pub(super) async fn list(
    connections: &Connections,
    listing: &Listing,
    page: Page,
) -> Result<Listed, LedgerError> {
    let time = match (time_of(listing.which), page.after) {
        (Some(column), Some(after)) => time(connections, column, after).await?,
        _ => 0,
    };
    let statement = &DIALECT.list(listing, page, time);
    let rows: Vec<HoldRow> = connections
        .ask(|mut on| async move {
            // Of constants and placeholders; there are few such texts.
            let query = query_as(AssertSqlSafe(statement.sql.as_str()));
            let rows = bind_all!(query, &statement.values).fetch_all(&mut on).await;
            (on, rows)
        })
        .await?;
    Ok(Listed::of(rows.iter().map(HoldRow::listed)))
}

/// Where the record `after` stands in a list that goes by a time: it may have left the list since.
async fn time(
    connections: &Connections,
    column: &'static str,
    after: u64,
) -> Result<i64, LedgerError> {
    let sql = &format!("SELECT {column} FROM seatblock.holds WHERE number = $1");
    let time: Option<Option<i64>> = connections
        .ask(|mut on| async move {
            let query = query_scalar(AssertSqlSafe(sql.as_str())).bind(signed(after));
            let time = query.fetch_optional(&mut on).await;
            (on, time)
        })
        .await?;
    Ok(time.flatten().unwrap_or(i64::MIN))
}

pub(super) async fn order(
    connections: &Connections,
    keyring: &Keyring,
    reference: &PartnerReference,
) -> Result<Option<BlockOrder>, LedgerError> {
    let sql = "SELECT begun_at, tenant, kept.key_id, row_key, body \
         FROM seatblock.sealed_orders AS kept \
         JOIN seatblock.holds ON number = kept.hold WHERE reference = $1";
    let row: Option<OrderRow> = connections
        .ask(|mut on| async move {
            let query = query_as(sql).bind(reference.as_str());
            let row = query.fetch_optional(&mut on).await;
            (on, row)
        })
        .await?;
    row.map(|row| row.order(keyring, reference)).transpose()
}
