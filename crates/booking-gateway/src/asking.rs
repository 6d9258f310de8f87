//! The seats that orders under way ask for, which the ledger may not know of yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use booking_domain::{BlockOrder, PartnerReference, Tenant, TripId};

/// What is asked for and not answered yet, in the order in which it came.
#[derive(Clone, Default)]
pub(crate) struct Asking(Arc<Mutex<BTreeMap<u64, Asked>>>);

#[derive(Clone)]
struct Asked {
    tenant: Option<Tenant>,
    reference: PartnerReference,
    seats: Vec<(TripId, u32)>,
}

/// An order's entry, for as long as it lives; and what had been asked for before it.
pub(crate) struct Entry {
    asking: Asking,
    number: u64,
    earlier: Vec<Asked>,
}

impl Asking {
    /// Enters `order`.
    ///
    /// Whoever comes later counts it. Of two that come together exactly one counts the other, so
    /// they neither pass a bound together nor keep each other out.
    pub(crate) fn enter(&self, order: &BlockOrder) -> Entry {
        let asked = Asked {
            tenant: order.tenant().cloned(),
            reference: order.reference().clone(),
            seats: seats_of(order).collect(),
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = all
            .values()
            // Under its own reference nothing is held beside it.
            .filter(|it| it.tenant == asked.tenant && it.reference != asked.reference)
            .cloned()
            .collect();
        let number = all.last_key_value().map_or(0, |(last, _)| last + 1);
        all.insert(number, asked);
        Entry {
            asking: self.clone(),
            number,
            earlier,
        }
    }
}

impl Entry {
    /// The seats on `trip` that orders of the same tenant had asked for before, but for those whose
    /// reference `is_known` to be counted elsewhere.
    pub(crate) fn seats_before(
        &self,
        trip: TripId,
        is_known: impl Fn(&PartnerReference) -> bool,
    ) -> u32 {
        self.earlier
            .iter()
            .filter(|asked| !is_known(&asked.reference))
            .flat_map(|asked| &asked.seats)
            .filter(|(of, _)| *of == trip)
            .map(|(_, seats)| seats)
            .sum()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut all = self.asking.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.number);
    }
}

/// How many seats `order` asks for on each of its trips.
pub(crate) fn seats_of(order: &BlockOrder) -> impl Iterator<Item = (TripId, u32)> {
    order.legs().map(|leg| {
        let seats = u32::try_from(leg.passengers().len()).unwrap_or(u32::MAX);
        (leg.trip_id(), seats)
    })
}
