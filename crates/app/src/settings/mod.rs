//! Settings: a TOML file, the environment over it, every mistake of a table told at once.

mod files;
mod gateway;
mod keys;
mod ledger;
mod mistake;
mod source;
mod telemetry;
mod values;

use std::path::{Path, PathBuf};

pub(crate) use files::{auth_key, client_secret, ledger_key, request_key, trust_root};
pub(crate) use gateway::{GatewaySettings, TlsFiles, address};
pub(crate) use keys::help;
pub(crate) use ledger::{LedgerSettings, state_folder};
pub(crate) use mistake::{Mistake, Mistakes};
use source::Source;
pub(crate) use telemetry::TelemetrySettings;
pub(crate) use values::{BOOKING_MARGIN, ClientSecret, KlikooSettings, NamedFile, Purpose};

use crate::input;
use crate::private_file::open_to_others;

/// Where orders go.
#[derive(Debug)]
pub(crate) enum Settings {
    /// Nothing is set: a sandbox inside the process.
    EmbeddedSandbox,
    /// Klikoo, or a sandbox that runs somewhere.
    Klikoo(Box<Loaded>),
}

/// Settings that are complete.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) klikoo: KlikooSettings,
    /// The settings file, where one was read.
    pub(crate) file: Option<PathBuf>,
    /// Whether the settings file itself holds a secret and is open to others.
    file_exposed: Option<String>,
}

impl Settings {
    /// Reads the file asked for, or `seatblock.toml` where it exists, and the environment.
    ///
    /// # Errors
    ///
    /// All [`Mistakes`] at once; key and secret files are not read yet.
    pub(crate) fn load(config: Option<&Path>, purpose: Purpose) -> Result<Self, Mistakes> {
        let mut source = Source::read(config, std::env::vars_os());
        if source.names_no_provider() {
            if purpose == Purpose::RecordedCalls {
                ledger::refuse_of_sandbox(&mut source);
            }
            return if source.mistakes.is_empty() {
                Ok(Self::EmbeddedSandbox)
            } else {
                Err(Mistakes(source.mistakes))
            };
        }
        let klikoo = values::values(&mut source, purpose);
        match klikoo {
            Some(klikoo) if source.mistakes.is_empty() => {
                let file_exposed = source.exposed_secret();
                Ok(Self::Klikoo(Box::new(Loaded {
                    klikoo,
                    file: source.file,
                    file_exposed,
                })))
            }
            _ => Err(Mistakes(source.mistakes)),
        }
    }
}

/// Why a sandbox inside the process answers: what led [`Settings::load`] to
/// [`Settings::EmbeddedSandbox`]. Whoever has written a file takes it for read, so it is named.
pub(crate) fn why_embedded(config: Option<&Path>) -> String {
    let path = config.unwrap_or(Path::new(source::USUAL_FILE));
    if path.exists() {
        format!("{} holds no klikoo setting", input::shown(path))
    } else {
        "no settings are there".to_owned()
    }
}

impl Source {
    fn exposed_secret(&mut self) -> Option<String> {
        let (_, origin) = self.text(&keys::CLIENT_SECRET)?;
        let source::Origin::File(path) = origin else {
            return None;
        };
        let mode = open_to_others(&path)?;
        Some(format!(
            "{} holds klikoo.client_secret and is open to other users (mode {mode}); run `chmod 600 {}`",
            input::shown(&path),
            input::quoted(&path),
        ))
    }
}

impl Loaded {
    /// What to do about secrets that other users can reach.
    pub(crate) fn exposures(&self) -> Vec<String> {
        let files = self.klikoo.secret_files().filter_map(NamedFile::exposed);
        let mut exposures: Vec<String> = self.file_exposed.iter().cloned().chain(files).collect();
        exposures.dedup();
        exposures
    }
}
