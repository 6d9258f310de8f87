//! What many cells share, one after the other: a sandbox, a ledger, good clients.

use std::sync::Arc;
use std::time::Duration;

use booking_ports::{Clock, SystemClock};
use klikoo_adapter::{
    AuthKey, Authorization, BaseUrl, Credentials, KlikooClient, KlikooConfig, RequestSigner,
};
use klikoo_sandbox::{Sandbox, TripSpec};
use tokio::net::TcpSocket;

use crate::ledgers::{Kept, Opened};
use crate::relay::Authority;

/// A bus with a seat for every cell.
pub(crate) const TRIP: u64 = 7;

/// Long enough for any good call here.
const PATIENT: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(20));

/// The timeouts of a client that a fault keeps waiting until they end.
pub(crate) const IMPATIENT: (Duration, Duration) =
    (Duration::from_millis(600), Duration::from_millis(1_500));

pub(crate) struct Worker {
    pub(crate) sandbox: Sandbox,
    pub(crate) ledger: Opened,
    pub(crate) clock: Arc<dyn Clock>,
    /// Straight to the sandbox.
    pub(crate) calm: KlikooClient,
    /// To a port at which nobody listens.
    pub(crate) refused: KlikooClient,
    pub(crate) authority: Authority,
    _port: TcpSocket,
}

impl Worker {
    pub(crate) async fn new(kept: Kept) -> Self {
        let builder = Sandbox::builder().trip(TripSpec::new(TRIP, 5_000));
        let sandbox = builder.start().await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        // Bound, so that nobody else gets it, and never listened at.
        let port = TcpSocket::new_v4().unwrap();
        port.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let closed = format!("http://{}", port.local_addr().unwrap());
        let calm = config(&sandbox, sandbox.base_url(), PATIENT);
        // Without a token to be fetched, it is the order that is refused.
        let refused = KlikooConfig::new(
            BaseUrl::parse(&closed).unwrap(),
            RequestSigner::hmac_sha512(&sandbox.client_secret().to_owned().into()),
            Authorization::None,
        );
        Self {
            calm: KlikooClient::new(calm, Arc::clone(&clock)).unwrap(),
            refused: KlikooClient::new(refused, Arc::clone(&clock)).unwrap(),
            ledger: kept.open(Arc::clone(&clock)).await,
            authority: Authority::new(),
            sandbox,
            clock,
            _port: port,
        }
    }

    /// A client of its own for one cell, to the relay at `url`.
    pub(crate) fn client(&self, url: &str, impatient: bool, keeps: bool) -> KlikooClient {
        let timeouts = if impatient { IMPATIENT } else { PATIENT };
        let mut config = config(&self.sandbox, url, timeouts);
        if !keeps {
            config = config.with_idle_timeout(Duration::from_millis(1));
        }
        if url.starts_with("https") {
            config = config.with_extra_root(self.authority.pem());
        }
        KlikooClient::new(config, Arc::clone(&self.clock)).unwrap()
    }
}

fn config(sandbox: &Sandbox, url: &str, (connect, total): (Duration, Duration)) -> KlikooConfig {
    let secret = sandbox.client_secret().to_owned();
    KlikooConfig::new(
        BaseUrl::parse(url).unwrap(),
        RequestSigner::hmac_sha512(&secret.clone().into()),
        Authorization::Bearer(Credentials {
            client_id: sandbox.client_id().to_owned(),
            client_secret: secret.into(),
            key: AuthKey::from_pkcs8_pem(sandbox.private_key_pem()).unwrap(),
        }),
    )
    .with_timeouts(connect, total)
}
