//! The one call that fetches an access token (`docs/klikoo-api.md` §3).

use std::sync::Arc;
use std::time::Duration;

use booking_ports::Clock;
use http::{HeaderValue, Method};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

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
use crate::transport::Transport;

const PATH: &str = "/v1/open-api/access-token";

/// Longest token that is believed to be one.
const LONGEST: usize = 8 * 1024;

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
struct GrantedData {
    access_token: String,
    expires_in: TextOrNumber,
}

/// A token as the provider gave it.
pub(crate) struct Granted {
    pub(crate) secret: SecretString,
    pub(crate) authorization: HeaderValue,
    pub(crate) lifetime: Duration,
}

/// What a token source asks with.
pub(crate) struct Provider<'a> {
    pub(crate) transport: &'a Transport,
    pub(crate) base_url: &'a BaseUrl,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) skew: &'a ClockSkew,
    pub(crate) clock_skew_max: Duration,
    pub(crate) deadline: Deadline,
}

/// Who asks for tokens.
pub(crate) struct TokenRequest {
    client_id: String,
    client_secret: Arc<SecretString>,
    signer: AuthSigner,
}

impl TokenRequest {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            signer: AuthSigner::new(credentials.client_id.clone(), credentials.key),
            client_id: credentials.client_id,
            client_secret: Arc::new(credentials.client_secret),
        }
    }

    pub(crate) fn client_secret(&self) -> Arc<SecretString> {
        Arc::clone(&self.client_secret)
    }

    /// Asks once. With the token comes the monotonic time from before the request, so that its
    /// age is never underestimated.
    pub(crate) async fn send(
        &self,
        provider: &Provider<'_>,
    ) -> Result<(Granted, Duration), TokenError> {
        let unusable = |message: &str| TokenError::Failed {
            message: message.to_owned(),
            retry_after: None,
        };
        let asked_at = provider.clock.monotonic();
        let now = provider
            .skew
            .signing_time(provider.clock, provider.clock_skew_max)
            .map_err(|skew| TokenError::ClockOff { skew })?;
        let timestamp = Timestamp::at(now);
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
        let headers = headers::signed(&timestamp, signature.as_str(), None, None)
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
            let data: GrantedData = envelope
                .data()
                .ok_or_else(|| unusable("the reply names no access_token or no expires_in"))?;
            return granted(data)
                .map(|granted| (granted, asked_at))
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

fn granted(data: GrantedData) -> Option<Granted> {
    let secret = SecretString::from(data.access_token);
    let text = secret.expose_secret();
    let sound =
        !text.is_empty() && text.len() <= LONGEST && text.bytes().all(|b| b.is_ascii_graphic());
    let authorization = headers::bearer(text).filter(|_| sound)?;
    Some(Granted {
        secret,
        authorization,
        lifetime: Duration::from_secs(data.expires_in.whole()?),
    })
}
