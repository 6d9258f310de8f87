//! What a ledger tells.

#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is broken fails its test"
)]

use booking_domain::HoldState;

use super::samples::{
    LEASE, book, booking_unknown, claimed, end, end_booking, ended, evidence, find, held, hold,
    learn, let_leases_pass, lose, names, not_sent, nothing, order, over, reference, refused,
    repeat, send, sure, ticket, unknown,
};
use super::{LedgerFixture, example};
use crate::block_error::UnknownKind;
use crate::clock::Clock;
use crate::ledger::{Evidence, Finding, HoldRecord, LedgerError, Page, Source, Which};

/// References that have seen every kind of entry.
async fn eventful(fixture: &impl LedgerFixture) -> [&'static str; 5] {
    let first = send(fixture, "held").await;
    end(fixture, &first, Err(not_sent("held"))).await;
    send(fixture, "held").await;
    let_leases_pass(fixture);
    let third = repeat(fixture, "held").await;
    let used = unknown("held", UnknownKind::ReferenceUsed);
    end(fixture, &third, Err(used)).await;
    learn(fixture, "held", nothing()).await;
    let found = evidence(Finding::Held(hold(fixture, "held", 200)));
    learn(fixture, "held", found).await;

    lose(fixture, "over").await;
    learn(fixture, "over", over()).await;
    sure(fixture.ledger().shred(&reference("over")).await);

    let permit = send(fixture, "refused").await;
    end(fixture, &permit, Err(refused("refused"))).await;

    held(fixture, "booked").await;
    let lost = book(fixture, "booked").await;
    end_booking(fixture, &lost, Err(booking_unknown(&lost))).await;
    let found = book(fixture, "booked").await;
    end_booking(fixture, &found, Ok(ticket("booked"))).await;

    send(fixture, "sending").await;
    ["held", "over", "refused", "booked", "sending"]
}

/// Promise 3.
#[doc = example!()]
pub async fn a_record_is_what_follows_from_its_story(fixture: &impl LedgerFixture) {
    let names = eventful(fixture).await;
    fixture.reopen().await;
    for name in names {
        let record = find(fixture, name).await;
        let mut folded = HoldRecord {
            number: record.number,
            // Without a key there was nothing to keep from the beginning.
            keeps_order: fixture.keeps_orders(),
            ..HoldRecord::begun(&order(name), record.begun_at)
        };
        for entry in sure(fixture.ledger().story(&reference(name)).await) {
            sure(folded.apply(&entry.fact, entry.at));
        }
        assert_eq!(format!("{folded:?}"), format!("{record:?}"));
    }
}

/// Promise 3: every entry with what it carries, oldest first.
#[doc = example!()]
pub async fn a_story_is_told_whole(fixture: &impl LedgerFixture) {
    eventful(fixture).await;
    let operator = Evidence {
        source: Source::Operator {
            because: "the provider's desk says so".to_owned(),
        },
        finding: Finding::Over {
            message: "never landed".to_owned(),
        },
    };
    learn(fixture, "held", operator).await;
    fixture.reopen().await;
    let story = sure(fixture.ledger().story(&reference("held")).await);
    let told: Vec<String> = story.iter().map(|entry| entry.fact.to_string()).collect();
    assert_eq!(
        told,
        [
            "attempt 1: sending",
            "attempt 1: held was not sent (unreachable): connection refused",
            "attempt 2: sending",
            "attempt 2: its sender ended without a word",
            "attempt 3: sending",
            "attempt 3: whether held is held is unknown (reference_used): no answer within 30 s",
            "history search: no transaction names the reference",
            "history search: held as T-held",
            "operator (the provider's desk says so): not held: never landed",
        ]
    );
    assert!(story.is_sorted_by_key(|entry| entry.at));
    let booked = sure(fixture.ledger().story(&reference("booked")).await);
    let told: Vec<String> = booked.iter().map(|entry| entry.fact.to_string()).collect();
    assert_eq!(
        told,
        [
            "attempt 1: sending",
            "attempt 1: held as T-booked",
            "booking 1: sending",
            "booking 1: whether transaction T-booked of booked is booked is unknown (timeout): \
             no answer within 30 s; ask the provider for the transaction before anything else",
            "booking 2: sending",
            "booking 2: booked, departure D14429004",
        ]
    );
    let waited = story[3].at - story[2].at;
    assert_eq!(waited.unsigned_abs(), LEASE);
}

/// Nothing is made up about a reference that nobody began.
#[doc = example!()]
pub async fn what_was_never_begun_is_not_found(fixture: &impl LedgerFixture) {
    let (ledger, never) = (fixture.ledger(), reference("never"));
    assert!(sure(ledger.find(&never).await).is_none());
    assert!(sure(ledger.order(&never).await).is_none());
    assert!(sure(ledger.story(&never).await).is_empty());
    let errors = [
        ledger.disclose(&never, "a test").await.err(),
        ledger.learn(&never, &nothing()).await.err(),
        ledger.claim(&never, LEASE).await.err(),
        ledger.shred(&never).await.err(),
    ];
    for error in errors {
        let not_found =
            matches!(&error, Some(LedgerError::NotFound { reference }) if *reference == never);
        assert!(not_found, "{error:?}");
    }
    assert_eq!(
        sure(ledger.list(&Which::All.into(), Page::first(9)).await).rows(),
        0
    );
}

/// By state, in the order of beginning, no more than asked for.
#[doc = example!()]
pub async fn a_list_goes_by_state_and_in_pages(fixture: &impl LedgerFixture) {
    for name in ["1", "2", "3", "4", "5"] {
        let permit = send(fixture, name).await;
        let outcome = match name {
            "2" | "4" => Err(refused(name)),
            _ => Ok(hold(fixture, name, 30)),
        };
        end(fixture, &permit, outcome).await;
    }
    let all = Page::first(9);
    assert_eq!(
        names(fixture, Which::All, all).await,
        ["1", "2", "3", "4", "5"]
    );
    assert_eq!(
        names(fixture, Which::State("refused"), all).await,
        ["2", "4"]
    );
    assert!(
        names(fixture, Which::State("unknown"), all)
            .await
            .is_empty()
    );
    let third = find(fixture, "3").await;
    assert_eq!(names(fixture, Which::All, Page::first(2)).await, ["1", "2"]);
    assert_eq!(
        names(fixture, Which::All, Page::after(&third, 1)).await,
        ["4"]
    );
    let held = Which::State("held");
    assert_eq!(names(fixture, held, Page::after(&third, 9)).await, ["5"]);
}

/// A page goes on after a record that has left the list since.
#[doc = example!()]
pub async fn a_list_of_the_unsettled_can_be_settled_page_by_page(fixture: &impl LedgerFixture) {
    for name in ["1", "2", "3"] {
        lose(fixture, name).await;
    }
    send(fixture, "sending").await;
    let mut page = Page::first(1);
    let mut seen = Vec::new();
    while let Some(record) = sure(fixture.ledger().list(&Which::Unsettled.into(), page).await)
        .records
        .pop()
    {
        if record.state == HoldState::Unknown {
            claimed(fixture, record.reference.as_str()).await;
            learn(fixture, record.reference.as_str(), over()).await;
        }
        page = Page::after(&record, 1);
        seen.push(record.reference.to_string());
    }
    assert_eq!(seen, ["1", "2", "3", "sending"]);
}

/// Held ones by deadline, the nearest first, in pages.
#[doc = example!()]
pub async fn the_next_to_expire_come_first(fixture: &impl LedgerFixture) {
    for (name, minutes) in [("30", 30), ("10", 10), ("20", 20), ("10b", 10)] {
        let permit = send(fixture, name).await;
        end(fixture, &permit, Ok(hold(fixture, name, minutes))).await;
    }
    lose(fixture, "unknown").await;
    let next = Which::NextToExpire;
    let all = names(fixture, next, Page::first(9)).await;
    assert_eq!(all, ["10", "10b", "20", "30"]);
    let after = Page::after(&find(fixture, "10").await, 2);
    assert_eq!(names(fixture, next, after).await, ["10b", "20"]);
    learn(fixture, "10b", ended()).await;
    let after = Page::after(&find(fixture, "10b").await, 9);
    assert_eq!(names(fixture, next, after).await, ["20", "30"]);
}

/// Over, and its people still kept: the longest ended first, from before a moment, until shredded.
#[doc = example!()]
pub async fn what_has_ended_is_listed_until_it_is_shredded(fixture: &impl LedgerFixture) {
    for name in ["held", "refused", "over", "late"] {
        send(fixture, name).await;
    }
    let_leases_pass(fixture);
    lose(fixture, "unknown").await;
    for name in ["over", "refused", "held"] {
        fixture.clock().advance(LEASE);
        if name == "held" {
            learn(
                fixture,
                name,
                evidence(Finding::Held(hold(fixture, name, 30))),
            )
            .await;
            continue;
        }
        claimed(fixture, name).await;
        learn(fixture, name, over()).await;
    }
    fixture.clock().advance(LEASE);
    let moment = fixture.clock().now();
    claimed(fixture, "late").await;
    learn(fixture, "late", over()).await;
    let ended = Which::EndedBefore(moment);
    let expected: &[&str] = if fixture.keeps_orders() {
        &["over", "refused"]
    } else {
        &[]
    };
    assert_eq!(names(fixture, ended, Page::first(9)).await, expected);
    let after = Page::after(&find(fixture, "over").await, 9);
    let rest = expected.get(1..).unwrap_or_default();
    assert_eq!(names(fixture, ended, after).await, rest);
    sure(fixture.ledger().shred(&reference("over")).await);
    assert_eq!(names(fixture, ended, Page::first(9)).await, rest);
}
