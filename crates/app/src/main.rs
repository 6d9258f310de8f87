//! `seatblock`: hold bus seats at Klikoo from the command line.
//!
//! Reads the command line, runs one command, ends with its exit code. Results go to stdout, notes
//! and logs to stderr.

mod cli;
mod clock;
#[cfg(test)]
mod clock_cells;
mod commands;
mod desk;
mod entropy;
mod exit;
mod failure;
mod harden;
mod input;
mod interrupt;
#[cfg(feature = "kill-points")]
mod kill_points;
mod logging;
mod more_files;
mod output;
mod private_file;
mod set_back;
mod settings;
mod telemetry;
mod wiring;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use booking_ports::{Clock, SystemClock};
use clap::Parser as _;

use crate::cli::{Cli, Command};
use crate::exit::Exit;
use crate::output::Output;
use crate::telemetry::Telemetry;

/// Gives back what was freed: with glibc's pools a gateway grew by a megabyte every few minutes.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// What every command is given.
#[derive(Clone)]
pub(crate) struct Run {
    /// Where results and notes go.
    pub(crate) output: Output,
    /// The settings file asked for.
    pub(crate) config: Option<PathBuf>,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Tells spans to a collector, where one is named.
    pub(crate) telemetry: Option<Telemetry>,
}

fn main() -> ExitCode {
    harden::harden();
    let cli = Cli::parse();
    let output = Output {
        json: cli.global.json,
    };
    // Only a service has spans that somebody collects. Before the log, which feeds it.
    let telemetry = match &cli.command {
        Command::Serve(_) => Telemetry::start(cli.global.config.as_deref()),
        _ => Ok(None),
    };
    logging::start(
        cli.global.verbose,
        telemetry.as_ref().ok().and_then(Option::as_ref),
    );
    // The panic hook has told the place; a script still gets its JSON object and exit code.
    let exit =
        catch_unwind(AssertUnwindSafe(|| run(cli, output, telemetry))).unwrap_or_else(|_| {
            output.failure(Exit::Failed, "internal error");
            Exit::Failed
        });
    exit.into()
}

fn run(cli: Cli, output: Output, telemetry: anyhow::Result<Option<Telemetry>>) -> Exit {
    let outcome = telemetry.and_then(|telemetry| {
        let run = Run {
            output,
            config: cli.global.config,
            clock: Arc::new(SystemClock::default()),
            telemetry,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("the system gives no threads to run on")?;
        let outcome = runtime.block_on(cli.command.run(run));
        // A name look-up or a send that nobody waits for any more must not hold up the end.
        runtime.shutdown_background();
        outcome
    });
    outcome.unwrap_or_else(|error| {
        output.failure(failure::exit(&error), &failure::text(&error));
        failure::exit(&error)
    })
}
