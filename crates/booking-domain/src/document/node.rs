//! A JSON document as a tree.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::fault::{Fault, FaultCode};
use crate::order::limits::DOCUMENT_MAX;

/// The limit of `serde_json` itself, which guards the stack.
const NESTING_MAX: usize = 128;

/// Reads `document` whole, or says why it is no JSON at all.
pub(super) fn parse(document: &[u8]) -> Result<Node, Fault> {
    let document_fault = |code, message: String| Fault::new("$", code, message);
    if document.len() > DOCUMENT_MAX {
        return Err(document_fault(
            FaultCode::DocumentTooLarge,
            format!("has more than {DOCUMENT_MAX} bytes; an order never needs as many"),
        ));
    }
    let text = std::str::from_utf8(document).map_err(|error| {
        let at = error.valid_up_to();
        document_fault(
            FaultCode::NotUtf8,
            format!("is not UTF-8 at byte {at}; save the file as UTF-8"),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| {
        // serde_json's own words may quote what it read, and that may be anybody's name.
        let reason = match error.classify() {
            serde_json::error::Category::Eof if text.trim().is_empty() => "is empty".to_owned(),
            serde_json::error::Category::Eof => "ends in the middle of its JSON".to_owned(),
            _ if error.to_string().starts_with("recursion limit") => {
                format!("nests deeper than {NESTING_MAX} levels")
            }
            _ => format!(
                "is not JSON at line {}, column {}",
                error.line(),
                error.column()
            ),
        };
        document_fault(
            FaultCode::NotJson,
            format!("{reason}; an order is a JSON object such as docs/examples/one-way.json"),
        )
    })
}

/// A JSON value that keeps what serde's maps lose: repeated keys.
pub(super) enum Node {
    Null,
    Bool,
    Integer(i64),
    OtherNumber,
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Integer(_) => "a number",
            Self::OtherNumber => "a number that is no whole number of this range",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Bool)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(i64::try_from(number).map_or(Node::OtherNumber, Node::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::OtherNumber)
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Node::Object(object))
    }
}
