//! Every outcome and exit code, as JSON and as text.

use klikoo_sandbox::{Fault, Rule};
use serde_json::{Value, json};

use crate::harness::{Place, Ran, Rig, order};

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

fn names(value: &Value) -> Vec<&str> {
    let members = value.as_object().unwrap();
    members.keys().map(String::as_str).collect()
}

/// The members that the table of outcomes promises, sorted, and nothing else.
fn members(outcome: &str) -> Vec<&'static str> {
    let own: &[&str] = match outcome {
        "held" | "expired" => &["transaction_id", "status", "expires_at", "seconds_left"],
        "refused" => &["code", "kind", "message", "advice"],
        "not_sent" => &["message", "advice"],
        "unknown" => &["kind", "message", "advice"],
        other => panic!("{other}"),
    };
    let mut all = [own, &["outcome", "partner_reference_no"]].concat();
    all.sort_unstable();
    all
}

fn assert_text(ran: &Ran, outcome: &str, kind: &str) {
    let first = ran.stdout.lines().next().unwrap();
    assert_eq!(first, outcome.replace('_', " "), "{ran:?}");
    assert!(ran.stdout.contains(kind), "{ran:?}");
    let seats = match outcome {
        "unknown" => "MAY BE HELD",
        "refused" | "not_sent" | "expired" => "not held by this attempt",
        _ => "time left",
    };
    assert!(ran.stdout.contains(seats), "{ran:?}");
}

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

#[test]
fn a_hold_tells_its_deadline() {
    let rig = Rig::new();
    let json = rig.block(&["--json"], &order("r-1", "8")).json();
    assert_eq!(json["status"], "WAITING");
    let left = json["seconds_left"].as_i64().unwrap();
    assert!((1_700..1_800).contains(&left), "{json}");
    assert!(json["expires_at"].as_str().unwrap().ends_with("+07:00"));
    let held = &rig.sandbox.holds()[0];
    assert_eq!(json["transaction_id"], held.transaction_id.as_str());
}

#[test]
fn an_order_that_breaks_rules_is_invalid_and_nothing_is_sent() {
    let rig = Rig::new();
    let mut bad = order("r-1", "8");
    bad["departure"]["passengers"][0]["dob"] = json!("1996-02-30");
    bad["selling_price"] = json!("0");
    let ran = rig.block(&["--json"], &bad);
    assert_eq!(ran.code, 3, "{ran:?}");
    let json = ran.json();
    assert_eq!(
        names(&json),
        ["outcome", "partner_reference_no", "problems"]
    );
    let problems = json["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 2);
    assert_eq!(names(&problems[0]), ["code", "message", "path"]);
    assert_eq!(problems[0]["path"], "selling_price");
    assert_eq!(problems[1]["path"], "departure.passengers[0].dob");
    assert_eq!(problems[1]["code"], "not_a_date");

    let ran = rig.block(&[], &bad);
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.starts_with("invalid"), "{ran:?}");
    assert!(ran.stdout.contains("departure.passengers[0].dob: "));
    assert!(rig.sandbox.journal().is_empty());
}

#[test]
fn a_closed_port_is_not_sent() {
    let rig = Rig::new();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    rig.place.write("order.json", order("r-1", "8").to_string());
    for options in [
        &["--json", "block", "order.json"][..],
        &["block", "order.json"],
    ] {
        for token in ["bearer", "none"] {
            let environment = [
                ("SEATBLOCK_KLIKOO__BASE_URL", url.as_str()),
                ("SEATBLOCK_KLIKOO__ACCESS_TOKEN", token),
            ];
            let ran = rig.place.run_with(options.iter().copied(), &environment);
            assert_eq!(ran.code, 5, "{ran:?}");
            if options[0] == "--json" {
                assert_eq!(names(&ran.json()), members("not_sent"));
                assert_eq!(ran.json()["outcome"], "not_sent");
            } else {
                assert_text(&ran, "not_sent", "unreachable");
            }
        }
    }
    assert!(rig.sandbox.journal().is_empty());
}

#[test]
fn a_wrong_secret_is_not_sent() {
    let rig = Rig::new();
    rig.place.write("secret", "another secret");
    let ran = rig.block(&["--json"], &order("r-1", "8"));
    assert_eq!(
        (ran.code, rig.sandbox.calls("block-seat")),
        (5, 0),
        "{ran:?}"
    );
    assert!(
        ran.json()["message"]
            .as_str()
            .unwrap()
            .contains("401016570")
    );
}

#[test]
fn a_missing_file_is_an_error() {
    let place = Place::new();
    let ran = place.run(["--json", "block", "absent.json"]);
    assert_eq!(ran.code, 1);
    assert_eq!(names(&ran.json()), ["message", "outcome"]);
    assert_eq!(ran.json()["outcome"], "error");
    assert!(
        ran.json()["message"]
            .as_str()
            .unwrap()
            .contains("absent.json")
    );
    let ran = place.run(["block", "absent.json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("absent.json cannot be read"), "{ran:?}");
    assert_eq!(place.run(["block", "."]).code, 1);
}

#[test]
fn the_embedded_sandbox_says_so() {
    let place = Place::new();
    place.write("order.json", order("r-1", "8").to_string());
    let ran = place.run(["--json", "block", "order.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["sandbox"], true);
    assert!(ran.stderr.contains("no real seat is held"));
    let ran = place.run(["block", "order.json"]);
    assert!(ran.stdout.contains("sandbox") && ran.code == 0, "{ran:?}");
}

#[test]
fn an_order_without_reference_gets_a_uuid_that_is_told_before_sending() {
    let rig = Rig::new();
    let mut order = order("", "SILENT");
    order
        .as_object_mut()
        .unwrap()
        .remove("partner_reference_no");
    rig.settings("connect_timeout = \"500ms\"\ntimeout = \"1s\"");
    let ran = rig.block(&["--json"], &order);
    let json = ran.json();
    let reference = json["partner_reference_no"].as_str().unwrap();
    assert_eq!(
        (reference.len(), &reference[14..15]),
        (36, "4"),
        "{reference}"
    );
    assert!(ran.stderr.contains(&format!("reference: {reference}\n")));
    assert!(rig.sandbox.block_bodies()[0].contains(reference));
}

#[test]
fn warnings_stand_beside_the_result() {
    let rig = Rig::new();
    let mut odd = order("r-1", "8");
    odd["departure"]["passengers"][0]["id_card_number"] = json!("3174100921992333");
    let ran = rig.block(&["--json"], &odd);
    let warning = &ran.json()["warnings"][0];
    assert_eq!(names(warning), ["code", "message", "path"]);
    assert_eq!(warning["path"], "departure.passengers[0].id_card_number");
    let mut odd = odd.clone();
    odd["partner_reference_no"] = json!("r-2");
    odd["departure"]["passengers"][0]["seat_name"] = json!("9");
    let ran = rig.block(&[], &odd);
    assert!(
        ran.stderr
            .contains("warning: departure.passengers[0].id_card_number")
    );
}

#[test]
fn a_repeat_with_the_same_reference_sends_the_same_and_never_holds_twice() {
    let rig = Rig::new();
    let first = rig.block(&["--json"], &order("r-1", "CUT"));
    assert_eq!(first.code, 6);
    let again = rig.block(&["--json"], &order("r-1", "CUT"));
    assert_eq!(again.json()["kind"], "reference_used");
    assert_eq!(rig.sandbox.holds().len(), 1);
}

#[test]
fn a_provider_that_asks_to_wait_is_quoted() {
    let rig = Rig::new();
    let fault = Fault::Status {
        status: 503,
        code: Some("503059991".into()),
        retry_after: Some(7),
        location: None,
    };
    rig.sandbox.add_fault(Rule::new(fault).path("block-seat"));
    let ran = rig.block(&["--json"], &order("r-1", "8"));
    let advice = ran.json()["advice"].to_string();
    assert!(
        advice.contains("same reference") && advice.contains("after 7 s"),
        "{ran:?}"
    );
}
