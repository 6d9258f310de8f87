//! What people hash instead of the canonical body, and how they write the hash.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::{Mistake, Part, Slip, add, slip};
use crate::canonical_json::{Escapes, Node, Order, Spacing, Style, parse, write};

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

/// One axis of the ways to write one and the same JSON value. The right way is not listed.
const ORDERS: [(Order, Slip); 1] = [(Order::AsWritten, UNSORTED)];
const SPACINGS: [(Spacing, Slip); 4] = [
    (
        Spacing::OneLine,
        slip(
            "body_spaces",
            "the body was hashed with spaces after its commas and colons (as Python's json.dumps writes it); minify it: separators=(',', ':')",
        ),
    ),
    (Spacing::Indented("  "), PRETTY),
    (Spacing::Indented("    "), PRETTY),
    (Spacing::Indented("\t"), PRETTY),
];
const ESCAPES: [(Escapes, Slip); 4] = [
    (
        Escapes::NonAscii,
        slip(
            "body_ascii_escapes",
            "the body was hashed with non-ASCII characters escaped (\\u00e9); write them as UTF-8 (Python: ensure_ascii=False)",
        ),
    ),
    (
        Escapes::Html,
        slip(
            "body_html_escapes",
            "the body was hashed with <, > and & escaped (\\u003c, as Go does); write them plainly (Go: SetEscapeHTML(false))",
        ),
    ),
    (
        Escapes::SlashAndNonAscii,
        slip(
            "body_php_escapes",
            "the body was hashed with slashes and non-ASCII characters escaped (\\/ and \\u00e9, as PHP does); write them plainly (JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)",
        ),
    ),
    (
        Escapes::Slash,
        slip(
            "body_slash_escapes",
            "the body was hashed with slashes escaped (\\/, as PHP does); write them plainly (JSON_UNESCAPED_SLASHES)",
        ),
    ),
];
const ENDINGS: [(&str, Slip); 2] = [("\n", NEWLINE), ("\r\n", NEWLINE)];
/// Bodies that have nothing to do with the right one.
const STAND_INS: [(&str, Slip); 4] = [
    (
        "",
        slip(
            "body_missing",
            "an empty body was hashed; hash the very bytes that are sent",
        ),
    ),
    ("{}", EMPTY_VALUE),
    ("null", EMPTY_VALUE),
    ("\"\"", EMPTY_VALUE),
];
const EMPTY_VALUE: Slip = slip(
    "body_empty_value",
    "an empty JSON value ({}, null or \"\") was hashed; hash the very bytes that are sent, or nothing where there is no body",
);

/// How the hash was written.
type Form = fn(&[u8]) -> String;
const FORMS: [(Slip, Form); 3] = [
    (
        slip(
            "hash_upper_case",
            "the body's hash was written in upper-case hex; write it in lower case",
        ),
        |hash| hex::encode_upper(hash),
    ),
    (
        slip(
            "hash_base64",
            "the body's hash was written in base64; write it in lower-case hex",
        ),
        |hash| BASE64_STANDARD.encode(hash),
    ),
    (
        slip(
            "hash_missing",
            "the hash's place was left empty; without a body it is the hash of nothing, e3b0c442…",
        ),
        |_| String::new(),
    ),
];

const HASH_IS_BODY: Slip = slip(
    "hash_is_body",
    "the body itself was signed in the place of its hash; put its SHA-256 there, in lower-case hex",
);

/// Every hash that the body's place in the signed string may have held, with the colon before it.
pub(super) fn hashes(body: &[u8]) -> Part {
    let mut part = Part::new();
    for (hash, mistakes) in body_hashes(body) {
        add(
            &mut part,
            format!(":{}", hex::encode(&hash)).into(),
            mistakes.clone(),
        );
        for (slip, form) in FORMS {
            let mistakes = [mistakes.clone(), vec![slip.into()]].concat();
            add(&mut part, format!(":{}", form(&hash)).into(), mistakes);
        }
    }
    let minified = parse(body).map(|tree| write(&tree, Style::CANONICAL).into_bytes());
    for text in minified.as_deref().into_iter().chain([body]) {
        add(&mut part, [b":", text].concat(), vec![HASH_IS_BODY.into()]);
    }
    part
}

type Hashed = (Vec<u8>, Vec<Mistake>);

/// The right body first, then all others, fewest mistakes first.
fn body_hashes(file: &[u8]) -> Vec<Hashed> {
    let hash = |bytes: &[u8]| digest(&SHA256, bytes).as_ref().to_vec();
    let mut ways = match parse(file) {
        Ok(tree) => {
            let mut ways = styles(&tree, hash);
            ways.sort_by_key(|(_, mistakes)| mistakes.len());
            // After the ways that are one mistake off, before those that are two: a file may be
            // unsorted and indented at once, and whoever hashes it as it stands made one mistake.
            let singles = ways.partition_point(|(_, mistakes)| mistakes.len() < 2);
            ways.insert(singles, (hash(file), vec![as_in_file(file, &tree)]));
            ways
        }
        Err(_) => ENDINGS
            .iter()
            .map(|(ending, slip)| {
                (
                    hash(&[file, ending.as_bytes()].concat()),
                    vec![(*slip).into()],
                )
            })
            .fold(vec![(hash(file), vec![])], |mut ways, way| {
                ways.push(way);
                ways
            }),
    };
    for (text, slip) in STAND_INS {
        ways.push((hash(text.as_bytes()), vec![slip.into()]));
    }
    ways
}

/// Every way to write the value: all axes crossed.
fn styles(tree: &Node<'_>, hash: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Hashed> {
    let mut ways = Vec::new();
    for (order, unsorted) in axis(Order::Sorted, &ORDERS) {
        for (spacing, spaced) in axis(Spacing::None, &SPACINGS) {
            for (escapes, escaped) in axis(Escapes::Mandatory, &ESCAPES) {
                let style = Style {
                    order,
                    spacing,
                    escapes,
                };
                let text = write(tree, style);
                for (ending, ended) in axis("", &ENDINGS) {
                    let slips = [unsorted, spaced, escaped, ended];
                    let mistakes = slips.into_iter().flatten().map(Mistake::from).collect();
                    ways.push((hash(format!("{text}{ending}").as_bytes()), mistakes));
                }
            }
        }
    }
    ways
}

fn axis<T: Copy>(right: T, wrong: &[(T, Slip)]) -> impl Iterator<Item = (T, Option<Slip>)> {
    let wrong = wrong.iter().map(|(value, slip)| (*value, Some(*slip)));
    std::iter::once((right, None)).chain(wrong)
}

fn as_in_file(file: &[u8], tree: &Node<'_>) -> Mistake {
    let unsorted = Style {
        order: Order::AsWritten,
        ..Style::CANONICAL
    };
    let differences = [
        (
            write(tree, unsorted) != write(tree, Style::CANONICAL),
            "its keys are not sorted",
        ),
        (
            has_white_space(file.trim_ascii()),
            "it has white space between its parts (it is not minified)",
        ),
        (file.trim_ascii() != file, "it has white space around it"),
    ];
    let mut found: Vec<&str> = differences
        .into_iter()
        .filter_map(|(differs, text)| differs.then_some(text))
        .collect();
    if found.is_empty() {
        found.push("it writes characters as escapes that need none");
    }
    Mistake {
        code: "body_as_in_file",
        message: format!(
            "the body was hashed as it stands in the file: {}; sort its keys, minify it, and hash the bytes that are sent",
            found.join(", ")
        ),
    }
}

/// Whether sound JSON has white space outside its strings.
fn has_white_space(json: &[u8]) -> bool {
    let (mut in_string, mut escaped) = (false, false);
    json.iter().any(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            _ => return !in_string && byte.is_ascii_whitespace(),
        }
        false
    })
}
