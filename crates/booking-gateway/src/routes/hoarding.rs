//! Not more live holds on one trip than a tenant may have.

use booking_domain::{BlockOrder, TripId};
use booking_ports::{Listing, Page, Which};

use crate::gateway::Shared;
use crate::problem::Problem;

/// The first trip of `order` on which its tenant holds as much as it may, and how much that is.
///
/// Calls that are checked at the same time may together pass by as many as they are: it is there
/// against hoarding, not for counting.
pub(crate) async fn full_trip(
    gateway: &Shared,
    order: &BlockOrder,
) -> Result<Option<(TripId, u32)>, Problem> {
    // Who has no tenant is the house itself.
    let Some(tenant) = order.tenant() else {
        return Ok(None);
    };
    let limit = gateway.options.limits.live_holds_per_trip;
    let at = gateway.stack.clock.now();
    for leg in order.legs() {
        let live = Listing {
            which: Which::Live(at),
            tenant: Some(tenant.clone()),
            trip: Some(leg.trip_id()),
            newest_first: false,
        };
        let found = gateway.stack.ledger.list(&live, Page::first(limit)).await?;
        // What cannot be read may hold as well.
        if u32::try_from(found.rows()).is_ok_and(|count| count >= limit) {
            return Ok(Some((leg.trip_id(), limit)));
        }
    }
    Ok(None)
}
