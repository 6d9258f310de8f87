//! Every rule of an order as a table: values just inside and just outside each bound.

mod email;
mod legs;
mod order;
mod people;

use serde_json::{Value, json};

use crate::documents::{found_in, with};

/// The two halves of each table: a field in turn, the values that pass, those that do not.
pub(super) fn check(fields: &[&str], accepted: &[Value], refused: &[(Value, &'static str)]) {
    for pointer in fields {
        let path = pointer.trim_start_matches('/').replace('/', ".");
        let path = path.replace("passengers.1", "passengers[1]");
        for value in accepted {
            assert_eq!(
                found_in(&with(pointer, value.clone())),
                [],
                "{path}: {value}"
            );
        }
        for (value, code) in refused {
            assert_eq!(
                found_in(&with(pointer, value.clone())),
                [(path.clone(), *code)],
                "{path}: {value}"
            );
        }
    }
}

/// Strings as JSON values.
pub(super) fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| json!(text)).collect()
}

pub(super) fn refused(rows: &[(&str, &'static str)]) -> Vec<(Value, &'static str)> {
    rows.iter()
        .map(|(text, code)| (json!(text), *code))
        .collect()
}
