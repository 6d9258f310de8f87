//! Orders, clients and the words for what came out.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::{BlockOrder, LegDraft, OrderDraft, PassengerDraft, SeatHold};
use booking_ports::{BlockError, ManualClock};
use klikoo_adapter::{
    AuthKey, Authorization, BaseUrl, Credentials, KlikooClient, KlikooConfig, KlikooSeatBlocker,
    KlikooTickets, KlikooTransactions, RequestSigner,
};
use klikoo_sandbox::Sandbox;
use secrecy::SecretString;
use time::OffsetDateTime;
use time::macros::{date, datetime};

/// When every test begins, at both ends.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 +7);

/// [`NOW`] as a `Date` header writes it.
pub(crate) const NOW_IN_HTTP: &str = "Tue, 24 Nov 2026 03:00:00 GMT";

/// A P-256 key that exists for tests only.
const P256_KEY: &str = include_str!("../data/signing.json");

pub(crate) const CLIENT_SECRET: &str = "k7tQ2mZx9Lr4Vb8Nc1Wd6Fy3Hs5Jg0Pa";

/// Long enough for a busy machine, short enough to wait for.
const CONNECT: Duration = Duration::from_secs(1);
pub(crate) const TOTAL: Duration = Duration::from_millis(2_500);

/// An order of `seats` on trip 188336.
pub(crate) fn order(reference: &str, seats: &[&str]) -> BlockOrder {
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(reference.to_owned());
    draft.departure.passengers = passengers(seats);
    draft.check(date!(2026 - 11 - 24)).unwrap()
}

/// An order there and back.
pub(crate) fn round_trip(reference: &str, there: &[&str], back: &[&str]) -> BlockOrder {
    let mut draft = OrderDraft::from(&order(reference, there));
    draft.return_leg = Some(LegDraft {
        trip_id: 188_400,
        passengers: passengers(back),
    });
    draft.check(date!(2026 - 11 - 24)).unwrap()
}

fn passengers(seats: &[&str]) -> Vec<PassengerDraft> {
    let passenger = |seat: &&str| PassengerDraft {
        seat_name: (*seat).to_owned(),
        ..OrderDraft::sample().departure.passengers.remove(0)
    };
    seats.iter().map(passenger).collect()
}

/// A configuration whose timeouts a test can wait for.
pub(crate) fn config(base_url: &str, authorization: Authorization) -> KlikooConfig {
    KlikooConfig::new(
        BaseUrl::parse(base_url).unwrap(),
        RequestSigner::hmac_sha512(&CLIENT_SECRET.into()),
        authorization,
    )
    .with_timeouts(CONNECT, TOTAL)
}

pub(crate) fn credentials() -> Credentials {
    let data: serde_json::Value = serde_json::from_str(P256_KEY).unwrap();
    Credentials {
        client_id: "5f0c1f6e-8f4b-4a51-9c7d-2b3a6f1f0e77".to_owned(),
        client_secret: SecretString::from(CLIENT_SECRET),
        key: AuthKey::from_pkcs8_pem(data["p256_private_key_pkcs8_pem"].as_str().unwrap()).unwrap(),
    }
}

pub(crate) fn bearer() -> Authorization {
    Authorization::Bearer(credentials())
}

pub(crate) fn blocker_of(config: KlikooConfig, clock: &ManualClock) -> KlikooSeatBlocker {
    KlikooSeatBlocker::new(KlikooClient::new(config, Arc::new(clock.clone())).unwrap())
}

pub(crate) fn transactions_of(config: KlikooConfig, clock: &ManualClock) -> KlikooTransactions {
    KlikooTransactions::new(KlikooClient::new(config, Arc::new(clock.clone())).unwrap())
}

/// An inquiry without a token, whose clock stands at [`NOW`].
pub(crate) fn transactions(base_url: &str) -> KlikooTransactions {
    transactions_of(config(base_url, Authorization::None), &ManualClock::at(NOW))
}

/// How long before the end of a hold its booking has to begin.
pub(crate) const MARGIN: Duration = Duration::from_mins(1);

pub(crate) fn tickets_of(config: KlikooConfig, clock: &ManualClock) -> KlikooTickets {
    let client = KlikooClient::new(config, Arc::new(clock.clone())).unwrap();
    KlikooTickets::new(client, MARGIN)
}

/// An issuer without a token, whose clock stands at [`NOW`].
pub(crate) fn tickets(base_url: &str) -> KlikooTickets {
    tickets_of(config(base_url, Authorization::None), &ManualClock::at(NOW))
}

/// A blocker without a token, whose clock stands at [`NOW`].
pub(crate) fn blocker(base_url: &str) -> KlikooSeatBlocker {
    blocker_of(config(base_url, Authorization::None), &ManualClock::at(NOW))
}

/// A configuration that `sandbox` accepts.
pub(crate) fn config_of(sandbox: &Sandbox) -> KlikooConfig {
    let credentials = Credentials {
        client_id: sandbox.client_id().to_owned(),
        client_secret: SecretString::from(sandbox.client_secret()),
        key: AuthKey::from_pkcs8_pem(sandbox.private_key_pem()).unwrap(),
    };
    KlikooConfig::new(
        BaseUrl::parse(sandbox.base_url()).unwrap(),
        RequestSigner::hmac_sha512(&sandbox.client_secret().into()),
        Authorization::Bearer(credentials),
    )
    .with_timeouts(CONNECT, TOTAL)
}

/// A sandbox whose time stands at [`NOW`].
pub(crate) async fn sandbox() -> Sandbox {
    let clock = klikoo_sandbox::VirtualClock::fixed(NOW);
    Sandbox::builder().clock(clock).start().await.unwrap()
}

/// What came out, in the words of the failure model: `held`, `expired`, or `unknown/timeout` and
/// the like.
pub(crate) fn told(outcome: &Result<SeatHold, BlockError>) -> String {
    match outcome {
        Ok(_) => "held".to_owned(),
        Err(BlockError::Refused(refusal)) => format!("refused/{}", refusal.kind),
        Err(BlockError::NotSent(not_sent)) => format!("not_sent/{}", not_sent.kind),
        Err(BlockError::Unknown(unknown)) => format!("unknown/{}", unknown.kind),
        Err(BlockError::Expired(_)) => "expired".to_owned(),
        Err(error @ (BlockError::Conflict { .. } | BlockError::Busy { .. })) => error.to_string(),
    }
}
