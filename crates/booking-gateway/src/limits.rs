//! How much is too much.

use std::num::NonZeroU32;
use std::time::Duration;

/// What the gateway lets in. Each bound is there so that one caller, or one fault, cannot take the
/// place of all others (`docs/DESIGN.md`).
///
/// ```
/// use booking_gateway::GatewayLimits;
///
/// let limits = GatewayLimits::default();
/// assert_eq!(limits.body, 64 * 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatewayLimits {
    /// The longest body, in bytes.
    pub body: usize,
    /// The longest head of a request, in bytes.
    pub head: usize,
    /// How long the head may take to arrive. An idle connection is closed after the same time.
    pub head_timeout: Duration,
    /// How long the body may take to arrive.
    pub body_timeout: Duration,
    /// How long a peer may leave what was sent to it unread before it is cut off.
    pub unread_timeout: Duration,
    /// So many connections at the same time.
    pub connections: usize,
    /// So many requests at the same time.
    pub in_flight: usize,
    /// So many of them by one key.
    pub in_flight_per_key: usize,
    /// So many requests of one key in a second.
    pub per_second: NonZeroU32,
    /// So many failed tries from one address in a minute.
    pub failures_per_minute: NonZeroU32,
    /// So many seats of one trip that a tenant holds at a time, or may hold: each leg of an order
    /// counts on its own trip.
    pub live_seats_per_trip: u32,
    /// So often in 24 hours a tenant's holds of one seat may end unbooked; then it cannot hold that
    /// seat again until the first of them is 24 hours ago. Of a hold of half an hour, 12 are a quarter
    /// of a day. Of a tenant's ended holds on a trip the newest are looked at, 80 times as many as this and
    /// 10 000 at most, so more than 125 may not be counted where a tenant holds every seat so often.
    pub lapses_per_seat: NonZeroU32,
    /// So many blocks of one key in an hour.
    pub blocks_per_hour: NonZeroU32,
    /// So many calls of the provider in a second for places, trips and seats. What is told from memory,
    /// or by a call that is under way for the same question, is none.
    pub reads_per_second: NonZeroU32,
    /// So many of them for one tenant; keys without a tenant are one together.
    pub reads_per_second_per_tenant: NonZeroU32,
    /// So many event streams of one key.
    pub streams_per_key: usize,
    /// So many event streams of all.
    pub streams: usize,
    /// How long a block, a ticket or an inquiry is waited for; after that it is answered as under way.
    pub answer_within: Duration,
}

impl GatewayLimits {
    pub(crate) fn unread_timeout_ms(&self) -> u32 {
        u32::try_from(self.unread_timeout.as_millis()).unwrap_or(u32::MAX)
    }
}

const fn some(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

impl Default for GatewayLimits {
    fn default() -> Self {
        Self {
            body: 64 * 1024,
            head: 16 * 1024,
            head_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(10),
            unread_timeout: Duration::from_secs(30),
            connections: 10_000,
            in_flight: 1_024,
            in_flight_per_key: 256,
            per_second: some(200),
            failures_per_minute: some(30),
            live_seats_per_trip: 60,
            lapses_per_seat: some(12),
            blocks_per_hour: some(20_000),
            reads_per_second: some(50),
            reads_per_second_per_tenant: some(20),
            streams_per_key: 16,
            streams: 256,
            answer_within: Duration::from_mins(2),
        }
    }
}
