//! Lists of a ledger in memory.

use booking_domain::HoldState;

use super::{HoldRecord, Listing, Page, Which};

pub(super) fn page_of<'a>(
    records: impl Iterator<Item = &'a HoldRecord> + Clone,
    listing: &Listing,
    page: Page,
) -> Vec<HoldRecord> {
    // By what the record is, not where it stood: it may have left the list since.
    let key = |record: &HoldRecord| {
        let by = match listing.which {
            Which::NextToExpire => record.hold().map(|hold| hold.deadline.at()),
            Which::EndedBefore(_) => Some(record.changed_at),
            Which::All | Which::State(_) | Which::Unsettled | Which::Live(_) => None,
        };
        (by, record.number)
    };
    let after = page.after.and_then(|after| {
        let mut all = records.clone();
        all.find(|record| record.number == after).map(key)
    });
    let follows = |record: &&HoldRecord| match after {
        Some(after) if listing.newest_first => key(record) < after,
        Some(after) => key(record) > after,
        None => true,
    };
    let mut listed: Vec<&HoldRecord> = records
        .filter(|record| is_listed(record, listing))
        .filter(follows)
        .collect();
    listed.sort_by_key(|record| key(record));
    if listing.newest_first {
        listed.reverse();
    }
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    listed.into_iter().take(limit).cloned().collect()
}

fn is_listed(record: &HoldRecord, listing: &Listing) -> bool {
    let outline = &record.outline;
    let on_trip = |trip| outline.legs.iter().any(|leg| leg.trip_id == trip);
    let of_tenant = |tenant| outline.tenant.as_ref() == Some(tenant);
    let is_one = match listing.which {
        Which::All => true,
        Which::State(name) => record.state.name() == name,
        Which::Unsettled => record.is_unsettled(),
        Which::NextToExpire => matches!(record.state, HoldState::Held(_)) && !record.is_unsettled(),
        Which::EndedBefore(moment) => {
            record.has_ended() && record.keeps_order && record.changed_at < moment
        }
        Which::Live(moment) => record.is_live(moment),
    };
    is_one && listing.tenant.as_ref().is_none_or(of_tenant) && listing.trip.is_none_or(on_trip)
}
