//! What is known of a call that would change something and has no reply.

use std::time::Duration;

use booking_ports::{Cause, NotSentKind, UnknownKind};

use crate::client::CallError;
use crate::clock_skew;
use crate::token_error::{NoToken, TokenError};
use crate::transport::{CROWDED, SendError};

pub(crate) enum Silence {
    /// Proven never to have left.
    NotSent {
        kind: NotSentKind,
        message: String,
        retry_after: Option<Duration>,
        cause: Option<Cause>,
    },
    /// It may have arrived.
    Unknown {
        kind: UnknownKind,
        message: String,
        cause: Cause,
    },
}

impl From<CallError> for Silence {
    fn from(error: CallError) -> Self {
        let not_sent = |kind, message, cause| Self::NotSent {
            kind,
            message,
            retry_after: None,
            cause,
        };
        match error {
            CallError::NoToken(NoToken { why, retry_after }) => {
                let message = why.to_string();
                let (kind, cause) = match why {
                    TokenError::Refused { clock: true, .. } | TokenError::ClockOff { .. } => {
                        (NotSentKind::Clock, None)
                    }
                    TokenError::Refused { .. } => (NotSentKind::TokenRefused, None),
                    TokenError::Tls { cause, .. } => (NotSentKind::Tls, Some(cause)),
                    TokenError::Unreachable { cause, .. } => {
                        (NotSentKind::Unreachable, Some(cause))
                    }
                    TokenError::Failed { .. }
                    | TokenError::RefusedAgain
                    | TokenError::NoTime
                    | TokenError::Broken => (NotSentKind::NoToken, None),
                };
                Self::NotSent {
                    kind,
                    message,
                    retry_after,
                    cause,
                }
            }
            CallError::ClockOff { skew } => {
                let message = clock_skew::too_far_off(skew);
                not_sent(NotSentKind::Clock, message, None)
            }
            CallError::Send(SendError::Unsendable { message }) => {
                not_sent(NotSentKind::Unsendable, message, None)
            }
            CallError::Send(SendError::Crowded) => {
                not_sent(NotSentKind::Unreachable, CROWDED.to_owned(), None)
            }
            CallError::Send(SendError::NeverSent {
                tls,
                message,
                cause,
            }) => {
                let kind = if tls {
                    NotSentKind::Tls
                } else {
                    NotSentKind::Unreachable
                };
                not_sent(kind, message, Some(cause))
            }
            CallError::Send(SendError::TimedOut { cause }) => Self::Unknown {
                kind: UnknownKind::Timeout,
                message: "no answer in time".to_owned(),
                cause,
            },
            CallError::Send(SendError::ConnectionLost { message, cause }) => Self::Unknown {
                kind: UnknownKind::ConnectionLost,
                message: format!("the connection ended before an answer: {message}"),
                cause,
            },
        }
    }
}
