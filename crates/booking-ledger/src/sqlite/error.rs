//! Why a ledger could not be opened.

use std::path::PathBuf;
use std::sync::Arc;

use booking_ports::LedgerError;

/// Why a ledger could not be opened. Nothing in it was changed.
///
/// ```
/// use booking_ledger::OpenError;
///
/// let error = OpenError::NewerSchema { path: "holds.db".into(), found: 2, known: 1 };
/// assert_eq!(
///     error.to_string(),
///     "the ledger holds.db was written by a newer version (schema 2, this version knows up to 1); use that version"
/// );
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The text that says where it is cannot be understood.
    #[error("{url:?} is no place of a ledger: {problem}; write a path, or sqlite: and a path")]
    Url {
        /// The text.
        url: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The file or its folder cannot be made, read or protected.
    #[error("the ledger {path} cannot be {attempted}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What was to be done with it.
        attempted: &'static str,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
    /// There is another file in its place.
    #[error("{path} is a file of something else and no ledger; name another path", path = path.display())]
    NotALedger {
        /// The file.
        path: PathBuf,
    },
    /// A newer version wrote it.
    #[error(
        "the ledger {path} was written by a newer version (schema {found}, this version knows up \
         to {known}); use that version",
        path = path.display()
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that this version knows.
        known: i64,
    },
    /// What is written there would not be sure to stay.
    #[error(
        "the ledger {path} would not keep what is written: {setting} is {found} instead of \
         {needed}; put it on a local disk",
        path = path.display()
    )]
    NotDurable {
        /// The file.
        path: PathBuf,
        /// The database's setting.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it has to be.
        needed: &'static str,
    },
    /// The database could not be used.
    #[error("the ledger {path} cannot be opened", path = path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: sqlx::Error,
    },
    /// What it holds cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl OpenError {
    /// Whether another process is at it, by `SQLite`'s primary code.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Database { cause, .. } if primary_code(cause) == Some(5))
    }
}

/// `SQLite`'s code without its details.
fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let sqlx::Error::Database(error) = error else {
        return None;
    };
    let code: i32 = error.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// Whether a commit that ended so may be in the log all the same: written whole, and not synced. A
/// disk that is full took no more, and a broken constraint is found before anything is written.
pub(super) fn leaves_doubt(error: &sqlx::Error) -> bool {
    const FULL: i32 = 13;
    const CONSTRAINT: i32 = 19;
    !matches!(primary_code(error), Some(FULL | CONSTRAINT))
}

pub(super) fn unavailable(error: sqlx::Error) -> LedgerError {
    LedgerError::Unavailable {
        message: message(&error),
        cause: Some(Arc::new(error)),
    }
}

pub(super) fn in_doubt(error: sqlx::Error) -> LedgerError {
    LedgerError::InDoubt {
        message: message(&error),
        cause: Some(Arc::new(error)),
    }
}

fn message(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(beneath) => beneath.message().to_owned(),
        other => other.to_string(),
    }
}
