//! Markers in every personal field appear in nothing that is printed.

use std::fmt::Write as _;

use booking_domain::{BlockOrder, OrderDraft};
use serde_json::{Value, json};

use crate::documents::{TODAY, read, round_trip};

/// Plants a marker in every personal field: each is part of a value that its rule accepts.
fn planted() -> (Value, Vec<&'static str>) {
    let mut document = round_trip();
    document["order_detail"] =
        json!({"name": "Zqcontact", "email": "zqmail@example.co.id", "phone_number": "0899887766"});
    for leg in ["departure", "return"] {
        for index in 0..2 {
            let passenger = &mut document[leg]["passengers"][index];
            passenger["name"] = json!("Zqtraveller");
            passenger["dob"] = json!("1977-07-17");
            passenger["gender"] = json!("female");
            passenger["id_card_number"] = json!("9977553311224466");
        }
    }
    let markers = vec![
        "Zqcontact",
        "zqmail",
        "0899887766",
        "899887766",
        "Zqtraveller",
        "1977-07-17",
        "07-17",
        "1977",
        "9977553311224466",
    ];
    (document, markers)
}

/// Everything that can be printed of a document: draft, order, parts, warnings, faults.
fn printed(document: &Value) -> String {
    let text = document.to_string();
    let mut printed = String::new();
    if let Ok(draft) = serde_json::from_value::<OrderDraft>(document.clone()) {
        write!(
            printed,
            "{draft:?} {draft:#?} {:?} {:?}",
            draft.order_detail, draft.departure
        )
        .unwrap();
        match draft.check(TODAY) {
            Ok(order) => print_order(&order, &mut printed),
            Err(faults) => write!(printed, "{faults} {faults:?}").unwrap(),
        }
    }
    match read(text.as_bytes()) {
        Ok(order) => print_order(&order, &mut printed),
        Err(faults) => {
            write!(
                printed,
                "{faults} {faults:?} {}",
                serde_json::to_string(&faults).unwrap()
            )
            .unwrap();
        }
    }
    printed
}

fn print_order(order: &BlockOrder, printed: &mut String) {
    write!(printed, "{order:?} {order:#?} {:?}", order.contact()).unwrap();
    for passenger in order.legs().flat_map(booking_domain::Leg::passengers) {
        write!(
            printed,
            "{passenger:?} {:?} {:?}",
            passenger.name(),
            passenger.gender()
        )
        .unwrap();
        write!(
            printed,
            "{:?} {:?}",
            passenger.date_of_birth(),
            passenger.identity_number()
        )
        .unwrap();
    }
    write!(printed, "{:?}", order.warnings()).unwrap();
}

fn assert_no_marker(document: &Value, markers: &[&str]) {
    let printed = printed(document).to_lowercase();
    assert!(printed.len() > 60, "{printed}");
    for marker in markers {
        assert!(
            !printed.contains(&marker.to_lowercase()),
            "{marker} in {printed}"
        );
    }
}

#[test]
fn a_valid_order_shows_none() {
    let (document, markers) = planted();
    assert!(read(document.to_string().as_bytes()).is_ok());
    assert_no_marker(&document, &markers);
    assert_no_marker(&document, &["female"]);
}

#[test]
fn a_fault_in_any_field_shows_none() {
    let (mut document, mut markers) = planted();
    // The messages name the two words that are accepted, so another one is planted.
    document["departure"]["passengers"][0]["gender"] = json!("Zqgender");
    markers.push("Zqgender");
    let pointers = [
        "/order_detail/name",
        "/order_detail/email",
        "/order_detail/phone_number",
        "/departure/passengers/0/name",
        "/departure/passengers/0/dob",
        "/departure/passengers/0/gender",
        "/departure/passengers/0/id_card_number",
    ];
    for pointer in pointers {
        let value = document
            .pointer(pointer)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        // Broken in many ways, with the marker still in it; the last ones change its type.
        for broken in [
            json!(format!("{value}\u{0}")),
            json!(format!("{value} \u{1b}[31m")),
            json!(format!("{value}é-/")),
            json!(value.repeat(40)),
            json!([value]),
            json!({ "value": value }),
        ] {
            let mut document = document.clone();
            *document.pointer_mut(pointer).unwrap() = broken;
            assert_no_marker(&document, &markers);
        }
    }
}

#[test]
fn a_document_that_breaks_off_shows_none() {
    let (document, markers) = planted();
    let text = document.to_string();
    for end in 0..text.len() {
        let Some(part) = text.get(..end) else {
            continue;
        };
        let mut shown = String::new();
        // A strange character at each place, or none: what stood before it must not be quoted.
        for tail in ["", "x", "\u{1}", "\"\"\"", "}}"] {
            if let Err(faults) = read(format!("{part}{tail}").as_bytes()) {
                write!(shown, "{faults} {faults:?}").unwrap();
            }
        }
        for marker in &markers[..5] {
            assert!(!shown.contains(marker), "{marker} in {shown}");
        }
    }
}

#[test]
fn the_markers_would_be_found() {
    let (document, markers) = planted();
    let text = document.to_string();
    assert!(markers.iter().all(|marker| text.contains(marker)));
}

#[test]
fn a_personal_text_is_known_by_itself_alone() {
    let mut document = round_trip();
    document["order_detail"]["name"] = json!(" Siti ");
    for (leg, index, born) in [
        ("departure", 0, "1977-07-17"),
        ("departure", 1, "2000-02-29"),
        ("return", 0, "1900-01-01"),
        ("return", 1, "2026-11-24"),
    ] {
        let passenger = &mut document[leg]["passengers"][index];
        passenger["name"] = json!(format!("{leg} {index}"));
        passenger["dob"] = json!(born);
        passenger["id_card_number"] = json!(format!("{leg}9{index}"));
    }
    let order = read(document.to_string().as_bytes()).unwrap();
    let mut texts = order.personal_texts();
    for text in &texts {
        assert!(order.is_personal_text(text), "{text}");
        for other in [
            format!("{text} "),
            format!("0{text}"),
            text[1..].to_owned(),
            text.replace('-', ""),
        ] {
            assert_eq!(
                order.is_personal_text(&other),
                texts.contains(&other),
                "{other}"
            );
        }
    }
    for other in ["", "8", "9A", "188336", "1238", "1977-07-18", "BUS"] {
        assert!(!order.is_personal_text(other), "{other}");
    }
    texts.sort();
    insta::assert_snapshot!(texts.join(" | "), @"082122274139 | 1900-01-01 | 1977-07-17 | 2000-02-29 | 2026-11-24 | Siti | departure 0 | departure 1 | departure90 | departure91 | pandu@example.co.id | return 0 | return 1 | return90 | return91");
}
