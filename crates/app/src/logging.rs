//! Logs: to stderr, of our own crates, never with a body.
//!
//! Foreign crates stop at `warn` whatever `-v` or `RUST_LOG` say: an HTTP library's debug lines
//! carry headers and bodies, and with them tokens and passengers.

use std::io::{self, IsTerminal};

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{LevelFilter, Targets, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::output::note;
use crate::telemetry::Telemetry;

/// Beginnings of the names of our crates.
const OURS: [&str; 3] = ["seatblock", "booking_", "klikoo_"];

/// Whose warnings and errors are all about the one call that a command makes: the command's
/// result tells them, so they are logged to whoever asks for logs.
const TOLD_BY_RESULTS: [&str; 2] = ["klikoo_adapter", "booking_layers::traced"];

/// Starts logging: what no result tells. `-v` to `-vvv` are info, debug and trace; `RUST_LOG` may
/// ask for more of single crates of ours. Spans go to `telemetry` too, where there is one; nothing
/// here changes what is told there.
pub(crate) fn start(verbosity: u8, telemetry: Option<&Telemetry>) {
    let by_option = match verbosity {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let by_variable = variable();
    let log = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        // Else a closed stderr would be answered by printing to stderr, which panics.
        .log_internal_errors(false)
        .with_filter(filter_fn(move |metadata| {
            is_shown(metadata, by_option, by_variable.as_ref())
        }));
    let registry = tracing_subscriber::registry().with(log);
    // Only one subscriber is ever set, so this cannot fail. A layer that is `None` is not put in: it
    // would make what nobody asks for look as if it were enabled.
    let _ = match telemetry {
        Some(telemetry) => registry.with(telemetry.layer()).try_init(),
        None => registry.try_init(),
    };
}

/// Whether what has this target is of our own crates.
pub(crate) fn is_ours(target: &str) -> bool {
    OURS.iter().any(|ours| target.starts_with(ours))
}

fn variable() -> Option<Targets> {
    let text = std::env::var_os("RUST_LOG")?;
    let targets = text.to_str().and_then(|text| text.parse().ok());
    if targets.is_none() {
        note("RUST_LOG is passed over: write it as klikoo_adapter=debug,booking_ports=info");
    }
    targets
}

fn is_shown(
    metadata: &Metadata<'_>,
    by_option: LevelFilter,
    by_variable: Option<&Targets>,
) -> bool {
    let (target, level) = (metadata.target(), metadata.level());
    if is_ours(target) {
        let asked = by_variable.is_some_and(|targets| targets.would_enable(target, level));
        let louder = by_option > LevelFilter::WARN;
        let usual = louder
            || (by_variable.is_none()
                && !TOLD_BY_RESULTS.iter().any(|told| target.starts_with(told)));
        asked || (usual && *level <= by_option)
    } else {
        *level <= Level::WARN
    }
}
