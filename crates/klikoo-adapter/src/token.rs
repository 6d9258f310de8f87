//! The access token: fetched once however many wait, renewed before it ends, dropped on a 401.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use booking_ports::Clock;
use http::{HeaderValue, Method};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::base_url::BaseUrl;
use crate::clock_skew::{self, ClockSkew};
use crate::config::Credentials;
use crate::deadline::Deadline;
use crate::envelope::{Envelope, TextOrNumber};
use crate::headers;
use crate::printable::Mask;
use crate::response_code::Case;
use crate::signature::AuthSigner;
use crate::timestamp::Timestamp;
use crate::token_error::TokenError;
use crate::transport::{SendError, Transport};

const PATH: &str = "/v1/open-api/access-token";

/// How long before its end a token is renewed: longer than a call may take on its way.
const RENEW_BEFORE: Duration = Duration::from_mins(1);

/// How long a failure to fetch is answered to other callers without asking again.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Longest token that is believed to be one.
const LONGEST: usize = 8 * 1024;

/// A token, and the header that it goes into.
pub(crate) struct Token {
    secret: SecretString,
    authorization: HeaderValue,
    renew_at: Duration,
}

impl Token {
    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    pub(crate) fn authorization(&self) -> &HeaderValue {
        &self.authorization
    }
}

#[derive(Serialize)]
struct Wanted<'a> {
    additional_info: ClientInfo<'a>,
    grant_type: &'static str,
}

#[derive(Serialize)]
struct ClientInfo<'a> {
    client_id: &'a str,
    client_secret: &'a str,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: TextOrNumber,
}

pub(crate) struct TokenSource {
    client_id: String,
    client_secret: Arc<SecretString>,
    signer: AuthSigner,
    current: RwLock<Option<Arc<Token>>>,
    /// Held while fetching; remembers when, on the monotonic clock, that last failed and how.
    fetching: Mutex<Option<(Duration, TokenError)>>,
}

impl TokenSource {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            signer: AuthSigner::new(credentials.client_id.clone(), credentials.key),
            client_id: credentials.client_id,
            client_secret: Arc::new(credentials.client_secret),
            current: RwLock::default(),
            fetching: Mutex::default(),
        }
    }

    /// The current token, or a new one where it has ended or is about to.
    pub(crate) async fn get(&self, provider: &Provider<'_>) -> Result<Arc<Token>, TokenError> {
        if let Some(token) = self.fresh(provider.clock) {
            return Ok(token);
        }
        let mut last_failure = timeout(provider.deadline.left(), self.fetching.lock())
            .await
            .map_err(|_| TokenError::from(SendError::Crowded))?;
        // Whoever held the lock before may have fetched it, or failed to.
        if let Some(token) = self.fresh(provider.clock) {
            return Ok(token);
        }
        if let Some((at, error)) = &*last_failure
            && provider.clock.monotonic().saturating_sub(*at) < PAUSE_AFTER_FAILURE
        {
            return Err(error.clone());
        }
        match self.fetch(provider).await {
            Ok(token) => {
                let token = Arc::new(token);
                *self.current.write().unwrap_or_else(PoisonError::into_inner) =
                    Some(Arc::clone(&token));
                *last_failure = None;
                Ok(token)
            }
            Err(error) => {
                tracing::warn!(%error, "no access token");
                *last_failure = Some((provider.clock.monotonic(), error.clone()));
                Err(error)
            }
        }
    }

    /// What a provider that repeats requests may repeat.
    pub(crate) fn client_secret(&self) -> Arc<SecretString> {
        Arc::clone(&self.client_secret)
    }

    /// Drops `refused`, unless another caller has already replaced it.
    pub(crate) fn drop_refused(&self, refused: &Arc<Token>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, refused))
        {
            *current = None;
        }
    }

    fn fresh(&self, clock: &dyn Clock) -> Option<Arc<Token>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current
            .as_ref()
            .filter(|token| clock.monotonic() < token.renew_at)
            .cloned()
    }

    async fn fetch(&self, provider: &Provider<'_>) -> Result<Token, TokenError> {
        let unusable = |message: &str| TokenError::Failed {
            message: message.to_owned(),
            retry_after: None,
        };
        // Counted from before the request, so that the token's age is never underestimated.
        let asked_at = provider.clock.monotonic();
        let timestamp = Timestamp::at(provider.clock.now());
        let signature = self
            .signer
            .sign(timestamp.as_str())
            .map_err(|_| unusable("the request could not be signed"))?;
        let body = serde_json::to_vec(&Wanted {
            additional_info: ClientInfo {
                client_id: &self.client_id,
                client_secret: self.client_secret.expose_secret(),
            },
            grant_type: "client_credentials",
        })
        .map_err(|_| unusable("the request could not be written"))?;
        let headers = headers::signed(&timestamp, signature.as_str(), None)
            .ok_or_else(|| unusable("the request's headers could not be written"))?;
        let reply = provider
            .transport
            .exchange(
                Method::POST,
                provider.base_url.endpoint(PATH).url,
                headers,
                body.into(),
                provider.deadline.left(),
            )
            .await
            .map_err(TokenError::from)?;
        provider.skew.observe(reply.date.as_deref(), provider.clock);

        let envelope = Envelope::read(&reply).map_err(|error| TokenError::Failed {
            message: format!("HTTP status {}, and {error}", reply.status.as_u16()),
            retry_after: reply.retry_after,
        })?;
        if envelope.is_success(&reply) {
            let granted: Granted = envelope
                .data()
                .ok_or_else(|| unusable("the reply names no access_token or no expires_in"))?;
            return token(granted, asked_at)
                .ok_or_else(|| unusable("the reply's access token cannot be used"));
        }
        let mask = Mask::secrets(&[signature.as_str(), self.client_secret.expose_secret()]);
        let message = mask.message(&envelope.message);
        let code = match envelope.code.http_status() {
            Some(_) => envelope.code.to_string(),
            None => mask.message(envelope.code.as_str()),
        };
        if !envelope.is_definitive_refusal(&reply) {
            let status = reply.status.as_u16();
            return Err(TokenError::Failed {
                message: format!("HTTP status {status}, code {code}: {message}"),
                retry_after: reply.retry_after,
            });
        }
        let clock = envelope.code.case() == Some(Case::TimestampMismatch);
        let message = match provider.skew.estimate(provider.clock) {
            Some(skew) if clock => {
                format!(
                    "{message} (this host's clock is {})",
                    clock_skew::in_words(skew)
                )
            }
            _ => message,
        };
        Err(TokenError::Refused {
            code,
            message,
            clock,
        })
    }
}

/// What a token source asks with.
pub(crate) struct Provider<'a> {
    pub(crate) transport: &'a Transport,
    pub(crate) base_url: &'a BaseUrl,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) skew: &'a ClockSkew,
    pub(crate) deadline: Deadline,
}

fn token(granted: Granted, asked_at: Duration) -> Option<Token> {
    let secret = SecretString::from(granted.access_token);
    let text = secret.expose_secret();
    let sound =
        !text.is_empty() && text.len() <= LONGEST && text.bytes().all(|b| b.is_ascii_graphic());
    let lifetime = Duration::from_secs(granted.expires_in.whole()?);
    // Half of a short life is better than none of it.
    let margin = RENEW_BEFORE.min(lifetime / 2);
    let renew_at = asked_at.saturating_add(lifetime.saturating_sub(margin));
    let authorization = headers::bearer(text).filter(|_| sound)?;
    Some(Token {
        secret,
        authorization,
        renew_at,
    })
}
