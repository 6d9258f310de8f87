//! Whether the process that was given a right still lives.
//!
//! A lease alone would keep others waiting for a sender that was killed. On one machine the system
//! knows better: each opened ledger locks a file of its own, and a lock ends with its process,
//! however that ends. Where it cannot be told, the lease decides.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::error::OpenError;
use crate::entropy;

/// This opened ledger, as long as it is open.
pub(super) struct Owner {
    pub(super) id: i64,
    ledger: PathBuf,
    /// Locked until it is dropped, or the process ends.
    _lock: File,
}

impl Owner {
    /// Locks a new file beside the ledger.
    pub(super) fn begin(ledger: &Path) -> Result<Self, OpenError> {
        // Without its sign, for the name of a file.
        let id = i64::from_le_bytes(entropy::random()?) & i64::MAX;
        let begun = open(&file_of(ledger, id), true).and_then(|file| {
            file.lock()?;
            Ok(file)
        });
        Ok(Self {
            id,
            ledger: ledger.to_owned(),
            _lock: begun.map_err(|cause| OpenError::File {
                path: file_of(ledger, id),
                attempted: "locked",
                cause,
            })?,
        })
    }

    /// Whether `other` is known to have ended.
    pub(super) fn has_ended(&self, other: i64) -> bool {
        if other == self.id {
            return false;
        }
        let path = file_of(&self.ledger, other);
        match open(&path, false) {
            Ok(file) => match file.try_lock() {
                Ok(()) => {
                    // Nobody takes this number again.
                    let _ = fs::remove_file(&path);
                    true
                }
                Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
            },
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let _ = fs::remove_file(file_of(&self.ledger, self.id));
    }
}

fn file_of(ledger: &Path, id: i64) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(format!(".owner-{id:016x}"));
    name.into()
}

fn open(path: &Path, create: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(create);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
