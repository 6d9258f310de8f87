//! Email addresses: RFC 5321's lengths, and of its forms those that travellers have.

use serde_json::json;

use super::{check, refused, texts};
use crate::documents::{found_in, listed, with};

const FIELD: &str = "/order_detail/email";

/// The message about `email`.
fn told(email: &str) -> String {
    let told = listed(with(FIELD, json!(email)).to_string().as_bytes());
    told.strip_prefix("order_detail.email: ")
        .unwrap()
        .to_owned()
}

#[test]
fn the_usual_forms() {
    check(
        &[FIELD],
        &texts(&[
            "a@b.co",
            "first.last+tag@example.co.id",
            "FIRST.LAST@EXAMPLE.CO.ID",
            "o'hara_1@sub.example-2.id",
            "08123@123.example",
        ]),
        &refused(&[
            ("", "empty"),
            ("pandu", "bad_format"),
            ("pändu", "bad_format"),
            ("pandu@", "bad_format"),
            ("@example.co.id", "bad_format"),
            ("@", "bad_format"),
            ("pandu@localhost", "bad_format"),
            ("pandu@@example.co.id", "bad_format"),
            ("pandu@example@co.id", "bad_format"),
            (".pandu@example.co.id", "bad_format"),
            ("pandu.@example.co.id", "bad_format"),
            ("pan..du@example.co.id", "bad_format"),
            ("pandu @example.co.id", "bad_format"),
            (" pandu@example.co.id", "bad_format"),
            ("pandu@example..id", "bad_format"),
            ("pandu@.example.id", "bad_format"),
            ("pandu@example.id.", "bad_format"),
            ("pandu@-example.id", "bad_format"),
            ("pandu@example-.id", "bad_format"),
            ("pandu@exa_mple.id", "bad_format"),
            ("pandu@example.co.id\n", "bad_format"),
            (
                "pandu@example.co.id\r\nBcc: all@example.co.id",
                "bad_format",
            ),
            ("Pandu <pandu@example.co.id>", "bad_format"),
            ("pandu@example.co.id,siti@example.co.id", "bad_format"),
        ]),
    );
}

#[test]
fn address_literals_are_no_domain() {
    check(
        &[FIELD],
        &[],
        &refused(&[
            ("pandu@[192.0.2.1]", "bad_format"),
            ("pandu@[IPv6:2001:db8::1]", "bad_format"),
            ("pandu@[2001:db8::1]", "bad_format"),
            ("pandu@192.0.2.1", "bad_format"),
            // What stands before a literal is not looked at by `validator`.
            ("pandu@example.id[2001:db8::1]", "bad_format"),
            ("pandu@\r\nexample.id[::1]", "bad_format"),
        ]),
    );
    insta::assert_snapshot!(told("pandu@[192.0.2.1]"), @"bad_format: has an address in brackets after the @; give a domain name such as example.co.id");
}

#[test]
fn quoted_names_are_refused_whatever_they_hold() {
    check(
        &[FIELD],
        &[],
        &refused(&[
            ("\"pandu putra\"@example.co.id", "bad_format"),
            ("\"pandu@home\"@example.co.id", "bad_format"),
            ("\"pandu\"@example.co.id", "bad_format"),
            ("pan\"du@example.co.id", "bad_format"),
            ("pandu(home)@example.co.id", "bad_format"),
        ]),
    );
    insta::assert_snapshot!(told("\"pandu\"@example.co.id"), @"bad_format: has a quoted name before the @; give an address without quotes");
}

#[test]
fn a_domain_of_other_letters_comes_in_punycode() {
    check(
        &[FIELD],
        &texts(&[
            "x@xn--bcher-kva.example",
            "x@XN--BCHER-KVA.example",
            "x@example.xn--p1ai",
        ]),
        &refused(&[
            ("pandu@bücher.example", "bad_characters"),
            ("pandu@example.рф", "bad_characters"),
            ("pandu@example。id", "bad_characters"),
            ("pändu@example.co.id", "bad_characters"),
            ("pändu@bücher.example", "bad_characters"),
            ("pan\u{200b}du@example.co.id", "bad_characters"),
        ]),
    );
    insta::assert_snapshot!(told("pandu@bücher.example"), @"bad_characters: has letters beyond ASCII in its domain; write the domain in punycode, such as xn--bcher-kva.example for bücher.example");
    insta::assert_snapshot!(told("pändu@example.co.id"), @"bad_characters: has letters beyond ASCII before the @; give an address without them");
}

#[test]
fn sixty_four_characters_stand_before_the_sign_at_most() {
    let with_local = |length: usize| format!("{}@example.co.id", "l".repeat(length));
    check(
        &[FIELD],
        &texts(&[&with_local(64)]),
        &refused(&[(&with_local(65), "too_long")]),
    );
    insta::assert_snapshot!(told(&with_local(65)), @"too_long: has 65 characters before the @; at most 64 are accepted there");
}

#[test]
fn a_label_has_63_characters_at_most() {
    let with_label = |length: usize| format!("pandu@{}.id", "a".repeat(length));
    check(
        &[FIELD],
        &texts(&[&with_label(63)]),
        &refused(&[(&with_label(64), "bad_format")]),
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
        let found = found_in(&with(FIELD, json!(email)));
        let fault = ("order_detail.email".to_owned(), "too_long");
        assert_eq!(found, if expected > 254 { vec![fault] } else { vec![] });
    }
}
