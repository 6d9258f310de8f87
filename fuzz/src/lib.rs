//! What the targets share: Klikoo's place on the wire, taken by whatever was made up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, PartnerReference};
use booking_ports::{ManualClock, Outcome, SeatBlocker};
use bytes::Bytes;
use klikoo_adapter::{
    Authorization, BaseUrl, KlikooClient, KlikooConfig, KlikooSeatBlocker, ModelReply,
    RequestSigner, WireFault, WireModel,
};
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};

/// Now, in every target.
pub const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 +7);

/// Today, in every target.
pub const TODAY: Date = date!(2026 - 11 - 24);

/// The given document's sample.
pub const ORDER: &[u8] = include_bytes!("../../docs/examples/one-way.json");

/// The order of `document`; `None` where it is none.
#[must_use]
pub fn order(document: &[u8]) -> Option<BlockOrder> {
    let made = || PartnerReference::new("1238").unwrap_or_else(|_| unreachable!());
    BlockOrder::from_json(document, TODAY, made).ok()
}

struct Answers(Mutex<(u16, Bytes)>);

#[async_trait]
impl WireModel for Answers {
    async fn exchange(
        &self,
        _: http::Request<Bytes>,
        _: Duration,
    ) -> Result<ModelReply, WireFault> {
        let (status, body) = self
            .0
            .lock()
            .map_err(|_| WireFault::ConnectionLost)?
            .clone();
        let response = http::Response::builder()
            .status(status)
            .header("content-type", "application/json")
            .body(body)
            .map_err(|_| WireFault::ConnectionLost)?;
        Ok(ModelReply::whole(response))
    }
}

/// How a block ends that is answered with `status` and `body`.
///
/// # Panics
///
/// Where the sample is no order, or no client can be made.
#[must_use]
pub fn block(status: u16, body: &[u8]) -> (BlockOrder, Outcome) {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    }
    let order = order(ORDER).unwrap();
    let config = KlikooConfig::new(
        BaseUrl::parse("http://127.0.0.1:1").unwrap(),
        RequestSigner::hmac_sha512(&"the client secret".into()),
        Authorization::None,
    );
    let answers = Answers(Mutex::new((status, Bytes::copy_from_slice(body))));
    let clock = Arc::new(ManualClock::at(NOW));
    let client = KlikooClient::over_model(config, clock, Arc::new(answers)).unwrap();
    let blocker = KlikooSeatBlocker::new(client);
    let outcome = RUNTIME.with(|runtime| runtime.block_on(blocker.block(&order)));
    (order, outcome)
}
