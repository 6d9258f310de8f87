//! What is told where nothing is held, or nobody knows.

use klikoo_sandbox::{Fault, Rule};
use serde_json::json;

use super::{assert_text, members, names};
use crate::harness::{Place, Rig, order};

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
            let told = format!("(klikoo.base_url is {url})");
            assert!(ran.stdout.contains(&told), "{ran:?}");
            if options[0] == "--json" {
                assert_eq!(names(&ran.json()), members("not_sent"));
                assert_eq!(ran.json()["outcome"], "not_sent");
                assert_eq!(ran.json()["kind"], "unreachable");
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
fn a_repeat_with_the_same_reference_finds_the_hold_and_never_holds_twice() {
    let rig = Rig::new();
    let first = rig.block(&["--json"], &order("r-1", "CUT"));
    assert_eq!(first.code, 6);
    let again = rig.block(&["--json"], &order("r-1", "CUT"));
    let held = &rig.sandbox.holds()[0];
    assert_eq!(again.json()["transaction_id"], held.transaction_id.as_str());
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
