//! `seatblock block`: holds the seats of an order.

mod reference;
mod report;

use std::path::PathBuf;
use std::sync::Arc;

use booking_domain::{BlockOrder, SeatHold, StatusMeaning, day_in_jakarta, limits::DOCUMENT_MAX};
use booking_ports::{BlockError, NotSentKind, Unknown, UnknownKind};
use clap::Args;

use self::report::{BlockReport, InvalidReport};
use crate::Run;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::failure;
use crate::input;
use crate::interrupt::Interrupt;
use crate::output::note;

/// What a provider looks at before it gives a token.
const CREDENTIALS: &str = " (compare klikoo.client_id, klikoo.client_secret or client_secret_file, and the public half of klikoo.private_key_file with what Klikoo has; `seatblock check` tries them)";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The order: JSON as in docs/examples/one-way.json, or - for stdin
    #[arg(value_name = "ORDER.json")]
    order: PathBuf,
}

/// Reads, checks and blocks an order.
///
/// # Errors
///
/// Settings or files that cannot be used; every outcome of a block is an exit code, not an error.
pub(crate) async fn run(run: Run, arguments: Arguments) -> anyhow::Result<Exit> {
    let document = input::read_capped(&arguments.order, DOCUMENT_MAX)?;
    let today = day_in_jakarta(run.clock.now());
    let new_reference = reference::new()?;
    let order = match BlockOrder::from_json(&document, today, || new_reference) {
        Ok(order) => order,
        Err(faults) => {
            run.output.result(&InvalidReport {
                reference: reference::in_document(&document),
                faults: &faults,
            });
            return Ok(Exit::Invalid);
        }
    };
    let desk = Desk::open(&run).await.map_err(|error| {
        // Of a reference that was just made there is no earlier attempt.
        match reference::in_document(&document) {
            Some(reference) if failure::is_of_ledger(&error) => error.context(format!(
                "nothing was sent by this attempt, and what an earlier one did under {reference} stands, so seats may be held: repeat with the same reference"
            )),
            _ => error,
        }
    })?;
    drop(document);
    let desk = Arc::new(desk);
    let interrupt = Interrupt::listen()?;
    // Before the first byte leaves: should this program be killed, the order can be repeated
    // under the same reference.
    note(format_args!("reference: {}", order.reference()));
    let warnings = order.warnings();
    if !run.output.json {
        for warning in &warnings {
            note(format_args!(
                "warning: {}: {}",
                warning.path, warning.message
            ));
        }
    }
    let outcome = block(Arc::clone(&desk), order, interrupt).await;
    // The adapter judged the deadline when the reply came; what is told is judged when it is told.
    let now = run.clock.now();
    let outcome = match outcome {
        // What is booked does not end.
        Ok(hold) if hold.deadline.has_passed(now) && !is_booked(&hold) => {
            Err(BlockError::Expired(hold.into()))
        }
        Err(BlockError::NotSent(mut not_sent))
            if matches!(not_sent.kind, NotSentKind::Unreachable | NotSentKind::Tls) =>
        {
            not_sent.message = desk.provider.with_address(&not_sent.message);
            Err(BlockError::NotSent(not_sent))
        }
        Err(BlockError::NotSent(mut not_sent)) if not_sent.kind == NotSentKind::TokenRefused => {
            not_sent.message.push_str(CREDENTIALS);
            Err(BlockError::NotSent(not_sent))
        }
        outcome => outcome,
    };
    let report = BlockReport {
        outcome: &outcome,
        warnings: &warnings,
        sandbox: desk.provider.is_embedded_sandbox(),
        now,
    };
    run.output.result(&report);
    desk.close().await;
    Ok(report.exit())
}

pub(super) fn is_booked(hold: &SeatHold) -> bool {
    hold.status.meaning() == StatusMeaning::Booked
}

/// Waits for the outcome or an interrupt. The send goes on until the process ends; what became of
/// it is then unknown.
async fn block(
    desk: Arc<Desk>,
    order: BlockOrder,
    mut interrupt: Interrupt,
) -> Result<SeatHold, BlockError> {
    let reference = order.reference().clone();
    let unknown =
        |message: &str| Err(Unknown::new(reference, UnknownKind::Interrupted, message).into());
    // A task of its own, so that even a panic inside ends as what it is: unknown.
    let send = tokio::spawn(async move { desk.block(&order).await });
    tokio::select! {
        // An outcome that is there already is not thrown away for a signal.
        biased;
        outcome = send => match outcome {
            Ok(outcome) => outcome,
            Err(_) => unknown("an internal error ended the wait for an answer"),
        },
        () = interrupt.wait() => unknown("interrupted while waiting for an answer"),
    }
}
