//! A canonical body with what is nobody else's business masked.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::value::RawValue;

/// Members of an order that say who travels.
const PERSONAL: [&str; 5] = ["name", "email", "phone_number", "dob", "id_card_number"];

/// Members that are shown to nobody, asked for or not.
const SECRET: [&str; 2] = ["client_secret", "private_key"];

/// Minified, sorted JSON with personal values masked unless `reveal`, and secrets always.
/// Everything else stays as written, numbers of any size included.
pub(crate) fn masked(canonical: &str, reveal: bool) -> String {
    let mut shown = String::with_capacity(canonical.len());
    write(&mut shown, canonical, reveal);
    shown
}

fn write(shown: &mut String, json: &str, reveal: bool) {
    match json.as_bytes().first() {
        Some(b'{') => {
            let members: BTreeMap<String, &RawValue> =
                serde_json::from_str(json).unwrap_or_default();
            for (index, (name, value)) in members.iter().enumerate() {
                let mark = if index == 0 { '{' } else { ',' };
                let _ = write!(shown, "{mark}{}:", serde_json::Value::from(name.as_str()));
                if SECRET.contains(&name.as_str()) {
                    shown.push_str("\"[secret]\"");
                } else if PERSONAL.contains(&name.as_str()) && !reveal {
                    shown.push_str("\"[personal]\"");
                } else {
                    write(shown, value.get(), reveal);
                }
            }
            shown.push_str(if members.is_empty() { "{}" } else { "}" });
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
            for (index, item) in items.iter().enumerate() {
                shown.push(if index == 0 { '[' } else { ',' });
                write(shown, item.get(), reveal);
            }
            shown.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        _ => shown.push_str(json),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    const BODY: &str = r#"{"client_secret":"s3","list":[{"dob":"1996-12-09","n":12345678901234567890.10},[],{}],"name":{"deep":"Pandu"},"seat_name":"8"}"#;

    #[test]
    fn personal_and_secret_members_are_masked_and_the_rest_is_kept() {
        assert_eq!(
            masked(BODY, false),
            r#"{"client_secret":"[secret]","list":[{"dob":"[personal]","n":12345678901234567890.10},[],{}],"name":"[personal]","seat_name":"8"}"#
        );
    }

    #[test]
    fn a_secret_is_not_revealed() {
        let shown = masked(BODY, true);
        assert!(shown.contains("Pandu") && !shown.contains("s3"), "{shown}");
    }
}
