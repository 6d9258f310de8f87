//! A number of sixteen digits that cannot be a NIK is a warning and no fault.

use booking_domain::{BlockOrder, OrderDraft, WarningCode};
use serde_json::json;

use crate::documents::{TODAY, read, with};

fn order(identity_number: &str) -> BlockOrder {
    let mut draft = OrderDraft::sample();
    identity_number.clone_into(&mut draft.departure.passengers[0].id_card_number);
    draft.check(TODAY).unwrap()
}

/// Sixteen digits, the middle six being day, month and year.
fn nik(date: &str) -> String {
    assert_eq!(date.len(), 6);
    format!("317410{date}0001")
}

#[test]
fn the_date_part_decides() {
    let possible = [
        "010100", "091296", "311299", "290200", "290204", "300499", "310198",
        // A woman's day has 40 added.
        "410100", "491296", "711299", "690200", "700499",
        // Year 00 is a leap year as 2000, though not as 1900.
        "290200",
    ];
    for date in possible {
        assert_eq!(order(&nik(date)).warnings(), [], "{date}");
    }
    let impossible = [
        "000199", "320199", "400199", "720199", "990199", "800199", "010099", "011399", "019999",
        "310499", "310699", "310999", "311199", "300204", "290201", "290299", "690201", "710499",
    ];
    for date in impossible {
        let warnings = order(&nik(date)).warnings();
        assert_eq!(warnings.len(), 1, "{date}");
        assert_eq!(warnings[0].path, "departure.passengers[0].id_card_number");
        assert_eq!(warnings[0].code, WarningCode::NotANik);
        assert!(!warnings[0].message.contains(date));
    }
}

#[test]
fn only_sixteen_digits_are_looked_at() {
    for other in [
        "317410320199000",
        "31741032019900011",
        "A174103201990001",
        "C1234567",
        "000000",
    ] {
        assert_eq!(order(other).warnings(), [], "{other}");
    }
}

#[test]
fn each_passenger_of_both_legs_is_looked_at() {
    let mut document = with(
        "/departure/passengers/1/id_card_number",
        json!(nik("320199")),
    );
    document["return"]["passengers"][0]["id_card_number"] = json!(nik("011399"));
    let warnings = read(document.to_string().as_bytes()).unwrap().warnings();
    let paths: Vec<_> = warnings
        .iter()
        .map(|warning| warning.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "departure.passengers[1].id_card_number",
            "return.passengers[0].id_card_number"
        ]
    );
    insta::assert_json_snapshot!(warnings[0], @r#"
    {
      "path": "departure.passengers[1].id_card_number",
      "code": "not_a_nik",
      "message": "has 16 digits but cannot be a NIK: digits 7 to 12 are no date of birth (day, plus 40 for women, month, year); sent as given"
    }
    "#);
}
