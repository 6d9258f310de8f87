//! A signed call: token, timestamp, signature, one exchange; one repeat after a refused token.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use url::Url;

use super::KlikooClient;
use crate::base_url::Endpoint;
use crate::deadline::Deadline;
use crate::envelope::Envelope;
use crate::headers;
use crate::reply::{Reply, SentSecrets};
use crate::response_code::Case;
use crate::signature::RequestToSign;
use crate::timestamp::Timestamp;
use crate::token::{Token, TokenSource};
use crate::token_error::{NoToken, TokenError};
use crate::token_request::Provider;
use crate::transport::SendError;

/// What is to be sent, before token and timestamp.
struct Call<'a> {
    method: Method,
    path: &'a str,
    /// The path as it is signed, perhaps with a query.
    signed_path: Cow<'a, str>,
    url: &'a Url,
    body: Bytes,
}

/// Why a call has no reply.
pub(crate) enum CallError {
    NoToken(NoToken),
    ClockOff { skew: time::Duration },
    Send(SendError),
}

impl KlikooClient {
    /// Sends `body` to `endpoint` and reads the reply. Where the provider refuses the token, the
    /// call is repeated once with a new one: the refusal proves that the first sending did
    /// nothing.
    pub(crate) async fn post(
        &self,
        endpoint: &Endpoint,
        body: Vec<u8>,
    ) -> Result<Reply, CallError> {
        let call = Call {
            method: Method::POST,
            path: &endpoint.path,
            signed_path: Cow::Borrowed(&endpoint.path),
            url: &endpoint.url,
            body: Bytes::from(body),
        };
        self.call(&call).await
    }

    /// Asks `endpoint` and reads the reply, with a refused token as in [`post`](Self::post).
    pub(crate) async fn get(
        &self,
        endpoint: &Endpoint,
        query: &[(&str, &str)],
    ) -> Result<Reply, CallError> {
        let mut url = endpoint.url.clone();
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let signed_path = match url.query() {
            Some(query) if self.inner.query_signed => format!("{}?{query}", endpoint.path).into(),
            _ => Cow::Borrowed(&*endpoint.path),
        };
        let call = Call {
            method: Method::GET,
            path: &endpoint.path,
            signed_path,
            url: &url,
            body: Bytes::new(),
        };
        self.call(&call).await
    }

    async fn call(&self, call: &Call<'_>) -> Result<Reply, CallError> {
        let deadline = self.deadline();
        // Before token and timestamp are taken, since both would age while waiting.
        let _connection = self
            .inner
            .transport
            .connection(deadline.left())
            .await
            .map_err(CallError::Send)?;
        let token = self.token(deadline).await?;
        let token = token.as_ref();
        let reply = self.send(call, token, deadline).await?;
        if !self.drops_refused_token(&reply, token) {
            return Ok(reply);
        }
        tracing::info!(
            path = call.path,
            "access token refused; fetching another and sending once more"
        );
        let token = self.token(deadline).await?;
        let token = token.as_ref();
        let reply = self.send(call, token, deadline).await?;
        self.drops_refused_token(&reply, token);
        Ok(reply)
    }

    /// Whether the reply is Klikoo's word that the token is no good; it is then used no more.
    fn drops_refused_token(&self, reply: &Reply, token: Option<&Arc<Token>>) -> bool {
        match (&self.inner.token, token) {
            (Some(source), Some(token)) if refuses_token(reply) => {
                source.drop_refused(token, &*self.inner.clock);
                true
            }
            _ => false,
        }
    }

    pub(crate) async fn token(&self, deadline: Deadline) -> Result<Option<Arc<Token>>, CallError> {
        let Some(source) = &self.inner.token else {
            return Ok(None);
        };
        if let Some(token) = source.fresh(&*self.inner.clock) {
            return Ok(Some(token));
        }
        let inner = Arc::clone(&self.inner);
        // On its own: a caller who leaves would else break off the fetch that others wait for, and
        // the next of them would ask once more.
        let fetching = tokio::spawn(async move {
            let provider = Provider {
                transport: &inner.transport,
                base_url: &inner.base_url,
                clock: &*inner.clock,
                skew: &inner.skew,
                clock_skew_max: inner.clock_skew_max,
                deadline,
            };
            match &inner.token {
                Some(source) => source.get(&provider).await.map(Some),
                None => Ok(None),
            }
        });
        fetching
            .await
            .unwrap_or_else(|_| Err(TokenError::Broken.into()))
            .map_err(CallError::NoToken)
    }

    async fn send(
        &self,
        call: &Call<'_>,
        token: Option<&Arc<Token>>,
        deadline: Deadline,
    ) -> Result<Reply, CallError> {
        let inner = &*self.inner;
        let path = call.path;
        let now = inner
            .skew
            .signing_time(&*inner.clock, inner.clock_skew_max)
            .map_err(|skew| CallError::ClockOff { skew })?;
        let timestamp = Timestamp::at(now);
        let signature = inner.signer.sign(&RequestToSign {
            method: call.method.as_str(),
            path: &call.signed_path,
            access_token: token.map(|token| token.expose()),
            body: &call.body,
            timestamp: timestamp.as_str(),
        });
        let authorization = token.map(|token| token.authorization());
        let trace = inner.trace_context.header();
        let headers = headers::signed(&timestamp, signature.as_str(), authorization, trace)
            .ok_or_else(|| {
                let message = "a header could not be written".to_owned();
                CallError::Send(SendError::Unsendable { message })
            })?;
        let begun = inner.clock.monotonic();
        let outcome = inner
            .transport
            .exchange(
                call.method.clone(),
                call.url.clone(),
                headers,
                call.body.clone(),
                deadline.left(),
            )
            .await;
        let took = inner.clock.monotonic().saturating_sub(begun);
        match outcome {
            Ok(mut reply) => {
                reply.sent = Some(SentSecrets {
                    token: token.cloned(),
                    signature,
                    client_secret: inner.token.as_ref().map(TokenSource::client_secret),
                });
                tracing::debug!(path, status = reply.status.as_u16(), ?took, "answered");
                inner.skew.observe(reply.date.as_deref(), &*inner.clock);
                Ok(reply)
            }
            Err(error) => {
                tracing::debug!(path, ?took, kind = error.name(), "no answer");
                Err(CallError::Send(error))
            }
        }
    }
}

/// Whether the reply is Klikoo's word that the token is no good.
fn refuses_token(reply: &Reply) -> bool {
    reply.status == http::StatusCode::UNAUTHORIZED
        && Envelope::read(reply).is_ok_and(|envelope| {
            matches!(
                envelope.code.case(),
                Some(Case::TokenInvalid | Case::TokenExpired)
            )
        })
}
