//! The keys table.

use std::collections::HashMap;

use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use zeroize::Zeroizing;

use super::options::PostgresOptions;
use super::schema::OPENING;
use crate::entropy::random;
use crate::error::OpenError;
use crate::fingerprint::Fingerprinter;
use crate::keyring::Keyring;

/// The key that was given, or the ledger's own where none was; noted at its first use.
pub(super) async fn keyring(
    connection: &mut PgConnection,
    options: &PostgresOptions,
) -> Result<Keyring, OpenError> {
    let failed = |cause| options.failed(cause);
    let mut fingerprinters = kept(connection).await.map_err(failed)?;
    let first = fingerprinters.keys().min().copied();
    let current = match (options.key(), first) {
        (Some(key), _) => {
            let given = Fingerprinter::derived(key);
            let id = note(connection, &given, None).await.map_err(failed)?;
            fingerprinters.insert(id, given);
            id
        }
        (None, Some(id)) => id,
        (None, None) => {
            let secret = Zeroizing::new(random::<32>()?);
            own(connection, secret.as_slice()).await.map_err(failed)?;
            // Another process may have been faster.
            fingerprinters = kept(connection).await.map_err(failed)?;
            fingerprinters.keys().min().copied().unwrap_or_default()
        }
    };
    Ok(Keyring::new(current, fingerprinters, options.key())?)
}

/// The ledger's own keys.
async fn kept(connection: &mut PgConnection) -> Result<HashMap<i64, Fingerprinter>, sqlx::Error> {
    let kept: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT id, secret FROM seatblock.keys WHERE secret IS NOT NULL")
            .fetch_all(connection)
            .await?;
    Ok(kept
        .iter()
        .map(|(id, secret)| (*id, Fingerprinter::of_secret(secret)))
        .collect())
}

/// Gives the ledger a key of its own, of those who try it at one time the first's.
async fn own(connection: &mut PgConnection, secret: &[u8]) -> Result<(), sqlx::Error> {
    let mut alone = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(OPENING)
        .execute(&mut *alone)
        .await?;
    sqlx::query(
        "INSERT INTO seatblock.keys (mark, secret) SELECT $1, $2 \
         WHERE NOT EXISTS (SELECT FROM seatblock.keys WHERE secret IS NOT NULL)",
    )
    .bind(Fingerprinter::of_secret(secret).mark())
    .bind(secret)
    .execute(&mut *alone)
    .await?;
    alone.commit().await
}

async fn note(
    connection: &mut PgConnection,
    key: &Fingerprinter,
    secret: Option<&[u8]>,
) -> Result<i64, sqlx::Error> {
    sqlx::query(
        "INSERT INTO seatblock.keys (mark, secret) VALUES ($1, $2) ON CONFLICT (mark) DO NOTHING",
    )
    .bind(key.mark())
    .bind(secret)
    .execute(&mut *connection)
    .await?;
    sqlx::query_scalar("SELECT id FROM seatblock.keys WHERE mark = $1")
        .bind(key.mark())
        .fetch_one(connection)
        .await
}
