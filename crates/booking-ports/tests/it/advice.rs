//! Retry advice is where money is lost: each kind of ending has exactly one.

use std::time::Duration;

use booking_domain::PartnerReference;
use booking_ports::{
    Advice, BlockError, Expired, NotSent, NotSentKind, Refusal, RefusalKind, Unknown, UnknownKind,
};

fn reference() -> PartnerReference {
    PartnerReference::new("1238").unwrap()
}

#[test]
fn whatever_may_be_held_is_never_repeated_under_another_reference() {
    for kind in [
        UnknownKind::ConnectionLost,
        UnknownKind::Timeout,
        UnknownKind::Interrupted,
        UnknownKind::UnreadableReply,
        UnknownKind::ContradictoryReply,
        UnknownKind::MismatchedReply,
        UnknownKind::ProviderFailure,
        UnknownKind::NotDefinitive,
    ] {
        let error = BlockError::from(Unknown::new(reference(), kind, "lost"));
        assert!(error.may_be_held());
        assert_eq!(error.advice(), Advice::Resolve { after: None });
        assert_eq!(
            error.advice().to_string(),
            "Seats may be held. Repeat with the same reference, never with another."
        );
    }
}

#[test]
fn a_used_reference_is_looked_up_since_no_repeat_tells_more() {
    let mut used = Unknown::new(reference(), UnknownKind::ReferenceUsed, "used");
    used.retry_after = Some(Duration::from_secs(7));
    let error = BlockError::from(used);
    assert!(error.may_be_held());
    assert_eq!(error.advice(), Advice::LookUp);
    assert_eq!(
        error.advice().to_string(),
        "Seats may be held: this reference was used before. Look it up in the provider's transactions or ask the provider. Repeating it is safe but pointless; use no other reference until you know."
    );
}

#[test]
fn a_wait_that_the_provider_asks_for_is_passed_on() {
    let mut unknown = Unknown::new(reference(), UnknownKind::NotDefinitive, "too many requests");
    unknown.retry_after = Some(Duration::from_secs(7));
    let advice = BlockError::from(unknown).advice();
    assert!(
        advice
            .to_string()
            .ends_with("never with another, after 7 s."),
        "{advice}"
    );
}

#[test]
fn not_sent_is_repeated_only_where_that_can_help() {
    for (kind, repeat) in [
        (NotSentKind::Unreachable, true),
        (NotSentKind::NoToken, true),
        (NotSentKind::Unrecorded, true),
        (NotSentKind::Overloaded, true),
        (NotSentKind::Tls, false),
        (NotSentKind::TokenRefused, false),
        (NotSentKind::Clock, false),
        (NotSentKind::Unsendable, false),
    ] {
        let error = BlockError::from(NotSent::new(reference(), kind, "why"));
        assert!(!error.may_be_held());
        assert_eq!(
            matches!(error.advice(), Advice::Repeat { .. }),
            repeat,
            "{kind}"
        );
    }
}

#[test]
fn a_refusal_says_whether_the_set_up_or_the_order_has_to_change() {
    for (kind, advice) in [
        (RefusalKind::SeatUnavailable, Advice::ChangeOrder),
        (RefusalKind::InvalidOrder, Advice::ChangeOrder),
        (RefusalKind::Product, Advice::ChangeOrder),
        (RefusalKind::Other, Advice::ChangeOrder),
        (RefusalKind::Clock, Advice::MendAndRenew),
        (RefusalKind::Signature, Advice::MendAndRenew),
        (RefusalKind::Credentials, Advice::MendAndRenew),
        (RefusalKind::NotAllowed, Advice::MendAndRenew),
        (RefusalKind::Account, Advice::MendAndRenew),
    ] {
        let error = BlockError::from(Refusal::new(reference(), kind, "400050000", "no"));
        assert!(!error.may_be_held());
        assert_eq!(error.advice(), advice, "{kind}");
    }
}

#[test]
fn another_orders_reference_and_one_under_way_are_told_apart() {
    let conflict = BlockError::Conflict {
        reference: reference(),
    };
    assert!(!conflict.may_be_held());
    assert_eq!(conflict.advice(), Advice::OwnReference);
    // Two minutes is how long a sender may take at most; nobody need wait for that to ask again.
    for (left, told) in [(119, 5), (3, 3)] {
        let busy = BlockError::Busy {
            reference: reference(),
            after: Duration::from_secs(left),
        };
        assert!(busy.may_be_held());
        let after = Duration::from_secs(told);
        assert_eq!(busy.advice(), Advice::Wait { after });
        let ends = format!("never with another, after {told} s.");
        assert!(busy.advice().to_string().ends_with(&ends));
    }
}

#[test]
fn a_hold_that_is_over_is_blocked_anew() {
    let expired = BlockError::from(Expired {
        reference: reference(),
        hold: None,
    });
    assert!(!expired.may_be_held());
    assert_eq!(expired.advice(), Advice::BlockAnew);
}

#[test]
fn other_seats_may_be_tried_only_after_an_ending_that_certainly_holds_none() {
    let after = Duration::from_secs(9);
    let endings: [(BlockError, bool); 6] = [
        (
            Refusal::new(reference(), RefusalKind::Other, "400050000", "no").into(),
            false,
        ),
        (
            NotSent::new(reference(), NotSentKind::Unreachable, "refused").into(),
            false,
        ),
        (
            Unknown::new(reference(), UnknownKind::Timeout, "30 s").into(),
            true,
        ),
        (
            BlockError::from(Expired {
                reference: reference(),
                hold: None,
            }),
            false,
        ),
        (
            BlockError::Conflict {
                reference: reference(),
            },
            false,
        ),
        (
            BlockError::Busy {
                reference: reference(),
                after,
            },
            true,
        ),
    ];
    let mut seen = std::collections::HashSet::new();
    for (error, may_be_held) in endings {
        assert_eq!(error.may_be_held(), may_be_held, "{error}");
        seen.insert(std::mem::discriminant(&error));
    }
    assert_eq!(seen.len(), 6, "one of each");
}
