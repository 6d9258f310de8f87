//! Each magic seat, in both ways.

use super::{assert_text, members, names};
use crate::harness::{Rig, order};

/// Seat, exit code, outcome, kind.
const BY_SEAT: [(&str, i32, &str, &str); 26] = [
    ("8", 0, "held", ""),
    ("TAKEN", 4, "refused", "other"),
    ("USED", 6, "unknown", "reference_used"),
    ("INVALID", 4, "refused", "invalid_order"),
    ("SIGNED", 4, "refused", "signature"),
    ("CLOCK", 4, "refused", "clock"),
    ("TOKEN", 0, "held", ""),
    ("TOKENBAD", 4, "refused", "credentials"),
    ("BLOCKED", 4, "refused", "not_allowed"),
    ("CUT", 6, "unknown", "connection_lost"),
    ("LOST", 6, "unknown", "connection_lost"),
    ("SILENT", 6, "unknown", "timeout"),
    ("SLOW", 0, "held", ""),
    ("E500", 6, "unknown", "provider_failure"),
    ("E503", 6, "unknown", "provider_failure"),
    ("GATEWAY", 6, "unknown", "provider_failure"),
    ("GARBAGE", 6, "unknown", "unreadable_reply"),
    ("TRUNC", 6, "unknown", "unreadable_reply"),
    ("NOID", 6, "unknown", "unreadable_reply"),
    ("NOTIME", 6, "unknown", "unreadable_reply"),
    ("PAST", 9, "expired", ""),
    ("ODD", 0, "held", ""),
    ("LIMIT", 6, "unknown", "not_definitive"),
    ("MOVED", 6, "unknown", "not_definitive"),
    ("PAGE", 6, "unknown", "not_definitive"),
    ("OTHER", 6, "unknown", "mismatched_reply"),
];

#[test]
fn every_magic_seat_ends_as_documented_in_both_ways() {
    let rig = Rig::new();
    rig.settings("connect_timeout = \"1s\"\ntimeout = \"3s\"");
    for (seat, code, outcome, kind) in BY_SEAT {
        let reference = format!("json-{seat}");
        let ran = rig.block(
            &["--json"],
            &order(&reference, &format!("{seat}1").replace("81", "8")),
        );
        assert_eq!(ran.code, code, "{seat}: {ran:?}");
        let json = ran.json();
        assert_eq!(names(&json), members(outcome), "{seat}");
        assert_eq!(json["outcome"], outcome, "{seat}");
        assert_eq!(json["partner_reference_no"], reference);
        if !kind.is_empty() {
            assert_eq!(json["kind"], kind, "{seat}");
        }
        assert!(ran.stderr.contains(&format!("reference: {reference}")));

        let other = if seat == "8" {
            "7".to_owned()
        } else {
            format!("{seat}2")
        };
        let ran = rig.block(&[], &order(&format!("text-{seat}"), &other));
        assert_eq!(ran.code, code, "{seat}: {ran:?}");
        assert_text(&ran, outcome, kind);
    }
}

#[test]
fn every_magic_seat_is_in_this_list() {
    for magic in klikoo_sandbox::MAGIC_SEATS {
        assert!(
            BY_SEAT.iter().any(|row| row.0 == magic.word),
            "{}",
            magic.word
        );
    }
}
