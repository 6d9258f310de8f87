//! Everything an adapter needs to know, with the required parts in the constructor.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::base_url::BaseUrl;
use crate::keys::AuthKey;
use crate::signature::RequestSigner;
use crate::trace_context::TraceContext;

/// Longest time for a connection to be made, unless told otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Longest time for a whole call, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long an unused connection is kept, unless told otherwise.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest hold that is believed, unless told otherwise. The documented sample lasts minutes.
const LONGEST_HOLD: Duration = Duration::from_hours(2);
/// Below the five minutes that Klikoo is assumed to tolerate (`docs/klikoo-api.md`, A3).
const CLOCK_SKEW_MAX: Duration = Duration::from_mins(4);

/// How to talk to Klikoo. [`new`](Self::new) takes what nobody can guess; the `with_…` methods
/// change the rest.
///
/// ```
/// use klikoo_adapter::{Authorization, BaseUrl, KlikooConfig, RequestSigner};
/// use std::time::Duration;
///
/// let config = KlikooConfig::new(
///     BaseUrl::parse("https://api.example.com/klikoo-b2b").unwrap(),
///     RequestSigner::hmac_sha512(&"the client secret".into()),
///     Authorization::None,
/// )
/// .with_timeouts(Duration::from_secs(2), Duration::from_secs(20));
/// assert!(!format!("{config:?}").contains("the client secret"));
/// ```
#[derive(Debug)]
pub struct KlikooConfig {
    pub(crate) base_url: BaseUrl,
    pub(crate) signer: RequestSigner,
    pub(crate) authorization: Authorization,
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) extra_roots: Vec<String>,
    pub(crate) longest_hold: Duration,
    pub(crate) clock_skew_max: Duration,
    pub(crate) query_signed: bool,
    pub(crate) trace_context: TraceContext,
}

/// Whether calls carry an access token.
///
/// ```
/// use klikoo_adapter::Authorization;
///
/// assert!(matches!(Authorization::None, Authorization::None));
/// ```
#[derive(Debug)]
pub enum Authorization {
    /// `Authorization: Bearer …`, with a token fetched by these credentials
    /// (`docs/klikoo-api.md` §3).
    Bearer(Credentials),
    /// No token: the given document lists none among its headers. The token's place in what is
    /// signed stays empty (A5).
    None,
}

/// What an access token is fetched with.
///
/// ```
/// use klikoo_adapter::{AuthKey, Credentials, GeneratedKeyPair, KeyKind};
/// use secrecy::ExposeSecret;
///
/// let pair = GeneratedKeyPair::generate(KeyKind::P256).unwrap();
/// let credentials = Credentials {
///     client_id: "5f0c1f6e-8f4b-4a51-9c7d-2b3a6f1f0e77".into(),
///     client_secret: "the client secret".into(),
///     key: AuthKey::from_pkcs8_pem(pair.private_key_pem.expose_secret()).unwrap(),
/// };
/// assert!(!format!("{credentials:?}").contains("the client secret"));
/// ```
#[derive(Debug)]
pub struct Credentials {
    /// The partner's id, a UUID v4.
    pub client_id: String,
    /// The partner's secret.
    pub client_secret: SecretString,
    /// Signs the request for a token: RSA or P-256.
    pub key: AuthKey,
}

/// Why an adapter could not be set up.
///
/// ```
/// use klikoo_adapter::SetupError;
///
/// assert!(SetupError::ConnectTimeout.to_string().contains("shorter"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The connect timeout is zero, or not below the total one.
    #[error(
        "the connect timeout has to be above zero and shorter than the total timeout; otherwise a call that never left cannot be told from one without an answer"
    )]
    ConnectTimeout,
    /// An extra trust root that cannot be read.
    #[error(
        "the extra trust root cannot be used: {0}; give PEM certificates (-----BEGIN CERTIFICATE-----)"
    )]
    ExtraRoot(String),
    /// The HTTP client could not be made, for instance for want of the system's trust roots.
    #[error(
        "the HTTPS client cannot be made: {0}; install the system's CA certificates or name a trust root of your own"
    )]
    Client(String),
}

impl KlikooConfig {
    /// A configuration with the defaults: 3 s to connect, 30 s in all, connections dropped after
    /// 10 s unused, holds believed for up to 2 h, a clock up to 4 min off, a query left out of what
    /// is signed.
    ///
    /// ```
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooConfig, RequestSigner};
    /// let base_url = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
    /// let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// let config = KlikooConfig::new(base_url, signer, Authorization::None);
    /// ```
    #[must_use]
    pub fn new(base_url: BaseUrl, signer: RequestSigner, authorization: Authorization) -> Self {
        Self {
            base_url,
            signer,
            authorization,
            connect_timeout: CONNECT_TIMEOUT,
            timeout: TIMEOUT,
            idle_timeout: IDLE_TIMEOUT,
            extra_roots: Vec::new(),
            longest_hold: LONGEST_HOLD,
            clock_skew_max: CLOCK_SKEW_MAX,
            query_signed: false,
            trace_context: TraceContext::default(),
        }
    }

    /// Other timeouts: for a connection to be made, and for a whole call. The first has to be
    /// shorter.
    ///
    /// ```
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooConfig, RequestSigner};
    /// # use std::time::Duration;
    /// # let base_url = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// let config = KlikooConfig::new(base_url, signer, Authorization::None)
    ///     .with_timeouts(Duration::from_secs(1), Duration::from_secs(10));
    /// ```
    #[must_use]
    pub fn with_timeouts(mut self, connect: Duration, total: Duration) -> Self {
        self.connect_timeout = connect;
        self.timeout = total;
        self
    }

    /// How long an unused connection is kept. It has to be well below the server's own limit.
    ///
    /// ```
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooConfig, RequestSigner};
    /// # use std::time::Duration;
    /// # let base_url = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// let config = KlikooConfig::new(base_url, signer, Authorization::None)
    ///     .with_idle_timeout(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn with_idle_timeout(mut self, idle: Duration) -> Self {
        self.idle_timeout = idle;
        self
    }

    /// Trusts the certificates in `pem` beside the system's.
    ///
    /// ```
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooConfig, RequestSigner};
    /// # let base_url = BaseUrl::parse("https://api.example.com").unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// # let pem = String::from("-----BEGIN CERTIFICATE-----");
    /// let config = KlikooConfig::new(base_url, signer, Authorization::None).with_extra_root(pem);
    /// ```
    #[must_use]
    pub fn with_extra_root(mut self, pem: String) -> Self {
        self.extra_roots.push(pem);
        self
    }

    /// The longest hold that is believed; a later deadline is brought forward to it.
    ///
    /// ```
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooConfig, RequestSigner};
    /// # use std::time::Duration;
    /// # let base_url = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// let config = KlikooConfig::new(base_url, signer, Authorization::None)
    ///     .with_longest_hold(Duration::from_secs(3600));
    /// ```
    #[must_use]
    pub fn with_longest_hold(mut self, longest: Duration) -> Self {
        self.longest_hold = longest;
        self
    }

    /// Whether the signed path of a GET includes its query, as it is sent. Klikoo does not say; it
    /// is left out by default (`docs/klikoo-api.md`, A6).
    ///
    /// ```
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooConfig, RequestSigner};
    /// # let base_url = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// let config = KlikooConfig::new(base_url, signer, Authorization::None).with_query_signed(true);
    /// ```
    #[must_use]
    pub fn with_query_signed(mut self, yes: bool) -> Self {
        self.query_signed = yes;
        self
    }

    /// Where the `traceparent` of each call comes from (W3C Trace Context, version 00). `hook` is
    /// asked once for each sending, in the task that sends, and must not block. What is not of the
    /// standard's form is not sent. The header is no part of what is signed, and the request for a
    /// token, which all callers share, has none.
    ///
    /// ```
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooConfig, RequestSigner};
    /// # use std::sync::Arc;
    /// # let base_url = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// let config = KlikooConfig::new(base_url, signer, Authorization::None).with_trace_headers(
    ///     Arc::new(|| Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned())),
    /// );
    /// ```
    #[must_use]
    pub fn with_trace_headers(
        mut self,
        hook: Arc<dyn Fn() -> Option<String> + Send + Sync>,
    ) -> Self {
        self.trace_context = TraceContext::of(hook);
        self
    }

    /// With a connect timeout that is not below the total one, "never sent" could not be proven.
    pub(crate) fn check_timeouts(&self) -> Result<(), SetupError> {
        if self.connect_timeout.is_zero() || self.connect_timeout >= self.timeout {
            return Err(SetupError::ConnectTimeout);
        }
        Ok(())
    }
}
