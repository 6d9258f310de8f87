//! `seatblock sandbox`: a local Klikoo until interrupted.

mod settings_file;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use klikoo_sandbox::{CallbackUrlError, Sandbox, SandboxBuilder, Scenario};
use serde_json::{Map, Value};

use crate::Run;
use crate::exit::Exit;
use crate::input::{quoted, shown};
use crate::interrupt::Interrupt;
use crate::output::{Report, columns, note, object};
use crate::private_file::{read_text, without_line_end};
use crate::settings::address;

/// Longest key, secret or scenario file, in bytes.
const FILE_MAX: u64 = 1024 * 1024;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0", value_parser = address)]
    listen: SocketAddr,
    /// Write a ready settings file, with its secret and key files beside it
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// A partner's public key (SPKI PEM, RSA or P-256) to accept beside the demo key; given again:
    /// a further one, such as that of ecdsa-p256 requests beside that of the token request
    #[arg(long, value_name = "PEM")]
    partner_key: Vec<PathBuf>,
    /// A file that holds the client secret to accept
    #[arg(long, value_name = "F")]
    client_secret_file: Option<PathBuf>,
    /// The client id to accept
    #[arg(long, value_name = "ID", value_parser = client_id)]
    client_id: Option<String>,
    /// Faults and further trips, in TOML
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Append what is seen and executed, as JSON lines; orders stand in it as they were sent
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Where to POST Klikoo's callbacks after a block, a booking and the end of a hold: plain http to
    /// a loopback address of this machine
    #[arg(long, value_name = "URL", value_parser = callback_url)]
    callback_url: Option<String>,
}

fn client_id(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("a client id is a text on one line, such as a UUID; leave the option out for one that is made up".to_owned());
    }
    Ok(text.to_owned())
}

/// What the sandbox would call back; it is told once more when the sandbox is made.
fn callback_url(text: &str) -> Result<String, CallbackUrlError> {
    Sandbox::builder()
        .callback_url(text)
        .map(|_| text.to_owned())
}

/// Runs a sandbox until Ctrl-C or SIGTERM.
///
/// # Errors
///
/// A file that cannot be used, or an address that cannot be listened on.
pub(crate) async fn run(run: Run, arguments: Arguments) -> anyhow::Result<Exit> {
    if let Some(path) = &arguments.settings {
        settings_file::may_be_written(path)?;
    }
    let mut interrupt = Interrupt::listen()?;
    let sandbox = builder(&arguments)?.start().await?;
    let base_url = reachable(sandbox.base_url());
    if let Some(path) = &arguments.settings {
        settings_file::write(path, &sandbox, &base_url)?;
    }
    if !arguments.listen.ip().is_loopback() {
        note(format_args!(
            "warning: {} is open to the network: whoever reaches it can block seats here; seatblock itself speaks http to loopback only",
            arguments.listen
        ));
    }
    run.output.result(&Running {
        base_url: &base_url,
        client_id: sandbox.client_id(),
        settings: arguments.settings.as_deref(),
        journal: arguments.journal.as_deref(),
    });
    interrupt.wait().await;
    sandbox.shutdown().await;
    Ok(Exit::Done)
}

/// The base URL as this machine reaches it: "every address" is none that can be called.
fn reachable(base_url: &str) -> String {
    base_url
        .replace("//0.0.0.0:", "//127.0.0.1:")
        .replace("//[::]:", "//[::1]:")
}

fn builder(arguments: &Arguments) -> anyhow::Result<SandboxBuilder> {
    let mut builder = Sandbox::builder().listen(arguments.listen);
    if let Some(id) = &arguments.client_id {
        builder = builder.client_id(id);
    }
    if let Some(path) = &arguments.client_secret_file {
        let text = read(path)?;
        let secret = without_line_end(&text);
        if secret.is_empty() || secret.chars().any(char::is_control) {
            bail!(
                "{} has to hold the client secret on one line, and nothing else",
                shown(path)
            );
        }
        builder = builder.client_secret(secret);
    }
    for path in &arguments.partner_key {
        builder = builder
            .partner_public_key_pem(&read(path)?)
            .with_context(|| format!("{} cannot be used", shown(path)))?;
    }
    if let Some(path) = &arguments.scenario {
        let scenario = Scenario::from_toml(&read(path)?)
            .with_context(|| format!("{} cannot be used", shown(path)))?;
        builder = builder.scenario(scenario);
    }
    if let Some(path) = &arguments.journal {
        builder = builder.journal_file(path);
    }
    if let Some(url) = &arguments.callback_url {
        builder = builder.callback_url(url)?;
    }
    Ok(builder)
}

fn read(path: &Path) -> anyhow::Result<zeroize::Zeroizing<String>> {
    read_text(path, FILE_MAX).with_context(|| format!("{} cannot be read", shown(path)))
}

struct Running<'a> {
    base_url: &'a str,
    client_id: &'a str,
    settings: Option<&'a Path>,
    journal: Option<&'a Path>,
}

impl Report for Running<'_> {
    fn json(&self) -> Map<String, Value> {
        object([
            ("base_url", self.base_url.into()),
            ("client_id", self.client_id.into()),
            ("settings", self.settings.map(shown).into()),
            ("journal", self.journal.map(shown).into()),
            ("sandbox", true.into()),
        ])
    }

    /// The base URL first and alone on its line, for scripts.
    fn text(&self) -> String {
        let mut rows = vec![("client id", self.client_id.to_owned())];
        match self.settings {
            Some(path) => rows.push((
                "use it",
                format!("seatblock --config {} block ORDER.json", quoted(path)),
            )),
            None => rows.push((
                "secret and key",
                "given by --settings FILE, or bring your own with --client-secret-file and --partner-key".to_owned(),
            )),
        }
        if let Some(path) = self.journal {
            rows.push(("journal", shown(path)));
        }
        rows.push(("stop", "Ctrl-C".to_owned()));
        format!("{}\n{}", self.base_url, columns(&rows))
    }
}
