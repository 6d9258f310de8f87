//! The document as a whole: JSON, UTF-8, depth and size.

use serde_json::{Value, json};

use crate::documents::{found, listed, read, round_trip, with};

/// The one fault of a document that is no order at all.
fn document_fault(code: &'static str) -> Vec<(String, &'static str)> {
    vec![("$".to_owned(), code)]
}

#[test]
fn what_is_no_json() {
    let text = round_trip().to_string();
    for broken in [
        "",
        "  \n",
        "{",
        &text[..text.len() - 1],
        &format!("{text}x"),
        &format!("{text}{text}"),
        "{'product_code': 'BUS'}",
        "product_code: BUS",
        "{\"product_code\": \"BUS\",}",
        "{\"product_code\": \"\\ud800\"}",
        "NaN",
        "\0",
        "{\"product_code\": \"B\nUS\"}",
    ] {
        assert_eq!(
            found(broken.as_bytes()),
            document_fault("not_json"),
            "{broken}"
        );
    }
}

#[test]
fn what_is_not_utf8() {
    let text = round_trip().to_string();
    let (before, after) = text.split_once("Pandu").unwrap();
    for broken in [&b"\xff"[..], b"\xc3\x28", b"\xed\xa0\x80", b"\xc0\xaf"] {
        let document = [before.as_bytes(), broken, after.as_bytes()].concat();
        assert_eq!(found(&document), document_fault("not_utf8"), "{broken:?}");
    }
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&utf16).unwrap_err().len(), 1);
    insta::assert_snapshot!(
        listed(b"{\"product_code\": \"\xff\"}"),
        @"$: not_utf8: is not UTF-8 at byte 18; save the file as UTF-8"
    );
}

#[test]
fn a_byte_order_mark_is_passed_over_once() {
    let text = round_trip().to_string();
    assert_eq!(found(format!("\u{feff}{text}").as_bytes()), []);
    let twice = format!("\u{feff}\u{feff}{text}");
    assert_eq!(found(twice.as_bytes()), document_fault("not_json"));
}

#[test]
fn what_is_no_object_is_one_fault() {
    for document in [
        "null",
        "true",
        "7",
        "1e999",
        "\"order\"",
        "[]",
        "[{}]",
        "[null]",
    ] {
        let expected = if document == "1e999" {
            "not_json"
        } else {
            "wrong_type"
        };
        assert_eq!(
            found(document.as_bytes()),
            document_fault(expected),
            "{document}"
        );
    }
}

#[test]
fn ten_thousand_levels_do_not_overflow_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for level in [127, 128, 10_000] {
            let nested = format!("{}1{}", open.repeat(level), close.repeat(level));
            // Within an order, where 127 levels more are too many as well.
            let inside = round_trip().to_string().replace("\"BUS\"", &nested);
            let unclosed = open.repeat(level);
            for document in [&nested, &inside, &unclosed] {
                let faults = found(document.as_bytes());
                assert!(!faults.is_empty());
                assert!(
                    level < 10_000 || faults == document_fault("not_json"),
                    "{faults:?}"
                );
            }
        }
    }
}

#[test]
fn a_large_document_is_one_fault_and_is_not_read() {
    let limit = booking_domain::limits::DOCUMENT_MAX;
    let text = round_trip().to_string();
    let padded = |length: usize| format!("{text}{}", " ".repeat(length - text.len()));
    assert_eq!(found(padded(limit).as_bytes()), []);
    assert_eq!(
        found(padded(limit + 1).as_bytes()),
        document_fault("document_too_large")
    );
    let ten_megabytes = padded(10 * 1024 * 1024);
    assert_eq!(
        found(ten_megabytes.as_bytes()),
        document_fault("document_too_large")
    );
    let zeros = format!("[{}0]", "0,".repeat(1_000_000));
    assert_eq!(
        found(zeros.as_bytes()),
        document_fault("document_too_large")
    );
}

#[test]
fn the_fullest_order_fits() {
    // Every character that JSON can be made to escape, escaped, and generously indented.
    let longest = "\\u00e9".repeat(100);
    let passenger = |seat: usize| {
        format!(
            "{{\n      \"seat_name\": \"{}\",\n      \"name\": \"{longest}\",\n      \"dob\": \"1996-12-09\",\n      \
             \"gender\": \"female\",\n      \"id_card_number\": \"{}\"\n    }}",
            format!("\\u{:04x}", 0x4e00 + seat).repeat(10),
            "\\u0041".repeat(32)
        )
    };
    let passengers = (0..40).map(passenger).collect::<Vec<_>>().join(",\n    ");
    let leg = |trip: u32| {
        format!("{{\n  \"trip_id\": {trip},\n  \"passengers\": [\n    {passengers}\n  ]\n}}")
    };
    let mut document = round_trip();
    document["departure"] = json!("departure-goes-here");
    document["return"] = json!("return-goes-here");
    let text = document.to_string();
    let text = text.replace("\"departure-goes-here\"", &leg(188_336));
    let text = text.replace("\"return-goes-here\"", &leg(188_400));
    assert_eq!(found(text.as_bytes()), []);
    assert!(
        text.len() > booking_domain::limits::DOCUMENT_MAX / 4,
        "{}",
        text.len()
    );
}

#[test]
fn a_long_list_of_no_passengers_is_found_quickly() {
    // As many as the size of a document allows; 40 of them are described, the rest are counted.
    let zeros = Value::from(vec![0; 120_000]);
    let document = with("/departure/passengers", zeros).to_string();
    let faults = found(document.as_bytes());
    assert_eq!(faults.len(), 41, "{:?}", &faults[..5]);
    assert_eq!(
        faults[0],
        ("departure.passengers".to_owned(), "passenger_count")
    );
    assert_eq!(
        faults[40],
        ("departure.passengers[39]".to_owned(), "wrong_type")
    );
}

#[test]
fn faults_beyond_the_most_that_are_listed_are_counted() {
    let mut document = round_trip();
    for number in 0..1_000 {
        document[format!("unknown-{number}")] = json!(1);
    }
    let faults = read(document.to_string().as_bytes()).unwrap_err();
    assert_eq!(faults.len(), booking_domain::limits::FAULTS_MAX + 1);
    let last = faults.last().unwrap();
    assert_eq!(
        last.to_string(),
        "$: 800 more faults are not listed; mend these first"
    );
}
