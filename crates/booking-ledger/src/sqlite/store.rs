//! The statements by which references are loaded and stored.
//!
//! Each call crosses to the database's own thread and back, which takes about as long as the work
//! itself; so a transaction is begun with its reading, and ended with its last writing, and one
//! that can be guessed is all one call. So are several writings of one shape.

use std::iter;

use booking_domain::PartnerReference;
use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments as _, AssertSqlSafe, query_as, query_with};

use crate::row::{BeginningRow, DerivedRow, HoldRow, Right};
use crate::seal::SealedOrder;

const INSERT: &str = "INSERT INTO holds (reference, product_code, selling_price, legs, begun_at, \
     tenant, trip, return_trip, key_id, fingerprint, sealed, state, hold, deadline, ending, attempts, open_attempts, sent_at, \
     bookings, open_bookings, ticket, changed_at, keeps_order, unsettled, fence, lease_ends, owner) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const UPDATE: &str = "UPDATE holds SET state = ?, hold = ?, deadline = ?, ending = ?, attempts = ?, \
     open_attempts = ?, sent_at = ?, bookings = ?, open_bookings = ?, ticket = ?, changed_at = ?, \
     keeps_order = ?, unsettled = ?, fence = ?, lease_ends = ?, owner = ?, revision = revision + 1 \
     WHERE number = ?";

/// A hold's number is the row's, and so it stays until entries are appended.
const SEAL: &str = "; INSERT INTO sealed_orders (hold, key_id, row_key, body) \
     SELECT last_insert_rowid(), ?, ?, ?";
const SHRED: &str = "; DELETE FROM sealed_orders WHERE hold = ?";
/// One writes at a time, so positions are committed in their order.
const APPEND: &str = "; INSERT INTO entries (hold, place, position, at, fact) \
     SELECT number, (SELECT coalesce(max(place), 0) + 1 FROM entries WHERE hold = number), \
     (SELECT coalesce(max(position), 0) + 1 FROM entries WHERE position > 0), ?, ? \
     FROM holds WHERE reference = ?";

/// After a writing on a guess: whether it was right is told by its row, and each of the statements
/// that follow looks whether the one before it changed something.
const IF_NEW: &str = " ON CONFLICT (reference) DO NOTHING RETURNING number";
const IF_SAME: &str = " AND revision = ? RETURNING number";
const AND_SEAL: &str = " WHERE changes() = 1";
const AND_APPEND: &str = " AND changes() = 1";

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
        beginning: Box<BeginningRow>,
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

/// So many of one shape are stored in one call: all that stand here are prepared once and kept, and
/// one for every number there can be would not be.
const AT_ONCE: [usize; 4] = [8, 4, 2, 1];

/// Stores it all, in any order, and commits where that is said.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    writings: &[Writing],
    then: &'static str,
) -> Result<(), sqlx::Error> {
    let mut sorted: Vec<&Writing> = writings.iter().collect();
    sorted.sort_by_key(|writing| shape(writing));
    let calls = in_calls(&sorted);
    let Some((last, others)) = calls.split_last() else {
        return query_with(then, SqliteArguments::default())
            .execute(connection)
            .await
            .map(drop);
    };
    for call in others {
        write_alike(&mut *connection, call, "").await?;
    }
    write_alike(connection, last, then).await
}

/// The statements that one writing takes: the change, and how many entries.
type Shape = ([&'static str; 2], usize);

fn shape(writing: &Writing) -> Shape {
    let change = match &writing.change {
        Change::Begin { sealed: None, .. } => [INSERT, ""],
        Change::Begin { .. } => [INSERT, SEAL],
        Change::GoOn { shred: false, .. } => [UPDATE, ""],
        Change::GoOn { .. } => [UPDATE, SHRED],
    };
    (change, writing.entries.len())
}

fn in_calls<'a>(sorted: &'a [&'a Writing]) -> Vec<&'a [&'a Writing]> {
    let mut calls = Vec::new();
    for mut alike in sorted.chunk_by(|one, next| shape(one) == shape(next)) {
        while let Some(size) = AT_ONCE.into_iter().find(|size| *size <= alike.len()) {
            let (call, rest) = alike.split_at(size);
            calls.push(call);
            alike = rest;
        }
    }
    calls
}

/// Stores what is all of one shape.
async fn write_alike(
    connection: &mut SqliteConnection,
    writings: &[&Writing],
    then: &str,
) -> Result<(), sqlx::Error> {
    let mut statements = String::new();
    let mut arguments = SqliteArguments::default();
    for writing in writings {
        let (change, entries) = shape(writing);
        let separator = if statements.is_empty() { "" } else { "; " };
        statements.extend([separator, change[0], change[1]]);
        statements.extend(iter::repeat_n(APPEND, entries));
        bind(&mut arguments, writing, None).map_err(sqlx::Error::Encode)?;
    }
    statements.push_str(then);
    // Of constants only; there are few such texts, and the connection keeps each prepared.
    query_with(AssertSqlSafe(statements), arguments)
        .execute(connection)
        .await
        .map(drop)
}

/// Stores what was decided on a guess, all in one step; whether the guess was right. If not, nothing
/// was changed. A beginning guesses that its reference is new, what goes on that its row is still of
/// this revision.
pub(super) async fn write_on_a_guess(
    connection: &mut SqliteConnection,
    writing: &Writing,
    revision: i64,
) -> Result<Option<i64>, sqlx::Error> {
    let (change, revision) = match &writing.change {
        Change::Begin { sealed: None, .. } => ([INSERT, IF_NEW, "", ""], None),
        Change::Begin { .. } => ([INSERT, IF_NEW, SEAL, AND_SEAL], None),
        Change::GoOn { .. } => ([UPDATE, IF_SAME, "", ""], Some(revision)),
    };
    let entries = [APPEND, AND_APPEND].concat().repeat(writing.entries.len());
    let sql = ["BEGIN IMMEDIATE; ", &change.concat(), &entries, "; COMMIT"].concat();
    let mut arguments = SqliteArguments::default();
    bind(&mut arguments, writing, revision).map_err(sqlx::Error::Encode)?;
    // To the end: the row comes before the commit.
    let rows = query_with(AssertSqlSafe(sql), arguments)
        .fetch_all(connection)
        .await?;
    rows.first()
        .map(|row| sqlx::Row::try_get(row, 0))
        .transpose()
}

/// In the order in which the statements name them.
fn bind(
    all: &mut SqliteArguments,
    writing: &Writing,
    revision: Option<i64>,
) -> Result<(), BoxDynError> {
    if let Change::Begin {
        beginning,
        key_id,
        fingerprint,
        sealed,
    } = &writing.change
    {
        all.add(beginning.reference.as_str())?;
        all.add(beginning.product_code.as_str())?;
        all.add(beginning.selling_price)?;
        all.add(beginning.legs.as_str())?;
        all.add(beginning.begun_at)?;
        all.add(beginning.tenant.as_deref())?;
        all.add(beginning.trip)?;
        all.add(beginning.return_trip)?;
        all.add(*key_id)?;
        all.add(fingerprint.as_slice())?;
        all.add(sealed.is_some())?;
    }
    let (derived, right) = (&writing.derived, &writing.right);
    all.add(derived.state.as_str())?;
    all.add(derived.hold.as_deref())?;
    all.add(derived.deadline)?;
    all.add(derived.ending.as_deref())?;
    all.add(derived.attempts)?;
    all.add(derived.open_attempts.as_str())?;
    all.add(derived.sent_at)?;
    all.add(derived.bookings)?;
    all.add(derived.open_bookings.as_str())?;
    all.add(derived.ticket.as_deref())?;
    all.add(derived.changed_at)?;
    all.add(derived.keeps_order)?;
    all.add(derived.unsettled)?;
    all.add(right.fence)?;
    all.add(right.lease_ends)?;
    all.add(right.owner)?;
    match &writing.change {
        Change::Begin { key_id, sealed, .. } => {
            if let Some(sealed) = sealed {
                all.add(*key_id)?;
                all.add(sealed.row_key.as_slice())?;
                all.add(sealed.body.as_slice())?;
            }
        }
        Change::GoOn { number, shred } => {
            all.add(*number)?;
            if let Some(revision) = revision {
                all.add(revision)?;
            }
            if *shred {
                all.add(*number)?;
            }
        }
    }
    for (at, fact) in &writing.entries {
        all.add(*at)?;
        all.add(fact.as_str())?;
        all.add(writing.reference.as_str())?;
    }
    Ok(())
}
