//! Where a ledger's file is, and who can read it.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::OpenError;
use crate::key::LedgerKey;

/// Where a ledger is and by which key it seals.
///
/// ```
/// use booking_ledger::{LedgerKey, SqliteOptions};
///
/// let key = LedgerKey::new([7; 32]);
/// let options = SqliteOptions::from_url("sqlite:/var/lib/shop/holds.db").unwrap().sealed_by(key);
/// assert_eq!(options.path(), std::path::Path::new("/var/lib/shop/holds.db"));
/// ```
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    path: PathBuf,
    key: Option<LedgerKey>,
}

impl SqliteOptions {
    /// The file at `path`. It is made where there is none.
    ///
    /// ```
    /// # use booking_ledger::SqliteOptions;
    /// let options = SqliteOptions::at("holds.db");
    /// ```
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { path, key: None }
    }

    /// The file of a URL: `sqlite:` and a path, or a path alone.
    ///
    /// # Errors
    ///
    /// [`OpenError::Url`]: another scheme, no path, options after a `?`, or a database in memory.
    ///
    /// ```
    /// # use booking_ledger::SqliteOptions;
    /// assert!(SqliteOptions::from_url("sqlite://holds.db").is_ok());
    /// assert!(SqliteOptions::from_url("sqlite::memory:").is_err());
    /// ```
    pub fn from_url(url: &str) -> Result<Self, OpenError> {
        let wrong = |problem| OpenError::Url {
            url: url.to_owned(),
            problem,
        };
        let path = match url.split_once(':') {
            Some(("sqlite", rest)) => rest.strip_prefix("//").unwrap_or(rest),
            Some((_, rest)) if rest.starts_with("//") => {
                // A password may stand in it.
                return Err(OpenError::Url {
                    url: url.split("//").next().unwrap_or_default().to_owned(),
                    problem: "SQLite is not at such an address; write sqlite: and a path",
                });
            }
            _ => url,
        };
        if path.is_empty() {
            return Err(wrong("it names no file; write sqlite: and a path"));
        }
        if path.contains(":memory:") {
            return Err(wrong("a ledger in memory would not outlive its process"));
        }
        if path.contains('?') {
            return Err(wrong("it takes no options; write sqlite: and a path"));
        }
        Ok(Self::at(path))
    }

    /// Seals orders by `key`. Without a key no order is kept, and what is unknown cannot be
    /// settled by repeating it after a restart.
    ///
    /// ```
    /// # use booking_ledger::{LedgerKey, SqliteOptions};
    /// let options = SqliteOptions::at("holds.db").sealed_by(LedgerKey::new([7; 32]));
    /// ```
    #[must_use]
    pub fn sealed_by(mut self, key: LedgerKey) -> Self {
        self.key = Some(key);
        self
    }

    /// The file.
    ///
    /// ```
    /// # use booking_ledger::SqliteOptions;
    /// assert_eq!(SqliteOptions::at("holds.db").path(), std::path::Path::new("holds.db"));
    /// ```
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn key(&self) -> Option<&LedgerKey> {
        self.key.as_ref()
    }

    /// Makes folder and file where they are missing, for nobody but this user. `SQLite` gives its
    /// other files the mode of the first.
    pub(super) fn make_private(&self) -> Result<(), OpenError> {
        let failed = |attempted| {
            move |cause| OpenError::File {
                path: self.path.clone(),
                attempted,
                cause,
            }
        };
        if let Some(folder) = self.path.parent()
            && !folder.as_os_str().is_empty()
            && !folder.exists()
        {
            private_folder(folder).map_err(failed("given a folder"))?;
        }
        match private_file(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                close_to_others(&self.path).map_err(failed("closed to other users"))
            }
            made => made.map_err(failed("made")),
        }
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    let metadata = std::fs::symlink_metadata(path)?;
    // What a link points to need not be a ledger: in somebody's folder anybody's file.
    if metadata.is_symlink() {
        return Ok(());
    }
    let mut permissions = metadata.permissions();
    if permissions.mode() & 0o077 != 0 {
        permissions.set_mode(0o600);
        std::fs::set_permissions(path, permissions)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}
