//! Contact and passengers.

use super::{check, refused, texts};
use crate::documents::TOMORROW;

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
