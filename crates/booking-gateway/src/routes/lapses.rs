//! No seat held again and again by a tenant that never buys it.

use std::num::NonZeroU32;
use std::time::Duration;

use booking_domain::{BlockOrder, SeatName, TripId};
use booking_ports::{HoldRecord, Listing, Page, Which};
use time::OffsetDateTime;

use crate::gateway::Shared;
use crate::problem::{Problem, ProblemKind};

/// For so long a hold that ended unbooked is counted.
const COUNTED_FOR: time::Duration = time::Duration::DAY;

/// More than a bus has seats.
const SEATS: u32 = 80;

/// So many of a tenant's ended holds on a trip are looked at, at most.
const LOOKED_AT_MAX: u32 = 10_000;

/// So many of them are looked at, the newest first: each seat as often as it may lapse.
fn looked_at(limit: NonZeroU32) -> u32 {
    limit.get().saturating_mul(SEATS).min(LOOKED_AT_MAX)
}

/// A seat whose holds have lapsed as often as they may.
pub(super) struct WornOut {
    trip: TripId,
    seat: SeatName,
    lapses: usize,
    after: Duration,
}

/// The first seat of `order` that its tenant has let lapse as often as it may.
pub(super) async fn worn_out(
    gateway: &Shared,
    order: &BlockOrder,
) -> Result<Option<WornOut>, Problem> {
    let limit = gateway.options.limits.lapses_per_seat;
    let looked_at = looked_at(limit);
    let limit = usize::try_from(limit.get()).unwrap_or(usize::MAX);
    let now = gateway.stack.clock.now();
    for leg in order.legs() {
        let trip = leg.trip_id();
        let listing = Listing {
            which: Which::State("expired"),
            tenant: order.tenant().cloned(),
            trip: Some(trip),
            newest_first: true,
        };
        let page = Page::first(looked_at);
        let ended = gateway.stack.ledger.list(&listing, page).await?;
        for passenger in leg.passengers() {
            let seat = passenger.seat_name();
            let mut lapses: Vec<_> = ended
                .records
                .iter()
                .filter_map(|record| lapsed_at(record, trip, seat))
                .filter(|at| now - *at < COUNTED_FOR)
                .collect();
            if lapses.len() >= limit {
                lapses.sort_unstable();
                let last_too_many = lapses[lapses.len() - limit] + COUNTED_FOR;
                return Ok(Some(WornOut {
                    trip,
                    seat: seat.clone(),
                    lapses: lapses.len(),
                    after: Duration::try_from(last_too_many - now).unwrap_or_default(),
                }));
            }
        }
    }
    Ok(None)
}

/// When a hold of `seat` ended without becoming a ticket. What was never seen to be held was
/// perhaps kept from nobody.
fn lapsed_at(record: &HoldRecord, trip: TripId, seat: &SeatName) -> Option<OffsetDateTime> {
    let has_seat = record
        .outline
        .legs
        .iter()
        .any(|leg| leg.trip_id == trip && leg.seats.contains(seat));
    let hold = record.hold().filter(|_| has_seat)?;
    Some(hold.deadline.at())
}

impl WornOut {
    pub(super) fn problem(&self) -> Problem {
        let Self {
            trip, seat, lapses, ..
        } = self;
        Problem::new(
            ProblemKind::TooMany,
            format!(
                "seat {seat} on trip {trip} was held {lapses} times for this key's tenant in the last 24 hours and not booked, which is as often as it may be; nothing was sent"
            ),
        )
        .advising("Take another seat, or come back when it may be held again.")
        .after(self.after)
    }
}
