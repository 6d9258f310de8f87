//! The connection to Klikoo that its adapters share.

mod call;
#[cfg(test)]
mod waiting;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use booking_ports::Clock;

use crate::base_url::{BaseUrl, Endpoint};
use crate::clock_skew::{ClockSkew, Clocks};
use crate::config::{Authorization, KlikooConfig, SetupError};
use crate::deadline::Deadline;
use crate::signature::RequestSigner;
use crate::token::TokenSource;
use crate::trace_context::TraceContext;
use crate::transport::Transport;

pub(crate) use call::CallError;

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
