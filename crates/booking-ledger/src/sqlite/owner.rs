//! Whether the process that was given a right still lives.
//!
//! A lease alone would keep others waiting for a sender that was killed. On one machine the system
//! knows better: each opened ledger locks a file of its own, and a lock ends with its process,
//! however that ends. Where it cannot be told, the lease decides.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::entropy;
use crate::error::OpenError;

/// Stands between the name of a ledger and the number of an owner.
const INFIX: &str = ".owner-";

/// This opened ledger, as long as it is open.
pub(super) struct Owner {
    pub(super) id: i64,
    ledger: PathBuf,
    /// Locked until it is dropped, or the process ends.
    _lock: File,
}

impl Owner {
    /// Locks a new file beside the ledger, and clears those away whose processes have ended.
    pub(super) fn begin(ledger: &Path) -> Result<Self, OpenError> {
        // Whatever link it was named by, all who open the file look for each other at one place.
        let ledger = &fs::canonicalize(ledger).unwrap_or_else(|_| ledger.to_owned());
        let begun = loop {
            // Without its sign, for the name of a file.
            let id = i64::from_le_bytes(entropy::random()?) & i64::MAX;
            let path = file_of(ledger, id);
            let lock = open(&path, true).and_then(|file| file.lock().map(|()| file));
            let lock = lock.map_err(|cause| OpenError::File {
                path: path.clone(),
                attempted: "locked",
                cause,
            })?;
            // Before it was locked, another process may have taken it for a dead one's.
            if path.exists() {
                break Self {
                    id,
                    ledger: ledger.to_owned(),
                    _lock: lock,
                };
            }
        };
        begun.clear_away();
        Ok(begun)
    }

    /// A process that was killed leaves its file.
    fn clear_away(&self) {
        let folder = match self.ledger.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let beginning = self.ledger.file_name().map(|name| {
            let mut name = name.to_owned();
            name.push(INFIX);
            name
        });
        let (Ok(files), Some(beginning)) = (fs::read_dir(folder), beginning) else {
            return;
        };
        for file in files.flatten() {
            let id = file.file_name().to_str().and_then(|name| {
                let id = name.strip_prefix(beginning.to_str()?)?;
                i64::from_str_radix(id, 16).ok()
            });
            if let Some(id) = id {
                self.has_ended(id);
            }
        }
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
    name.push(format!("{INFIX}{id:016x}"));
    name.into()
}

fn open(path: &Path, create: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(create);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
