//! `seatblock ledger`: looks after the ledger itself.

mod shred;

use std::io::Write as _;

use anyhow::Context as _;
use booking_ledger::Checked;
use clap::Subcommand;
use serde_json::{Map, Value};

use crate::Run;
use crate::desk::Ledger;
use crate::exit::Exit;
use crate::output::{Report, columns, object};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look whether every state follows from its story, and whether a file is whole
    Check,
    /// Write a line of JSON per reference to stdout, without personal data
    Export,
    /// Destroy personal data: of one settled reference, of all that has ended, or of one person
    Shred(shred::Arguments),
}

/// Does it.
///
/// # Errors
///
/// Settings or a ledger that cannot be used; a reference that is unknown or not settled.
pub(crate) async fn run(run: Run, command: Command) -> anyhow::Result<Exit> {
    let ledger = Ledger::open(&run).await?;
    match command {
        Command::Check => {
            let checked = ledger.store.check().await?;
            run.output.result(&CheckReport(&checked));
            Ok(if checked.is_sound() {
                Exit::Done
            } else {
                Exit::Failed
            })
        }
        Command::Export => {
            let mut stdout = std::io::stdout();
            ledger.store.export(&mut stdout).await?;
            stdout.flush().context("stdout cannot be written")?;
            Ok(Exit::Done)
        }
        Command::Shred(arguments) => shred::run(&run, &ledger, arguments).await,
    }
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
