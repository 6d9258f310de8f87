//! Callbacks of any bytes: no panic, nothing invented, nothing quoted.

use booking_ports::CallbackParser;
use klikoo_adapter::KlikooCallbacks;
use proptest::prelude::*;

use super::parse;

/// A body that is nearly one, with a marker wherever a value may stand.
fn nearly() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("\"MARK\"".to_owned()),
        Just("\"MARK ER\"".to_owned()),
        Just("null".to_owned()),
        Just("{\"MARK\":[1]}".to_owned()),
        "[0-9]{1,70}",
    ];
    let key = prop_oneof![
        Just("transaction_id"),
        Just("partner_reference_id"),
        Just("transaction_status"),
        Just("MARK"),
    ];
    prop::collection::vec((key, value), 0..6).prop_map(|members| {
        let members: Vec<String> = members
            .iter()
            .map(|(key, value)| format!("\"{key}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = KlikooCallbacks.parse(&bytes);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]{}:,\"a-z0-9_ \\\\]{0,300}") {
        let _ = KlikooCallbacks.parse(text.as_bytes());
    }

    /// What is accepted says what `serde_json` finds there, names an order, and is bounded; what is
    /// refused is not quoted.
    #[test]
    fn what_is_read_stands_there_and_errors_quote_nothing(body in nearly()) {
        match parse(&body) {
            Ok(callback) => {
                let read: serde_json::Value = serde_json::from_str(&body).unwrap();
                let spelled = |name: &str| match &read[name] {
                    serde_json::Value::String(text) => Some(text.clone()),
                    serde_json::Value::Number(number) => Some(number.to_string()),
                    _ => None,
                };
                prop_assert!(callback.reference.is_some() || callback.transaction_id.is_some());
                let reference = callback.reference.map(|it| it.to_string());
                let id = callback.transaction_id.map(|it| it.to_string());
                prop_assert_eq!(reference, spelled("partner_reference_id"));
                prop_assert_eq!(id, spelled("transaction_id"));
                prop_assert!(callback.status.word().chars().count() <= 33);
            }
            Err(error) => {
                let shown = format!("{error} {error:?}");
                prop_assert!(!shown.contains("MARK"), "{}", shown);
            }
        }
    }

    #[test]
    fn one_changed_byte_is_survived(place in 0_usize..200, byte in any::<u8>()) {
        let mut body = br#"{"partner_reference_id":"1238","transaction_id":"14429004","transaction_status":"SUCCESS","reason":"","x":[{"y":null}]}"#.to_vec();
        let place = place % body.len();
        body[place] = byte;
        if let Ok(callback) = KlikooCallbacks.parse(&body) {
            prop_assert!(callback.reference.is_some() || callback.transaction_id.is_some());
        }
    }
}
