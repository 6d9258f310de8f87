//! Telling the ledger what it would not take, beside other processes that spill and merge.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use booking_ports::HoldLedger;

use super::file_spill::FileSpill;
use super::line::Line;

/// What a merge of a spill file did.
///
/// ```
/// use booking_layers::Merged;
///
/// assert_eq!(Merged::default(), Merged { told: 0, kept: 0, unreadable: 0 });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Outcomes that the ledger took.
    pub told: usize,
    /// Outcomes that it would not take; they stay in the file.
    pub kept: usize,
    /// Lines that make no sense, cut short by a crash or changed by hand. They stay as they are,
    /// for a person to look at; each one's attempt is unknown in the ledger.
    pub unreadable: usize,
}

impl FileSpill {
    /// Tells `ledger` every outcome in the file, and takes out what it took. Where there is no
    /// file, or nothing in it, nothing is done.
    ///
    /// Other processes may spill into the file and merge it meanwhile: it is locked while it is
    /// read and written, never while the ledger is asked, and it is emptied but never deleted, so
    /// that nobody writes into a file that is gone. An outcome that two of them tell is told twice,
    /// which a ledger allows; whatever happens to this process, none is taken out untold.
    ///
    /// # Errors
    ///
    /// The file is there and cannot be locked, read or written. What was told is told.
    ///
    /// ```
    /// use booking_layers::FileSpill;
    /// use booking_ports::HoldLedger;
    ///
    /// async fn recover(spill: &FileSpill, ledger: &dyn HoldLedger) -> std::io::Result<()> {
    ///     let merged = spill.merge(ledger).await?;
    ///     println!("{} outcomes were waiting", merged.told);
    ///     Ok(())
    /// }
    /// ```
    pub async fn merge(&self, ledger: &dyn HoldLedger) -> io::Result<Merged> {
        let mut merged = Merged::default();
        let lines = blocking(self, read).await?;
        let mut told = HashSet::new();
        for line in lines {
            let read = serde_json::from_slice::<Line>(&line).ok();
            let Some(unwritten) = read.and_then(Line::unwritten) else {
                tracing::warn!("a line of the spill file makes no sense");
                merged.unreadable += 1;
                continue;
            };
            match ledger.end(&unwritten.permit, &unwritten.outcome).await {
                Ok(_) => {
                    merged.told += 1;
                    told.insert(line);
                }
                Err(error) => {
                    let reference = &unwritten.permit.reference;
                    tracing::warn!(%reference, %error, "a spilled outcome is not taken yet");
                    merged.kept += 1;
                }
            }
        }
        if !told.is_empty() {
            blocking(self, move |path| take_out(path, &told)).await?;
        }
        Ok(merged)
    }
}

async fn blocking<T: Send + 'static>(
    spill: &FileSpill,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let path = spill.path().to_owned();
    tokio::task::spawn_blocking(move || work(&path))
        .await
        .map_err(io::Error::other)?
}

/// The lines that are there, whole as far as those who write lock the file.
fn read(path: &Path) -> io::Result<Vec<Vec<u8>>> {
    match path.metadata() {
        Ok(metadata) if metadata.len() > 0 => {}
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => return Ok(Vec::new()),
    }
    let mut file = File::open(path)?;
    file.lock_shared()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(lines(&bytes).map(|(_, line)| line.to_vec()).collect())
}

/// Blanks the `told` lines where they stand: a crash in the middle leaves every other line whole.
/// Only once nothing else is left, the file is emptied.
fn take_out(path: &Path, told: &HashSet<Vec<u8>>) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    file.lock()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let mut left = false;
    for (at, line) in lines(&bytes) {
        if told.contains(line) {
            file.seek(SeekFrom::Start(at))?;
            file.write_all(&vec![b' '; line.len()])?;
        } else {
            left = true;
        }
    }
    if !left {
        file.set_len(0)?;
    }
    file.sync_all()
}

/// Each line that is not blank, with the place where it begins.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut next = 0;
    bytes
        .split(|byte| *byte == b'\n')
        .map(move |line| {
            let at = next;
            next += line.len() as u64 + 1;
            (at, line)
        })
        .filter(|(_, line)| !line.trim_ascii().is_empty())
}
