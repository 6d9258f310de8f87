//! Contact and passengers.

use serde_json::json;

use super::{check, refused, texts};
use crate::documents::{TOMORROW, found_in, with};

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
