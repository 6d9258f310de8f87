//! Why there is no access token, so that nothing was sent.

use std::time::Duration;

use booking_ports::Cause;

use crate::transport::{CROWDED, SendError};

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
            SendError::Crowded => failed(CROWDED.to_owned()),
            SendError::TimedOut { .. } => failed("no answer in time".to_owned()),
        }
    }
}
