//! Notices a ledger that was set back to an earlier state, as by a restored backup.
//!
//! How far each ledger had come is remembered in the user's state folder, apart from the ledger: at the
//! end of a command, and every minute of one that goes on. A process that is killed remembers less than
//! is there, which raises no false alarm.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use booking_ledger::{LedgerPosition, LedgerStore};

use crate::private_file;
use crate::settings::state_folder;

const FOLDER: &str = "seatblock/positions";

/// How much a gateway that is killed forgets.
const EVERY: Duration = Duration::from_mins(1);

/// Longer than any number.
const LONGEST: u64 = 32;

/// Refuses to go on with a ledger that has forgotten what it knew.
///
/// # Errors
///
/// It was set back, or cannot be read.
pub(crate) async fn refuse(ledger: &dyn LedgerStore) -> anyhow::Result<()> {
    let Some(before) = remembered(&ledger.position().await?) else {
        return Ok(());
    };
    // Read after what was remembered: another process may have gone on in between.
    let position = ledger.position().await?;
    if position.was_set_back_from(&before) {
        bail!(
            "this ledger was set back to an earlier state: it has forgotten the references after number {}, of {} that there were. Nothing was sent. Those orders may be held at Klikoo: look through its transactions since, tell whoever sent them, and then let the ledger go on with `seatblock ledger accept` and `seatblock recover`",
            position.latest,
            before.latest
        );
    }
    Ok(())
}

/// Remembers how far the ledger has come.
pub(crate) async fn remember(ledger: &dyn LedgerStore) {
    match ledger.position().await {
        Ok(position) => {
            let further = remembered(&position).is_none_or(|it| it.latest < position.latest);
            if further {
                write(&position);
            }
        }
        Err(error) => tracing::debug!(%error, "how far the ledger has come cannot be read"),
    }
}

/// [Remembers](remember) it now and every minute, for as long as the process lives.
pub(crate) async fn keep_remembering(ledger: Arc<dyn LedgerStore>) {
    remember(&*ledger).await;
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            remember(&*ledger).await;
        }
    });
}

/// Goes on with the ledger as it is.
///
/// # Errors
///
/// It cannot be read.
pub(crate) async fn accept(ledger: &dyn LedgerStore) -> anyhow::Result<LedgerPosition> {
    let position = ledger.position().await?;
    write(&position);
    Ok(position)
}

/// Where the position of a ledger is remembered; nowhere for a user without a state folder, nor for a
/// ledger whose name is not of the form that ledgers are given: it becomes the name of a file.
fn file(position: &LedgerPosition) -> Option<PathBuf> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_given = position.ledger.len() == 32 && position.ledger.bytes().all(is_digit);
    if !is_given {
        return None;
    }
    Some(state_folder()?.join(FOLDER).join(&position.ledger))
}

fn remembered(position: &LedgerPosition) -> Option<LedgerPosition> {
    let text = private_file::read_text(&file(position)?, LONGEST).ok()?;
    Some(LedgerPosition {
        ledger: position.ledger.clone(),
        latest: text.trim().parse().ok()?,
    })
}

fn write(position: &LedgerPosition) {
    let Some(file) = file(position) else {
        return;
    };
    if let Err(error) = private_file::replace(&file, position.latest.to_string().as_bytes()) {
        tracing::debug!(%error, "how far the ledger has come cannot be remembered");
    }
}
