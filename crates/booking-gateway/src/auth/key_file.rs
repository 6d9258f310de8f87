//! Keys in a file, which is read anew where it has changed.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use booking_ports::Clock;
use serde::{Deserialize, Serialize};

use super::api_key::KeyId;
use super::key_ring::{KeyRecord, KeyRing, MemoryKeyRing};

/// The longest key file that is read: some 20 000 keys.
const FILE_MAX: u64 = 8 * 1024 * 1024;

/// How soon a changed file counts.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What a key file holds: JSON.
///
/// ```
/// use booking_gateway::KeysFile;
///
/// let file = KeysFile::parse(br#"{"keys":[]}"#).unwrap();
/// assert!(file.keys.is_empty());
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysFile {
    /// Every key that was ever made, the revoked ones too.
    pub keys: Vec<KeyRecord>,
}

impl KeysFile {
    /// Reads the text of a key file.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::Format`], with the place and without the text.
    ///
    /// ```
    /// assert!(booking_gateway::KeysFile::parse(b"{}").is_err());
    /// ```
    pub fn parse(text: &[u8]) -> Result<Self, KeyFileError> {
        let file: Self = serde_json::from_slice(text)
            .map_err(|error| KeyFileError::Format { line: error.line() })?;
        let mut ids: Vec<&KeyId> = file.keys.iter().map(|key| &key.id).collect();
        ids.sort();
        match ids.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(KeyFileError::Twice {
                id: pair[0].clone(),
            }),
            None => Ok(file),
        }
    }

    /// Reads the file at `path`; an absent one is empty.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`]: it cannot be read, or is no key file.
    ///
    /// ```
    /// use booking_gateway::KeysFile;
    ///
    /// let absent = std::path::Path::new("/nowhere/keys.json");
    /// assert!(KeysFile::read(absent).unwrap().keys.is_empty());
    /// ```
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        let mut text = Vec::new();
        file.take(FILE_MAX + 1).read_to_end(&mut text)?;
        if text.len() as u64 > FILE_MAX {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "longer than 8 MiB").into());
        }
        Self::parse(&text)
    }
}

/// Why a key file cannot be used.
///
/// ```
/// let error = booking_gateway::KeysFile::parse(b"[").unwrap_err();
/// assert!(error.to_string().contains("line 1"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is no key file.
    #[error("line {line} is not what `seatblock gateway-keys` writes")]
    Format {
        /// Where.
        line: usize,
    },
    /// One key stands in it twice.
    #[error("key {id} stands in it twice")]
    Twice {
        /// Which.
        id: KeyId,
    },
}

/// The keys of a file. A change counts within a second; while a changed file cannot be used, the
/// keys of the last one that could stay in force, and the log says so.
///
/// ```
/// use std::sync::Arc;
/// use booking_gateway::FileKeyRing;
/// use booking_ports::SystemClock;
///
/// let ring = FileKeyRing::open("/nowhere/keys.json", Arc::new(SystemClock::default())).unwrap();
/// assert!(ring.is_empty());
/// ```
pub struct FileKeyRing {
    path: PathBuf,
    clock: Arc<dyn Clock>,
    keys: RwLock<MemoryKeyRing>,
    looked: Mutex<Looked>,
}

#[derive(Clone, PartialEq, Eq)]
struct Stamp {
    modified: Option<std::time::SystemTime>,
    length: u64,
    inode: u64,
}

struct Looked {
    at: Duration,
    stamp: Option<Stamp>,
}

impl FileKeyRing {
    /// Reads the file at `path`, and again when it changes, by `clock`.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`]: it is there and cannot be used.
    ///
    /// ```
    /// # use booking_ports::SystemClock;
    /// # use booking_gateway::FileKeyRing;
    /// let clock = std::sync::Arc::new(SystemClock::default());
    /// assert!(FileKeyRing::open("/", clock).is_err());
    /// ```
    pub fn open(path: impl Into<PathBuf>, clock: Arc<dyn Clock>) -> Result<Self, KeyFileError> {
        let path = path.into();
        // Before it is read: a change in between is then seen at the next look.
        let stamp = stamp(&path);
        let keys = MemoryKeyRing::of(KeysFile::read(&path)?.keys);
        Ok(Self {
            looked: Mutex::new(Looked {
                at: clock.monotonic(),
                stamp,
            }),
            path,
            clock,
            keys: RwLock::new(keys),
        })
    }

    /// Whether it has no key that opens anything.
    ///
    /// ```
    /// # use booking_ports::SystemClock;
    /// # use booking_gateway::FileKeyRing;
    /// # let clock = std::sync::Arc::new(SystemClock::default());
    /// assert!(FileKeyRing::open("/nowhere", clock).unwrap().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.live() == 0
    }

    fn look(&self) {
        // Whoever finds another looking goes on with what is known.
        let Ok(mut looked) = self.looked.try_lock() else {
            return;
        };
        let now = self.clock.monotonic();
        if now.saturating_sub(looked.at) < LOOK_EVERY {
            return;
        }
        looked.at = now;
        let stamp = stamp(&self.path);
        if stamp == looked.stamp {
            return;
        }
        match KeysFile::read(&self.path) {
            Ok(file) => {
                // Only now: what could not be read is tried again at the next look.
                looked.stamp = stamp;
                tracing::info!(keys = file.keys.len(), "the key file was read anew");
                let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
                *keys = MemoryKeyRing::of(file.keys);
            }
            Err(error) => {
                tracing::error!(%error, "the key file has changed and cannot be used; the keys before stay in force");
            }
        }
    }
}

impl KeyRing for FileKeyRing {
    fn find(&self, id: &KeyId) -> Option<Arc<KeyRecord>> {
        self.look();
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.find(id)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = fs::metadata(path).ok()?;
    Some(Stamp {
        modified: metadata.modified().ok(),
        length: metadata.len(),
        inode: metadata.ino(),
    })
}
