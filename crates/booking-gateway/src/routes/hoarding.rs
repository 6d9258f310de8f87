//! Whether a tenant may hold the seats of an order: not more of one trip at a time than its share,
//! and none for ever.

use std::time::Duration;

use booking_domain::{BlockOrder, HoldState, TripId};
use booking_ports::{HoldRecord, Listed, Listing, Page, Which};
use time::OffsetDateTime;

use super::lapses;
use crate::asking::{Entry, seats_of};
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemKind};

/// When to ask again where no deadline tells.
const SEATS_MAY_BE_FREE: Duration = Duration::from_mins(1);

/// A trip on which an order would hold more than its tenant may.
struct Full {
    trip: TripId,
    /// Held, perhaps held, or asked for by an order before this one.
    taken: u32,
    wanted: u32,
    cap: u32,
    after: Duration,
}

/// Lets `order` be sent as far as its seats go, and counts them for as long as its entry lives. Who
/// has no tenant is the house itself, and is not counted.
///
/// Orders that come to this process together are counted one after the other. What other replicas
/// were asked in the same moment is seen as soon as they have begun it.
pub(crate) async fn check(
    gateway: &Shared,
    order: &BlockOrder,
    entry: Entry,
) -> Result<Entry, Problem> {
    if order.tenant().is_none() {
        return Ok(entry.counted());
    }
    let perhaps_before = |problem| super::block::perhaps_before(problem, order);
    let refusal = refusal(gateway, order, &entry).await;
    let Some(problem) = refusal.map_err(perhaps_before)? else {
        return Ok(entry.counted());
    };
    match gateway.stack.ledger.find(order.reference()).await {
        // It holds its own seats or none, and no more by being repeated.
        Ok(Some(record)) if !may_begin_anew(&record) => Ok(entry.without_seats()),
        Ok(_) if gateway.asking.is_under_way(order, Some(&entry)) => Err(perhaps_before(problem)),
        Ok(_) => Err(problem.about(order.reference(), "not_sent", false)),
        Err(error) => Err(perhaps_before(error.into())),
    }
}

fn may_begin_anew(record: &HoldRecord) -> bool {
    matches!(record.state, HoldState::Intended | HoldState::NotSent)
}

async fn refusal(
    gateway: &Shared,
    order: &BlockOrder,
    entry: &Entry,
) -> Result<Option<Problem>, Problem> {
    if let Some(full) = full_trip(gateway, order, entry).await? {
        return Ok(Some(full.problem()));
    }
    let worn_out = lapses::worn_out(gateway, order).await?;
    Ok(worn_out.map(|it| it.problem()))
}

async fn full_trip(
    gateway: &Shared,
    order: &BlockOrder,
    entry: &Entry,
) -> Result<Option<Full>, Problem> {
    let cap = gateway.options.limits.live_seats_per_trip;
    let now = gateway.stack.clock.now();
    for (trip, wanted) in seats_of(order) {
        let listing = Listing {
            which: Which::Live(now),
            tenant: order.tenant().cloned(),
            trip: Some(trip),
            newest_first: false,
        };
        // Each has a seat at least, so no more of them need be read.
        let page = Page::first(cap);
        let Listed {
            records: live,
            damaged,
            ..
        } = gateway.stack.ledger.list(&listing, page).await?;
        // What cannot be read may hold as well, a seat at least.
        let unread = u32::try_from(damaged.len()).unwrap_or(u32::MAX);
        let held: u32 = live.iter().map(|record| seats_on(record, trip)).sum();
        let is_listed = |reference: &_| live.iter().any(|record| record.reference == *reference);
        let held = held.saturating_add(unread);
        let taken = held.saturating_add(entry.seats_before(trip, is_listed));
        if taken.saturating_add(wanted) > cap {
            let too_many = taken.saturating_add(wanted) - cap;
            return Ok(Some(Full {
                trip,
                taken,
                wanted,
                cap,
                after: free_after(&live, trip, too_many, now),
            }));
        }
    }
    Ok(None)
}

fn seats_on(record: &HoldRecord, trip: TripId) -> u32 {
    let legs = record.outline.legs.iter();
    legs.filter(|leg| leg.trip_id == trip)
        .map(|leg| u32::try_from(leg.seats.len()).unwrap_or(u32::MAX))
        .sum()
}

/// When the deadlines of `live` will have set `seats` free.
fn free_after(live: &[HoldRecord], trip: TripId, seats: u32, now: OffsetDateTime) -> Duration {
    let mut ends: Vec<_> = live
        .iter()
        .filter_map(|record| Some((record.deadline()?.at(), seats_on(record, trip))))
        .collect();
    ends.sort_unstable();
    let mut freed = 0_u32;
    let enough = ends.into_iter().find(|(_, seats_of_one)| {
        freed = freed.saturating_add(*seats_of_one);
        freed >= seats
    });
    enough
        .and_then(|(at, _)| Duration::try_from(at - now).ok())
        .unwrap_or(SEATS_MAY_BE_FREE)
}

impl Full {
    fn problem(&self) -> Problem {
        let Self {
            trip,
            taken,
            wanted,
            cap,
            ..
        } = *self;
        if wanted > cap {
            return Problem::new(
                ProblemKind::TooMany,
                format!(
                    "the order asks for {wanted} seats on trip {trip}, and this key may hold {cap} on a trip at a time; nothing was sent"
                ),
            )
            .advising("Divide it into orders of fewer seats, each with a reference of its own.");
        }
        Problem::new(
            ProblemKind::TooMany,
            format!(
                "{taken} seats on trip {trip} are held by this key's tenant, or may be, and the order asks for {wanted} more; {cap} may be held at a time; nothing was sent"
            ),
        )
        .advising("Book what is paid for, or wait until enough holds have ended.")
        .after(self.after)
    }
}
