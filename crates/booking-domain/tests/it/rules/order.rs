//! The fields of the order itself, and the bounds that faults tell.

use serde_json::{Value, json};

use super::{check, refused, texts};
use crate::documents::{TOMORROW, with};

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
