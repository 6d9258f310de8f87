//! Where settings come from: a TOML file, and the environment over it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::keys::{self, ENVIRONMENT_PREFIX, Key};
use super::mistake::Mistake;
use crate::{input, private_file};

/// The settings file that is read from the current folder, where it exists.
pub(super) const USUAL_FILE: &str = "seatblock.toml";

/// Longest settings file, in bytes.
const FILE_MAX: u64 = 64 * 1024;

/// A setting as somebody wrote it. No `Debug`: it may be a secret.
pub(crate) struct Raw {
    /// The text; `None` where it was no text.
    pub(crate) text: Option<Zeroizing<String>>,
    /// What it was instead.
    kind: &'static str,
    /// Where it was set.
    pub(crate) origin: Origin,
}

/// Where a setting was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    File(PathBuf),
    Variable(String),
}

impl Origin {
    /// The key with where it was set, to begin a mistake with.
    pub(crate) fn place(&self, key: &str) -> String {
        match self {
            Self::File(path) => format!("{key} ({})", input::shown(path)),
            Self::Variable(name) => format!("{key} ({name})"),
        }
    }

    /// What relative paths start from: the settings file's folder, or the current one.
    pub(crate) fn folder(&self) -> &Path {
        match self {
            Self::File(path) => path.parent().unwrap_or(Path::new("")),
            Self::Variable(_) => Path::new(""),
        }
    }
}

/// All settings that were set, by name, the environment's over the file's.
#[derive(Default)]
pub(crate) struct Source {
    entries: BTreeMap<&'static str, Raw>,
    /// The file that was read, if any.
    pub(crate) file: Option<PathBuf>,
    /// What is wrong so far.
    pub(crate) mistakes: Vec<Mistake>,
}

impl Source {
    /// Reads the file asked for, or the usual one where it exists, and the environment.
    pub(crate) fn read(
        config: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Self {
        let mut source = Self::default();
        source.read_file(config);
        source.read_environment(environment);
        source.one_secret();
        source
    }

    /// Whether anything was set that says where orders go.
    pub(crate) fn names_no_provider(&self) -> bool {
        !self.sets("klikoo.")
    }

    /// Whether a setting was set whose name begins so.
    pub(crate) fn sets(&self, beginning: &str) -> bool {
        self.entries.keys().any(|name| name.starts_with(beginning))
    }

    /// The text of a setting and where it was set; a value of another kind is a mistake.
    pub(crate) fn text(&mut self, key: &Key) -> Option<(Zeroizing<String>, Origin)> {
        let raw = self.entries.get(key.name)?;
        let place = raw.origin.place(key.name);
        match &raw.text {
            Some(text) if !text.trim().is_empty() => Some((text.clone(), raw.origin.clone())),
            Some(_) => {
                let message = format!("is empty; give {}, or leave the key out", key.meaning);
                self.mistakes.push(Mistake::new(place, message));
                None
            }
            None => {
                let message = format!("is {}; put it in quotes ({})", raw.kind, key.meaning);
                self.mistakes.push(Mistake::new(place, message));
                None
            }
        }
    }

    /// Whether a setting was set, whatever its value.
    pub(crate) fn has(&self, key: &Key) -> bool {
        self.entries.contains_key(key.name)
    }

    /// Where a setting was set, if it was, whatever its value.
    pub(crate) fn origin(&self, key: &Key) -> Option<Origin> {
        self.entries.get(key.name).map(|raw| raw.origin.clone())
    }

    fn read_file(&mut self, config: Option<&Path>) {
        let path = config.unwrap_or(Path::new(USUAL_FILE));
        let text = match private_file::read_text(path, FILE_MAX) {
            Ok(text) => text,
            Err(error) if config.is_none() && error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => {
                let message = format!("the settings file cannot be read: {error}");
                self.mistakes
                    .push(Mistake::new(input::shown(path), message));
                return;
            }
        };
        self.file = Some(path.to_owned());
        match text.parse::<toml::Table>() {
            Ok(table) => self.add_table("", table, path),
            Err(error) => {
                // The error's own text shows the line, which may hold a secret.
                let at = error.span().map_or(0, |span| span.start);
                let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
                let message = format!(
                    "line {line} is not TOML; write a table [klikoo] and lines such as timeout = \"30s\", each name once"
                );
                self.mistakes
                    .push(Mistake::new(input::shown(path), message));
            }
        }
    }

    fn add_table(&mut self, above: &str, table: toml::Table, path: &Path) {
        for (name, value) in table {
            let name = if above.is_empty() {
                name
            } else {
                format!("{above}.{name}")
            };
            let (text, kind) = match value {
                toml::Value::Table(below) => {
                    self.add_table(&name, below, path);
                    continue;
                }
                toml::Value::String(text) => (Some(Zeroizing::new(text)), "a text"),
                toml::Value::Integer(_) | toml::Value::Float(_) => (None, "a number"),
                toml::Value::Boolean(_) => (None, "true or false without quotes"),
                toml::Value::Datetime(_) => (None, "a date"),
                toml::Value::Array(_) => (None, "a list"),
            };
            let origin = Origin::File(path.to_owned());
            if let Some(key) = keys::find(&name) {
                self.entries.insert(key.name, Raw { text, kind, origin });
            } else {
                let nearest = keys::nearest(&name).name;
                self.unknown(origin.place(&name), nearest);
            }
        }
    }

    fn read_environment(&mut self, environment: impl IntoIterator<Item = (OsString, OsString)>) {
        for (variable, value) in environment {
            let variable = variable.to_string_lossy().into_owned();
            let Some(rest) = variable.strip_prefix(ENVIRONMENT_PREFIX) else {
                continue;
            };
            let name = rest.replace("__", ".").to_lowercase();
            // `SEATBLOCK_klikoo__…` is as unknown to a case-sensitive environment as any other.
            let known = keys::find(&name).filter(|key| key.variable() == variable);
            let Some(key) = known else {
                let nearest = keys::nearest(&name).variable();
                self.unknown(variable, &nearest);
                continue;
            };
            let raw = Raw {
                text: value.into_string().ok().map(Zeroizing::new),
                kind: "not UTF-8",
                origin: Origin::Variable(variable),
            };
            self.entries.insert(key.name, raw);
        }
    }

    /// The secret and its file are two spellings of one setting, so the environment's stands over
    /// the file's however either is spelt.
    fn one_secret(&mut self) {
        let both = [keys::CLIENT_SECRET.name, keys::CLIENT_SECRET_FILE.name];
        let of_environment = |raw: &Raw| matches!(raw.origin, Origin::Variable(_));
        let entries = &mut self.entries;
        if both
            .iter()
            .any(|name| entries.get(name).is_some_and(of_environment))
        {
            entries.retain(|name, raw| !both.contains(name) || of_environment(raw));
        }
    }

    fn unknown(&mut self, place: String, nearest: &str) {
        let message = format!("no such setting; the nearest is {nearest}");
        self.mistakes.push(Mistake::new(place, message));
    }
}
