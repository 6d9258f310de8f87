//! Why a ledger could not be opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use booking_ports::LedgerError;

/// Why a ledger could not be opened. Nothing in it was changed. No password is in it.
///
/// ```
/// use booking_ledger::OpenError;
///
/// let error = OpenError::NewerSchema { place: "holds.db".into(), found: 2, known: 1 };
/// assert_eq!(
///     error.to_string(),
///     "the ledger holds.db was written by a newer version (schema 2, this version knows up to 1); use that version"
/// );
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The text that says where it is cannot be understood.
    #[error("{url:?} is no place of a ledger: {problem}")]
    Url {
        /// As much of the text as may be shown.
        url: String,
        /// What is wrong with it, and what is right.
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
    /// There is something else in its place.
    #[error("{place} is something else and no ledger; name another place")]
    NotALedger {
        /// The file or database.
        place: String,
    },
    /// A newer version wrote it.
    #[error(
        "the ledger {place} was written by a newer version (schema {found}, this version knows up \
         to {known}); use that version"
    )]
    NewerSchema {
        /// The file or database.
        place: String,
        /// Its schema.
        found: i64,
        /// The newest schema that this version knows.
        known: i64,
    },
    /// What is written there would not be sure to stay.
    #[error(
        "the ledger {place} would not keep what is written: {setting} is {found} instead of \
         {needed}; {advice}"
    )]
    NotDurable {
        /// The file or database.
        place: String,
        /// The database's setting.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it has to be.
        needed: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// The database could not be used.
    #[error(
        "the ledger {place} cannot be opened: {}; {}",
        message(cause),
        next_step(cause)
    )]
    Database {
        /// The file or database.
        place: String,
        /// Why not; in the text already.
        cause: sqlx::Error,
    },
    /// What it holds cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl OpenError {
    pub(crate) fn of_file(path: &Path, cause: sqlx::Error) -> Self {
        let place = path.display().to_string();
        match &cause {
            // "File is not a database."
            sqlx::Error::Database(error) if error.code().as_deref() == Some("26") => {
                Self::NotALedger { place }
            }
            _ => Self::Database { place, cause },
        }
    }

    /// Whether it may be opened later without anybody mending anything: the server is away, starting
    /// or full, or another process is at the file.
    ///
    /// ```
    /// use booking_ledger::OpenError;
    ///
    /// let error = OpenError::NotALedger { place: "holds.db".into() };
    /// assert!(!error.may_pass());
    /// ```
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Database { cause, .. } => passes(cause),
            Self::Ledger(error) => matches!(error, LedgerError::Unavailable { .. }),
            Self::Url { .. }
            | Self::File { .. }
            | Self::NotALedger { .. }
            | Self::NewerSchema { .. }
            | Self::NotDurable { .. } => false,
        }
    }

    /// Whether another process is at it, by `SQLite`'s primary code.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self, Self::Database { cause, .. } if primary_code(cause) == Some(5))
    }
}

/// The class of a server's error, its first two letters; `None` for a file's, whose code is a number.
fn class_of_server(error: &sqlx::Error) -> Option<String> {
    let sqlx::Error::Database(error) = error else {
        return None;
    };
    let code = error.code().filter(|code| code.len() == 5)?;
    Some(code[..2].to_owned())
}

fn passes(cause: &sqlx::Error) -> bool {
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    if matches!(
        cause,
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed
    ) {
        return true;
    }
    match class_of_server(cause).as_deref() {
        // The connection, what is to be had, an operator at work, the system beneath.
        Some(class) => matches!(class, "08" | "53" | "55" | "57" | "58"),
        None => matches!(primary_code(cause), Some(BUSY | LOCKED)),
    }
}

fn next_step(cause: &sqlx::Error) -> &'static str {
    let class = class_of_server(cause);
    match (cause, class.as_deref()) {
        (sqlx::Error::Tls(_), _) => "look at sslmode and the server's certificate",
        (_, Some("28")) => "look at its user and password",
        (_, Some("3D")) => "make the database, or name another",
        _ if passes(cause) && (class.is_some() || matches!(cause, sqlx::Error::Io(_))) => {
            "look whether the server runs and can be reached, then try again"
        }
        _ if passes(cause) => "another process is at it; try again",
        (_, Some(_)) => "look at the server's log",
        _ => "look whether this user may read and write the file and its folder",
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
/// disk that is full took no more, and a lock, a file that may not be written and a broken constraint
/// are met before anything is.
pub(crate) fn leaves_doubt(error: &sqlx::Error) -> bool {
    const BUSY: i32 = 5;
    const READ_ONLY: i32 = 8;
    const FULL: i32 = 13;
    const CONSTRAINT: i32 = 19;
    !matches!(
        primary_code(error),
        Some(BUSY | READ_ONLY | FULL | CONSTRAINT)
    )
}

pub(crate) fn unavailable(error: sqlx::Error) -> LedgerError {
    LedgerError::Unavailable {
        message: message(&error),
        cause: Some(Arc::new(error)),
    }
}

pub(crate) fn in_doubt(error: sqlx::Error) -> LedgerError {
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
