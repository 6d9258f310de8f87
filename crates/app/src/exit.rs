//! The exit codes: what a script may rely on.

use std::process::ExitCode;

/// How the program ends. A wrong command line ends with 2, which is clap's own.
///
/// 4 and 5 say that this attempt holds no seat, 9 that the hold is over, 6 that seats may be held.
/// Where an earlier attempt under the same reference ended with 6, a later 4 or 5 does not settle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; of `block`: the seats are held.
    Done = 0,
    /// A mistake in the settings, a file that cannot be read, an internal error. It has to be mended.
    Failed = 1,
    /// The order breaks rules; nothing was sent.
    Invalid = 3,
    /// The provider's definitive no.
    Refused = 4,
    /// Proven never to have been sent.
    NotSent = 5,
    /// Seats may be held.
    Unknown = 6,
    /// The reference is another order's.
    Conflict = 7,
    /// The same order is being sent by another process at this moment.
    Busy = 8,
    /// A hold whose deadline has passed.
    Expired = 9,
    /// The ledger cannot be reached now, or an address is taken: the same command may do better later.
    Unavailable = 10,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
