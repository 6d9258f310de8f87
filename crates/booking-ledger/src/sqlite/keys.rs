//! The keys table.

use std::collections::HashMap;

use sqlx::sqlite::SqliteConnection;
use zeroize::Zeroizing;

use super::place::SqliteOptions;
use crate::entropy::random;
use crate::error::OpenError;
use crate::fingerprint::Fingerprinter;
use crate::keyring::Keyring;

/// The key that was given, or the ledger's own where none was; noted at its first use.
pub(super) async fn keyring(
    connection: &mut SqliteConnection,
    options: &SqliteOptions,
) -> Result<Keyring, OpenError> {
    let failed = |cause| OpenError::of_file(options.path(), cause);
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    let kept: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT id, secret FROM keys WHERE secret IS NOT NULL ORDER BY id")
            .fetch_all(&mut *connection)
            .await
            .map_err(failed)?;
    let mut fingerprinters: HashMap<i64, Fingerprinter> = kept
        .iter()
        .map(|(id, secret)| (*id, Fingerprinter::of_secret(secret)))
        .collect();
    let current = match (options.key(), kept.first()) {
        (Some(key), _) => {
            let given = Fingerprinter::derived(key);
            let id = note(connection, &given, None).await.map_err(failed)?;
            fingerprinters.insert(id, given);
            id
        }
        (None, Some((id, _))) => *id,
        (None, None) => {
            let secret = Zeroizing::new(random::<32>()?);
            let own = Fingerprinter::of_secret(secret.as_slice());
            let id = note(connection, &own, Some(secret.as_slice()))
                .await
                .map_err(failed)?;
            fingerprinters.insert(id, own);
            id
        }
    };
    sqlx::raw_sql("COMMIT")
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    Ok(Keyring::new(current, fingerprinters, options.key())?)
}

async fn note(
    connection: &mut SqliteConnection,
    key: &Fingerprinter,
    secret: Option<&[u8]>,
) -> Result<i64, sqlx::Error> {
    sqlx::query("INSERT INTO keys (mark, secret) VALUES (?, ?) ON CONFLICT (mark) DO NOTHING")
        .bind(key.mark())
        .bind(secret)
        .execute(&mut *connection)
        .await?;
    sqlx::query_scalar("SELECT id FROM keys WHERE mark = ?")
        .bind(key.mark())
        .fetch_one(connection)
        .await
}
