//! The statements by which one reference is loaded and stored.

use booking_domain::PartnerReference;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Sqlite, query, query::Query};

use crate::row::{BeginningRow, DerivedRow, HoldRow, Right};
use crate::seal::SealedOrder;

pub(super) struct NewHold<'a> {
    pub(super) beginning: &'a BeginningRow,
    pub(super) key_id: i64,
    pub(super) fingerprint: &'a [u8],
    pub(super) sealed: Option<&'a SealedOrder>,
}

pub(super) async fn load(
    connection: &mut SqliteConnection,
    reference: &PartnerReference,
) -> Result<Option<HoldRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM holds WHERE reference = ?")
        .bind(reference.as_str())
        .fetch_optional(connection)
        .await
}

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    new: NewHold<'_>,
    derived: &DerivedRow,
    right: &Right,
) -> Result<i64, sqlx::Error> {
    let sql = "INSERT INTO holds (reference, product_code, selling_price, legs, begun_at, key_id, \
         fingerprint, sealed, state, hold, deadline, ending, attempts, open_attempts, sent_at, \
         bookings, open_bookings, ticket, changed_at, keeps_order, unsettled, fence, lease_ends, \
         owner) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let beginning = query(sql)
        .bind(new.beginning.reference.as_str())
        .bind(new.beginning.product_code.as_str())
        .bind(new.beginning.selling_price)
        .bind(new.beginning.legs.as_str())
        .bind(new.beginning.begun_at)
        .bind(new.key_id)
        .bind(new.fingerprint)
        .bind(new.sealed.is_some());
    let done = bind_changing(beginning, derived, right)
        .execute(&mut *connection)
        .await?;
    let number = done.last_insert_rowid();
    if let Some(sealed) = new.sealed {
        query("INSERT INTO sealed_orders (hold, key_id, row_key, body) VALUES (?, ?, ?, ?)")
            .bind(number)
            .bind(new.key_id)
            .bind(sealed.row_key.as_slice())
            .bind(sealed.body.as_slice())
            .execute(connection)
            .await?;
    }
    Ok(number)
}

pub(super) async fn update(
    connection: &mut SqliteConnection,
    number: i64,
    derived: &DerivedRow,
    right: &Right,
) -> Result<(), sqlx::Error> {
    let sql = "UPDATE holds SET state = ?, hold = ?, deadline = ?, ending = ?, attempts = ?, \
         open_attempts = ?, sent_at = ?, bookings = ?, open_bookings = ?, ticket = ?, changed_at = ?, keeps_order = ?, unsettled = ?, \
         fence = ?, lease_ends = ?, owner = ? WHERE number = ?";
    bind_changing(query(sql), derived, right)
        .bind(number)
        .execute(connection)
        .await
        .map(drop)
}

pub(super) async fn append(
    connection: &mut SqliteConnection,
    number: i64,
    at: i64,
    fact: &str,
) -> Result<(), sqlx::Error> {
    query("INSERT INTO entries (hold, at, fact) VALUES (?, ?, ?)")
        .bind(number)
        .bind(at)
        .bind(fact)
        .execute(connection)
        .await
        .map(drop)
}

pub(super) async fn delete_order(
    connection: &mut SqliteConnection,
    number: i64,
) -> Result<(), sqlx::Error> {
    query("DELETE FROM sealed_orders WHERE hold = ?")
        .bind(number)
        .execute(connection)
        .await
        .map(drop)
}

type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// What both statements write, in the order in which both name it.
fn bind_changing<'q>(
    statement: Statement<'q>,
    derived: &'q DerivedRow,
    right: &Right,
) -> Statement<'q> {
    statement
        .bind(derived.state.as_str())
        .bind(derived.hold.as_deref())
        .bind(derived.deadline)
        .bind(derived.ending.as_deref())
        .bind(derived.attempts)
        .bind(derived.open_attempts.as_str())
        .bind(derived.sent_at)
        .bind(derived.bookings)
        .bind(derived.open_bookings.as_str())
        .bind(derived.ticket.as_deref())
        .bind(derived.changed_at)
        .bind(derived.keeps_order)
        .bind(derived.unsettled)
        .bind(right.fence)
        .bind(right.lease_ends)
        .bind(right.owner)
}
