//! A file for outcomes that the ledger would not take.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::line::Line;
use super::spill::{Spill, Unwritten};
use super::spill_merge::lines;

/// A [`Spill`] into a file of JSON lines, each forced to the disk before the next step.
///
/// A line has reference, attempt, fence, state, kind, transaction id, deadline and time; messages
/// and codes are the provider's words and stay out. Put the file on another disk than the ledger:
/// a full one fails both. Several processes may use one file; [`merge`](Self::merge) tells the
/// ledger.
///
/// ```
/// use std::sync::Arc;
/// use booking_layers::{FileSpill, Recorded};
///
/// fn with_spill<B>(recorded: Recorded<B>) -> (Recorded<B>, FileSpill) {
///     let spill = FileSpill::new("/mnt/other-disk/spill.jsonl");
///     // Kept for recovery, which merges it.
///     (recorded.with_spill(Arc::new(spill.clone())), spill)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct FileSpill {
    path: PathBuf,
}

impl FileSpill {
    /// A spill into the file at `path`, which appears with the first outcome.
    ///
    /// ```
    /// let spill = booking_layers::FileSpill::new("/var/lib/shop/spill.jsonl");
    /// assert!(format!("{spill:?}").contains("spill.jsonl"));
    /// ```
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Everything that was spilled into the file at `path`; nothing where there is none. A line
    /// that a crash cut short is passed over: its attempt is still marked as sent in the ledger.
    ///
    /// # Errors
    ///
    /// The file is there and cannot be read.
    ///
    /// ```
    /// # use booking_layers::FileSpill;
    /// assert!(FileSpill::read("/no/such/file").unwrap().is_empty());
    /// ```
    pub fn read(path: impl AsRef<Path>) -> io::Result<Vec<Unwritten>> {
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read?,
        };
        let mut all = Vec::new();
        for (at, line) in lines(&bytes) {
            let line = serde_json::from_slice::<Line>(line).ok();
            if let Some(unwritten) = line.and_then(Line::unwritten) {
                all.push(unwritten);
            } else {
                tracing::warn!(at, "passed over a line of the spill file");
            }
        }
        Ok(all)
    }

    /// The file.
    ///
    /// ```
    /// let spill = booking_layers::FileSpill::new("spill.jsonl");
    /// assert_eq!(spill.path(), std::path::Path::new("spill.jsonl"));
    /// ```
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn append(&self, line: &Line) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        if let Some(folder) = self.path.parent()
            && !folder.as_os_str().is_empty()
            && !folder.exists()
        {
            private_folder(folder)?;
        }
        let mut file = options.open(&self.path)?;
        // Against a merge, which reads and empties the file. Where a file system has no locks, an
        // outcome at risk is better than one that is lost for certain.
        if let Err(error) = file.lock() {
            tracing::warn!(%error, "the spill file cannot be locked");
        }
        // A line that a crash cut short must not swallow this one, hence the break before it.
        let text = format!("\n{}\n", serde_json::to_string(line)?);
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        // The name of a new file is durable only with its folder.
        match self.path.parent() {
            Some(folder) if cfg!(unix) && !folder.as_os_str().is_empty() => {
                File::open(folder)?.sync_all()
            }
            _ => Ok(()),
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

#[async_trait]
impl Spill for FileSpill {
    async fn spill(&self, unwritten: &Unwritten) -> io::Result<()> {
        let (spill, line) = (self.clone(), Line::of(unwritten));
        tokio::task::spawn_blocking(move || spill.append(&line))
            .await
            .map_err(io::Error::other)?
    }
}
