//! Every outcome and exit code, as JSON and as text.

mod held;
mod not_held;
mod seats;

use serde_json::Value;

use crate::harness::Ran;

pub(super) fn names(value: &Value) -> Vec<&str> {
    let members = value.as_object().unwrap();
    members.keys().map(String::as_str).collect()
}

/// The members that the table of outcomes promises, sorted, and nothing else.
pub(super) fn members(outcome: &str) -> Vec<&'static str> {
    let own: &[&str] = match outcome {
        "held" => &["transaction_id", "status", "expires_at", "seconds_left"],
        "expired" => &[
            "transaction_id",
            "status",
            "expires_at",
            "seconds_left",
            "advice",
        ],
        "refused" => &["code", "kind", "message", "advice"],
        "not_sent" | "unknown" => &["kind", "message", "advice"],
        other => panic!("{other}"),
    };
    let mut all = [own, &["outcome", "partner_reference_no"]].concat();
    all.sort_unstable();
    all
}

pub(super) fn assert_text(ran: &Ran, outcome: &str, kind: &str) {
    let first = ran.stdout.lines().next().unwrap();
    assert_eq!(first, outcome.replace('_', " "), "{ran:?}");
    assert!(ran.stdout.contains(kind), "{ran:?}");
    let seats = match outcome {
        "unknown" => "MAY BE HELD",
        "refused" | "not_sent" => "not held by this attempt",
        "expired" => "(passed)\n  seats           not held any more",
        _ => "time left",
    };
    assert!(ran.stdout.contains(seats), "{ran:?}");
    if outcome == "expired" {
        assert!(ran.stdout.contains("  was held until  "), "{ran:?}");
        assert!(!ran.stdout.contains("time left"), "{ran:?}");
    }
}
