//! Whether the credentials are right, asked without holding anything.

use crate::client::{CallError, KlikooClient};
use crate::clock_skew;
use crate::token_error::TokenError;

impl KlikooClient {
    /// Fetches a token as the first call would, to see whether the credentials are right.
    /// Answers at once where none is used, or where one is at hand.
    ///
    /// # Errors
    ///
    /// [`TokenCheckError`]: why there is none.
    ///
    /// ```
    /// use klikoo_adapter::{KlikooClient, TokenCheckError};
    ///
    /// async fn report(client: &KlikooClient) -> String {
    ///     match client.check_token().await {
    ///         Ok(()) => "credentials are right".to_owned(),
    ///         Err(TokenCheckError { message, .. }) => message,
    ///     }
    /// }
    /// ```
    pub async fn check_token(&self) -> Result<(), TokenCheckError> {
        match self.token(self.deadline()).await {
            Ok(_) => Ok(()),
            Err(CallError::NoToken(error)) => Err(TokenCheckError {
                message: error.to_string(),
                refused: matches!(error.why, TokenError::Refused { .. }),
            }),
            Err(CallError::ClockOff { skew }) => Err(TokenCheckError {
                message: clock_skew::too_far_off(skew),
                refused: false,
            }),
            Err(CallError::Send(_)) => Err(TokenCheckError {
                message: "no access token could be fetched".to_owned(),
                refused: false,
            }),
        }
    }
}

/// Why no access token could be fetched.
///
/// ```
/// use klikoo_adapter::TokenCheckError;
///
/// let error = TokenCheckError { message: "no connection".into(), refused: false };
/// assert_eq!(error.to_string(), "no connection");
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct TokenCheckError {
    /// Why, for a person, fit to print.
    pub message: String,
    /// Whether Klikoo refused, so that trying again will not help.
    pub refused: bool,
}
