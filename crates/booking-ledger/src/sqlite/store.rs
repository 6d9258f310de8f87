//! The statements by which references are loaded and stored.
//!
//! Each call crosses to the database's own thread and back, which takes about as long as the work
//! itself; so a transaction is begun with its reading, and ended with its last writing.

use booking_domain::PartnerReference;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{AssertSqlSafe, Sqlite, query, query_as};

use crate::row::{BeginningRow, DerivedRow, HoldRow, Right};
use crate::seal::SealedOrder;

const INSERT: &str = "INSERT INTO holds (reference, product_code, selling_price, legs, begun_at, \
     key_id, fingerprint, sealed, state, hold, deadline, ending, attempts, open_attempts, sent_at, \
     bookings, open_bookings, ticket, changed_at, keeps_order, unsettled, fence, lease_ends, owner) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
/// A hold's number is the row's, and so it stays until entries are appended.
const INSERT_SEALED: &str = "; INSERT INTO sealed_orders (hold, key_id, row_key, body) VALUES (last_insert_rowid(), ?, ?, ?)";
const UPDATE: &str = "UPDATE holds SET state = ?, hold = ?, deadline = ?, ending = ?, attempts = ?, \
     open_attempts = ?, sent_at = ?, bookings = ?, open_bookings = ?, ticket = ?, changed_at = ?, \
     keeps_order = ?, unsettled = ?, fence = ?, lease_ends = ?, owner = ? WHERE number = ?";
const DELETE_SEALED: &str = "; DELETE FROM sealed_orders WHERE hold = ?";
const APPEND: &str =
    "; INSERT INTO entries (hold, at, fact) SELECT number, ?, ? FROM holds WHERE reference = ?";
#[cfg(not(feature = "kill-points"))]
const COMMIT: &str = "; COMMIT";

/// What is stored of one reference.
pub(super) struct Writing {
    pub(super) reference: PartnerReference,
    pub(super) change: Change,
    pub(super) derived: DerivedRow,
    pub(super) right: Right,
    /// When, and what, oldest first.
    pub(super) entries: Vec<(i64, String)>,
}

pub(super) enum Change {
    Begin {
        beginning: BeginningRow,
        key_id: i64,
        fingerprint: Vec<u8>,
        sealed: Option<SealedOrder>,
    },
    GoOn {
        number: i64,
        /// Whether its order is to be gone.
        shred: bool,
    },
}

/// Begins a transaction, and reads what is there of these references.
pub(super) async fn begin(
    connection: &mut SqliteConnection,
    references: &[&PartnerReference],
) -> Result<Vec<HoldRow>, sqlx::Error> {
    if let [reference] = references {
        return query_as("BEGIN IMMEDIATE; SELECT * FROM holds WHERE reference = ?")
            .bind(reference.as_str())
            .fetch_all(connection)
            .await;
    }
    let texts: Vec<&str> = references.iter().map(|it| it.as_str()).collect();
    let texts = serde_json::to_string(&texts).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let sql = "BEGIN IMMEDIATE; \
         SELECT * FROM holds WHERE reference IN (SELECT value FROM json_each(?))";
    query_as(sql).bind(texts).fetch_all(connection).await
}

/// Stores it all.
#[cfg(feature = "kill-points")]
pub(super) async fn write(
    connection: &mut SqliteConnection,
    writings: &[Writing],
) -> Result<(), sqlx::Error> {
    for writing in writings {
        write_one(&mut *connection, writing, "").await?;
    }
    Ok(())
}

/// Stores it all and commits.
#[cfg(not(feature = "kill-points"))]
pub(super) async fn commit(
    connection: &mut SqliteConnection,
    writings: &[Writing],
) -> Result<(), sqlx::Error> {
    let Some((last, others)) = writings.split_last() else {
        return query("COMMIT").execute(connection).await.map(drop);
    };
    for writing in others {
        write_one(&mut *connection, writing, "").await?;
    }
    write_one(connection, last, COMMIT).await
}

async fn write_one(
    connection: &mut SqliteConnection,
    writing: &Writing,
    then: &str,
) -> Result<(), sqlx::Error> {
    let (first, second) = match &writing.change {
        Change::Begin { sealed: None, .. } => (INSERT, ""),
        Change::Begin { .. } => (INSERT, INSERT_SEALED),
        Change::GoOn { shred: false, .. } => (UPDATE, ""),
        Change::GoOn { .. } => (UPDATE, DELETE_SEALED),
    };
    let sql = [first, second, &APPEND.repeat(writing.entries.len()), then].concat();
    // Of constants only; there are few such texts, and the connection keeps each prepared.
    let mut statement = query(AssertSqlSafe(sql));
    if let Change::Begin {
        beginning,
        key_id,
        fingerprint,
        sealed,
    } = &writing.change
    {
        statement = statement
            .bind(beginning.reference.as_str())
            .bind(beginning.product_code.as_str())
            .bind(beginning.selling_price)
            .bind(beginning.legs.as_str())
            .bind(beginning.begun_at)
            .bind(key_id)
            .bind(fingerprint.as_slice())
            .bind(sealed.is_some());
    }
    statement = bind_changing(statement, &writing.derived, &writing.right);
    match &writing.change {
        Change::Begin { sealed: None, .. } => {}
        Change::Begin {
            key_id,
            sealed: Some(sealed),
            ..
        } => {
            statement = statement
                .bind(key_id)
                .bind(sealed.row_key.as_slice())
                .bind(sealed.body.as_slice());
        }
        Change::GoOn { number, shred } => {
            statement = statement.bind(number);
            if *shred {
                statement = statement.bind(number);
            }
        }
    }
    for (at, fact) in &writing.entries {
        statement = statement
            .bind(at)
            .bind(fact.as_str())
            .bind(writing.reference.as_str());
    }
    statement.execute(connection).await.map(drop)
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
