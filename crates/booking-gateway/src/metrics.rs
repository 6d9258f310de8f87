//! What is counted. No label holds a reference, a seat, a person or a key.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use booking_ports::{NotSentKind, RefusalKind, UnknownKind};

/// A counter that begins with its first event would hide that event from `increase`, so that an alert
/// would sleep through the first failure of each kind.
fn begin_counting() {
    metrics::counter!("seatblock_connections_refused_total").increment(0);
    let refused = RefusalKind::ALL
        .iter()
        .map(|kind| ("refused", kind.as_str()));
    let not_sent = NotSentKind::ALL
        .iter()
        .map(|kind| ("not_sent", kind.as_str()));
    let unknown = UnknownKind::ALL
        .iter()
        .map(|kind| ("unknown", kind.as_str()));
    let without_kind = ["held", "expired", "conflict", "busy"].map(|outcome| (outcome, ""));
    let all = refused.chain(not_sent).chain(unknown).chain(without_kind);
    for (outcome, kind) in all.chain([("unknown", STILL_SENDING)]) {
        metrics::counter!("seatblock_blocks_total", "outcome" => outcome, "kind" => kind)
            .increment(0);
    }
}

/// The kind of a block whose answer was not waited for any longer.
pub(crate) const STILL_SENDING: &str = "still_sending";

/// Holds only what must be remembered between two looks.
pub(crate) struct Metrics {
    /// When a sweep last went well, by the monotonic clock; at first, when the gateway was made.
    swept_at: Mutex<Duration>,
}

impl Metrics {
    /// Tells what each metric means. `now` is of the monotonic clock.
    pub(crate) fn new(now: Duration) -> Self {
        metrics::describe_counter!("seatblock_requests_total", "Requests, by route and status");
        metrics::describe_histogram!(
            "seatblock_request_seconds",
            metrics::Unit::Seconds,
            "How long requests took, by route"
        );
        metrics::describe_counter!("seatblock_blocks_total", "Blocks, by outcome and kind");
        metrics::describe_histogram!(
            "seatblock_block_seconds",
            metrics::Unit::Seconds,
            "How long blocks took, by outcome"
        );
        metrics::describe_counter!("seatblock_bookings_total", "Bookings, by outcome");
        metrics::describe_counter!(
            "seatblock_callbacks_total",
            "Callbacks, by what became of them"
        );
        metrics::describe_counter!(
            "seatblock_reads_total",
            "Questions for places, trips and seats, by kind and by how they were answered"
        );
        metrics::describe_gauge!("seatblock_requests_in_flight", "Requests under way");
        metrics::describe_gauge!(
            "seatblock_unsettled_holds",
            "Holds that somebody has to settle"
        );
        metrics::describe_gauge!(
            "seatblock_unsettled_oldest_seconds",
            metrics::Unit::Seconds,
            "Age of the oldest of them"
        );
        metrics::describe_gauge!(
            "seatblock_sweep_age_seconds",
            metrics::Unit::Seconds,
            "Time since unsettled holds were last looked after"
        );
        metrics::describe_histogram!(
            "seatblock_provider_seconds",
            metrics::Unit::Seconds,
            "How long blocks took at the provider"
        );
        metrics::describe_counter!(
            "seatblock_settled_total",
            "Unsettled holds that sweeps settled"
        );
        metrics::describe_counter!("seatblock_expired_total", "Holds whose deadline passed");
        metrics::describe_counter!(
            "seatblock_shredded_total",
            "Orders whose people were forgotten"
        );
        metrics::describe_counter!(
            "seatblock_connections_refused_total",
            "Connections cut off because too many were open"
        );
        begin_counting();
        metrics::counter!("seatblock_settled_total").increment(0);
        metrics::counter!("seatblock_expired_total").increment(0);
        metrics::counter!("seatblock_shredded_total").increment(0);
        Self {
            swept_at: Mutex::new(now),
        }
    }

    /// A sweep went well.
    pub(crate) fn swept(&self, now: Duration) {
        *self.swept_at.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Sets what is only true at the moment of a look.
    pub(crate) fn look(&self, now: Duration, in_flight: usize) {
        let swept_at = *self.swept_at.lock().unwrap_or_else(PoisonError::into_inner);
        let age = now.saturating_sub(swept_at);
        metrics::gauge!("seatblock_sweep_age_seconds").set(age.as_secs_f64());
        let in_flight = u32::try_from(in_flight).unwrap_or(u32::MAX);
        metrics::gauge!("seatblock_requests_in_flight").set(f64::from(in_flight));
    }
}

pub(crate) fn request(method: &'static str, route: &str, status: u16, took: Duration) {
    let route = route.to_owned();
    metrics::counter!(
        "seatblock_requests_total",
        "method" => method, "route" => route.clone(), "status" => status.to_string()
    )
    .increment(1);
    metrics::histogram!("seatblock_request_seconds", "route" => route).record(took.as_secs_f64());
}

pub(crate) fn block(outcome: &'static str, kind: &'static str, took: Duration) {
    metrics::counter!("seatblock_blocks_total", "outcome" => outcome, "kind" => kind).increment(1);
    metrics::histogram!("seatblock_block_seconds", "outcome" => outcome).record(took.as_secs_f64());
}

pub(crate) fn booking(outcome: &'static str) {
    metrics::counter!("seatblock_bookings_total", "outcome" => outcome).increment(1);
}

pub(crate) fn callback(result: &'static str) {
    metrics::counter!("seatblock_callbacks_total", "result" => result).increment(1);
}

pub(crate) fn read(kind: &'static str, result: &'static str) {
    metrics::counter!("seatblock_reads_total", "kind" => kind, "result" => result).increment(1);
}
