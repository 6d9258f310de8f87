//! Why a text has no canonical form.

use thiserror::Error;

/// A text that has no canonical JSON form. It names places and keys, never values.
///
/// ```
/// use klikoo_adapter::{CanonicalJsonError, canonical_json};
///
/// let error = canonical_json(br#"{"departure":{"trip_id":1,"trip_id":2}}"#).unwrap_err();
/// assert_eq!(error, CanonicalJsonError::DuplicateKey { path: "departure.trip_id".into() });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CanonicalJsonError {
    /// Bytes that are not UTF-8.
    #[error("the JSON is not UTF-8 from byte {offset} on; save the file as UTF-8")]
    NotUtf8 {
        /// How many bytes before it are sound.
        offset: usize,
    },
    /// Not JSON, or more than one value.
    #[error("this is not one JSON value: see line {line}, column {column}")]
    Syntax {
        /// Line of the fault, counted from 1.
        line: usize,
        /// Column of the fault in bytes, counted from 1.
        column: usize,
    },
    /// A `\ud800` to `\udfff` escape without its other half.
    #[error(
        "the text at `{path}` holds half of a surrogate pair; write the character itself, or both halves"
    )]
    LoneSurrogate {
        /// Where, as `departure.passengers[0].name`; `(root)` for the whole.
        path: String,
    },
    /// An object that names a key twice. Readers differ in which one they take, so none is right.
    #[error("the key `{path}` stands there twice; leave one of them")]
    DuplicateKey {
        /// Where, as `departure.passengers[0].name`.
        path: String,
    },
    /// Nested deeper than 128 levels.
    #[error("the JSON is nested deeper than {limit} levels; an order needs 5")]
    TooDeep {
        /// The deepest nesting that is read.
        limit: usize,
    },
}
