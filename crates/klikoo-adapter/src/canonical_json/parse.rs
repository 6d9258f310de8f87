//! JSON as a tree that forgets nothing but white space: order of keys, digits of numbers.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::CanonicalJsonError;

/// More than any order (5 levels), and as far as `serde_json` itself would go.
const DEEPEST: usize = 128;

/// A JSON value; objects keep their keys in the order of the text.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
    Array(Vec<Node<'a>>),
    Text(Cow<'a, str>),
    /// `true`, `false`, `null`, or a number exactly as written.
    Literal(&'a str),
}

impl<'a> Node<'a> {
    /// The member of an object by its name; `None` where there is none, or this is no object.
    pub(crate) fn member(&self, name: &str) -> Option<&Node<'a>> {
        match self {
            Self::Object(members) => members
                .iter()
                .find_map(|(key, value)| (key == name).then_some(value)),
            Self::Array(_) | Self::Text(_) | Self::Literal(_) => None,
        }
    }

    /// A text, or a whole number that stands where other calls of this API write a text.
    pub(crate) fn text_or_whole(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Literal(number) => number
                .parse()
                .ok()
                .map(|number: u64| number.to_string().into()),
            Self::Object(_) | Self::Array(_) => None,
        }
    }

    /// The whole number that this is or spells.
    pub(crate) fn whole(&self) -> Option<u64> {
        self.text_or_whole()?.trim().parse().ok()
    }
}

/// Reads one JSON value.
///
/// Each level is cut out of the text by `RawValue`, which skips what is inside without recursion;
/// only this function recurses, and no deeper than [`DEEPEST`].
pub(crate) fn parse(json: &[u8]) -> Result<Node<'_>, CanonicalJsonError> {
    let text = std::str::from_utf8(json).map_err(|error| CanonicalJsonError::NotUtf8 {
        offset: error.valid_up_to(),
    })?;
    let whole: &RawValue =
        serde_json::from_str(text).map_err(|error| CanonicalJsonError::Syntax {
            line: error.line(),
            column: error.column(),
        })?;
    parse_value(whole)
}

/// Reads what `serde_json` has already found to be one JSON value.
pub(crate) fn parse_value(json: &RawValue) -> Result<Node<'_>, CanonicalJsonError> {
    node(json.get(), &mut Path::default())
}

fn node<'a>(text: &'a str, path: &mut Path<'a>) -> Result<Node<'a>, CanonicalJsonError> {
    // `RawValue` has checked the grammar; what may still fail is a string's surrogates.
    let broken = |path: &Path<'_>| CanonicalJsonError::LoneSurrogate {
        path: path.to_string(),
    };
    match text.as_bytes().first() {
        Some(b'{' | b'[') if path.0.len() == DEEPEST => {
            Err(CanonicalJsonError::TooDeep { limit: DEEPEST })
        }
        Some(b'{') => {
            let Members(members) = serde_json::from_str(text).map_err(|_| broken(path))?;
            object(members, path)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| broken(path))?;
            let items = items.into_iter().enumerate().map(|(index, item)| {
                path.0.push(Step::Index(index));
                let item = node(item.get(), path);
                path.0.pop();
                item
            });
            Ok(Node::Array(items.collect::<Result<_, _>>()?))
        }
        Some(b'"') => {
            let Text(text) = serde_json::from_str(text).map_err(|_| broken(path))?;
            Ok(Node::Text(text))
        }
        _ => Ok(Node::Literal(text)),
    }
}

fn object<'a>(
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
    path: &mut Path<'a>,
) -> Result<Node<'a>, CanonicalJsonError> {
    let mut seen = BTreeSet::new();
    for (key, _) in &members {
        if !seen.insert(key) {
            path.0.push(Step::Key(key.clone()));
            return Err(CanonicalJsonError::DuplicateKey {
                path: path.to_string(),
            });
        }
    }
    drop(seen);
    let members = members.into_iter().map(|(key, value)| {
        path.0.push(Step::Key(key.clone()));
        let value = node(value.get(), path);
        path.0.pop();
        Ok((key, value?))
    });
    Ok(Node::Object(members.collect::<Result<_, _>>()?))
}

/// The members of an object in the order of the text, a repeated key included.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Text(key), value)) = map.next_entry()? {
                    members.push((key, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// A string that borrows from the text where it holds no escapes.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Default)]
struct Path<'a>(Vec<Step<'a>>);

enum Step<'a> {
    Key(Cow<'a, str>),
    Index(usize),
}

/// Keys come from a file of unknown content: each is shortened, and control characters escaped.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("(root)");
        }
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    if position > 0 {
                        f.write_str(".")?;
                    }
                    let short: String = key.chars().take(64).collect();
                    write!(f, "{}", short.escape_debug())?;
                }
            }
        }
        Ok(())
    }
}
