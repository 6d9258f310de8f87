//! Where the ledger is, and what seals it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::keys;
use super::mistake::{Mistake, Mistakes};
use super::source::{Origin, Source};
use super::values::{self, NamedFile};
use crate::input;

/// The folder and files of ledgers that nobody has named.
const FOLDER: &str = "seatblock";
const FILE: &str = "ledger.sqlite";
/// Toy holds never stand among real ones.
const SANDBOX_FILE: &str = "sandbox-ledger.sqlite";

/// Where the ledger is, and what seals it. The key file is named, not yet read.
#[derive(Debug)]
pub(crate) struct LedgerSettings {
    /// The SQLite file.
    pub(crate) path: PathBuf,
    pub(crate) key_file: Option<NamedFile>,
    /// Where answers go that the ledger would not take.
    pub(crate) spill_file: PathBuf,
    /// The longest that Klikoo keeps seats.
    pub(crate) longest_hold: Duration,
    /// How long people are kept after all has ended.
    pub(crate) shred_after: Duration,
}

impl LedgerSettings {
    /// Reads the file asked for, or `seatblock.toml` where it exists, and the environment.
    ///
    /// # Errors
    ///
    /// All [`Mistakes`] of these settings, and names that no setting has.
    pub(crate) fn load(config: Option<&Path>) -> Result<Self, Mistakes> {
        let mut source = Source::read(config, std::env::vars_os());
        let sandbox = source.names_no_provider();
        let path = match source.text(&keys::LEDGER_URL) {
            Some((url, origin)) => named(&mut source, &url, &origin),
            None if source.has(&keys::LEDGER_URL) => None,
            None => usual(&mut source, sandbox),
        };
        let key_file = source
            .text(&keys::LEDGER_KEY_FILE)
            .map(|(text, origin)| NamedFile {
                key: keys::LEDGER_KEY_FILE.name,
                path: origin.folder().join(text.as_str()),
                origin,
            });
        let spill_file = match source.text(&keys::LEDGER_SPILL_FILE) {
            Some((text, origin)) => spill(&mut source, &text, &origin),
            None => path.as_deref().map(spill_beside),
        };
        let longest_hold = values::longest_hold(&mut source);
        let shred_after = values::shred_after(&mut source);
        match (path, spill_file) {
            (Some(path), Some(spill_file)) if source.mistakes.is_empty() => Ok(Self {
                path,
                key_file,
                spill_file,
                longest_hold,
                shred_after,
            }),
            _ => Err(Mistakes(source.mistakes)),
        }
    }
}

/// The file of the URL that is set.
fn named(source: &mut Source, url: &str, origin: &Origin) -> Option<PathBuf> {
    match url.strip_prefix("sqlite:") {
        Some(path) if !path.is_empty() => {
            let path = path.strip_prefix("//").unwrap_or(path);
            Some(origin.folder().join(path))
        }
        _ => {
            let place = origin.place(keys::LEDGER_URL.name);
            let message = "is no URL of a ledger; write sqlite:FILE";
            source.mistakes.push(Mistake::new(place, message));
            None
        }
    }
}

/// The spill file that is set. Its folder has to be there now: once the ledger fails is no time to
/// find that it is not.
fn spill(source: &mut Source, text: &str, origin: &Origin) -> Option<PathBuf> {
    let path = origin.folder().join(text);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if path.file_name().is_some() && !path.is_dir() && folder.is_dir() {
        return Some(path);
    }
    let place = origin.place(keys::LEDGER_SPILL_FILE.name);
    let message = format!(
        "{}: name a file in a folder that is there, on another disk than the ledger if you can",
        input::shown(&path)
    );
    source.mistakes.push(Mistake::new(place, message));
    None
}

/// The spill file where nobody has named one.
fn spill_beside(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(".spill.jsonl");
    name.into()
}

/// The file where nobody has named one.
fn usual(source: &mut Source, sandbox: bool) -> Option<PathBuf> {
    let folder = state_folder();
    if folder.is_none() {
        let message = "is missing, and neither XDG_STATE_HOME nor HOME tells where the user's state folder is; write ledger.url = \"sqlite:FILE\"";
        source
            .mistakes
            .push(Mistake::new(keys::LEDGER_URL.name, message));
    }
    let file = if sandbox { SANDBOX_FILE } else { FILE };
    Some(folder?.join(FOLDER).join(file))
}

/// The user's state folder (XDG Base Directory Specification).
fn state_folder() -> Option<PathBuf> {
    let absolute = |value: OsString| Some(PathBuf::from(value)).filter(|path| path.is_absolute());
    std::env::var_os("XDG_STATE_HOME")
        .and_then(absolute)
        .or_else(|| {
            Some(
                std::env::var_os("HOME")
                    .and_then(absolute)?
                    .join(".local/state"),
            )
        })
}
