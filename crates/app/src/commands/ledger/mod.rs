//! `seatblock ledger`: looks after the ledger itself.

mod migrate;
mod shred;

use std::io::Write as _;

use anyhow::Context as _;
use booking_ledger::{Checked, LedgerPosition};
use clap::Subcommand;
use serde_json::{Map, Value};

use crate::Run;
use crate::desk::Ledger;
use crate::exit::Exit;
use crate::output::{Report, columns, object};
use crate::set_back;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look whether every state follows from its story, and whether a file is whole
    Check,
    /// Write a line of JSON per reference to stdout, without personal data
    Export,
    /// Bring the ledger's schema up to date now, and say what it was; every other command does so
    /// when it opens the ledger
    Migrate,
    /// Go on with a ledger that was set back to an earlier state, as by a restored backup
    Accept,
    /// Destroy personal data: of one settled reference, of all that has ended, or of one person
    Shred(shred::Arguments),
}

/// Does it.
///
/// # Errors
///
/// Settings or a ledger that cannot be used; a reference that is unknown or not settled.
pub(crate) async fn run(run: Run, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Accept => accept(&run, &Ledger::existing(&run).await?).await,
        Command::Check => check(&run, &Ledger::existing(&run).await?).await,
        Command::Export => export(&Ledger::existing(&run).await?).await,
        Command::Migrate => migrate::run(&run).await,
        Command::Shred(arguments) => {
            shred::run(&run, &Ledger::existing(&run).await?, arguments).await
        }
    }
}

async fn check(run: &Run, ledger: &Ledger) -> anyhow::Result<Exit> {
    let checked = ledger.store.check().await?;
    run.output.result(&CheckReport(&checked));
    Ok(if checked.is_sound() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

async fn accept(run: &Run, ledger: &Ledger) -> anyhow::Result<Exit> {
    let position = set_back::accept(&*ledger.store).await?;
    run.output.result(&AcceptReport(&position));
    Ok(Exit::Done)
}

async fn export(ledger: &Ledger) -> anyhow::Result<Exit> {
    let mut stdout = std::io::stdout();
    ledger.store.export(&mut stdout).await?;
    stdout.flush().context("stdout cannot be written")?;
    Ok(Exit::Done)
}

struct CheckReport<'a>(&'a Checked);

impl Report for CheckReport<'_> {
    fn json(&self) -> Map<String, Value> {
        object([
            ("outcome", word(self.0).into()),
            ("holds", self.0.holds.into()),
            ("entries", self.0.entries.into()),
            ("faults", self.0.faults.clone().into()),
        ])
    }

    fn text(&self) -> String {
        let mut rows = vec![
            ("references", self.0.holds.to_string()),
            ("entries", self.0.entries.to_string()),
        ];
        rows.extend(self.0.faults.iter().map(|fault| ("fault", fault.clone())));
        format!("{}\n{}", word(self.0), columns(&rows))
    }
}

fn word(checked: &Checked) -> &'static str {
    if checked.is_sound() {
        "sound"
    } else {
        "damaged"
    }
}

struct AcceptReport<'a>(&'a LedgerPosition);

impl Report for AcceptReport<'_> {
    fn json(&self) -> Map<String, Value> {
        object([
            ("outcome", "accepted".into()),
            ("latest", self.0.latest.into()),
        ])
    }

    fn text(&self) -> String {
        let latest = self.0.latest.to_string();
        format!("accepted\n{}", columns(&[("latest reference", latest)]))
    }
}
