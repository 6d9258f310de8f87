//! What the server hashes of a body: the API description (§2) leaves it open.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

/// Which bytes stand for the body in the signed string.
///
/// The public reference calls the hashed body "minified", without saying
/// whether the server hashes what came in or what it makes of it.
///
/// ```
/// use klikoo_sandbox::BodyHash;
/// assert_eq!(BodyHash::default(), BodyHash::Raw);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyHash {
    /// The bytes as received.
    #[default]
    Raw,
    /// The body read and written again: minified, keys sorted at every level.
    /// A body that is not JSON is hashed as received.
    Sorted,
    /// As `Sorted`, with the escapes of Go's JSON writer: `<`, `>`, `&`,
    /// U+2028 and U+2029 as `\u003c` and so on.
    SortedGo,
}

impl BodyHash {
    /// The bytes to hash for `body`.
    pub(crate) fn input(self, body: &[u8]) -> Cow<'_, [u8]> {
        let escape = match self {
            Self::Raw => return Cow::Borrowed(body),
            Self::Sorted => false,
            Self::SortedGo => true,
        };
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return Cow::Borrowed(body);
        };
        let mut text = String::with_capacity(body.len());
        write_sorted(&value, &mut text);
        if escape {
            // Outside strings none of these can stand in JSON.
            for (plain, escaped) in [
                ("<", "\\u003c"),
                (">", "\\u003e"),
                ("&", "\\u0026"),
                ("\u{2028}", "\\u2028"),
                ("\u{2029}", "\\u2029"),
            ] {
                text = text.replace(plain, escaped);
            }
        }
        Cow::Owned(text.into_bytes())
    }
}

/// Sorts by itself: whether `serde_json` does depends on features that another
/// crate of a build may turn on.
fn write_sorted(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<&String, &Value> = members.iter().collect();
            out.push('{');
            for (index, (key, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write_sorted(member, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_sorted(item, out);
            }
            out.push(']');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_and_minifies_every_level() {
        let body = r#"{ "b" : [ {"z":1, "a":"é"} ], "a" : null }"#.as_bytes();
        let sorted = r#"{"a":null,"b":[{"a":"é","z":1}]}"#;
        assert_eq!(BodyHash::Raw.input(body).as_ref(), body);
        assert_eq!(BodyHash::Sorted.input(body).as_ref(), sorted.as_bytes());
        assert_eq!(BodyHash::SortedGo.input(body).as_ref(), sorted.as_bytes());
    }

    #[test]
    fn escapes_as_go_does_only_when_asked() {
        let body = "{\"a\":\"<&>\u{2028}\u{2029}\"}".as_bytes();
        assert_eq!(BodyHash::Sorted.input(body).as_ref(), body);
        assert_eq!(
            BodyHash::SortedGo.input(body).as_ref(),
            br#"{"a":"\u003c\u0026\u003e\u2028\u2029"}"#
        );
    }

    #[test]
    fn takes_what_is_not_json_as_it_came() {
        assert_eq!(BodyHash::Sorted.input(b"{oops").as_ref(), b"{oops");
        assert_eq!(BodyHash::SortedGo.input(b"").as_ref(), b"");
    }
}
