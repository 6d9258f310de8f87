//! Files that only their owner should read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use zeroize::Zeroizing;

/// Writes a file that does not exist yet, readable to its owner alone.
///
/// # Errors
///
/// The system's; `AlreadyExists` where something stands there, a link included.
pub(crate) fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    write_new(path, content).map(drop)
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<File> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(file)
}

/// Puts a file in the place of one that may be there, whole or not at all, and makes its folder.
/// Only its owner can read either.
///
/// # Errors
///
/// The system's.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    let new = Path::new(&name);
    let written = write_new(new, content)
        .and_then(|file| keep_owner(path, &file))
        .and_then(|()| std::fs::rename(new, path))
        .and_then(|()| sync_folder(path));
    if written.is_err() {
        let _ = std::fs::remove_file(new);
    }
    written
}

/// Whoever could read the old file can read the new one: root must not lock a service out. The file that
/// was made is changed, whatever stands under its name by now in a folder of that service's.
fn keep_owner(old: &Path, new: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let Ok(old) = std::fs::symlink_metadata(old) else {
        return Ok(());
    };
    let made = new.metadata()?;
    if (old.uid(), old.gid()) == (made.uid(), made.gid()) {
        return Ok(());
    }
    fchown(new, Some(old.uid()), Some(old.gid()))
}

/// So that a new name outlives a crash of the machine.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Waits until nobody else changes the file at `path`; the lock lives as long as what is returned.
///
/// # Errors
///
/// Its folder cannot be made, or the lock's file not be opened.
pub(crate) fn lock(path: &Path) -> io::Result<File> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&name)?;
    file.lock()?;
    Ok(file)
}

/// Reads a file of at most `longest` bytes, into memory that is wiped when dropped.
///
/// # Errors
///
/// The system's; `FileTooLarge` for a longer one, `InvalidData` where it is not UTF-8.
pub(crate) fn read_text(path: &Path, longest: u64) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    let read = File::open(path)?
        .take(longest + 1)
        .read_to_string(&mut text)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > longest {
        let message = format!("it has more than {longest} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(text)
}

/// The mode of a file that others than its owner may read or write, as `0644`.
pub(crate) fn open_to_others(path: &Path) -> Option<String> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o7777;
    (mode & 0o066 != 0).then(|| format!("{mode:04o}"))
}

/// `text` without one line end after it: an editor's doing, not part of a secret.
pub(crate) fn without_line_end(text: &str) -> &str {
    text.strip_suffix("\r\n")
        .or_else(|| text.strip_suffix('\n'))
        .unwrap_or(text)
}
