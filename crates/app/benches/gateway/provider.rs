//! The sandbox behind the gateway, and a client that goes to it directly.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use booking_domain::OrderDraft;
use booking_ports::SystemClock;
use klikoo_adapter::{
    AuthKey, Authorization, BaseUrl, Credentials, KlikooClient, KlikooConfig, KlikooSeatBlocker,
    RequestSigner,
};
use klikoo_sandbox::{Fault, Rule, Sandbox, TripSpec};

const TRIP: i64 = 7;
const SEATS: u32 = 1_000_000;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A sandbox that answers at once, and holds for so long.
pub(crate) async fn sandbox_holding_for(time: Duration) -> Sandbox {
    let trip = TripSpec::new(7, SEATS);
    let sandbox = Sandbox::builder().trip(trip).hold_for(time);
    sandbox.start().await.unwrap()
}

/// A sandbox that takes `ms` for each block.
pub(crate) async fn sandbox(ms: u64) -> Sandbox {
    let sandbox = sandbox_holding_for(Duration::from_mins(30)).await;
    if ms > 0 {
        let rule = Rule::new(Fault::Latency { ms }).path("block-seat");
        sandbox.add_fault(rule);
    }
    sandbox
}

/// An order that nobody has sent yet, for a seat that nobody has.
pub(crate) fn next_draft() -> OrderDraft {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(format!("bench-{number:09}"));
    draft.departure.trip_id = TRIP;
    draft.departure.passengers[0].seat_name = number.to_string();
    draft
}

/// The adapter, without anything around it.
pub(crate) fn adapter(sandbox: &Sandbox) -> KlikooSeatBlocker {
    let secret = sandbox.client_secret().to_owned();
    let config = KlikooConfig::new(
        BaseUrl::parse(sandbox.base_url()).unwrap(),
        RequestSigner::hmac_sha512(&secret.clone().into()),
        Authorization::Bearer(Credentials {
            client_id: sandbox.client_id().to_owned(),
            client_secret: secret.into(),
            key: AuthKey::from_pkcs8_pem(sandbox.private_key_pem()).unwrap(),
        }),
    );
    let clock = Arc::new(SystemClock::default());
    KlikooSeatBlocker::new(KlikooClient::new(config, clock).unwrap())
}
