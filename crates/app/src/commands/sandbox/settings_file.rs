//! Settings that are ready for a sandbox: a file, and beside it a secret and a key.
//!
//! For `s.toml` these are `s.secret` and `s.key.pem`. A settings file that begins with our mark
//! was written here, and so were the two beside it: all three are replaced. Anything else that
//! stands in their place is kept, and refused.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use klikoo_sandbox::Sandbox;

use crate::input::shown;
use crate::private_file;

/// The first line of a settings file of ours.
const MARK: &str = "# Written by `seatblock sandbox`: it is replaced when one is started anew.";

/// Longest settings file that is looked at for the mark.
const FILE_MAX: u64 = 64 * 1024;

fn beside(settings: &Path) -> (PathBuf, PathBuf) {
    (
        settings.with_extension("secret"),
        settings.with_extension("key.pem"),
    )
}

/// Sees to it that nothing of somebody else's is replaced.
///
/// # Errors
///
/// A file in the way that was not written here.
pub(crate) fn may_be_written(settings: &Path) -> anyhow::Result<()> {
    let is_ours = match private_file::read_text(settings, FILE_MAX) {
        Ok(text) => text.starts_with(MARK),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let (secret, key) = beside(settings);
            for path in [secret, key] {
                if fs::symlink_metadata(&path).is_ok() {
                    bail!(
                        "{} exists and is not overwritten; choose another name for --settings",
                        shown(&path)
                    );
                }
            }
            true
        }
        Err(_) => false,
    };
    if !is_ours {
        bail!(
            "{} was not written by `seatblock sandbox` and is not overwritten; choose another name for --settings",
            shown(settings)
        );
    }
    Ok(())
}

/// Writes the three files, each readable to its owner alone.
///
/// # Errors
///
/// The folder cannot be written.
pub(crate) fn write(settings: &Path, sandbox: &Sandbox, base_url: &str) -> anyhow::Result<()> {
    let (secret, key) = beside(settings);
    replace(&secret, &format!("{}\n", sandbox.client_secret()))?;
    replace(&key, sandbox.private_key_pem())?;
    replace(
        settings,
        &text(sandbox, base_url, &name(&secret)?, &name(&key)?),
    )
}

/// The name alone: paths in a settings file start from its own folder.
fn name(path: &Path) -> anyhow::Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    Ok(name
        .with_context(|| format!("{} has no name in UTF-8", shown(path)))?
        .to_owned())
}

fn text(sandbox: &Sandbox, base_url: &str, secret: &str, key: &str) -> String {
    // Through the TOML writer, which quotes whatever a name or an id may hold.
    let quoted = |text: &str| toml::Value::from(text).to_string();
    format!(
        "{MARK}
[klikoo]
base_url = {}
client_id = {}
client_secret_file = {}
private_key_file = {}
# or \"ecdsa-p256\": the private key is a P-256 one and registered for both
request_signature = \"hmac-sha512\"
# or \"none\"
access_token = \"bearer\"
",
        quoted(base_url),
        quoted(sandbox.client_id()),
        quoted(secret),
        quoted(key),
    )
}

fn replace(path: &Path, content: &str) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => private_file::create(path, content.as_bytes()),
    }
    .with_context(|| format!("{} cannot be written", shown(path)))
}
