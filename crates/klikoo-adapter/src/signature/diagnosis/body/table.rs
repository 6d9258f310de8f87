//! The wrong ways to write and to hash a body.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::super::{Slip, slip};
use crate::canonical_json::{Escapes, Order, Spacing};

const UNSORTED: Slip = slip(
    "body_unsorted",
    "the body was hashed with its keys in the order of the file; sort the keys at every level",
);
const PRETTY: Slip = slip(
    "body_pretty",
    "the body was hashed with line breaks and indents; minify it first",
);
const NEWLINE: Slip = slip(
    "body_trailing_newline",
    "the body was hashed with a line end after it; cut it off",
);

/// One axis of the ways to write one and the same JSON value, with what each is for people. The
/// right way is not listed.
pub(super) type Axis<T, const N: usize> = [(T, &'static str, Slip); N];
pub(super) const ORDERS: Axis<Order, 1> =
    [(Order::AsWritten, "keys in the file's order", UNSORTED)];
pub(super) const SPACINGS: Axis<Spacing, 4> = [
    (
        Spacing::OneLine,
        "spaces after commas and colons",
        slip(
            "body_spaces",
            "the body was hashed with spaces after its commas and colons (as Python's json.dumps writes it); minify it: separators=(',', ':')",
        ),
    ),
    (Spacing::Indented("  "), "indented by 2 spaces", PRETTY),
    (Spacing::Indented("    "), "indented by 4 spaces", PRETTY),
    (Spacing::Indented("\t"), "indented by tabs", PRETTY),
];
pub(super) const ESCAPES: Axis<Escapes, 4> = [
    (
        Escapes::NonAscii,
        "non-ASCII characters escaped",
        slip(
            "body_ascii_escapes",
            "the body was hashed with non-ASCII characters escaped (\\u00e9); write them as UTF-8 (Python: ensure_ascii=False)",
        ),
    ),
    (
        Escapes::Html,
        "<, > and & escaped",
        slip(
            "body_html_escapes",
            "the body was hashed with <, > and & escaped (\\u003c, as Go does); write them plainly (Go: SetEscapeHTML(false))",
        ),
    ),
    (
        Escapes::SlashAndNonAscii,
        "slashes and non-ASCII characters escaped",
        slip(
            "body_php_escapes",
            "the body was hashed with slashes and non-ASCII characters escaped (\\/ and \\u00e9, as PHP does); write them plainly (JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)",
        ),
    ),
    (
        Escapes::Slash,
        "slashes escaped",
        slip(
            "body_slash_escapes",
            "the body was hashed with slashes escaped (\\/, as PHP does); write them plainly (JSON_UNESCAPED_SLASHES)",
        ),
    ),
];
pub(super) const ENDINGS: Axis<&str, 2> = [
    ("\n", "a line end (LF) after it", NEWLINE),
    ("\r\n", "a line end (CR LF) after it", NEWLINE),
];
/// Bodies that have nothing to do with the right one.
pub(super) const STAND_INS: Axis<&str, 4> = [
    (
        "",
        "empty",
        slip(
            "body_missing",
            "an empty body was hashed; hash the very bytes that are sent",
        ),
    ),
    ("{}", "{}", EMPTY_VALUE),
    ("null", "null", EMPTY_VALUE),
    ("\"\"", "\"\"", EMPTY_VALUE),
];
const EMPTY_VALUE: Slip = slip(
    "body_empty_value",
    "an empty JSON value ({}, null or \"\") was hashed; hash the very bytes that are sent, or nothing where there is no body",
);

/// How the hash was written.
pub(super) type Form = fn(&[u8]) -> String;
pub(super) const FORMS: [(Form, &str, Slip); 3] = [
    (
        |hash| hex::encode_upper(hash),
        "its hash in upper-case hex",
        slip(
            "hash_upper_case",
            "the body's hash was written in upper-case hex; write it in lower case",
        ),
    ),
    (
        |hash| BASE64_STANDARD.encode(hash),
        "its hash in base64",
        slip(
            "hash_base64",
            "the body's hash was written in base64; write it in lower-case hex",
        ),
    ),
    (
        |_| String::new(),
        "its hash left out",
        slip(
            "hash_missing",
            "the hash's place was left empty; without a body it is the hash of nothing, e3b0c442…",
        ),
    ),
];

pub(super) const HASH_IS_BODY: Slip = slip(
    "hash_is_body",
    "the body itself was signed in the place of its hash; put its SHA-256 there, in lower-case hex",
);
