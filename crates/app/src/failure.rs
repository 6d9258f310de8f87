//! An error that ended a command: its exit code, and its text.

use std::io;

use booking_ledger::OpenError;
use booking_ports::LedgerError;

use crate::exit::Exit;

/// Whether the same command may do better later, though nobody mends anything: a ledger that cannot
/// be reached now, an address that somebody else listens on.
pub(crate) fn exit(error: &anyhow::Error) -> Exit {
    let passes = error.chain().any(|cause| {
        if let Some(error) = cause.downcast_ref::<OpenError>() {
            error.may_pass()
        } else if let Some(error) = cause.downcast_ref::<LedgerError>() {
            matches!(error, LedgerError::Unavailable { .. })
        } else if let Some(error) = cause.downcast_ref::<io::Error>() {
            // An address that is not there yet belongs to a network that is still coming up.
            matches!(
                error.kind(),
                io::ErrorKind::AddrInUse | io::ErrorKind::AddrNotAvailable
            )
        } else {
            false
        }
    });
    if passes {
        Exit::Unavailable
    } else {
        Exit::Failed
    }
}

/// Whether the ledger could not be opened or used.
pub(crate) fn is_of_ledger(error: &anyhow::Error) -> bool {
    let of_ledger = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<OpenError>() || cause.is::<LedgerError>()
    };
    error.chain().any(of_ledger)
}

/// Every cause once. What lies beneath a ledger's error is in its message already.
pub(crate) fn text(error: &anyhow::Error) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in error.chain() {
        told.push(cause.to_string());
        if cause.is::<LedgerError>() || cause.is::<OpenError>() {
            break;
        }
    }
    told.join(": ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use anyhow::Context as _;

    use super::*;

    fn unavailable() -> LedgerError {
        LedgerError::Unavailable {
            message: "disk I/O error".to_owned(),
            cause: Some(Arc::new(io::Error::other("(code: 10) disk I/O error"))),
        }
    }

    #[test]
    fn what_a_ledger_says_is_said_once() {
        let error = anyhow::Error::from(unavailable()).context("nothing was sent");
        assert_eq!(
            text(&error),
            "nothing was sent: the ledger cannot be used: disk I/O error"
        );
    }

    #[test]
    fn only_what_passes_by_itself_is_worth_another_start() {
        let taken = io::Error::from(io::ErrorKind::AddrInUse);
        for passes in [
            anyhow::Error::from(unavailable()).context("x"),
            Err::<(), _>(taken)
                .context("nothing can be served")
                .unwrap_err(),
        ] {
            assert_eq!(exit(&passes), Exit::Unavailable);
        }
        let damaged = LedgerError::Damaged {
            message: "a row".to_owned(),
        };
        for stays in [anyhow::anyhow!("a setting"), damaged.into()] {
            assert_eq!(exit(&stays), Exit::Failed);
        }
    }
}
