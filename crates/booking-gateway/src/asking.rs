//! The orders under way, and the seats that they ask for, which the ledger may not know of yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use booking_domain::{BlockOrder, PartnerReference, Tenant, TripId};

/// What is asked for and not answered yet, in the order in which it came.
#[derive(Clone, Default)]
pub(crate) struct Asking(Arc<Mutex<BTreeMap<u64, Arc<Asked>>>>);

struct Asked {
    tenant: Option<Tenant>,
    reference: PartnerReference,
    seats: Vec<(TripId, u32)>,
}

/// An order's entry, for as long as it lives; and what had been asked for before it, for as long as
/// that is asked.
pub(crate) struct Entry {
    asking: Asking,
    number: u64,
    earlier: Vec<Arc<Asked>>,
}

impl Asking {
    /// Enters `order`.
    ///
    /// Whoever comes later counts it. Of two that come together exactly one counts the other, so
    /// they neither pass a bound together nor keep each other out.
    pub(crate) fn enter(&self, order: &BlockOrder) -> Entry {
        let asked = Arc::new(Asked {
            tenant: order.tenant().cloned(),
            reference: order.reference().clone(),
            seats: seats_of(order).collect(),
        });
        let mut all = self.lock();
        // The house itself, which has no tenant, is not counted.
        let earlier = if asked.tenant.is_none() {
            Vec::new()
        } else {
            all.values()
                // Under its own reference nothing is held beside it.
                .filter(|it| it.tenant == asked.tenant && it.reference != asked.reference)
                .cloned()
                .collect()
        };
        let number = all.last_key_value().map_or(0, |(last, _)| last + 1);
        all.insert(number, asked);
        Entry {
            asking: self.clone(),
            number,
            earlier,
        }
    }

    /// Whether an order is under way under the reference and tenant of `order`, but for `own`.
    pub(crate) fn is_under_way(&self, order: &BlockOrder, own: Option<&Entry>) -> bool {
        self.lock().iter().any(|(number, asked)| {
            own.is_none_or(|own| own.number != *number)
                && asked.reference == *order.reference()
                && asked.tenant.as_ref() == order.tenant()
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Asked>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Keeps nothing of the orders before it any more. Many entries live for as long as the provider
    /// takes, and each of them would keep all of those.
    pub(crate) fn counted(mut self) -> Self {
        self.earlier = Vec::new();
        self
    }

    /// From now on it asks for no seats: those of its order are counted elsewhere, or are none.
    pub(crate) fn without_seats(self) -> Self {
        if let Some(asked) = self.asking.lock().get_mut(&self.number) {
            *asked = Arc::new(Asked {
                tenant: asked.tenant.clone(),
                reference: asked.reference.clone(),
                seats: Vec::new(),
            });
        }
        self.counted()
    }

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
        self.asking.lock().remove(&self.number);
    }
}

/// How many seats `order` asks for on each of its trips.
pub(crate) fn seats_of(order: &BlockOrder) -> impl Iterator<Item = (TripId, u32)> {
    order.legs().map(|leg| {
        let seats = u32::try_from(leg.passengers().len()).unwrap_or(u32::MAX);
        (leg.trip_id(), seats)
    })
}

#[cfg(test)]
mod tests {
    use booking_domain::{BlockOrder, OrderDraft, Tenant};
    use time::macros::date;

    use super::{Asking, seats_of};

    fn order(reference: &str, tenant: &str) -> BlockOrder {
        let draft = OrderDraft {
            partner_reference_no: Some(reference.to_owned()),
            ..OrderDraft::sample()
        };
        let order = draft.check(date!(2026 - 11 - 24)).unwrap();
        order.with_tenant(Tenant::new(tenant).unwrap())
    }

    #[test]
    fn an_order_is_under_way_for_as_long_as_its_entry_lives() {
        let asking = Asking::default();
        let one = order("r-1", "acme");
        assert!(!asking.is_under_way(&one, None));
        let first = asking.enter(&one);
        assert!(asking.is_under_way(&one, None));
        assert!(!asking.is_under_way(&one, Some(&first)));
        assert!(!asking.is_under_way(&order("r-1", "bravo"), None));
        assert!(!asking.is_under_way(&order("r-2", "acme"), None));

        let again = asking.enter(&one);
        assert!(asking.is_under_way(&one, Some(&again)));
        drop(first.counted());
        assert!(!asking.is_under_way(&one, Some(&again)));
    }

    #[test]
    fn what_asks_for_no_seats_is_under_way_all_the_same() {
        let asking = Asking::default();
        let (one, two) = (order("r-1", "acme"), order("r-2", "acme"));
        let (trip, seats) = seats_of(&one).next().unwrap();
        let first = asking.enter(&one);
        assert_eq!(asking.enter(&two).seats_before(trip, |_| false), seats);
        let first = first.without_seats();
        assert_eq!(asking.enter(&two).seats_before(trip, |_| false), 0);
        assert!(asking.is_under_way(&one, None));
        drop(first);
    }
}
