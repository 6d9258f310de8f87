//! What could not be read leads to one fault, not to those of what stands in for it.

use serde_json::{Value, json};

use crate::documents::{found, found_in, round_trip, with, without};

fn fault(path: &str, code: &'static str) -> (String, &'static str) {
    (path.to_owned(), code)
}

#[test]
fn a_leg_that_is_missing_is_one_fault() {
    assert_eq!(
        found_in(&without("/departure")),
        [fault("departure", "missing")]
    );
    assert_eq!(
        found_in(&with("/departure", json!([]))),
        [fault("departure", "wrong_type")]
    );
    assert_eq!(
        found_in(&with("/return", json!("no"))),
        [fault("return", "wrong_type")]
    );
}

#[test]
fn an_empty_leg_lacks_its_two_fields() {
    assert_eq!(
        found_in(&with("/return", json!({}))),
        [
            fault("return.trip_id", "missing"),
            fault("return.passengers", "missing")
        ]
    );
}

#[test]
fn a_document_that_is_no_object_is_one_fault() {
    assert_eq!(found(b"[]"), [fault("$", "wrong_type")]);
}

#[test]
fn an_empty_document_lacks_each_required_field_once() {
    assert_eq!(
        found(b"{}"),
        ["product_code", "selling_price", "order_detail", "departure"]
            .map(|path| fault(path, "missing"))
    );
}

#[test]
fn unusable_passengers_have_no_second_faults() {
    let document = with("/departure/passengers", json!([0, null, "x", [], {}]));
    let mut expected: Vec<_> = (0..4)
        .map(|index| fault(&format!("departure.passengers[{index}]"), "wrong_type"))
        .collect();
    for name in ["seat_name", "name", "dob", "gender", "id_card_number"] {
        expected.push(fault(&format!("departure.passengers[4].{name}"), "missing"));
    }
    assert_eq!(found_in(&document), expected);
}

#[test]
fn two_unusable_seats_are_not_the_same_seat() {
    let mut document = with("/departure/passengers/0/seat_name", json!(8));
    document["departure"]["passengers"][1]["seat_name"] = json!(8);
    let faults = found_in(&document);
    assert_eq!(faults.len(), 2);
    assert!(
        faults.iter().all(|(_, code)| *code == "wrong_type"),
        "{faults:?}"
    );
}

#[test]
fn two_unusable_trips_are_not_the_same_trip() {
    let mut document = with("/departure/trip_id", json!("188336"));
    document["return"]["trip_id"] = json!("188336");
    assert_eq!(
        found_in(&document),
        [
            fault("departure.trip_id", "wrong_type"),
            fault("return.trip_id", "wrong_type")
        ]
    );
}

#[test]
fn passenger_10_is_not_hidden_by_passenger_1() {
    // A path that another one begins with is not its parent.
    let mut document = with("/departure/passengers", json!([]));
    for seat in 0..12 {
        let mut passenger = round_trip()["departure"]["passengers"][0].take();
        passenger["seat_name"] = json!(format!("{seat}"));
        document["departure"]["passengers"]
            .as_array_mut()
            .unwrap()
            .push(passenger);
    }
    document["departure"]["passengers"][1] = Value::Null;
    document["departure"]["passengers"][10]["dob"] = json!("never");
    assert_eq!(
        found_in(&document),
        [
            fault("departure.passengers[1]", "wrong_type"),
            fault("departure.passengers[10].dob", "not_a_date")
        ]
    );
}

#[test]
fn faults_of_form_and_of_rules_are_told_together() {
    let mut document = with("/selling_price", json!(20_000));
    document["product_code"] = json!("");
    document["departure"]["passengers"][1]["dob"] = json!("1996-02-30");
    document["return"]["extra"] = json!(1);
    assert_eq!(
        found_in(&document),
        [
            fault("product_code", "empty"),
            fault("selling_price", "wrong_type"),
            fault("departure.passengers[1].dob", "not_a_date"),
            fault("return.extra", "unknown_field"),
        ]
    );
}
