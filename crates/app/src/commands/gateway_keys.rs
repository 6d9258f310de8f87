//! `seatblock gateway-keys`: who may use the gateway.

use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, bail};
use booking_domain::{Tenant, rfc3339};
use booking_gateway::{ApiKey, KeyId, KeyRecord, KeysFile, Scope, Scopes};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::Run;
use crate::entropy;
use crate::exit::Exit;
use crate::input::shown;
use crate::output::{Report, columns, object};
use crate::private_file;
use crate::settings::GatewaySettings;

/// Longest name of a key, in characters.
const NAME_MAX: usize = 60;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a key; it is shown once
    New(New),
    /// List the keys there are, without their secrets
    List,
    /// Let a key open nothing any more; a running gateway notices within a second
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// Who will hold it, for people
    #[arg(long, value_parser = name)]
    name: String,
    /// What it may do: read, block, operate (settle), admin (see people), separated by commas
    #[arg(long, value_delimiter = ',', required = true, value_parser = str::parse::<Scope>)]
    scope: Vec<Scope>,
    /// Whose holds it sees and makes; without it everybody's
    #[arg(long, value_parser = tenant)]
    tenant: Option<Tenant>,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The key's id, as `list` shows it
    #[arg(value_parser = str::parse::<KeyId>)]
    id: KeyId,
}

fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    let sound =
        !text.is_empty() && text.chars().count() <= NAME_MAX && !text.chars().any(char::is_control);
    sound
        .then(|| text.to_owned())
        .ok_or_else(|| format!("write one line of up to {NAME_MAX} characters"))
}

fn tenant(text: &str) -> Result<Tenant, String> {
    Tenant::new(text).map_err(|fault| fault.message)
}

/// Makes, lists or revokes keys.
///
/// # Errors
///
/// Settings or a key file that cannot be used; no such key.
pub(crate) fn run(run: &Run, command: Command) -> anyhow::Result<Exit> {
    let path = GatewaySettings::unserved(run.config.as_deref())?.keys_file;
    match command {
        Command::New(new) => {
            let key = ApiKey::of_random(entropy::bytes()?, entropy::bytes()?);
            let scopes: Scopes = new.scope.into_iter().collect();
            let record = KeyRecord::of(&key, new.name, new.tenant, scopes, run.clock.now());
            change(&path, |keys| {
                keys.push(record.clone());
                Ok(())
            })?;
            run.output.result(&Made {
                key: &key,
                record: &record,
                path: &path,
            });
        }
        Command::List => {
            let file = read(&path)?;
            run.output.result(&Listed(&file.keys));
        }
        Command::Revoke(revoke) => {
            let now = run.clock.now();
            let record = change(&path, |keys| {
                let Some(key) = keys.iter_mut().find(|key| key.id == revoke.id) else {
                    bail!(
                        "there is no key {}; `seatblock gateway-keys list` shows those there are",
                        revoke.id
                    );
                };
                key.revoked_at.get_or_insert(now);
                Ok(key.clone())
            })?;
            run.output.result(&Revoked(&record));
        }
    }
    Ok(Exit::Done)
}

fn read(path: &Path) -> anyhow::Result<KeysFile> {
    KeysFile::read(path).with_context(|| format!("{} cannot be used", shown(path)))
}

/// Changes the file as one step: of two who change it at the same time none loses their change.
fn change<T>(
    path: &Path,
    change: impl FnOnce(&mut Vec<KeyRecord>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let lock =
        private_file::lock(path).with_context(|| format!("{} cannot be locked", shown(path)))?;
    let mut file = read(path)?;
    let changed = change(&mut file.keys)?;
    let mut text = serde_json::to_string_pretty(&file)?;
    text.push('\n');
    private_file::replace(path, text.as_bytes())
        .with_context(|| format!("{} cannot be written", shown(path)))?;
    drop::<File>(lock);
    Ok(changed)
}

struct Made<'a> {
    key: &'a ApiKey,
    record: &'a KeyRecord,
    path: &'a Path,
}

impl Report for Made<'_> {
    fn json(&self) -> Map<String, Value> {
        let mut members = record_json(self.record);
        members.insert("outcome".to_owned(), "made".into());
        members.insert("key".to_owned(), self.key.expose().as_str().into());
        members
    }

    fn text(&self) -> String {
        let rows = [
            ("id", self.record.id.to_string()),
            ("scopes", scopes(self.record)),
            ("tenant", tenant_text(self.record)),
            (
                "kept in",
                format!("{} (only a hash of it)", shown(self.path)),
            ),
            (
                "note",
                "shown this once; whoever has it can do what it may".to_owned(),
            ),
        ];
        format!("{}\n{}", *self.key.expose(), columns(&rows))
    }
}

struct Listed<'a>(&'a [KeyRecord]);

impl Report for Listed<'_> {
    fn json(&self) -> Map<String, Value> {
        let keys: Value = self
            .0
            .iter()
            .map(|key| Value::Object(record_json(key)))
            .collect();
        object([("outcome", "listed".into()), ("keys", keys)])
    }

    fn text(&self) -> String {
        let lines = self.0.iter().map(|key| {
            let state = match key.revoked_at {
                Some(at) => format!("revoked {}", second(at)),
                None => "in force".to_owned(),
            };
            let (scopes, tenant) = (scopes(key), tenant_text(key));
            format!("{}  {scopes}  {tenant}  {}  {state}\n", key.id, key.name)
        });
        let all: Vec<String> = lines.collect();
        if all.is_empty() {
            return "no key was made yet\n".to_owned();
        }
        all.concat()
    }
}

struct Revoked<'a>(&'a KeyRecord);

impl Report for Revoked<'_> {
    fn json(&self) -> Map<String, Value> {
        let mut members = record_json(self.0);
        members.insert("outcome".to_owned(), "revoked".into());
        members
    }

    fn text(&self) -> String {
        format!(
            "revoked\n{}",
            columns(&[("id", self.0.id.to_string()), ("name", self.0.name.clone())])
        )
    }
}

fn record_json(key: &KeyRecord) -> Map<String, Value> {
    let scopes: Vec<&str> = key.scopes.iter().map(Scope::as_str).collect();
    object([
        ("id", key.id.as_str().into()),
        ("name", key.name.as_str().into()),
        ("scopes", json!(scopes)),
        ("tenant", key.tenant.as_ref().map(Tenant::as_str).into()),
        ("made_at", second(key.made_at).into()),
        ("revoked_at", key.revoked_at.map(second).into()),
    ])
}

/// To the second: nobody made a key more exactly than that.
fn second(moment: OffsetDateTime) -> String {
    rfc3339(moment.replace_nanosecond(0).unwrap_or(moment))
}

fn scopes(key: &KeyRecord) -> String {
    let words: Vec<&str> = key.scopes.iter().map(Scope::as_str).collect();
    words.join(",")
}

fn tenant_text(key: &KeyRecord) -> String {
    key.tenant
        .as_ref()
        .map_or_else(|| "all tenants".to_owned(), ToString::to_string)
}
