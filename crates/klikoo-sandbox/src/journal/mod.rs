//! What the sandbox saw and did: tests judge by it.

mod entry;
mod mask;

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use entry::{Answered, Executed, JournalEntry, SignatureVerdict};
pub(crate) use mask::{MASK, mask_body, mask_text};

/// The entries, in memory up to a bound and perhaps in a file.
#[derive(Debug)]
pub(crate) struct Journal {
    capacity: usize,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    written: u64,
    kept: VecDeque<JournalEntry>,
    file: Option<File>,
}

impl Journal {
    /// Keeps the last `capacity` entries, and appends all to `path` if one is given.
    pub(crate) fn new(capacity: usize, path: Option<&Path>) -> std::io::Result<Self> {
        let file = path.map(append_privately).transpose()?;
        Ok(Self {
            capacity,
            pages: Mutex::new(Pages {
                file,
                ..Pages::default()
            }),
        })
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody would see an entry: a load run should not pay for writing them.
    pub(crate) fn is_kept(&self) -> bool {
        self.capacity > 0 || self.pages().file.is_some()
    }

    /// Gives the entry its number and keeps it.
    pub(crate) fn write(&self, mut entry: JournalEntry) {
        let mut pages = self.pages();
        pages.written += 1;
        entry.sequence = pages.written;
        if let Some(file) = &mut pages.file
            && let Err(error) = append(file, &entry)
        {
            tracing::error!(%error, "the journal file cannot be written; entries go on in memory");
            pages.file = None;
        }
        if self.capacity == 0 {
            return;
        }
        if pages.kept.len() == self.capacity {
            pages.kept.pop_front();
        }
        pages.kept.push_back(entry);
    }

    pub(crate) fn entries(&self) -> Vec<JournalEntry> {
        self.pages().kept.iter().cloned().collect()
    }
}

fn append(file: &mut File, entry: &JournalEntry) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(entry)?;
    line.push(b'\n');
    file.write_all(&line)
}

/// Block bodies are personal data even where they are invented: nobody else reads them.
fn append_privately(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A file that was there may have been open to all.
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}
