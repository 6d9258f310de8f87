//! A signed call: token, timestamp, signature, one exchange; one repeat after a refused token.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use booking_ports::Clock;
use bytes::Bytes;
use http::Method;
use url::Url;

use crate::base_url::{BaseUrl, Endpoint};
use crate::clock_skew::{ClockSkew, Clocks};
use crate::config::{Authorization, KlikooConfig, SetupError};
use crate::deadline::Deadline;
use crate::envelope::Envelope;
use crate::headers;
use crate::reply::{Reply, SentSecrets};
use crate::response_code::Case;
use crate::signature::{RequestSigner, RequestToSign};
use crate::timestamp::Timestamp;
use crate::token::{Token, TokenSource};
use crate::token_error::{NoToken, TokenError};
use crate::token_request::Provider;
use crate::trace_context::TraceContext;
use crate::transport::{SendError, Transport};

/// A connection to Klikoo that its adapters share: one pool, one token.
///
/// ```
/// use std::sync::Arc;
/// use booking_ports::SystemClock;
/// use klikoo_adapter::{Authorization, BaseUrl, KlikooClient, KlikooConfig, RequestSigner};
///
/// let config = KlikooConfig::new(
///     BaseUrl::parse("http://127.0.0.1:8080").unwrap(),
///     RequestSigner::hmac_sha512(&"the client secret".into()),
///     Authorization::None,
/// );
/// let client = KlikooClient::new(config, Arc::new(SystemClock::default())).unwrap();
/// ```
#[derive(Clone)]
pub struct KlikooClient {
    inner: Arc<Inner>,
}

struct Inner {
    transport: Transport,
    base_url: BaseUrl,
    signer: RequestSigner,
    token: Option<TokenSource>,
    clock: Arc<dyn Clock>,
    skew: ClockSkew,
    clock_skew_max: Duration,
    query_signed: bool,
    trace_context: TraceContext,
    longest_hold: Duration,
    timeout: Duration,
}

impl fmt::Debug for KlikooClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KlikooClient")
            .field("base_url", &self.inner.base_url)
            .finish_non_exhaustive()
    }
}

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
    /// Sets up the connection; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`SetupError`]: timeouts that contradict each other, a trust root that cannot be read, no
    /// HTTPS to be had on this host.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ports::SystemClock;
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooClient, KlikooConfig, RequestSigner, SetupError};
    /// use std::time::Duration;
    ///
    /// # let base_url = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// let config = KlikooConfig::new(base_url, signer, Authorization::None)
    ///     .with_timeouts(Duration::from_secs(9), Duration::from_secs(9));
    /// let error = KlikooClient::new(config, Arc::new(SystemClock::default())).err();
    /// assert_eq!(error, Some(SetupError::ConnectTimeout));
    /// ```
    pub fn new(config: KlikooConfig, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        config.check_timeouts()?;
        Ok(Self::over(Transport::new(&config)?, config, clock))
    }

    /// A client whose requests no network carries: all of them go to `model`, and what it answers
    /// is read and judged as a reply of Klikoo's. For simulations.
    ///
    /// # Errors
    ///
    /// [`SetupError::ConnectTimeout`], as [`new`](Self::new).
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::time::Duration;
    /// use async_trait::async_trait;
    /// use booking_ports::SystemClock;
    /// use bytes::Bytes;
    /// use klikoo_adapter::{
    ///     Authorization, BaseUrl, KlikooClient, KlikooConfig, ModelReply, RequestSigner, WireFault,
    ///     WireModel,
    /// };
    ///
    /// struct NobodyThere;
    ///
    /// #[async_trait]
    /// impl WireModel for NobodyThere {
    ///     async fn exchange(
    ///         &self,
    ///         _request: http::Request<Bytes>,
    ///         _within: Duration,
    ///     ) -> Result<ModelReply, WireFault> {
    ///         Err(WireFault::NeverSent { tls: false })
    ///     }
    /// }
    ///
    /// let config = KlikooConfig::new(
    ///     BaseUrl::parse("http://127.0.0.1:1").unwrap(),
    ///     RequestSigner::hmac_sha512(&"the client secret".into()),
    ///     Authorization::None,
    /// );
    /// let clock = Arc::new(SystemClock::default());
    /// assert!(KlikooClient::over_model(config, clock, Arc::new(NobodyThere)).is_ok());
    /// ```
    #[cfg(feature = "simulation")]
    pub fn over_model(
        config: KlikooConfig,
        clock: Arc<dyn Clock>,
        model: Arc<dyn crate::WireModel>,
    ) -> Result<Self, SetupError> {
        config.check_timeouts()?;
        Ok(Self::over(Transport::model(model, &config), config, clock))
    }

    fn over(transport: Transport, config: KlikooConfig, clock: Arc<dyn Clock>) -> Self {
        let inner = Inner {
            transport,
            base_url: config.base_url,
            signer: config.signer,
            token: match config.authorization {
                Authorization::Bearer(credentials) => Some(TokenSource::new(credentials)),
                Authorization::None => None,
            },
            clock,
            skew: ClockSkew::default(),
            clock_skew_max: config.clock_skew_max,
            query_signed: config.query_signed,
            trace_context: config.trace_context,
            longest_hold: config.longest_hold,
            timeout: config.timeout,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// By when a call that begins now has to be over.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::after(self.inner.timeout)
    }

    /// The address of a call, to be kept by the adapter that makes it.
    pub(crate) fn endpoint(&self, path: &'static str) -> Endpoint {
        self.inner.base_url.endpoint(path)
    }

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

    /// How far this host's clock is ahead of Klikoo's by the `Date` header of its latest reply;
    /// negative where it is behind, `None` where no reply has told lately.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ports::SystemClock;
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooClient, KlikooConfig, RequestSigner};
    /// # let base_url = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// let config = KlikooConfig::new(base_url, signer, Authorization::None);
    /// let client = KlikooClient::new(config, Arc::new(SystemClock::default())).unwrap();
    /// assert_eq!(client.clock_difference(), None); // nothing was asked yet
    /// ```
    #[must_use]
    pub fn clock_difference(&self) -> Option<time::Duration> {
        self.inner.skew.estimate(&*self.inner.clock)
    }

    /// How long ago the access token that calls go with was asked for; `None` where none is in use:
    /// none was needed yet, the last was refused or is due for renewal, or calls carry none.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ports::SystemClock;
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooClient, KlikooConfig, RequestSigner};
    /// # let base_url = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// let config = KlikooConfig::new(base_url, signer, Authorization::None);
    /// let client = KlikooClient::new(config, Arc::new(SystemClock::default())).unwrap();
    /// assert_eq!(client.token_age(), None);
    /// ```
    #[must_use]
    pub fn token_age(&self) -> Option<Duration> {
        let clock = &*self.inner.clock;
        Some(self.inner.token.as_ref()?.fresh(clock)?.age(clock))
    }

    /// The time by this host's clock, and by Klikoo's where a recent reply told it.
    pub(crate) fn clocks(&self) -> Clocks {
        Clocks {
            here: self.inner.clock.now(),
            provider: self.inner.skew.provider_now(&*self.inner.clock),
        }
    }

    pub(crate) fn longest_hold(&self) -> time::Duration {
        self.inner
            .longest_hold
            .try_into()
            .unwrap_or(time::Duration::MAX)
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

#[cfg(test)]
mod waiting;
