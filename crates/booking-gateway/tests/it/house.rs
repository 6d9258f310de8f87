//! A gateway on a loopback port, with a ledger and a provider in memory and a clock to be turned.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use booking_domain::Tenant;
use booking_gateway::{
    ApiKey, Gateway, GatewayLimits, GatewayOptions, KeyId, KeyRecord, KeyRing, MemoryKeyRing,
    ProviderWatch, Scope, Serving, Stack,
};
use booking_layers::{Recorded, RecordedTickets, Resolver, ResolverBounds, Settled};
use booking_ports::{Clock as _, ManualClock, MemoryHoldLedger, SeatBlocker};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::{Ask, Line, Reply};
use crate::counted_feed::CountedFeed;
use crate::log;
use crate::provider::{Callbacks, Provider, SharedProvider};

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 +7);
const LEASE: Duration = Duration::from_mins(2);

/// Keys that can be revoked while the gateway runs.
#[derive(Default)]
pub(crate) struct Ring(RwLock<Vec<KeyRecord>>);

impl Ring {
    fn add(&self, record: KeyRecord) {
        self.0.write().unwrap().push(record);
    }

    /// From now on `key` opens nothing.
    pub(crate) fn revoke(&self, key: &str) {
        self.change(key, |record| record.revoked_at = Some(NOW));
    }

    pub(crate) fn change(&self, key: &str, change: impl Fn(&mut KeyRecord)) {
        let key = ApiKey::parse(key).unwrap();
        let mut records = self.0.write().unwrap();
        records
            .iter_mut()
            .filter(|record| record.id == *key.id())
            .for_each(change);
    }
}

impl KeyRing for Ring {
    fn find(&self, id: &KeyId) -> Option<Arc<KeyRecord>> {
        MemoryKeyRing::of(self.0.read().unwrap().iter().cloned()).find(id)
    }
}

/// What a test talks to.
pub(crate) struct House {
    pub(crate) at: SocketAddr,
    pub(crate) clock: ManualClock,
    pub(crate) ledger: Arc<MemoryHoldLedger>,
    pub(crate) feed: Arc<CountedFeed>,
    pub(crate) provider: SharedProvider,
    pub(crate) ring: Arc<Ring>,
    recorded: Recorded<SharedProvider>,
    resolver: Resolver,
    next_key: AtomicU8,
    over: Option<oneshot::Sender<()>>,
    ended: Option<JoinHandle<bool>>,
}

/// Limits that no test reaches by accident.
pub(crate) fn wide() -> GatewayLimits {
    let much = 10_000_000.try_into().unwrap();
    GatewayLimits {
        per_second: much,
        blocks_per_hour: much,
        failures_per_minute: much,
        live_seats_per_trip: 10_000_000,
        lapses_per_seat: much,
        reads_per_second: much,
        reads_per_second_per_tenant: much,
        ..GatewayLimits::default()
    }
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::with(wide(), |options| options).await
    }

    pub(crate) async fn limited(limits: GatewayLimits) -> Self {
        Self::with(limits, |options| options).await
    }

    pub(crate) async fn with(
        limits: GatewayLimits,
        change: impl FnOnce(GatewayOptions) -> GatewayOptions,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::at(listener, limits, change)
    }

    /// One whose connections hold next to nothing that is not read.
    pub(crate) fn narrow(limits: GatewayLimits) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // What it accepts inherits this.
        socket.set_send_buffer_size(4_096).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self::at(socket.listen(64).unwrap(), limits, |options| options)
    }

    fn at(
        listener: TcpListener,
        limits: GatewayLimits,
        change: impl FnOnce(GatewayOptions) -> GatewayOptions,
    ) -> Self {
        log::watch();
        let clock = ManualClock::at(NOW);
        let shared_clock = Arc::new(clock.clone());
        let provider = Arc::new(Provider::new(&clock));
        let ledger = Arc::new(MemoryHoldLedger::new(shared_clock.clone()));
        let feed = Arc::new(CountedFeed::of(ledger.clone()));
        let ring = Arc::new(Ring::default());
        let watch = ProviderWatch::new(shared_clock.clone());
        let recorded = Recorded::new(
            provider.clone(),
            ledger.clone(),
            shared_clock.clone(),
            LEASE,
        );
        let resolver = Resolver::new(
            ledger.clone(),
            provider.clone(),
            provider.clone(),
            shared_clock.clone(),
            ResolverBounds::default(),
        );
        let tickets = RecordedTickets::new(
            provider.clone(),
            provider.clone(),
            ledger.clone(),
            shared_clock.clone(),
            LEASE,
        );
        let settled = Settled::new(
            recorded.clone(),
            ledger.clone(),
            resolver.clone(),
            shared_clock.clone(),
        );
        let blocker: Arc<dyn SeatBlocker> = Arc::new(settled);
        let stack = Stack {
            blocker,
            tickets: Arc::new(tickets),
            ledger: ledger.clone(),
            feed: feed.clone(),
            resolver: resolver.clone(),
            seat_maps: provider.clone(),
            trips: provider.clone(),
            places: provider.clone(),
            callbacks: [("klikoo".to_owned(), Arc::new(Callbacks) as _)].into(),
            keys: ring.clone(),
            watch,
            clock: shared_clock,
        };
        let options = change(GatewayOptions {
            limits,
            session_key: [7; 32],
            secure_cookies: false,
            sandbox: true,
            entropy: Arc::new(|bytes| {
                fastrand::fill(bytes);
                true
            }),
            join_trace: Arc::new(|_, _| {}),
        });
        let at = listener.local_addr().unwrap();
        let (over, when) = oneshot::channel::<()>();
        let gateway = Gateway::new(stack, options);
        let serving = Serving {
            listener,
            tls: None,
            grace: Duration::from_secs(5),
        };
        let ended = tokio::spawn(async move {
            let over = async { drop(when.await) };
            gateway.serve(serving, over).await
        });
        Self {
            at,
            clock,
            ledger,
            feed,
            provider,
            ring,
            recorded,
            resolver,
            next_key: AtomicU8::new(1),
            over: Some(over),
            ended: Some(ended),
        }
    }

    /// A new key.
    pub(crate) fn key(&self, tenant: Option<&str>, scopes: &[Scope]) -> String {
        let number = self.next_key.fetch_add(1, Ordering::Relaxed);
        let key = ApiKey::of_random([number; 8], [number; 32]);
        let tenant = tenant.map(|name| Tenant::new(name).unwrap());
        let scopes = scopes.iter().copied().collect();
        self.ring.add(KeyRecord::of(
            &key,
            "a shop",
            tenant,
            scopes,
            self.clock.now(),
        ));
        key.expose().to_string()
    }

    /// A key that opens everything.
    pub(crate) fn master_key(&self) -> String {
        self.key(None, &Scope::ALL)
    }

    /// One request on a connection of its own.
    pub(crate) async fn send(&self, ask: &Ask) -> Reply {
        Line::open(self.at).await.send(ask).await
    }

    /// Blocks an order of the sample's form.
    pub(crate) async fn block(&self, key: &str, reference: &str) -> Reply {
        let order = crate::orders::order(reference);
        self.send(&Ask::post("/v1/holds").key(key).json(&order))
            .await
    }

    /// What the gateway does by itself every few seconds, at once.
    pub(crate) async fn sweep(&self) {
        self.resolver.sweep(|_| ()).await.unwrap();
    }

    /// Tells it to end.
    pub(crate) fn interrupt(&mut self) {
        drop(self.over.take());
    }

    /// Whether it ended within its grace, after it was told to.
    pub(crate) async fn ended(&mut self) -> bool {
        self.interrupt();
        self.ended.take().unwrap().await.unwrap()
    }

    /// How many attempts are left open.
    pub(crate) async fn drain(&self) -> usize {
        self.recorded.drain(Duration::from_secs(5)).await
    }
}
