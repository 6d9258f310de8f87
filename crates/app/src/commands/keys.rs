//! `seatblock keys new`: a key pair in files.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use klikoo_adapter::{GeneratedKeyPair, KeyKind};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

use crate::Run;
use crate::exit::Exit;
use crate::input::shown;
use crate::output::{Report, columns, object};
use crate::private_file;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a key pair: private.pem (PKCS#8, mode 0600) and public.pem (SPKI)
    New(New),
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The kind of key
    kind: Kind,
    /// The folder to write to; made where it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// What a key pair is for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// ECDSA P-256: signs requests, and token requests as well
    P256,
    /// RSA-2048: signs token requests
    Rsa,
}

struct Made {
    kind: Kind,
    private: PathBuf,
    public: PathBuf,
}

impl Report for Made {
    fn json(&self) -> Map<String, Value> {
        object([
            ("kind", self.kind.name().into()),
            ("private_key_file", self.private.to_string_lossy().into()),
            ("public_key_file", self.public.to_string_lossy().into()),
        ])
    }

    fn text(&self) -> String {
        let rows = [
            (
                "private key",
                format!("{}, keep it to yourself", shown(&self.private)),
            ),
            (
                "public key",
                format!("{}, register it at Klikoo", shown(&self.public)),
            ),
        ];
        format!("made a key pair ({})\n{}", self.kind.name(), columns(&rows))
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::Rsa => "rsa",
        }
    }
}

/// Makes the pair and writes it, or nothing.
///
/// # Errors
///
/// Either file exists, or the folder cannot be written.
pub(crate) fn run(run: &Run, command: Command) -> anyhow::Result<Exit> {
    let Command::New(New { kind, out }) = command;
    make_folder(&out).with_context(|| format!("the folder {} cannot be made", shown(&out)))?;
    let made = Made {
        kind,
        private: out.join("private.pem"),
        public: out.join("public.pem"),
    };
    for path in [&made.private, &made.public] {
        if fs::symlink_metadata(path).is_ok() {
            bail!(
                "{} exists and is not overwritten; choose another folder with --out",
                shown(path)
            );
        }
    }
    let pair = GeneratedKeyPair::generate(match kind {
        Kind::P256 => KeyKind::P256,
        Kind::Rsa => KeyKind::Rsa2048,
    })?;
    private_file::create(
        &made.private,
        pair.private_key_pem.expose_secret().as_bytes(),
    )
    .with_context(|| format!("{} cannot be written", shown(&made.private)))?;
    if let Err(error) = write_public(&made.public, &pair.public_key_pem) {
        // Half a pair would be in the way of the next try.
        let _ = fs::remove_file(&made.private);
        return Err(error).with_context(|| format!("{} cannot be written", shown(&made.public)));
    }
    run.output.result(&made);
    Ok(Exit::Done)
}

fn make_folder(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn write_public(path: &Path, pem: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(pem.as_bytes())?;
    file.sync_all()
}
