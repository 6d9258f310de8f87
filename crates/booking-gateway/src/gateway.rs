//! What the gateway stands on, and its routes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use booking_domain::{PartnerReference, Tenant, to_millisecond};
use booking_layers::Resolver;
use booking_ports::{
    CallbackParser, Clock, HoldFeed, HoldLedger, PlaceSearch, SeatBlocker, SeatMaps, TicketIssuer,
    TripSearch,
};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio_rustls::TlsAcceptor;

use crate::asking::Asking;
use crate::auth::{KeyId, KeyRing, Sessions, Throttle};
use crate::background::Hint;
use crate::events::Streams;
use crate::gate::Gates;
use crate::limits::GatewayLimits;
use crate::metrics::Metrics;
use crate::provider_watch::ProviderWatch;
use crate::reads::Reads;
use crate::routes::health::Ready;

/// So many overviews are counted at the same time.
const OVERVIEWS: usize = 2;

/// So many connections to the listener for metrics.
const WATCHERS: usize = 64;

/// So many callbacks wait to be looked into.
const HINTS_WAITING: usize = 1_000;

/// So often is one reference asked about because of callbacks.
const QUESTIONS_PER_MINUTE: std::num::NonZeroU32 = match std::num::NonZeroU32::new(6) {
    Some(number) => number,
    None => std::num::NonZeroU32::MIN,
};

/// The ports that a gateway stands on. Which adapters and layers are behind them is decided where
/// it is put together.
///
/// `blocker` and `tickets` have to record in `ledger`, and `resolver` has to settle in it: the
/// gateway reads from the ledger what they did.
///
/// ```
/// use std::sync::Arc;
/// use booking_gateway::{KeyRing, Stack};
///
/// fn of_other_keys(stack: &Stack, keys: Arc<dyn KeyRing>) -> Stack {
///     Stack { keys, ..stack.clone() }
/// }
/// ```
#[derive(Clone)]
pub struct Stack {
    /// Blocks, through its layers.
    pub blocker: Arc<dyn SeatBlocker>,
    /// Books, through its layer.
    pub tickets: Arc<dyn TicketIssuer>,
    /// Where both record.
    pub ledger: Arc<dyn HoldLedger>,
    /// What changes in that ledger.
    pub feed: Arc<dyn HoldFeed>,
    /// Settles what is unknown.
    pub resolver: Resolver,
    /// Free seats.
    pub seat_maps: Arc<dyn SeatMaps>,
    /// Trips.
    pub trips: Arc<dyn TripSearch>,
    /// Cities and terminals.
    pub places: Arc<dyn PlaceSearch>,
    /// Reads the callbacks of each provider, by its name in the path.
    pub callbacks: BTreeMap<String, Arc<dyn CallbackParser>>,
    /// Who may ask.
    pub keys: Arc<dyn KeyRing>,
    /// How long the provider takes.
    pub watch: ProviderWatch,
    /// The time. It must not step back (`SteadyClock`).
    pub clock: Arc<dyn Clock>,
}

/// Makes the trace of a caller the parent of a request's span.
pub type JoinTrace = Arc<dyn Fn(&tracing::Span, &HeaderMap) + Send + Sync>;

/// Chance: fills the bytes, or fails.
pub type Entropy = Arc<dyn Fn(&mut [u8]) -> bool + Send + Sync>;

/// How the gateway behaves.
///
/// ```
/// use booking_gateway::{GatewayLimits, GatewayOptions};
///
/// fn behind_tls(options: GatewayOptions) -> GatewayOptions {
///     let limits = GatewayLimits { in_flight: 4_096, ..options.limits };
///     GatewayOptions { secure_cookies: true, limits, ..options }
/// }
/// ```
#[derive(Clone)]
pub struct GatewayOptions {
    /// What is let in.
    pub limits: GatewayLimits,
    /// Signs the console's cookies. Replicas that share it share their sessions.
    pub session_key: [u8; 32],
    /// Whether browsers reach the gateway over an encrypted connection only.
    pub secure_cookies: bool,
    /// Whether a sandbox inside this process answers instead of the provider.
    pub sandbox: bool,
    /// Makes what nobody may guess.
    pub entropy: Entropy,
    /// Reads the trace that a request belongs to.
    pub join_trace: JoinTrace,
}

/// What every request needs.
pub(crate) struct Shared {
    pub(crate) stack: Stack,
    pub(crate) options: GatewayOptions,
    pub(crate) sessions: Sessions,
    pub(crate) rates: Throttle<KeyId>,
    pub(crate) blocks: Throttle<KeyId>,
    pub(crate) failures: Throttle<std::net::IpAddr>,
    pub(crate) hints: Throttle<std::net::IpAddr>,
    pub(crate) questions: Throttle<PartnerReference>,
    pub(crate) gates: Gates,
    pub(crate) asking: Asking,
    pub(crate) reads: Reads,
    pub(crate) overviews: Semaphore,
    pub(crate) ready: Ready,
    pub(crate) streams: Streams,
    pub(crate) metrics: Metrics,
    /// When this gateway was made, as exactly as ledgers keep times.
    pub(crate) began_at: OffsetDateTime,
    pub(crate) over: watch::Sender<bool>,
    pub(crate) hints_taken: mpsc::Sender<Hint>,
}

impl Shared {
    fn new(stack: Stack, options: GatewayOptions, hints_taken: mpsc::Sender<Hint>) -> Self {
        let limits = options.limits;
        let clock = || Arc::clone(&stack.clock);
        Self {
            sessions: Sessions::new(options.session_key),
            rates: Throttle::per_second(limits.per_second, clock()),
            blocks: Throttle::per_hour(limits.blocks_per_hour, clock()),
            failures: Throttle::per_minute(limits.failures_per_minute, clock()),
            hints: Throttle::per_second(limits.per_second, clock()),
            gates: Gates::new(limits),
            asking: Asking::default(),
            reads: Reads::new(&limits, &stack.clock),
            overviews: Semaphore::new(OVERVIEWS),
            ready: Ready::default(),
            streams: Streams::new(limits),
            questions: Throttle::per_minute(QUESTIONS_PER_MINUTE, clock()),
            metrics: Metrics::new(stack.clock.monotonic()),
            began_at: to_millisecond(stack.clock.now()),
            over: watch::Sender::new(false),
            hints_taken,
            stack,
            options,
        }
    }

    /// Whether intake has stopped.
    pub(crate) fn is_ending(&self) -> bool {
        *self.over.borrow()
    }

    /// Whether a hold of `owner` may be seen by somebody of `tenant`.
    pub(crate) fn may_see(tenant: Option<&Tenant>, owner: Option<&Tenant>) -> bool {
        tenant.is_none() || tenant == owner
    }
}

/// A gateway, ready to be served.
///
/// ```no_run
/// use std::time::Duration;
/// use booking_gateway::{Gateway, GatewayOptions, Serving, Stack};
///
/// async fn run(stack: Stack, options: GatewayOptions) -> std::io::Result<bool> {
///     let gateway = Gateway::new(stack, options);
///     let listener = tokio::net::TcpListener::bind("127.0.0.1:8480").await?;
///     let over = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
///     let serving = Serving { listener, tls: None, grace: Duration::from_secs(30) };
///     Ok(gateway.serve(serving, over).await)
/// }
/// ```
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
    hints: Arc<Mutex<Option<mpsc::Receiver<Hint>>>>,
}

/// Where and how a gateway is served.
///
/// ```no_run
/// # async fn make() -> std::io::Result<()> {
/// let serving = booking_gateway::Serving {
///     listener: tokio::net::TcpListener::bind("127.0.0.1:0").await?,
///     tls: None,
///     grace: std::time::Duration::from_secs(30),
/// };
/// # Ok(()) }
/// ```
pub struct Serving {
    /// Takes connections.
    pub listener: TcpListener,
    /// Encrypts them; `None`: plain, for loopback or behind a proxy.
    pub tls: Option<TlsAcceptor>,
    /// How long the end may take: answers that are under way, then what was begun beside them.
    pub grace: Duration,
}

impl Gateway {
    /// A gateway on `stack`.
    ///
    /// ```no_run
    /// # use booking_gateway::{Gateway, GatewayOptions, Stack};
    /// fn make(stack: Stack, options: GatewayOptions) -> Gateway {
    ///     Gateway::new(stack, options)
    /// }
    /// ```
    #[must_use]
    pub fn new(stack: Stack, options: GatewayOptions) -> Self {
        let (hints_taken, hints) = mpsc::channel(HINTS_WAITING);
        Self {
            shared: Arc::new(Shared::new(stack, options, hints_taken)),
            hints: Arc::new(Mutex::new(Some(hints))),
        }
    }

    /// Serves until `over` is done, and looks after what is unsettled meanwhile. Then it takes no
    /// more connections, ends event streams, and waits for the answers that are under way. Tells
    /// whether all were given, and what was begun beside them had ended, within the grace.
    ///
    /// The layers beneath have to be drained after that.
    ///
    /// ```no_run
    /// # use booking_gateway::{Gateway, Serving};
    /// async fn until_interrupted(gateway: Gateway, serving: Serving) -> bool {
    ///     gateway.serve(serving, async { tokio::signal::ctrl_c().await.unwrap_or_default() }).await
    /// }
    /// ```
    pub async fn serve(&self, serving: Serving, over: impl Future<Output = ()>) -> bool {
        let sweeps = tokio::spawn(crate::background::look_after_until(
            Arc::clone(&self.shared),
            self.shared.over.subscribe(),
        ));
        let hints = self
            .hints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let looked_into = tokio::spawn({
            let (shared, over) = (Arc::clone(&self.shared), self.shared.over.subscribe());
            async move {
                if let Some(hints) = hints {
                    crate::background::look_into_hints(shared, hints, over).await;
                }
            }
        });
        tokio::spawn(crate::background::measure_until(
            Arc::clone(&self.shared),
            self.shared.over.subscribe(),
        ));
        // One grace for all of the end, however many things are waited for.
        let begun = std::sync::OnceLock::new();
        let over = async {
            over.await;
            let _ = begun.set(tokio::time::Instant::now());
            self.shared.over.send_replace(true);
            self.shared.streams.end();
            // Sweeps begin nothing more; what they have sent is waited for below, and by whoever drains.
            self.shared.stack.resolver.drain(Duration::ZERO).await;
        };
        let router = crate::routes::router(Arc::clone(&self.shared));
        let limits = self.shared.options.limits;
        let Serving {
            listener,
            tls,
            grace,
        } = serving;
        let ended = crate::server::serve(listener, tls, router, limits, over, grace).await;
        let waited = begun
            .get()
            .map_or(Duration::ZERO, tokio::time::Instant::elapsed);
        let done = async { (sweeps.await, looked_into.await) };
        let left = grace.saturating_sub(waited);
        ended && tokio::time::timeout(left, done).await.is_ok()
    }

    /// Serves `/metrics`, `/healthz` and `/readyz` on a listener of their own, for as long as the
    /// process lives, within the bounds of the gateway's own and to a few at a time: who fills it must not
    /// take the gateway's files. `render` gives the text of the metrics.
    ///
    /// ```no_run
    /// # use std::sync::Arc;
    /// # async fn serve(gateway: booking_gateway::Gateway) -> std::io::Result<()> {
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:9464").await?;
    /// gateway.serve_metrics(listener, Arc::new(String::new)).await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn serve_metrics(
        &self,
        listener: TcpListener,
        render: Arc<dyn Fn() -> String + Send + Sync>,
    ) {
        let shared = Arc::clone(&self.shared);
        let limits = GatewayLimits {
            connections: WATCHERS,
            ..shared.options.limits
        };
        let router = crate::routes::watch_router(shared, render);
        let over = std::future::pending();
        crate::server::serve(listener, None, router, limits, over, Duration::ZERO).await;
    }
}
