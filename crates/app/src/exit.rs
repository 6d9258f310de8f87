//! The exit codes: what a script may rely on.

use std::process::ExitCode;

/// How the program ends. A wrong command line ends with 2, which is clap's own.
///
/// Only 4, 5 and 9 say that no seat is held; 6 says that seats may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; of `block`: the seats are held.
    Done = 0,
    /// A mistake in the settings, a file that cannot be read, an internal error.
    Failed = 1,
    /// The order breaks rules; nothing was sent.
    Invalid = 3,
    /// The provider's definitive no.
    Refused = 4,
    /// Proven never to have been sent.
    NotSent = 5,
    /// Seats may be held.
    Unknown = 6,
    /// A success whose deadline has passed.
    Expired = 9,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
