//! A sandbox whose clock is right, and a host with a clock of its own.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::{BlockOrder, OrderDraft, SeatHold};
use booking_layers::{Recorded, Resolver, ResolverBounds};
use booking_ports::{BlockError, HoldLedger, ManualClock, MemoryHoldLedger, Outcome, SeatBlocker};
use klikoo_adapter::{
    AuthKey, Authorization, BaseUrl, Credentials, KlikooClient, KlikooConfig, KlikooSeatBlocker,
    KlikooTickets, KlikooTransactions, RequestSigner,
};
use klikoo_sandbox::{Sandbox, SandboxBuilder, VirtualClock};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

use super::CAP;
use crate::clock::EarlierClock;

/// When a cell begins, by Klikoo's clock.
pub(super) const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 +7);

/// How long the sandbox holds, in seconds.
pub(super) const HOLD: u64 = 30 * 60;

/// How long before the end of a hold its booking has to begin, in seconds.
pub(super) const MARGIN: u64 = 60;

pub(super) struct World {
    pub(super) sandbox: Sandbox,
    /// This host's clock.
    pub(super) host: ManualClock,
    pub(super) ledger: Arc<MemoryHoldLedger>,
    pub(super) resolver: Resolver,
    pub(super) tickets: KlikooTickets,
    pub(super) client: KlikooClient,
    recorded: Recorded<KlikooSeatBlocker>,
}

impl World {
    /// A host whose clock is `skew` seconds ahead.
    pub(super) async fn new(skew: i64) -> Self {
        Self::at(NOW, skew).await
    }

    pub(super) async fn at(now: OffsetDateTime, skew: i64) -> Self {
        Self::with(Sandbox::builder(), now, skew).await
    }

    pub(super) async fn with(builder: SandboxBuilder, now: OffsetDateTime, skew: i64) -> Self {
        let sandbox = (builder.clock(VirtualClock::fixed(now)))
            .start()
            .await
            .unwrap();
        let host = ManualClock::at(now + time::Duration::seconds(skew));
        let client = client(&sandbox, &host);
        let blocker = KlikooSeatBlocker::new(client.clone());
        let clock = Arc::new(host.clone());
        let ledger = Arc::new(MemoryHoldLedger::new(clock.clone()));
        Self {
            recorded: Recorded::new(
                blocker.clone(),
                ledger.clone(),
                clock.clone(),
                Duration::from_mins(2),
            ),
            resolver: Resolver::new(
                ledger.clone(),
                Arc::new(KlikooTransactions::new(client.clone())),
                Arc::new(blocker),
                Arc::new(EarlierClock {
                    host: clock,
                    client: client.clone(),
                }),
                ResolverBounds::default(),
            ),
            tickets: KlikooTickets::new(client.clone(), Duration::from_secs(MARGIN)),
            client,
            sandbox,
            host,
            ledger,
        }
    }

    /// Time passes, for both.
    pub(super) fn pass(&self, seconds: u64) {
        let by = Duration::from_secs(seconds);
        self.host.advance(by);
        self.sandbox.clock().advance(by);
    }

    /// Somebody sets this host's clock `seconds` ahead of Klikoo's.
    pub(super) fn set(&self, seconds: i64) {
        let right = self.sandbox.clock().now();
        self.host.step_to(right + time::Duration::seconds(seconds));
    }

    /// What a block of `reference` ends in, in one word.
    pub(super) async fn block(&self, reference: &str) -> &'static str {
        word(&self.recorded.block(&order(reference)).await)
    }

    /// What `seatblock holds` says of it.
    pub(super) async fn shown(&self, reference: &str) -> &'static str {
        let found = self.ledger.find(order(reference).reference()).await;
        let record = found.unwrap().unwrap();
        record.state_at(booking_ports::Clock::now(&self.host))
    }

    /// Holds for `reference` by a host whose clock is right.
    pub(super) async fn held(&self, reference: &str) -> SeatHold {
        let clock = ManualClock::at(self.sandbox.clock().now());
        let blocker = KlikooSeatBlocker::new(client(&self.sandbox, &clock));
        blocker.block(&order(reference)).await.unwrap()
    }

    /// A host that has heard nothing of Klikoo for a quarter of an hour knows nothing of its clock;
    /// every other request is within the cap.
    pub(super) fn nothing_was_signed_beyond_the_cap(&self) {
        let mut heard = None;
        for entry in self.sandbox.journal() {
            let before = heard.replace(entry.at);
            if before.is_none_or(|it| entry.at - it > time::Duration::minutes(15)) {
                continue;
            }
            let sent = &entry.headers["open-api-timestamp"];
            let off = OffsetDateTime::parse(sent, &Rfc3339).unwrap() - entry.at;
            assert!(
                off.abs() <= time::Duration::seconds(CAP),
                "{off}: {entry:?}"
            );
        }
    }
}

fn client(sandbox: &Sandbox, clock: &ManualClock) -> KlikooClient {
    let credentials = Credentials {
        client_id: sandbox.client_id().to_owned(),
        client_secret: sandbox.client_secret().to_owned().into(),
        key: AuthKey::from_pkcs8_pem(sandbox.private_key_pem()).unwrap(),
    };
    let config = KlikooConfig::new(
        BaseUrl::parse(sandbox.base_url()).unwrap(),
        RequestSigner::hmac_sha512(&sandbox.client_secret().into()),
        Authorization::Bearer(credentials),
    );
    KlikooClient::new(config, Arc::new(clock.clone())).unwrap()
}

/// An order for a seat that its reference chooses.
pub(super) fn order(reference: &str) -> BlockOrder {
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(reference.to_owned());
    draft.departure.passengers.truncate(1);
    let seat = match reference {
        "one" => "1",
        "two" => "2",
        _ => "3",
    };
    seat.clone_into(&mut draft.departure.passengers[0].seat_name);
    draft.check(time::macros::date!(2026 - 11 - 24)).unwrap()
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Ok(_) => "held",
        Err(BlockError::NotSent(_)) => "not sent",
        Err(BlockError::Expired(_)) => "expired",
        Err(BlockError::Unknown(_)) => "unknown",
        Err(BlockError::Refused(_)) => "refused",
        Err(_) => "another",
    }
}
