//! Where the ledger is, and what seals it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use booking_ledger::{LedgerOptions, OpenError, SqliteOptions};

use super::keys;
use super::mistake::{Mistake, Mistakes};
use super::source::{Origin, Source};
use super::values::{self, NamedFile};
use crate::input;
use crate::private_file::open_to_others;

/// The folder, in the user's state folder, and files of ledgers that nobody has named.
pub(super) const FOLDER: &str = "seatblock";
pub(super) const FILE: &str = "ledger.sqlite";
/// Toy holds never stand among real ones.
pub(super) const SANDBOX_FILE: &str = "sandbox-ledger.sqlite";

/// Where the ledger is, and what seals it. The key file is named, not yet read.
#[derive(Debug)]
pub(crate) struct LedgerSettings {
    /// The file or the server.
    pub(crate) place: LedgerOptions,
    /// What to do about a password in the settings file, where others can read it.
    pub(crate) exposure: Option<String>,
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
        let (place, exposure) = match source.text(&keys::LEDGER_URL) {
            Some((url, origin)) => {
                let place = named(&mut source, &url, &origin);
                let exposure = place.as_ref().and_then(|place| exposed(place, &origin));
                (place, exposure)
            }
            None if source.has(&keys::LEDGER_URL) => (None, None),
            None => (usual(&mut source, sandbox), None),
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
            None => place
                .as_ref()
                .and_then(|place| usual_spill(&mut source, place)),
        };
        let longest_hold = values::longest_hold(&mut source);
        let shred_after = values::shred_after(&mut source);
        match (place, spill_file) {
            (Some(place), Some(spill_file)) if source.mistakes.is_empty() => Ok(Self {
                place,
                exposure,
                key_file,
                spill_file,
                longest_hold,
                shred_after,
            }),
            _ => Err(Mistakes(source.mistakes)),
        }
    }
}

/// Refuses a ledger that is named where no provider is: more likely than a wish for toy holds is that
/// the provider's settings were lost, as by a shell without their variables. A sandbox that has just
/// begun knows no order of that ledger, and what it says of one would be taken for evidence.
pub(super) fn refuse_of_sandbox(source: &mut Source) {
    let Some(origin) = source.origin(&keys::LEDGER_URL) else {
        return;
    };
    let message = "names a ledger, but no klikoo setting says who is asked, and what a sandbox inside this process answers never goes into a ledger that is named. Nothing was sent and nothing recorded; what earlier orders hold stands. Give klikoo.base_url and its credentials, in the settings file or as the SEATBLOCK_KLIKOO__ variables of whatever has sent the orders. To try the sandbox, leave ledger.url out (its holds have a file of their own), or name the klikoo.base_url of a `seatblock sandbox --settings FILE`";
    let place = origin.place(keys::LEDGER_URL.name);
    source.mistakes.push(Mistake::new(place, message));
}

/// The place of the URL that is set.
fn named(source: &mut Source, url: &str, origin: &Origin) -> Option<LedgerOptions> {
    let message = match url.strip_prefix("sqlite:") {
        Some(path) if !path.is_empty() => {
            let path = path.strip_prefix("//").unwrap_or(path);
            let path = origin.folder().join(path);
            return Some(LedgerOptions::Sqlite(SqliteOptions::at(path)));
        }
        None if url.starts_with("postgres") => match LedgerOptions::from_url(url) {
            Ok(place @ LedgerOptions::Postgres(_)) => return Some(place),
            // It repeats nothing of the text, which may hold a password.
            Err(OpenError::Url { problem, .. }) => format!("is no URL of a ledger: {problem}"),
            _ => unreadable(),
        },
        _ => unreadable(),
    };
    let place = origin.place(keys::LEDGER_URL.name);
    source.mistakes.push(Mistake::new(place, message));
    None
}

fn unreadable() -> String {
    "is no URL of a ledger; write sqlite:FILE or postgres://USER@HOST/DATABASE".to_owned()
}

fn exposed(place: &LedgerOptions, origin: &Origin) -> Option<String> {
    match (place, origin) {
        (LedgerOptions::Postgres(postgres), Origin::File(path)) if postgres.tells_password() => {
            let mode = open_to_others(path)?;
            Some(format!(
                "{} holds a password in ledger.url and is open to other users (mode {mode}); run `chmod 600 {}`",
                input::shown(path),
                input::quoted(path),
            ))
        }
        _ => None,
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

/// The spill file where nobody has named one: beside the ledger's file, or for a server in the
/// user's state folder.
fn usual_spill(source: &mut Source, place: &LedgerOptions) -> Option<PathBuf> {
    let mut name = if let LedgerOptions::Sqlite(file) = place {
        file.path().as_os_str().to_owned()
    } else {
        let Some(folder) = state_folder() else {
            let message = "is missing, and neither XDG_STATE_HOME nor HOME tells where the user's state folder is; name a file";
            source
                .mistakes
                .push(Mistake::new(keys::LEDGER_SPILL_FILE.name, message));
            return None;
        };
        folder.join(FOLDER).join("ledger").into_os_string()
    };
    name.push(".spill.jsonl");
    Some(name.into())
}

/// The file where nobody has named one.
fn usual(source: &mut Source, sandbox: bool) -> Option<LedgerOptions> {
    let folder = state_folder();
    if folder.is_none() {
        let message = "is missing, and neither XDG_STATE_HOME nor HOME tells where the user's state folder is; write ledger.url = \"sqlite:FILE\"";
        source
            .mistakes
            .push(Mistake::new(keys::LEDGER_URL.name, message));
    }
    let file = if sandbox { SANDBOX_FILE } else { FILE };
    let path = folder?.join(FOLDER).join(file);
    Some(LedgerOptions::Sqlite(SqliteOptions::at(path)))
}

/// The user's state folder (XDG Base Directory Specification).
pub(crate) fn state_folder() -> Option<PathBuf> {
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
