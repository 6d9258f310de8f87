//! What is read without any decision.

use booking_domain::{BlockOrder, PartnerReference, day_in_jakarta};
use booking_ports::{Entry, HoldRecord, LedgerError, Page, Which};
use sqlx::query_as;

use super::connections::Connections;
use super::store::columns;
use crate::keyring::Keyring;
use crate::moment::{from_millis, to_millis};
use crate::row::{EntryRow, HoldRow, signed};
use crate::seal::SealedOrder;

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

pub(super) async fn list(
    connections: &Connections,
    which: Which,
    page: Page,
) -> Result<Vec<HoldRecord>, LedgerError> {
    let after = page.after.map_or(-1, signed);
    let rows: Vec<HoldRow> = connections
        .ask(|mut on| async move {
            let query = query_as(listing(which));
            let query = match which {
                Which::State(name) => query.bind(name),
                Which::EndedBefore(moment) => query.bind(to_millis(moment)),
                Which::All | Which::Unsettled | Which::NextToExpire => query,
            };
            let query = query.bind(after).bind(i64::from(page.limit));
            let rows = query.fetch_all(&mut on).await;
            (on, rows)
        })
        .await?;
    rows.iter().map(HoldRow::record).collect()
}

/// Each goes along an index, so that a page costs the same however long the list is.
fn listing(which: Which) -> &'static str {
    match which {
        Which::All => concat!(
            "SELECT ",
            columns!(),
            " FROM seatblock.holds WHERE number > $1 ORDER BY number LIMIT $2"
        ),
        Which::State(_) => concat!(
            "SELECT ",
            columns!(),
            " FROM seatblock.holds WHERE state = $1 AND number > $2 ORDER BY state, number LIMIT $3"
        ),
        Which::Unsettled => concat!(
            "SELECT ",
            columns!(),
            " FROM seatblock.holds WHERE unsettled AND number > $1 ORDER BY number LIMIT $2"
        ),
        // The last one's own deadline, whether or not it has left the list.
        Which::NextToExpire => concat!(
            "SELECT ",
            columns!(),
            " FROM seatblock.holds WHERE state = 'held' AND NOT unsettled \
             AND (deadline, number) > (coalesce((SELECT deadline FROM seatblock.holds \
             WHERE number = $1), -9223372036854775808), $1) \
             ORDER BY deadline, number LIMIT $2"
        ),
        Which::EndedBefore(_) => concat!(
            "SELECT ",
            columns!(),
            " FROM seatblock.holds WHERE keeps_order AND NOT unsettled \
             AND state IN ('refused', 'not sent', 'booked', 'expired') AND changed_at < $1 \
             AND (changed_at, number) > (coalesce((SELECT changed_at FROM seatblock.holds \
             WHERE number = $2), -9223372036854775808), $2) \
             ORDER BY changed_at, number LIMIT $3"
        ),
    }
}

pub(super) async fn order(
    connections: &Connections,
    keyring: &Keyring,
    reference: &PartnerReference,
) -> Result<Option<BlockOrder>, LedgerError> {
    let sql = "SELECT begun_at, kept.key_id, row_key, body FROM seatblock.sealed_orders AS kept \
         JOIN seatblock.holds ON number = kept.hold WHERE reference = $1";
    let row: Option<(i64, i64, Vec<u8>, Vec<u8>)> = connections
        .ask(|mut on| async move {
            let query = query_as(sql).bind(reference.as_str());
            let row = query.fetch_optional(&mut on).await;
            (on, row)
        })
        .await?;
    let Some((begun_at, key_id, row_key, body)) = row else {
        return Ok(None);
    };
    // The rules of an order depend on the day, and it was valid on that one.
    let day = day_in_jakarta(from_millis(begun_at)?);
    let sealed = SealedOrder { row_key, body };
    keyring.open(key_id, reference, &sealed, day).map(Some)
}
