//! The body of a callback (`docs/klikoo-api.md` §6): hostile input, read in one pass.

use std::fmt;

use booking_domain::{PartnerReference, ProviderStatus, TransactionId};
use booking_ports::{Callback, CallbackError, CallbackParser};
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::canonical_json::{Node, parse_value};
use crate::printable::Mask;
use crate::status::provider_status;

/// Longest body that is read. A documented one stays below a hundredth of it.
const BODY_MAX: usize = 64 * 1024;

/// Deepest nesting that is read. A documented body has one level.
const DEEPEST: usize = 32;

const REFERENCE: &str = "partner_reference_id";
const TRANSACTION: &str = "transaction_id";
const STATUS: &str = "transaction_status";

/// Reads Klikoo's callbacks. Keeps the contract of [`CallbackParser`]: what it reads is a hint.
///
/// A JSON object of up to 64 KiB and 32 levels, in UTF-8. `transaction_status` has to be there, and
/// `partner_reference_id` or `transaction_id`; what else there is, is passed over.
///
/// ```
/// use booking_ports::CallbackParser;
/// use klikoo_adapter::KlikooCallbacks;
///
/// let body = br#"{"partner_reference_id":"1238","transaction_id":14429004,"transaction_status":"SUCCESS"}"#;
/// let callback = KlikooCallbacks.parse(body).unwrap();
/// assert_eq!(callback.transaction_id.unwrap().as_str(), "14429004");
/// assert!(KlikooCallbacks.parse(b"{}").is_err());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct KlikooCallbacks;

impl CallbackParser for KlikooCallbacks {
    fn parse(&self, body: &[u8]) -> Result<Callback, CallbackError> {
        if body.len() > BODY_MAX {
            return Err(CallbackError::TooLong { limit: BODY_MAX });
        }
        let text = std::str::from_utf8(body).map_err(|_| CallbackError::NotUtf8)?;
        if is_deeper(text, DEEPEST) {
            return Err(CallbackError::TooDeep { limit: DEEPEST });
        }
        let members = members(text)?;
        if let Some(member) = members.twice {
            return Err(CallbackError::Twice { member });
        }
        let callback = Callback {
            reference: members.reference()?,
            transaction_id: members.transaction_id()?,
            status: members.status()?,
        };
        if callback.reference.is_none() && callback.transaction_id.is_none() {
            return Err(CallbackError::Missing {
                member: "partner_reference_id and no transaction_id",
            });
        }
        Ok(callback)
    }
}

/// Whether brackets outside of strings are nested deeper than `limit`. Of a text that is no JSON it
/// may say anything: that is found later.
fn is_deeper(text: &str, limit: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

/// The members that count, as they stand in the body.
#[derive(Default)]
struct Members<'a> {
    reference: Option<&'a RawValue>,
    transaction_id: Option<&'a RawValue>,
    status: Option<&'a RawValue>,
    twice: Option<&'static str>,
}

fn members(text: &str) -> Result<Members<'_>, CallbackError> {
    struct Reader;

    impl<'de> Visitor<'de> for Reader {
        type Value = Members<'de>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Members::default();
            while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                let (name, place) = match &*key {
                    REFERENCE => (REFERENCE, &mut members.reference),
                    TRANSACTION => (TRANSACTION, &mut members.transaction_id),
                    STATUS => (STATUS, &mut members.status),
                    _ => {
                        map.next_value::<IgnoredAny>()?;
                        continue;
                    }
                };
                if place.replace(map.next_value()?).is_some() {
                    members.twice.get_or_insert(name);
                }
            }
            Ok(members)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(text);
    // Its own words may quote the body.
    let not_an_object = |_| CallbackError::NotAnObject;
    let members = reader.deserialize_map(Reader).map_err(not_an_object)?;
    reader.end().map_err(not_an_object)?;
    Ok(members)
}

impl Members<'_> {
    fn reference(&self) -> Result<Option<PartnerReference>, CallbackError> {
        id(self.reference, REFERENCE, |text| {
            PartnerReference::new(text).ok()
        })
    }

    fn transaction_id(&self) -> Result<Option<TransactionId>, CallbackError> {
        id(self.transaction_id, TRANSACTION, TransactionId::new)
    }

    fn status(&self) -> Result<ProviderStatus, CallbackError> {
        let status = self
            .status
            .ok_or(CallbackError::Missing { member: STATUS })?;
        let word = match parse_value(status) {
            Ok(Node::Text(word)) => provider_status(&word, || Mask::secrets(&[])),
            _ => None,
        };
        word.ok_or(CallbackError::Odd { member: STATUS })
    }
}

/// A text or a whole number that `make` takes; none where it is absent, `null` or empty.
fn id<T>(
    value: Option<&RawValue>,
    member: &'static str,
    make: impl FnOnce(String) -> Option<T>,
) -> Result<Option<T>, CallbackError> {
    let odd = CallbackError::Odd { member };
    let text = match value.map(parse_value).transpose().map_err(|_| odd)? {
        None | Some(Node::Literal("null")) => return Ok(None),
        Some(node) => node.text_or_whole().ok_or(odd)?,
    };
    if text.is_empty() {
        return Ok(None);
    }
    make(text.into_owned()).map(Some).ok_or(odd)
}
