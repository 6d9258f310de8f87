//! Lists of one tenant, of one trip, and the other way round.

#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is broken fails its test"
)]

use booking_domain::{BlockOrder, LegDraft, Tenant, TripId};

use super::samples::{
    LEASE, begin_order, book, booking_unknown, checked, claimed, draft, end, end_booking, ended,
    find, hold, learn, let_leases_pass, lose, names, order, reference, refused, repeat, send, sure,
    unknown,
};
use super::{LedgerFixture, example};
use crate::block_error::UnknownKind;
use crate::clock::Clock;
use crate::ledger::{Begun, Listing, Outcome, Page, Which};

const ALL: Page = Page {
    after: None,
    limit: 99,
};

fn tenant(name: &str) -> Tenant {
    sure(Tenant::new(name))
}

fn trip(id: i64) -> TripId {
    sure(TripId::new(id))
}

/// An order there, and back where `back` is given.
fn on(name: &str, there: i64, back: Option<i64>) -> BlockOrder {
    let mut draft = draft(name);
    draft.departure.trip_id = there;
    draft.return_leg = back.map(|trip_id| LegDraft {
        trip_id,
        ..draft.departure.clone()
    });
    checked(draft)
}

async fn store(fixture: &impl LedgerFixture, order: &BlockOrder, outcome: Option<Outcome>) {
    let permit = begin_order(fixture, order).await;
    if let Some(outcome) = outcome {
        end(fixture, &permit, outcome).await;
    }
}

/// Of two tenants and of none, on two trips: one held, one refused, one unknown, one sending each.
async fn shops(fixture: &impl LedgerFixture) {
    for (whose, of) in [("a", Some("acme")), ("b", Some("beta")), ("n", None)] {
        for (there, back) in [(7, Some(9)), (8, None), (9, None)] {
            for what in ["held", "refused", "unknown", "sending"] {
                let name = format!("{whose}{there}-{what}");
                let plain = on(&name, there, back);
                let order = match of {
                    Some(of) => plain.with_tenant(tenant(of)),
                    None => plain,
                };
                let outcome = match what {
                    "held" => Some(Ok(hold(fixture, &name, 30 - there))),
                    "refused" => Some(Err(refused(&name))),
                    "unknown" => Some(Err(unknown(&name, UnknownKind::Timeout))),
                    _ => None,
                };
                store(fixture, &order, outcome).await;
            }
        }
    }
}

/// Every kind of list.
fn kinds(fixture: &impl LedgerFixture) -> [Which; 8] {
    let now = fixture.clock().now();
    [
        Which::All,
        Which::State("held"),
        Which::State("sending"),
        Which::State("booked"),
        Which::Unsettled,
        Which::NextToExpire,
        Which::EndedBefore(now + LEASE),
        Which::Live(now),
    ]
}

/// Reads a list page by page, two at a time.
async fn paged(fixture: &impl LedgerFixture, listing: &Listing) -> Vec<String> {
    let (mut all, mut page) = (Vec::new(), Page::first(2));
    loop {
        let listed = sure(fixture.ledger().list(listing, page).await);
        let Some(next) = listed.next_page(2) else {
            return all;
        };
        page = next;
        all.extend(
            listed
                .records
                .iter()
                .map(|record| record.reference.to_string()),
        );
    }
}

/// Promise 6: the same order is another one for another tenant.
#[doc = example!()]
pub async fn the_order_of_another_tenant_is_a_conflict(fixture: &impl LedgerFixture) {
    let of = |name| order("1").with_tenant(tenant(name));
    store(fixture, &of("acme"), None).await;
    fixture.reopen().await;
    let ledger = fixture.ledger();
    for other in [of("beta"), order("1")] {
        let begun = sure(ledger.begin(&other, LEASE).await);
        assert!(matches!(begun, Begun::Conflict), "{begun:?}");
    }
    let own = sure(ledger.begin(&of("acme"), LEASE).await);
    assert!(!matches!(own, Begun::Conflict), "{own:?}");
    store(fixture, &order("2"), None).await;
    let begun = sure(
        ledger
            .begin(&order("2").with_tenant(tenant("acme")), LEASE)
            .await,
    );
    assert!(matches!(begun, Begun::Conflict), "{begun:?}");
}

/// Whose it is stays known.
#[doc = example!()]
pub async fn a_tenant_is_kept_with_record_and_order(fixture: &impl LedgerFixture) {
    let of_acme = order("1").with_tenant(tenant("acme"));
    store(fixture, &of_acme, None).await;
    store(fixture, &order("2"), None).await;
    fixture.reopen().await;
    assert_eq!(
        find(fixture, "1").await.outline.tenant,
        Some(tenant("acme"))
    );
    assert_eq!(find(fixture, "2").await.outline.tenant, None);
    let kept = sure(fixture.ledger().order(&reference("1")).await);
    assert_eq!(kept, fixture.keeps_orders().then_some(of_acme));
}

/// Each kind of list, of one tenant: exactly its part of the list of all, in the same order.
#[doc = example!()]
pub async fn a_list_of_a_tenant_shows_no_other(fixture: &impl LedgerFixture) {
    shops(fixture).await;
    fixture.reopen().await;
    for which in kinds(fixture) {
        let all = names(fixture, which, ALL).await;
        for (prefix, of) in [("a", "acme"), ("b", "beta"), ("?", "gamma")] {
            let listing = Listing::of(which).of_tenant(tenant(of));
            let expected: Vec<_> = all.iter().filter(|it| it.starts_with(prefix)).collect();
            let listed = paged(fixture, &listing).await;
            assert_eq!(listed.iter().collect::<Vec<_>>(), expected, "{listing:?}");
        }
    }
    let all = names(fixture, Which::All, ALL).await;
    assert_eq!(all.len(), 36);
}

/// Each kind of list, of one trip, of one tenant and of all: there or back.
#[doc = example!()]
pub async fn a_list_of_a_trip_has_both_ways(fixture: &impl LedgerFixture) {
    shops(fixture).await;
    fixture.reopen().await;
    for which in kinds(fixture) {
        let all = names(fixture, which, ALL).await;
        for of in [None, Some("acme")] {
            // Those of trip 7 come back by trip 9.
            for (id, there) in [(7, "7"), (8, "8"), (9, "79"), (6, "")] {
                let listing = Listing {
                    tenant: of.map(tenant),
                    ..Listing::of(which).on_trip(trip(id))
                };
                let expected: Vec<_> = all
                    .iter()
                    .filter(|name| there.contains(&name[1..2]))
                    .filter(|name| of.is_none() || name.starts_with('a'))
                    .collect();
                let listed = paged(fixture, &listing).await;
                assert_eq!(listed.iter().collect::<Vec<_>>(), expected, "{listing:?}");
            }
        }
    }
}

/// Every list can be read from its other end, in pages too.
#[doc = example!()]
pub async fn the_newest_come_first_page_by_page(fixture: &impl LedgerFixture) {
    shops(fixture).await;
    fixture.reopen().await;
    for which in kinds(fixture) {
        for of in [None, Some("acme")] {
            for on in [None, Some(9)] {
                let listing = Listing {
                    tenant: of.map(tenant),
                    trip: on.map(trip),
                    ..Listing::of(which)
                };
                let mut expected = names(fixture, listing.clone(), ALL).await;
                expected.reverse();
                let listed = paged(fixture, &listing.newest_first()).await;
                assert_eq!(listed, expected, "{which:?} {of:?} {on:?}");
            }
        }
    }
}

/// What may take seats at a moment, and no more than asked for.
#[doc = example!()]
pub async fn the_live_ones_are_those_that_may_take_seats(fixture: &impl LedgerFixture) {
    for name in ["10", "over", "booked", "20", "perhaps"] {
        let permit = send(fixture, name).await;
        let minutes = if name == "20" { 20 } else { 10 };
        end(fixture, &permit, Ok(hold(fixture, name, minutes))).await;
    }
    learn(fixture, "over", ended()).await;
    let permit = book(fixture, "booked").await;
    end_booking(fixture, &permit, Ok(super::samples::ticket("booked"))).await;
    let permit = book(fixture, "perhaps").await;
    end_booking(fixture, &permit, Err(booking_unknown(&permit))).await;
    let permit = send(fixture, "refused").await;
    end(fixture, &permit, Err(refused("refused"))).await;
    lose(fixture, "unknown").await;
    send(fixture, "used").await;
    let_leases_pass(fixture);
    claimed(fixture, "used").await;
    let_leases_pass(fixture);
    let second = repeat(fixture, "used").await;
    let used = unknown("used", UnknownKind::ReferenceUsed);
    let record = end(fixture, &second, Err(used)).await;
    assert_eq!(record.state.name(), "held without receipt");
    send(fixture, "sending").await;
    fixture.reopen().await;
    let now = fixture.clock().now();
    let own = |moment| Listing::of(Which::Live(moment)).on_trip(order("1").departure().trip_id());
    let (ten, twenty) = (now + 8 * LEASE, now + 18 * LEASE);
    for (moment, live) in [
        (
            now,
            &["10", "20", "perhaps", "unknown", "used", "sending"][..],
        ),
        (ten, &["20", "unknown", "used", "sending"]),
        (twenty, &["unknown", "used", "sending"]),
    ] {
        assert_eq!(names(fixture, Which::Live(moment), ALL).await, live);
        assert_eq!(names(fixture, own(moment), ALL).await, live);
        assert_eq!(names(fixture, own(moment), Page::first(2)).await, live[..2]);
        for record in sure(fixture.ledger().list(&Which::All.into(), ALL).await).records {
            let listed = live.contains(&record.reference.as_str());
            assert_eq!(record.is_live(moment), listed, "{}", record.reference);
        }
    }
}
