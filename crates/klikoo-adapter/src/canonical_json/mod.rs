//! The one form of a JSON body that every reader of Klikoo's reference accepts.

mod error;
mod parse;
mod write;

pub use self::error::CanonicalJsonError;
pub(crate) use self::parse::{Node, parse, parse_value};
pub(crate) use self::write::{Escapes, Order, Spacing, Style, write};

/// JSON minified, with keys sorted at every level, as UTF-8.
///
/// Keys are ordered by code point. Numbers stay exactly as written, whatever their size. Strings
/// keep their characters and carry only the escapes that JSON demands. docs/klikoo-api.md, section
/// 2, says why this form satisfies both a server that hashes what it received and one that parses
/// and encodes anew.
///
/// ```
/// use klikoo_adapter::canonical_json;
///
/// let body = br#"{ "bank_code": "000", "account_number": true }"#;
/// assert_eq!(canonical_json(body)?, br#"{"account_number":true,"bank_code":"000"}"#);
///
/// let body = br#"{"b":"D\u00e9 <&>","a":12345678901234567890.10}"#;
/// assert_eq!(canonical_json(body)?, "{\"a\":12345678901234567890.10,\"b\":\"Dé <&>\"}".as_bytes());
/// # Ok::<(), klikoo_adapter::CanonicalJsonError>(())
/// ```
///
/// # Errors
/// [`CanonicalJsonError`], when `json` is not UTF-8, not one JSON value, nested deeper than 128
/// levels, or holds half of a surrogate pair or the same key twice in one object.
pub fn canonical_json(json: &[u8]) -> Result<Vec<u8>, CanonicalJsonError> {
    Ok(write(&parse(json)?, Style::CANONICAL).into_bytes())
}

#[cfg(test)]
mod tests;
