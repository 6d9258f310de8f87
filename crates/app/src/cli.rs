//! The command line.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::commands::{
    block, book, check, completions, gateway_keys, hold, holds, keys, ledger, recover, sandbox,
    seats, serve, settle, sign,
};
use crate::settings;

/// Holds bus seats at Klikoo.
///
/// Without settings, commands run against a sandbox inside the process: no real seat is held.
#[derive(Debug, Parser)]
#[command(name = "seatblock", version, after_help = EXIT_CODES, after_long_help = long_help())]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done (block: held), 1 settings, file or internal error, 2 usage, 3 invalid order,
4 refused, 5 not sent, 6 unknown (seats may be held, or booked; recover: some are left), 7 conflict,
8 busy, 9 expired (book: too late), 10 the ledger cannot be reached now, or an address is taken: run
the same again. After 1 and 10 this run held nothing; an earlier one may have. 1 is also: something to mend
(check), no answer (seats), signatures that differ (sign --expect).";

fn long_help() -> String {
    format!(
        "Settings, in seatblock.toml or as SEATBLOCK_KLIKOO__BASE_URL and the like:\n{}\n{EXIT_CODES}",
        settings::help()
    )
}

/// Options that may stand before or behind the command.
#[derive(Clone, Debug, Args)]
pub(crate) struct Global {
    /// Show the result as one JSON object
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Settings file [default: seatblock.toml in the current folder, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Log more to stderr: -v info, -vv debug, -vvv trace
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Hold the seats of an order
    Block(block::Arguments),
    /// Make a ticket of a hold, or tell the booking codes that it has
    Book(book::Arguments),
    /// List the references of the ledger
    Holds(holds::Arguments),
    /// Tell the whole story of a reference
    Hold(hold::Arguments),
    /// Take over what a dead process left, and settle what is unknown
    Recover(recover::Arguments),
    /// Record an operator's word about a reference
    Settle(settle::Arguments),
    /// Check, export, migrate, accept or shred the ledger
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Serve the gateway and its console until interrupted; its URL stands first on stdout
    Serve(serve::Arguments),
    /// Make, list or revoke the keys of the gateway
    #[command(subcommand)]
    GatewayKeys(gateway_keys::Command),
    /// Run a local Klikoo until interrupted; its base URL is the first line on stdout
    Sandbox(sandbox::Arguments),
    /// Draw the free seats of a trip, with prices
    Seats(seats::Arguments),
    /// Show every stage of a signature, or find the mistake in another one
    Sign(sign::Arguments),
    /// Make keys
    #[command(subcommand)]
    Keys(keys::Command),
    /// Check settings, keys, secrets, the clock and the token
    Check,
    /// Print a completion script for a shell
    Completions(completions::Arguments),
}

impl Command {
    /// Runs the command.
    pub(crate) async fn run(self, run: crate::Run) -> anyhow::Result<crate::exit::Exit> {
        match self {
            Self::Block(arguments) => block::run(run, arguments).await,
            Self::Book(arguments) => book::run(run, arguments).await,
            Self::Holds(arguments) => holds::run(run, arguments).await,
            Self::Hold(arguments) => hold::run(run, arguments).await,
            Self::Recover(arguments) => recover::run(run, arguments).await,
            Self::Settle(arguments) => settle::run(run, arguments).await,
            Self::Ledger(command) => ledger::run(run, command).await,
            Self::Serve(arguments) => serve::run(run, arguments).await,
            Self::GatewayKeys(command) => gateway_keys::run(&run, command),
            Self::Sandbox(arguments) => sandbox::run(run, arguments).await,
            Self::Seats(arguments) => seats::run(run, arguments).await,
            Self::Sign(arguments) => sign::run(&run, &arguments),
            Self::Keys(command) => keys::run(&run, command),
            Self::Check => check::run(run).await,
            Self::Completions(arguments) => Ok(completions::run(&run, &arguments)),
        }
    }
}
