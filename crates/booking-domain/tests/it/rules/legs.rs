//! Legs: trips, passengers, seats.

use serde_json::{Value, json};

use super::{check, refused, texts};
use crate::documents::{found_in, with};

#[test]
fn trip_id() {
    let accepted = [json!(1), json!(i64::MAX)];
    let refused = [
        (json!(0), "out_of_range"),
        (json!(-1), "out_of_range"),
        (json!(i64::MIN), "out_of_range"),
        (json!(u64::MAX), "wrong_type"),
        (json!("188336"), "wrong_type"),
        (json!(188_336.0), "wrong_type"),
        (json!(true), "wrong_type"),
        (json!([188_336]), "wrong_type"),
        (Value::Null, "missing"),
    ];
    check(
        &["/departure/trip_id", "/return/trip_id"],
        &accepted,
        &refused,
    );
}

#[test]
fn a_return_leg_has_a_trip_of_its_own() {
    let fault = ("return.trip_id".to_owned(), "same_trip");
    assert_eq!(found_in(&with("/return/trip_id", json!(188_336))), [fault]);
    // The same seats on another trip are other seats.
    let mut document = with("/return/passengers/0/seat_name", json!("8"));
    document["return"]["passengers"][1]["seat_name"] = json!("9A");
    assert_eq!(found_in(&document), []);
}

#[test]
fn number_of_passengers() {
    for leg in ["departure", "return"] {
        for (count, accepted) in [(0, false), (1, true), (40, true), (41, false), (200, false)] {
            let mut document = with(&format!("/{leg}/passengers"), json!([]));
            for seat in 0..count {
                let mut passenger =
                    crate::documents::round_trip()["departure"]["passengers"][0].take();
                passenger["seat_name"] = json!(format!("{seat}x"));
                document[leg]["passengers"]
                    .as_array_mut()
                    .unwrap()
                    .push(passenger);
            }
            let fault = (format!("{leg}.passengers"), "passenger_count");
            let expected = if accepted { vec![] } else { vec![fault] };
            assert_eq!(found_in(&document), expected, "{count} on the {leg}");
        }
    }
}

#[test]
fn no_seat_twice_on_a_leg() {
    let document = with("/departure/passengers/1/seat_name", json!("8"));
    let fault = (
        "departure.passengers[1].seat_name".to_owned(),
        "duplicate_seat",
    );
    assert_eq!(found_in(&document), [fault]);
    // Compared letter by letter: a and A may be two seats.
    assert_eq!(
        found_in(&with("/departure/passengers/0/seat_name", json!("9a"))),
        []
    );
}

#[test]
fn seat_name() {
    check(
        &[
            "/departure/passengers/1/seat_name",
            "/return/passengers/1/seat_name",
        ],
        &texts(&["A", "A 1", "ABCDEFGHIJ", "éééééééééé"]),
        &refused(&[
            ("", "empty"),
            ("  ", "empty"),
            ("ABCDEFGHIJK", "too_long"),
            (" 9", "surrounding_spaces"),
            ("9 ", "surrounding_spaces"),
            ("9\0", "control_character"),
            ("9\tA", "control_character"),
            ("9\u{200b}", "bad_characters"),
            ("\u{202e}A9", "bad_characters"),
            ("9\u{2028}A", "bad_characters"),
            ("\u{2060}", "bad_characters"),
        ]),
    );
}
