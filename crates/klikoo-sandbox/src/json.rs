//! Reading JSON as strictly as the given document describes it.
//!
//! serde's derived readers take an array where an object is documented, and
//! `serde_json::Value` keeps the last of two equal keys in silence. A judge of
//! clients must refuse both, so objects are read member by member here.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::answer::{Answer, Case, EMPTY, Service, VALIDATION};

/// Why a body was refused: the case and a sentence that names the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) case: Case,
    pub(crate) why: String,
}

impl Problem {
    pub(crate) fn invalid(why: String) -> Self {
        Self {
            case: VALIDATION,
            why,
        }
    }

    pub(crate) fn answer(&self, service: Service) -> Answer {
        Answer::refusal_because(self.case, service, &self.why)
    }
}

/// A JSON value in which no object has the same key twice. No `Debug`: its
/// texts are personal data.
#[derive(Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool,
    Integer(u64),
    OtherNumber,
    String(String),
    Array(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// Reads one whole document. Deeper than 128 levels is an error of the reader.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, Problem> {
        let mut reader = serde_json::Deserializer::from_slice(text);
        let value = JsonSeed
            .deserialize(&mut reader)
            .and_then(|value| reader.end().map(|()| value))
            .map_err(|error| {
                Problem::invalid(format!("the body is not one JSON value: {error}"))
            })?;
        Ok(value)
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Integer(_) => "an integer",
            Self::OtherNumber => "a number that is no whole, unsigned one",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

struct JsonSeed;

impl<'de> DeserializeSeed<'de> for JsonSeed {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Json, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonSeed {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Bool)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Integer(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::OtherNumber)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::OtherNumber)
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(JsonSeed)? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = BTreeMap::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(JsonSeed)?;
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("the key {key:?} stands twice")));
            }
            object.insert(key, value);
        }
        Ok(Json::Object(object))
    }
}

/// An object whose members are taken one by one; what is left over is unknown.
pub(crate) struct Members {
    path: String,
    members: BTreeMap<String, Json>,
}

impl Members {
    /// The members of a body, which must be an object.
    pub(crate) fn of_body(text: &[u8]) -> Result<Self, Problem> {
        Self::of(Json::parse(text)?, String::new())
    }

    fn of(value: Json, path: String) -> Result<Self, Problem> {
        match value {
            Json::Object(members) => Ok(Self { path, members }),
            other => Err(wrong(&path, "an object", &other)),
        }
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    fn take(&mut self, name: &str) -> Result<Json, Problem> {
        self.members
            .remove(name)
            .ok_or_else(|| Problem::invalid(format!("`{}` is missing", self.path_of(name))))
    }

    /// A string that must be there and must not be empty.
    pub(crate) fn string(&mut self, name: &str) -> Result<String, Problem> {
        match self.take(name)? {
            Json::String(text) if text.is_empty() => Err(Problem {
                case: EMPTY,
                why: format!("`{}` must not be empty", self.path_of(name)),
            }),
            Json::String(text) => Ok(text),
            other => Err(wrong(&self.path_of(name), "a string", &other)),
        }
    }

    /// A string that may be absent, `null` or empty.
    pub(crate) fn optional_string(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.members.remove(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(&self.path_of(name), "a string", &other)),
        }
    }

    /// A whole number of zero or more: written without fraction or exponent.
    pub(crate) fn integer(&mut self, name: &str) -> Result<u64, Problem> {
        match self.take(name)? {
            Json::Integer(number) => Ok(number),
            other => Err(wrong(&self.path_of(name), "a whole number", &other)),
        }
    }

    /// An object that must be there.
    pub(crate) fn object(&mut self, name: &str) -> Result<Self, Problem> {
        let value = self.take(name)?;
        Self::of(value, self.path_of(name))
    }

    /// An object that may be absent or `null`.
    pub(crate) fn optional_object(&mut self, name: &str) -> Result<Option<Self>, Problem> {
        match self.members.remove(name) {
            None | Some(Json::Null) => Ok(None),
            Some(value) => Self::of(value, self.path_of(name)).map(Some),
        }
    }

    /// An array of objects with at least one of them.
    pub(crate) fn objects(&mut self, name: &str) -> Result<Vec<Self>, Problem> {
        let path = self.path_of(name);
        match self.take(name)? {
            Json::Array(items) if items.is_empty() => Err(Problem {
                case: EMPTY,
                why: format!("`{path}` must not be empty"),
            }),
            Json::Array(items) => items
                .into_iter()
                .enumerate()
                .map(|(index, item)| Self::of(item, format!("{path}[{index}]")))
                .collect(),
            other => Err(wrong(&path, "an array of objects", &other)),
        }
    }

    /// Any value at all, where the documents do not say its type.
    pub(crate) fn anything(&mut self, name: &str) -> Option<Json> {
        self.members.remove(name)
    }

    /// Refuses what nobody took.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        match self.members.keys().next() {
            None => Ok(()),
            Some(name) => Err(Problem::invalid(format!(
                "`{}` is not a documented field",
                self.path_of(name)
            ))),
        }
    }
}

fn wrong(path: &str, wanted: &str, found: &Json) -> Problem {
    let path = if path.is_empty() { "the body" } else { path };
    Problem::invalid(format!("`{path}` must be {wanted}, not {}", found.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> String {
        Members::of_body(text.as_bytes())
            .and_then(|mut body| {
                body.string("a")?;
                body.integer("n")?;
                body.finish()
            })
            .map_or_else(|problem| problem.why, |()| "accepted".to_owned())
    }

    #[test]
    fn names_the_field_and_what_it_must_be() {
        assert_eq!(why(r#"{"a":"x","n":1}"#), "accepted");
        assert_eq!(
            why(r#"{"a":1,"n":1}"#),
            "`a` must be a string, not an integer"
        );
        assert_eq!(
            why(r#"{"a":"x","n":"1"}"#),
            "`n` must be a whole number, not a string"
        );
        assert_eq!(why(r#"{"a":"","n":1}"#), "`a` must not be empty");
        assert_eq!(why(r#"{"a":"x"}"#), "`n` is missing");
        assert_eq!(
            why(r#"{"a":"x","n":1,"z":0}"#),
            "`z` is not a documented field"
        );
        assert_eq!(
            why(r#"["x",1]"#),
            "`the body` must be an object, not an array"
        );
        for number in ["1.0", "1e3", "-1", "18446744073709551616"] {
            let text = format!(r#"{{"a":"x","n":{number}}}"#);
            assert!(why(&text).contains("no whole, unsigned"), "{number}");
        }
    }

    #[test]
    fn refuses_what_is_not_one_plain_json_value() {
        for text in [
            "",
            "{",
            "{} {}",
            "nul",
            r#"{"a":"x","a":"y","n":1}"#,
            "{\"a\":\"\u{0}\"}",
            r#"{"a":"\ud800","n":1}"#,
        ] {
            assert!(
                why(text).starts_with("the body is not one JSON value"),
                "{text}"
            );
        }
        assert!(Json::parse(b"\"\xff\"").is_err());
        assert!(Json::parse("[".repeat(100_000).as_bytes()).is_err());
    }
}
