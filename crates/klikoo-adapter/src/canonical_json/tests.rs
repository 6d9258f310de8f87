use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;

fn canonical(json: &str) -> String {
    String::from_utf8(canonical_json(json.as_bytes()).unwrap()).unwrap()
}

#[test]
fn keys_are_sorted_by_code_point_at_every_level() {
    // U+1F600 lies above U+FF5E by code point, below it by UTF-16 units.
    let json = r#"{"😀":1,"～":2,"a":[{"z":1,"Z":{"b":[],"a":{}}}],"A":3,"":4,"aa":5}"#;
    let expected = r#"{"":4,"A":3,"a":[{"Z":{"a":{},"b":[]},"z":1}],"aa":5,"～":2,"😀":1}"#;
    assert_eq!(canonical(json), expected);
}

#[test]
fn numbers_keep_every_digit() {
    let json = "[1.0, 1.10, 1E+2, -0, 123456789012345678901234567890, 1e-400, 0.1000]";
    assert_eq!(
        canonical(json),
        "[1.0,1.10,1E+2,-0,123456789012345678901234567890,1e-400,0.1000]"
    );
}

#[test]
fn only_the_mandatory_escapes_remain() {
    let json = r#""\u00e9\u002f\/<>&\u2028\ud83d\ude00\u0022\\\u0000\u001f\u007f\b\f\n\r\t""#;
    let expected = "\"é//<>&\u{2028}😀\\\"\\\\\\u0000\\u001f\u{7f}\\b\\f\\n\\r\\t\"";
    assert_eq!(canonical(json), expected);
}

#[test]
fn what_has_no_canonical_form_is_an_error_that_says_where() {
    let cases: [(&[u8], &str); 13] = [
        (b"", "line 1, column 0"),
        (b"{} {}", "line 1, column 4"),
        (b"{\"a\":1,}", "line 1, column 8"),
        (b"{\n\"a\" 1}", "line 2, column 5"),
        (b"[01]", "line 1, column 3"),
        (b"\"\n\"", "line 1, column 1"),
        (b"NaN", "line 1, column 1"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"),
        (b"{\"a\":\"\xff\"}", "byte 6"),
        (br#"{"a":[0,{"b":"\ud800"}]}"#, "`a[1].b`"),
        (br#""\udc00\ud800""#, "`(root)`"),
        (br#"{"a":{"\ud800":1}}"#, "`a`"),
        (br#"{"p":[{"name":"x","n\u0061me":"y"}]}"#, "`p[0].name`"),
    ];
    for (json, place) in cases {
        let error = canonical_json(json).unwrap_err().to_string();
        assert!(error.contains(place), "{}: {error}", json.escape_ascii());
    }
}

#[test]
fn nesting_is_capped_without_overflowing_the_stack() {
    let nested = |levels: usize| [vec![b'['; levels], vec![b']'; levels]].concat();
    assert_eq!(canonical_json(&nested(128)).unwrap(), nested(128));
    let error = CanonicalJsonError::TooDeep { limit: 128 };
    assert_eq!(canonical_json(&nested(129)), Err(error.clone()));
    assert_eq!(canonical_json(&nested(100_000)), Err(error));
    let unclosed = canonical_json(&vec![b'['; 100_000]);
    assert!(
        matches!(unclosed, Err(CanonicalJsonError::Syntax { .. })),
        "{unclosed:?}"
    );
}

#[test]
fn errors_show_no_values_and_no_control_characters() {
    let json = b"{\"\\u001b[2J\":{\"k\":\"SECRET\",\"k\":\"SECRET\"}}";
    let error = canonical_json(json).unwrap_err().to_string();
    assert!(
        !error.contains("SECRET") && !error.contains('\u{1b}'),
        "{error}"
    );
}

/// `serde_json` reads fractions with a small error, so values are compared as read, both sides.
fn read(json: &[u8]) -> Value {
    serde_json::from_slice(json).unwrap()
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn canonical_form_is_the_same_value_and_its_own_canonical_form(value in any_json()) {
        let json = serde_json::to_vec_pretty(&value).unwrap();
        let once = canonical_json(&json).unwrap();
        prop_assert_eq!(read(&once), read(&json));
        prop_assert_eq!(canonical_json(&once).unwrap(), once);
    }

    #[test]
    fn every_style_is_the_same_value(value in any_json()) {
        let json = serde_json::to_vec(&value).unwrap();
        let tree = parse(&json).unwrap();
        for order in [Order::Sorted, Order::AsWritten] {
            for spacing in [Spacing::None, Spacing::OneLine, Spacing::Indented("\t")] {
                for escapes in [Escapes::NonAscii, Escapes::Html, Escapes::SlashAndNonAscii] {
                    let text = write(&tree, Style { order, spacing, escapes });
                    prop_assert_eq!(read(text.as_bytes()), read(&json));
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = canonical_json(&bytes);
    }
}
