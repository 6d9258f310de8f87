//! Retry advice is where money is lost: each kind of ending has exactly one.

use std::time::Duration;

use booking_domain::PartnerReference;
use booking_ports::{
    Advice, BlockError, NotSent, NotSentKind, Refusal, RefusalKind, Unknown, UnknownKind,
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
        (RefusalKind::Clock, Advice::MendFirst),
        (RefusalKind::Signature, Advice::MendFirst),
        (RefusalKind::Credentials, Advice::MendFirst),
        (RefusalKind::NotAllowed, Advice::MendFirst),
        (RefusalKind::Account, Advice::MendFirst),
    ] {
        let error = BlockError::from(Refusal::new(reference(), kind, "400050000", "no"));
        assert!(!error.may_be_held());
        assert_eq!(error.advice(), advice, "{kind}");
    }
}
