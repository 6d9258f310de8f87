//! Fields that are missing, null, unknown, repeated or of a wrong type.

use serde_json::{Value, json};

use crate::documents::{found, found_in, listed, read, round_trip, with, without};

/// Every field of an order: its pointer, its path, whether it has to be there.
const FIELDS: [(&str, &str, bool); 17] = [
    ("/product_code", "product_code", true),
    ("/selling_price", "selling_price", true),
    ("/partner_reference_no", "partner_reference_no", false),
    ("/order_detail", "order_detail", true),
    ("/order_detail/name", "order_detail.name", true),
    ("/order_detail/email", "order_detail.email", true),
    (
        "/order_detail/phone_number",
        "order_detail.phone_number",
        true,
    ),
    ("/departure", "departure", true),
    ("/departure/trip_id", "departure.trip_id", true),
    ("/departure/passengers", "departure.passengers", true),
    (
        "/departure/passengers/0/seat_name",
        "departure.passengers[0].seat_name",
        true,
    ),
    (
        "/departure/passengers/0/name",
        "departure.passengers[0].name",
        true,
    ),
    (
        "/departure/passengers/0/dob",
        "departure.passengers[0].dob",
        true,
    ),
    (
        "/departure/passengers/0/gender",
        "departure.passengers[0].gender",
        true,
    ),
    (
        "/departure/passengers/0/id_card_number",
        "departure.passengers[0].id_card_number",
        true,
    ),
    ("/return", "return", false),
    ("/return/trip_id", "return.trip_id", true),
];

#[test]
fn each_field_missing_or_null() {
    for (pointer, path, required) in FIELDS {
        let expected = if required {
            vec![(path.to_owned(), "missing")]
        } else {
            vec![]
        };
        assert_eq!(found_in(&without(pointer)), expected, "{path} absent");
        assert_eq!(
            found_in(&with(pointer, Value::Null)),
            expected,
            "{path} null"
        );
    }
    let passenger = ("departure.passengers[0]".to_owned(), "wrong_type");
    assert_eq!(
        found_in(&with("/departure/passengers/0", Value::Null)),
        [passenger]
    );
}

#[test]
fn an_absent_reference_is_made_and_an_empty_one_is_a_fault() {
    let order = read(without("/partner_reference_no").to_string().as_bytes()).unwrap();
    assert_eq!(order.reference().as_str(), "made");
    let fault = ("partner_reference_no".to_owned(), "empty");
    assert_eq!(found_in(&with("/partner_reference_no", json!(""))), [fault]);
}

#[test]
fn each_field_of_every_wrong_type() {
    for (pointer, path, _) in FIELDS {
        let right = round_trip().pointer(pointer).unwrap().clone();
        for wrong in [
            json!(true),
            json!(7),
            json!(1.5),
            json!("7"),
            json!([]),
            json!({}),
        ] {
            let same_kind = std::mem::discriminant(&wrong) == std::mem::discriminant(&right);
            if same_kind && !right.is_number() || wrong == json!(7) && right.is_number() {
                continue;
            }
            let faults = found_in(&with(pointer, wrong.clone()));
            assert_eq!(faults, [(path.to_owned(), "wrong_type")], "{path}: {wrong}");
        }
    }
}

#[test]
fn unknown_fields_are_named_at_every_level() {
    for (parent, path) in [
        ("", "extra"),
        ("/order_detail", "order_detail.extra"),
        ("/departure", "departure.extra"),
        ("/departure/passengers/1", "departure.passengers[1].extra"),
        ("/return/passengers/0", "return.passengers[0].extra"),
    ] {
        let mut document = round_trip();
        document.pointer_mut(parent).unwrap()["extra"] = json!(null);
        assert_eq!(found_in(&document), [(path.to_owned(), "unknown_field")]);
    }
    // Names are compared letter by letter.
    let mut document = without("/product_code");
    document["Product_Code"] = json!("BUS");
    let faults = found_in(&document);
    assert_eq!(faults[0], ("product_code".to_owned(), "missing"));
    assert_eq!(faults[1], ("Product_Code".to_owned(), "unknown_field"));
}

#[test]
fn a_hostile_field_name_stays_one_short_line() {
    let mut document = round_trip();
    document["a\n\u{1b}[31m"] = json!(1);
    document["x".repeat(10_000)] = json!(1);
    document[""] = json!(1);
    document["a.b[0]"] = json!(1);
    for line in listed(document.to_string().as_bytes()).lines() {
        assert!(
            line.chars().count() < 250 && !line.chars().any(char::is_control),
            "{line}"
        );
    }
    assert_eq!(found_in(&document).len(), 4);
}

#[test]
fn a_key_that_stands_twice_is_a_fault_even_with_one_value() {
    let text = round_trip().to_string();
    for (key, path) in [
        ("\"product_code\":\"BUS\"", "product_code"),
        ("\"return\":null", "return"),
        ("\"trip_id\":188336", "departure.trip_id"),
        ("\"dob\":\"1996-12-09\"", "departure.passengers[0].dob"),
    ] {
        let text = text.replacen(
            &format!("\"return\":{}", round_trip()["return"]),
            "\"return\":null",
            1,
        );
        let doubled = text.replacen(key, &format!("{key},{key}"), 1);
        assert_ne!(doubled, text);
        assert_eq!(
            found(doubled.as_bytes()),
            [(path.to_owned(), "duplicate_key")]
        );
    }
    // The same key, spelled by an escape.
    let doubled = text.replacen('{', "{\"product\\u005fcode\":\"BUS\",", 1);
    assert_eq!(
        found(doubled.as_bytes()),
        [("product_code".to_owned(), "duplicate_key")]
    );
}
