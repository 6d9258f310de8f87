//! Settings that are ready for a sandbox: a file, and beside it a secret and a key.
//!
//! For `s.toml` these are `s.secret` and `s.key.pem`. A settings file whose first line fits the
//! rest was written here and not changed since, and so were the two beside it: all three are
//! replaced. Anything else that stands in their place is kept, and refused.
//!
//! They name a ledger of their own, `s.ledger.sqlite`, so that toy holds never stand among real
//! ones. It ends with the sandbox whose holds it remembers: the next one begins without it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use klikoo_sandbox::Sandbox;

use crate::input::{quoted, shown};
use crate::private_file;

/// Begins the first line of a settings file of ours.
const MARK: &str = "# Written by `seatblock sandbox`";

/// Longest settings file that is looked at for the mark.
const FILE_MAX: u64 = 64 * 1024;

fn beside(settings: &Path) -> (PathBuf, PathBuf) {
    (
        settings.with_extension("secret"),
        settings.with_extension("key.pem"),
    )
}

/// The ledger of the holds of one sandbox, and what SQLite keeps beside it.
fn ledger(settings: &Path) -> [PathBuf; 3] {
    ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"]
        .map(|extension| settings.with_extension(extension))
}

/// `settings` below a line that tells them from changed ones.
fn marked(settings: &str) -> String {
    // FNV-1a: nobody forges this, somebody edits it.
    let sum = settings.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!(
        "{MARK} ({sum:016x}): replaced when one is started anew, unless you change it.\n{settings}"
    )
}

/// Sees to it that nothing of somebody else's is replaced, and that there is a place to write to.
///
/// # Errors
///
/// A file in the way that was not written here or was changed since; no such folder.
pub(crate) fn may_be_written(settings: &Path) -> anyhow::Result<()> {
    let (secret, key) = beside(settings);
    if settings.file_name().is_none() || secret == settings {
        bail!(
            "--settings {}: give the settings file a name such as s.toml; s.secret and s.key.pem are written beside it",
            quoted(settings)
        );
    }
    if let Some(folder) = settings.parent()
        && !folder.as_os_str().is_empty()
        && !folder.is_dir()
    {
        bail!(
            "--settings {}: there is no folder {}; make it first",
            quoted(settings),
            quoted(folder)
        );
    }
    match private_file::read_text(settings, FILE_MAX) {
        Ok(text) if is_untouched(&text) => Ok(()),
        Ok(text) if text.starts_with(MARK) => bail!(
            "{} was changed since `seatblock sandbox` wrote it and is not overwritten; choose another name for --settings, or remove it with what is beside it: rm {} {} {}",
            shown(settings),
            quoted(settings),
            quoted(&secret),
            quoted(&key),
        ),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            for path in [secret, key].into_iter().chain(ledger(settings)) {
                if fs::symlink_metadata(&path).is_ok() {
                    bail!(
                        "{} exists and is not overwritten; choose another name for --settings, or remove that file",
                        shown(&path)
                    );
                }
            }
            Ok(())
        }
        Ok(_) | Err(_) => bail!(
            "{} was not written by `seatblock sandbox` and is not overwritten; choose another name for --settings",
            shown(settings)
        ),
    }
}

fn is_untouched(text: &str) -> bool {
    text.split_once('\n')
        .is_some_and(|(_, settings)| text == marked(settings))
}

/// Writes the three files, each readable to its owner alone.
///
/// # Errors
///
/// The folder cannot be written.
pub(crate) fn write(settings: &Path, sandbox: &Sandbox, base_url: &str) -> anyhow::Result<()> {
    let (secret, key) = beside(settings);
    let [ledger, ..] = ledger(settings);
    for path in self::ledger(settings) {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{} cannot be removed", shown(&path)));
            }
            Ok(()) | Err(_) => {}
        }
    }
    replace(&secret, &format!("{}\n", sandbox.client_secret()))?;
    replace(&key, sandbox.private_key_pem())?;
    replace(
        settings,
        &text(
            sandbox,
            base_url,
            &name(&secret)?,
            &name(&key)?,
            &name(&ledger)?,
        ),
    )
}

/// The name alone: paths in a settings file start from its own folder.
fn name(path: &Path) -> anyhow::Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    Ok(name
        .with_context(|| format!("{} has no name in UTF-8", shown(path)))?
        .to_owned())
}

fn text(sandbox: &Sandbox, base_url: &str, secret: &str, key: &str, ledger: &str) -> String {
    // Through the TOML writer, which quotes whatever a name or an id may hold.
    let toml = |text: &str| toml::Value::from(text).to_string();
    marked(&format!(
        "[klikoo]
base_url = {}
client_id = {}
client_secret_file = {}
private_key_file = {}
# or \"ecdsa-p256\": the private key is a P-256 one and registered for both
request_signature = \"hmac-sha512\"
# or \"none\"
access_token = \"bearer\"

[ledger]
url = {}
",
        toml(base_url),
        toml(sandbox.client_id()),
        toml(secret),
        toml(key),
        toml(&format!("sqlite:{ledger}")),
    ))
}

fn replace(path: &Path, content: &str) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => private_file::create(path, content.as_bytes()),
    }
    .with_context(|| format!("{} cannot be written", shown(path)))
}
