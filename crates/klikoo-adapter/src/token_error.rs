//! Why there is no access token, so that nothing was sent.

use std::time::Duration;

use booking_ports::Cause;

use crate::clock_skew;
use crate::transport::{CROWDED, SendError};

/// That there is none, and in how long another is asked for, where that is decided.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{why}")]
pub(crate) struct NoToken {
    pub(crate) why: TokenError,
    pub(crate) retry_after: Option<Duration>,
}

impl From<TokenError> for NoToken {
    fn from(why: TokenError) -> Self {
        Self {
            retry_after: why.retry_after(),
            why,
        }
    }
}

/// Why there is no token. Nothing that could hold a seat was sent.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// The provider said no.
    #[error("Klikoo refused an access token (code {code}): {message}")]
    Refused {
        code: String,
        message: String,
        clock: bool,
    },
    /// The other side could not prove who it is.
    #[error("no access token could be fetched: {message}")]
    Tls { message: String, cause: Cause },
    /// No connection.
    #[error("no access token could be fetched: {message}")]
    Unreachable { message: String, cause: Cause },
    /// No answer, or none that can be used.
    #[error("no access token could be fetched: {message}")]
    Failed {
        message: String,
        retry_after: Option<Duration>,
    },
    /// A token was given and refused, and so was the one that replaced it.
    #[error(
        "Klikoo gave two access tokens and refused both as soon as they were used; another one is asked for a little later"
    )]
    RefusedAgain,
    /// Nobody was asked: the caller's time was over before.
    #[error("no access token could be fetched: {CROWDED}")]
    NoTime,
    /// Nobody was asked: the clock is known to be too far off for a signature.
    #[error("{}", clock_skew::too_far_off(*.skew))]
    ClockOff { skew: time::Duration },
    /// The task that fetches it ended without a word.
    #[error("no access token could be fetched: internal error")]
    Broken,
}

impl TokenError {
    /// How long the provider wants to be left alone.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Failed { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl From<SendError> for TokenError {
    fn from(error: SendError) -> Self {
        let failed = |message: String| Self::Failed {
            message,
            retry_after: None,
        };
        match error {
            SendError::NeverSent {
                tls: true,
                message,
                cause,
            } => Self::Tls { message, cause },
            SendError::NeverSent {
                tls: false,
                message,
                cause,
            } => Self::Unreachable { message, cause },
            SendError::Unsendable { message } | SendError::ConnectionLost { message, .. } => {
                failed(message)
            }
            SendError::Crowded => Self::NoTime,
            SendError::TimedOut { .. } => failed("no answer in time".to_owned()),
        }
    }
}
