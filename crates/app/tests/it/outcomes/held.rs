//! What is told of a hold, and beside it.

use klikoo_sandbox::{Fault, Rule};
use serde_json::json;

use super::names;
use crate::harness::{Place, Rig, order};

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
fn a_deadline_that_is_brought_forward_is_told_with_the_hold() {
    let rig = Rig::new();
    let text = "2099-01-01T00:00:00+07:00".to_owned();
    rig.sandbox.add_fault(Rule::new(Fault::ExpiredAt { text }));
    let ran = rig.block(&["--json"], &order("r-1", "8"));
    assert_eq!(ran.json()["brought_forward"], true, "{ran:?}");
    assert!(ran.json()["seconds_left"].as_i64().unwrap() <= 7_200);
    let ran = rig.block(&[], &order("r-2", "9"));
    assert!(ran.stdout.contains("stated a later end"), "{ran:?}");
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
