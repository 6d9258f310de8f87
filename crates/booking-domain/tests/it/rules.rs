//! Every rule of an order as a table: values just inside and just outside each bound.

use serde_json::{Value, json};

use crate::documents::{TOMORROW, found_in, with};

/// The two halves of each table: a field in turn, the values that pass, those that do not.
fn check(fields: &[&str], accepted: &[Value], refused: &[(Value, &'static str)]) {
    for pointer in fields {
        let path = pointer.trim_start_matches('/').replace('/', ".");
        let path = path.replace("passengers.1", "passengers[1]");
        for value in accepted {
            assert_eq!(
                found_in(&with(pointer, value.clone())),
                [],
                "{path}: {value}"
            );
        }
        for (value, code) in refused {
            assert_eq!(
                found_in(&with(pointer, value.clone())),
                [(path.clone(), *code)],
                "{path}: {value}"
            );
        }
    }
}

/// Strings as JSON values.
fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| json!(text)).collect()
}

fn refused(rows: &[(&str, &'static str)]) -> Vec<(Value, &'static str)> {
    rows.iter()
        .map(|(text, code)| (json!(text), *code))
        .collect()
}

#[test]
fn product_code() {
    check(
        &["/product_code"],
        &texts(&["B", "bus", "BUS-1_2", &"A".repeat(32)]),
        &refused(&[
            ("", "empty"),
            (&"A".repeat(33), "too_long"),
            ("BUS 1", "bad_characters"),
            (" BUS", "bad_characters"),
            ("BUS\0", "bad_characters"),
            ("BÜS", "bad_characters"),
            ("BUS.", "bad_characters"),
        ]),
    );
}

#[test]
fn selling_price() {
    check(
        &["/selling_price"],
        &texts(&["1", "20000", "9999999999"]),
        &refused(&[
            ("", "empty"),
            ("0", "out_of_range"),
            ("10000000000", "out_of_range"),
            (&"9".repeat(40), "out_of_range"),
            ("-1", "bad_format"),
            ("+1", "bad_format"),
            ("007", "bad_format"),
            ("20.000", "bad_format"),
            ("20000.00", "bad_format"),
            ("20,000", "bad_format"),
            (" 20000", "bad_format"),
            ("Rp20000", "bad_format"),
            ("٢٠", "bad_format"),
            ("2e4", "bad_format"),
        ]),
    );
}

#[test]
fn partner_reference() {
    check(
        &["/partner_reference_no"],
        &texts(&["1", "~!{}\"\\", &"r".repeat(64)]),
        &refused(&[
            ("", "empty"),
            (&"r".repeat(65), "too_long"),
            ("12 38", "bad_characters"),
            (" ", "bad_characters"),
            ("1238\n", "bad_characters"),
            ("12\u{7f}", "bad_characters"),
            ("réf", "bad_characters"),
        ]),
    );
}

#[test]
fn names_of_contact_and_passengers() {
    check(
        &[
            "/order_detail/name",
            "/departure/passengers/1/name",
            "/return/passengers/1/name",
        ],
        &texts(&[
            "A",
            "  Pandu  ",
            "Dé'ana",
            "王小明",
            "نور",
            &"é".repeat(100),
        ]),
        &refused(&[
            ("", "empty"),
            ("   ", "empty"),
            ("\u{3000}", "empty"),
            (&"é".repeat(101), "too_long"),
            ("Pandu\0", "control_character"),
            ("Pandu\n", "control_character"),
            ("Pan\tdu", "control_character"),
            ("Pandu\u{85}", "control_character"),
        ]),
    );
}

#[test]
fn email() {
    let longest = |length: usize| {
        let domain = format!(
            "{}.{}.{}.id",
            "a".repeat(61),
            "b".repeat(60),
            "c".repeat(60)
        );
        format!("{}@{domain}", "l".repeat(length - domain.len() - 1))
    };
    check(
        &["/order_detail/email"],
        &texts(&[
            "a@b.co",
            "first.last+tag@example.co.id",
            "x@xn--bcher-kva.example",
            &longest(250),
        ]),
        &refused(&[
            ("", "empty"),
            ("pandu", "bad_format"),
            ("pandu@", "bad_format"),
            ("@example.co.id", "bad_format"),
            ("pandu@localhost", "bad_format"),
            ("pandu@@example.co.id", "bad_format"),
            (".pandu@example.co.id", "bad_format"),
            ("pan..du@example.co.id", "bad_format"),
            ("pandu @example.co.id", "bad_format"),
            ("pandu@example..id", "bad_format"),
            ("pandu@-example.id", "bad_format"),
            ("pandu@example.co.id\n", "bad_format"),
            ("pandu@bücher.example", "bad_characters"),
            ("pändu@example.co.id", "bad_characters"),
        ]),
    );
}

#[test]
fn an_email_of_254_characters_is_the_longest() {
    // Four labels; 64 before the sign, the most that RFC 5321 takes.
    let label = |letter: &str, length: usize| letter.repeat(length);
    let local = label("l", 64);
    for (last, expected) in [(62, 254), (63, 255)] {
        let domain = format!(
            "{}.{}.{}.id",
            label("a", 61),
            label("b", 61),
            label("c", last)
        );
        let email = format!("{local}@{domain}");
        assert_eq!(email.len(), expected);
        let found = found_in(&with("/order_detail/email", json!(email)));
        let fault = ("order_detail.email".to_owned(), "too_long");
        assert_eq!(found, if expected > 254 { vec![fault] } else { vec![] });
    }
}

#[test]
fn phone_number() {
    check(
        &["/order_detail/phone_number"],
        &texts(&[
            "08123456",
            "081234567890123",
            "+62812345",
            "+628123456789012",
            "+14155550100",
        ]),
        &refused(&[
            ("", "empty"),
            ("0812345", "too_short"),
            ("0812345678901234", "too_long"),
            ("+628123", "too_short"),
            ("+6281234567890123", "too_long"),
            ("+", "too_short"),
            ("02112345678", "bad_format"),
            ("6281234567890", "bad_format"),
            ("+0812345678", "bad_format"),
            ("0812-345-678", "bad_format"),
            ("0812 345 678", "bad_format"),
            ("++6281234567", "bad_format"),
            ("08١٢٣٤٥٦٧", "bad_format"),
            ("08123456\n", "bad_format"),
        ]),
    );
}

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
        ]),
    );
}

#[test]
fn date_of_birth() {
    check(
        &["/departure/passengers/1/dob", "/return/passengers/1/dob"],
        &texts(&["1900-01-01", "2026-11-24", "2000-02-29", "2024-02-29"]),
        &refused(&[
            ("", "not_a_date"),
            ("1899-12-31", "date_out_of_range"),
            ("0001-01-01", "date_out_of_range"),
            (TOMORROW, "date_out_of_range"),
            ("9999-12-31", "date_out_of_range"),
            ("1900-02-29", "not_a_date"),
            ("2023-02-29", "not_a_date"),
            ("1996-02-30", "not_a_date"),
            ("1996-13-01", "not_a_date"),
            ("1996-00-01", "not_a_date"),
            ("1996-12-00", "not_a_date"),
            ("1996-12-32", "not_a_date"),
            ("09-12-1996", "not_a_date"),
            ("1996/12/09", "not_a_date"),
            ("1996-12-9", "not_a_date"),
            ("+996-12-09", "not_a_date"),
            ("1996-12-09 ", "not_a_date"),
            ("1996-12-09T00:00:00", "not_a_date"),
            ("١٩٩٦-١٢-٠٩", "not_a_date"),
        ]),
    );
}

#[test]
fn gender() {
    check(
        &[
            "/departure/passengers/1/gender",
            "/return/passengers/1/gender",
        ],
        &texts(&["male", "female"]),
        &refused(&[
            ("", "not_one_of"),
            ("Male", "not_one_of"),
            ("FEMALE", "not_one_of"),
            ("male ", "not_one_of"),
            ("L", "not_one_of"),
        ]),
    );
}

#[test]
fn identity_number() {
    check(
        &[
            "/departure/passengers/1/id_card_number",
            "/return/passengers/1/id_card_number",
        ],
        &texts(&[
            "A12345",
            "31741009219923332",
            &"9".repeat(16),
            &"A".repeat(32),
        ]),
        &refused(&[
            ("", "empty"),
            ("12345", "too_short"),
            (&"1".repeat(33), "too_long"),
            ("3174-1009", "bad_characters"),
            ("3174 1009", "bad_characters"),
            ("123456é", "bad_characters"),
            ("123456\0", "bad_characters"),
        ]),
    );
}

#[test]
fn bounds_are_told() {
    let bounds = |pointer: &str, value: Value| {
        let document = with(pointer, value).to_string();
        let faults = crate::documents::read(document.as_bytes()).unwrap_err();
        let bound = faults[0].bound.clone().unwrap();
        (bound.min.unwrap_or_default(), bound.max.unwrap_or_default())
    };
    let pair = |min: &str, max: &str| (min.to_owned(), max.to_owned());
    assert_eq!(bounds("/product_code", json!("")), pair("1", "32"));
    assert_eq!(
        bounds("/selling_price", json!("0")),
        pair("1", "9999999999")
    );
    assert_eq!(bounds("/partner_reference_no", json!("")), pair("1", "64"));
    assert_eq!(bounds("/order_detail/name", json!("")), pair("1", "100"));
    assert_eq!(
        bounds("/order_detail/email", json!("e".repeat(255))),
        pair("", "254")
    );
    assert_eq!(
        bounds("/order_detail/phone_number", json!("08")),
        pair("8", "15")
    );
    assert_eq!(bounds("/departure/trip_id", json!(0)), pair("1", ""));
    assert_eq!(bounds("/departure/passengers", json!([])), pair("1", "40"));
    let passenger = "/departure/passengers/1";
    let seat = format!("{passenger}/seat_name");
    assert_eq!(bounds(&seat, json!("ABCDEFGHIJK")), pair("", "10"));
    let dob = format!("{passenger}/dob");
    assert_eq!(bounds(&dob, json!("1899-12-31")), pair("1900-01-01", ""));
    assert_eq!(
        bounds(&dob, json!(TOMORROW)),
        pair("1900-01-01", "2026-11-24")
    );
    let id = format!("{passenger}/id_card_number");
    assert_eq!(bounds(&id, json!("1")), pair("6", "32"));
}
