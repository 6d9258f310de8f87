//! Keeps secrets out of the journal.

use serde_json::Value;

/// What stands in the journal where a secret was.
pub(crate) const MASK: &str = "(masked)";

/// Members that carry a secret, wherever they stand.
const SECRET_MEMBERS: [&str; 4] = ["client_secret", "private_key", "token", "access_token"];

/// The body as text, with the values of secret members masked and every
/// occurrence of `secrets` too. What cannot be read and may carry a secret is left out.
pub(crate) fn mask_body(body: &[u8], secrets: &[&str]) -> String {
    let text = String::from_utf8_lossy(body);
    if !SECRET_MEMBERS.iter().any(|name| text.contains(name)) && !text.contains("\\u") {
        return mask_text(&text, secrets);
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        return format!("(left out: {} bytes that may carry a secret)", body.len());
    };
    // Rewriting would hide how the body was written, so an innocent one stays as it came.
    let text = if mask_members(&mut value) {
        value.to_string()
    } else {
        text.into_owned()
    };
    mask_text(&text, secrets)
}

/// `text` without any of `secrets`.
pub(crate) fn mask_text(text: &str, secrets: &[&str]) -> String {
    secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, MASK))
}

fn mask_members(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut found = false;
            for (name, member) in members {
                if SECRET_MEMBERS.contains(&name.as_str()) {
                    *member = Value::String(MASK.to_owned());
                    found = true;
                } else {
                    found |= mask_members(member);
                }
            }
            found
        }
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |found, item| mask_members(item) | found),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_members_at_any_depth_and_leaves_other_bodies_alone() {
        let body = br#"{ "a":[{"client_secret":"hush"}], "private_key":"hush","token":7 }"#;
        let masked = mask_body(body, &[]);
        assert!(
            !masked.contains("hush") && !masked.contains('7'),
            "{masked}"
        );
        let innocent = r#"{ "name" : "Pandu" }"#;
        assert_eq!(mask_body(innocent.as_bytes(), &["hush"]), innocent);
    }

    #[test]
    fn sees_through_escapes_and_leaves_out_what_it_cannot_read() {
        let escaped = br#"{"client\u005fsecret":"hush"}"#;
        assert!(!mask_body(escaped, &[]).contains("hush"));
        assert!(!mask_body(br#"{"client_secret":"hush"#, &[]).contains("hush"));
        assert_eq!(mask_body(b"hush hush", &["hush"]), "(masked) (masked)");
    }
}
