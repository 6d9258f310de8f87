//! A ledger by its URL, whatever it is kept in.

use std::fmt;
use std::io::Write;
use std::sync::Arc;

use async_trait::async_trait;
use booking_ports::{Clock, HoldFeed, HoldLedger, LedgerError};

use crate::audit::Checked;
use crate::error::OpenError;
use crate::key::LedgerKey;
use crate::postgres::{PostgresLedger, PostgresOptions, is_postgres};
use crate::sqlite::{SqliteLedger, SqliteOptions};

/// A ledger, and what its store can be asked besides. It lets go of its file or server when it is
/// dropped.
///
/// ```
/// use booking_ledger::LedgerStore;
///
/// async fn is_sound(ledger: &dyn LedgerStore) -> bool {
///     ledger.check().await.is_ok_and(|checked| checked.is_sound())
/// }
/// ```
#[async_trait]
pub trait LedgerStore: HoldLedger + HoldFeed {
    /// Looks whether every record is what follows from its entries, and whether a file is whole.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: it could not be looked at. What is wrong with it is no error here.
    async fn check(&self) -> Result<Checked, LedgerError>;

    /// Writes a line of JSON per reference with all its entries, and no personal data. Answers how
    /// many.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: it could not be read, or not be written to `out`.
    async fn export(&self, out: &mut (dyn Write + Send)) -> Result<u64, LedgerError>;

    /// How far it has come. Whoever remembers it elsewhere notices a ledger that was set back to
    /// an earlier state, as by a restored backup: it has forgotten what may be held.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: it could not be read.
    async fn position(&self) -> Result<LedgerPosition, LedgerError>;
}

/// How far a ledger has come.
///
/// ```
/// use booking_ledger::LedgerPosition;
///
/// let before = LedgerPosition { ledger: "4711".into(), latest: 12 };
/// let now = LedgerPosition { latest: 9, ..before.clone() };
/// assert!(now.was_set_back_from(&before));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerPosition {
    /// Which ledger, by a random name that it was given when it was made.
    pub ledger: String,
    /// The number of the reference that was begun last. It only grows, with gaps.
    pub latest: u64,
}

impl LedgerPosition {
    /// Whether the same ledger was further on at `before`.
    ///
    /// ```
    /// # use booking_ledger::LedgerPosition;
    /// let position = LedgerPosition { ledger: "4711".into(), latest: 12 };
    /// assert!(!position.was_set_back_from(&position));
    /// ```
    #[must_use]
    pub fn was_set_back_from(&self, before: &Self) -> bool {
        self.ledger == before.ledger && self.latest < before.latest
    }
}

macro_rules! store {
    ($ledger:ty) => {
        #[async_trait]
        impl LedgerStore for $ledger {
            async fn check(&self) -> Result<Checked, LedgerError> {
                Self::check(self).await
            }

            async fn export(&self, mut out: &mut (dyn Write + Send)) -> Result<u64, LedgerError> {
                Self::export(self, &mut out).await
            }

            async fn position(&self) -> Result<LedgerPosition, LedgerError> {
                Self::position(self).await
            }
        }
    };
}
store!(SqliteLedger);
store!(PostgresLedger);

/// Where a ledger is, in a file or on a server, and by which key it seals.
///
/// ```
/// use std::sync::Arc;
/// use booking_ledger::{LedgerKey, LedgerOptions};
/// use booking_ports::SystemClock;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let folder = tempfile::tempdir().unwrap();
/// # let url = format!("sqlite:{}/holds.db", folder.path().display());
/// let options = LedgerOptions::from_url(&url).unwrap().sealed_by(LedgerKey::new([7; 32]));
/// let ledger = options.open(Arc::new(SystemClock::default())).await.unwrap();
/// assert!(ledger.check().await.unwrap().is_sound());
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LedgerOptions {
    /// A file on this machine.
    Sqlite(SqliteOptions),
    /// A database for several processes and machines.
    Postgres(PostgresOptions),
}

/// Which schema a ledger has.
///
/// ```
/// use booking_ledger::LedgerSchema;
///
/// assert!(LedgerSchema { found: Some(1), known: 2 }.is_old());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerSchema {
    /// The schema that is there; `None` where there is no ledger yet.
    pub found: Option<i64>,
    /// The newest schema that this version knows, and brings a ledger to.
    pub known: i64,
}

impl LedgerSchema {
    /// Whether a ledger is there that has to be migrated.
    ///
    /// ```
    /// # use booking_ledger::LedgerSchema;
    /// assert!(!LedgerSchema { found: None, known: 2 }.is_old());
    /// ```
    #[must_use]
    pub fn is_old(self) -> bool {
        self.found.is_some_and(|found| found < self.known)
    }
}

/// The place, without a password.
impl fmt::Display for LedgerOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(options) => write!(f, "{}", options.path().display()),
            Self::Postgres(options) => f.write_str(options.place()),
        }
    }
}

impl LedgerOptions {
    /// The place that a URL names: `postgres://USER@HOST/DATABASE`, or `sqlite:` and a path.
    ///
    /// # Errors
    ///
    /// [`OpenError::Url`].
    ///
    /// ```
    /// # use booking_ledger::LedgerOptions;
    /// let options = LedgerOptions::from_url("postgres://shop@db.example/holds").unwrap();
    /// assert!(matches!(options, LedgerOptions::Postgres(_)));
    /// ```
    pub fn from_url(url: &str) -> Result<Self, OpenError> {
        if is_postgres(url) {
            PostgresOptions::from_url(url).map(Self::Postgres)
        } else {
            SqliteOptions::from_url(url).map(Self::Sqlite)
        }
    }

    /// Seals orders by `key`. Without a key no order is kept, and what is unknown cannot be
    /// settled by repeating it after a restart.
    ///
    /// ```
    /// # use booking_ledger::{LedgerKey, LedgerOptions};
    /// let options = LedgerOptions::from_url("sqlite:holds.db").unwrap();
    /// let options = options.sealed_by(LedgerKey::new([7; 32]));
    /// ```
    #[must_use]
    pub fn sealed_by(self, key: LedgerKey) -> Self {
        match self {
            Self::Sqlite(options) => Self::Sqlite(options.sealed_by(key)),
            Self::Postgres(options) => Self::Postgres(options.sealed_by(key)),
        }
    }

    /// Opens the ledger, makes it where there is none, and brings its schema up to date. Times and
    /// leases go by `clock`.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ledger::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let clock = Arc::new(booking_ports::SystemClock::default());
    /// let nowhere = LedgerOptions::from_url("sqlite:/dev/null/holds.db").unwrap();
    /// assert!(nowhere.open(clock).await.is_err());
    /// # }
    /// ```
    pub async fn open(&self, clock: Arc<dyn Clock>) -> Result<Arc<dyn LedgerStore>, OpenError> {
        Ok(match self {
            Self::Sqlite(options) => Arc::new(SqliteLedger::open(options, clock).await?),
            Self::Postgres(options) => Arc::new(PostgresLedger::open(options, clock).await?),
        })
    }

    /// Looks which schema is there, and changes nothing.
    ///
    /// # Errors
    ///
    /// [`OpenError`], [`OpenError::NewerSchema`] among them.
    ///
    /// ```
    /// # use booking_ledger::LedgerOptions;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let url = format!("sqlite:{}/holds.db", folder.path().display());
    /// let options = LedgerOptions::from_url(&url).unwrap();
    /// assert_eq!(options.schema().await.unwrap().found, None);
    /// # }
    /// ```
    pub async fn schema(&self) -> Result<LedgerSchema, OpenError> {
        match self {
            Self::Sqlite(options) => SqliteLedger::schema(options).await,
            Self::Postgres(options) => PostgresLedger::schema(options).await,
        }
    }

    /// Brings the schema up to date, as [`open`](Self::open) does, and answers what was there
    /// before. A ledger is made where there is none.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    ///
    /// ```
    /// # use booking_ledger::LedgerOptions;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let url = format!("sqlite:{}/holds.db", folder.path().display());
    /// let options = LedgerOptions::from_url(&url).unwrap();
    /// assert_eq!(options.migrate().await.unwrap().found, None);
    /// let schema = options.schema().await.unwrap();
    /// assert_eq!(schema.found, Some(schema.known));
    /// # }
    /// ```
    pub async fn migrate(&self) -> Result<LedgerSchema, OpenError> {
        let before = self.schema().await?;
        match self {
            Self::Sqlite(options) => SqliteLedger::migrate(options).await?,
            Self::Postgres(options) => PostgresLedger::migrate(options).await?,
        }
        Ok(before)
    }
}
