//! The statements by which one reference is loaded and stored. Each is a transaction of its own,
//! one journey to the server and back, and can happen once only, however often it is asked for.

use booking_domain::PartnerReference;
use booking_ports::{HoldCase, LedgerError};
use sqlx::FromRow;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::{Postgres, query::QueryScalar, query_as, query_scalar};

use crate::row::{BeginningRow, DerivedRow, HoldRow, Right};
use crate::seal::SealedOrder;

/// The columns of a [`HoldRow`] and a [`StoredRow`], by name: a newer version may add to them while
/// this one runs.
macro_rules! columns {
    () => {
        "number, reference, product_code, selling_price, legs, begun_at, key_id, fingerprint, \
         sealed, tenant, state, hold, deadline, ending, attempts, open_attempts, sent_at, bookings, \
         open_bookings, ticket, changed_at, keeps_order, unsettled, fence, lease_ends, owner, revision, written"
    };
}
pub(super) use columns;

/// A reference as it was read.
#[derive(FromRow)]
pub(super) struct StoredRow {
    #[sqlx(flatten)]
    pub(super) row: HoldRow,
    revision: i64,
    written: i64,
}

/// A reference as it is stored, by what a decision needs.
#[derive(Clone)]
pub(super) struct Stored {
    pub(super) case: HoldCase,
    pub(super) number: i64,
    pub(super) right: Right,
    /// Grows with each writing, so that none is made on what another has changed.
    pub(super) revision: i64,
    /// The mark of the writing that made it what it is.
    pub(super) written: i64,
}

impl StoredRow {
    pub(super) fn stored(&self) -> Result<Stored, LedgerError> {
        Ok(Stored {
            case: self.row.case()?,
            number: self.row.number,
            right: self.row.right,
            revision: self.revision,
            written: self.written,
        })
    }

    /// The mark of the writing that made it what it is.
    pub(super) fn written(&self) -> i64 {
        self.written
    }
}

pub(super) async fn load(
    connection: &mut PgConnection,
    reference: &PartnerReference,
) -> Result<Option<StoredRow>, sqlx::Error> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM seatblock.holds WHERE reference = $1"
    );
    query_as(sql)
        .bind(reference.as_str())
        .fetch_optional(connection)
        .await
}

/// What becomes of a reference.
pub(super) struct Writing {
    pub(super) derived: DerivedRow,
    pub(super) right: Right,
    pub(super) entries: Vec<(i64, String)>,
    /// Whether the order is not kept from now on.
    pub(super) drops_order: bool,
    /// A number that no other writing has, by which this one is known again.
    pub(super) mark: i64,
}

pub(super) struct NewHold {
    pub(super) beginning: BeginningRow,
    pub(super) key_id: i64,
    pub(super) fingerprint: Vec<u8>,
    pub(super) sealed: Option<SealedOrder>,
}

/// Answers its number; `None` where the reference is there already.
pub(super) async fn insert(
    connection: &mut PgConnection,
    new: &NewHold,
    writing: &Writing,
) -> Result<Option<i64>, sqlx::Error> {
    let sql = "WITH begun AS ( \
             INSERT INTO seatblock.holds (state, hold, deadline, ending, attempts, open_attempts, \
                 sent_at, bookings, open_bookings, ticket, changed_at, keeps_order, unsettled, \
                 fence, lease_ends, owner, written, revision, reference, product_code, \
                 selling_price, legs, begun_at, key_id, fingerprint, sealed, tenant, trip, \
                 return_trip) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
                 1, $20, $21, $22, $23, $24, $25, $26, $27::bytea IS NOT NULL, \
                 $29, $30, $31) \
             ON CONFLICT (reference) DO NOTHING \
             RETURNING number \
         ), told AS ( \
             INSERT INTO seatblock.entries (hold, revision, place, at, fact) \
             SELECT number, 1, place, at, fact \
             FROM begun, unnest($18::bigint[], $19::text[]) WITH ORDINALITY AS it (at, fact, place) \
         ), kept AS ( \
             INSERT INTO seatblock.sealed_orders (hold, key_id, row_key, body) \
             SELECT number, $25, $27, $28::bytea FROM begun WHERE $27 IS NOT NULL \
         ) \
         SELECT number FROM begun";
    let beginning = &new.beginning;
    let sealed = new.sealed.as_ref();
    let statement = bind(query_scalar(sql), writing)
        .bind(beginning.reference.as_str())
        .bind(beginning.product_code.as_str())
        .bind(beginning.selling_price)
        .bind(beginning.legs.as_str())
        .bind(beginning.begun_at)
        .bind(new.key_id)
        .bind(new.fingerprint.as_slice())
        .bind(sealed.map(|sealed| sealed.row_key.as_slice()))
        .bind(sealed.map(|sealed| sealed.body.as_slice()))
        .bind(beginning.tenant.as_deref())
        .bind(beginning.trip)
        .bind(beginning.return_trip);
    committed(connection, statement).await
}

macro_rules! update {
    () => {
        "WITH changed AS ( \
             UPDATE seatblock.holds SET state = $1, hold = $2, deadline = $3, ending = $4, \
                 attempts = $5, open_attempts = $6, sent_at = $7, bookings = $8, \
                 open_bookings = $9, ticket = $10, changed_at = $11, keeps_order = $12, \
                 unsettled = $13, fence = $14, lease_ends = $15, owner = $16, written = $17, \
                 revision = revision + 1 \
             WHERE number = $20 AND revision = $21 \
             RETURNING number, revision \
         ), told AS ( \
             INSERT INTO seatblock.entries (hold, revision, place, at, fact) \
             SELECT number, revision, place, at, fact \
             FROM changed, unnest($18::bigint[], $19::text[]) WITH ORDINALITY AS it (at, fact, place) \
         )"
    };
}

/// Answers its number; `None` where it is not at `revision` any more.
pub(super) async fn update(
    connection: &mut PgConnection,
    number: i64,
    revision: i64,
    writing: &Writing,
) -> Result<Option<i64>, sqlx::Error> {
    // Most keep what there is of an order, or have none, and need not look for it.
    let sql = if writing.drops_order {
        concat!(
            update!(),
            ", gone AS (DELETE FROM seatblock.sealed_orders \
             WHERE hold = (SELECT number FROM changed)) SELECT number FROM changed"
        )
    } else {
        concat!(update!(), " SELECT number FROM changed")
    };
    let statement = bind(query_scalar(sql), writing).bind(number).bind(revision);
    committed(connection, statement).await
}

type Statement<'q> = QueryScalar<'q, Postgres, i64, PgArguments>;

/// The server sends what a statement answers before it commits. Only the end of its whole reply says
/// that it did.
async fn committed(
    connection: &mut PgConnection,
    statement: Statement<'_>,
) -> Result<Option<i64>, sqlx::Error> {
    #[cfg(feature = "kill-points")]
    crate::kill_points::pass("ledger.commit");
    Ok(statement.fetch_all(connection).await?.pop())
}

/// What both statements write, in the order in which both number it.
fn bind<'q>(statement: Statement<'q>, writing: &'q Writing) -> Statement<'q> {
    let (derived, right) = (&writing.derived, &writing.right);
    let at: Vec<i64> = writing.entries.iter().map(|(at, _)| *at).collect();
    let facts: Vec<&str> = writing
        .entries
        .iter()
        .map(|(_, fact)| fact.as_str())
        .collect();
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
        .bind(writing.mark)
        .bind(at)
        .bind(facts)
}
