//! A reply: its status, the headers that matter, its body up to a bound.

use std::sync::Arc;
use std::time::Duration;

use booking_ports::Cause;
use http::StatusCode;
use http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use reqwest::Response;
use secrecy::{ExposeSecret as _, SecretString};

use crate::signature::Signature;
use crate::token::Token;

/// Longest reply that is read. Documented ones stay below a hundredth of it.
const REPLY_MAX: usize = 1024 * 1024;

/// Longest wait that a provider may ask for with `Retry-After`.
const RETRY_AFTER_MAX: Duration = Duration::from_mins(5);

/// What came back, as far as it could be read.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) is_json: bool,
    pub(crate) date: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Result<Vec<u8>, BodyFault>,
    /// What the caller signed the request with.
    pub(crate) sent: Option<SentSecrets>,
}

/// What went with a request and may come back in the provider's words.
pub(crate) struct SentSecrets {
    pub(crate) token: Option<Arc<Token>>,
    pub(crate) signature: Signature,
    pub(crate) client_secret: Option<Arc<SecretString>>,
}

/// Why the body of a reply could not be read.
#[derive(Clone, Debug)]
pub(crate) enum BodyFault {
    TooLong,
    CutShort(Cause),
    TimedOut(Cause),
}

impl Reply {
    /// Reads a response to its end, or to the bound.
    pub(crate) async fn read(mut response: Response) -> Self {
        let header = |name| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let is_json = header(CONTENT_TYPE).is_some_and(is_json);
        let date = header(DATE).map(str::to_owned);
        let retry_after = header(RETRY_AFTER)
            .and_then(|text| wait(text.trim(), date.as_deref()))
            .map(|wait| wait.min(RETRY_AFTER_MAX));
        let status = response.status();
        let too_long = response
            .content_length()
            .is_some_and(|length| length > REPLY_MAX as u64);
        let body = if too_long {
            Err(BodyFault::TooLong)
        } else {
            read_body(&mut response).await
        };
        Self {
            status,
            is_json,
            date,
            retry_after,
            body,
            sent: None,
        }
    }

    /// What must not be shown, should the provider repeat it.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let Some(sent) = &self.sent else {
            return Vec::new();
        };
        let token = sent.token.as_ref().map(|token| token.expose());
        let client_secret = sent.client_secret.as_ref().map(|it| it.expose_secret());
        let signature = Some(sent.signature.as_str());
        [token, signature, client_secret]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// A `Retry-After` (RFC 9110, section 10.2.3): seconds, or a moment of the clock that wrote the
/// reply's `Date`.
fn wait(retry_after: &str, date: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = retry_after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = httpdate::parse_http_date(retry_after).ok()?;
    let now = httpdate::parse_http_date(date?).ok()?;
    Some(moment.duration_since(now).unwrap_or_default())
}

async fn read_body(response: &mut Response) -> Result<Vec<u8>, BodyFault> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(body),
            Ok(Some(chunk)) if body.len() + chunk.len() > REPLY_MAX => {
                return Err(BodyFault::TooLong);
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Err(error) if error.is_timeout() => {
                return Err(BodyFault::TimedOut(Arc::new(error.without_url())));
            }
            Err(error) => return Err(BodyFault::CutShort(Arc::new(error.without_url()))),
        }
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
