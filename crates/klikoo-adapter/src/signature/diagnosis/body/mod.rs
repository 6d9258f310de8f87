//! What people hash instead of the canonical body, and how they write the hash.

mod table;

use aws_lc_rs::digest::{SHA256, digest};

use self::table::{Axis, ENDINGS, ESCAPES, FORMS, HASH_IS_BODY, ORDERS, SPACINGS, STAND_INS};
use super::{Mistake, Part, Slip};
use crate::canonical_json::{Escapes, Node, Order, Spacing, Style, parse, write};

/// Every hash that the body's place in the signed string may have held, with the colon before it.
pub(super) fn hashes(body: &[u8]) -> Part {
    let mut part = Part::new("body");
    for way in ways(body) {
        let value = format!(":{}", hex::encode(&way.hash)).into();
        part.add(way.form, value, way.mistakes.clone());
        for (write, form, slip) in FORMS {
            // Named once, with the right body; with the others it is one mistake of several.
            let form = if way.mistakes.is_empty() { form } else { "" };
            let mistakes = [way.mistakes.clone(), vec![slip.into()]].concat();
            part.add(form, format!(":{}", write(&way.hash)).into(), mistakes);
        }
    }
    let minified = parse(body).map(|tree| write(&tree, Style::CANONICAL).into_bytes());
    let minified = minified
        .as_deref()
        .map(|text| (text, "minified and sorted"));
    for (text, which) in minified.into_iter().chain([(body, "as given")]) {
        let form = format!("the body itself, {which}, in its hash's place");
        part.add(form, [b":", text].concat(), vec![HASH_IS_BODY.into()]);
    }
    part
}

/// One way to arrive at bytes that are hashed.
struct Way {
    hash: Vec<u8>,
    form: &'static str,
    mistakes: Vec<Mistake>,
}

impl Way {
    fn new(text: &[u8], form: &'static str, mistakes: Vec<Mistake>) -> Self {
        let hash = digest(&SHA256, text).as_ref().to_vec();
        Self {
            hash,
            form,
            mistakes,
        }
    }
}

/// The right body first, then all others, fewest mistakes first.
fn ways(file: &[u8]) -> Vec<Way> {
    let mut ways = if let Ok(tree) = parse(file) {
        let mut ways = styles(&tree);
        ways.sort_by_key(|way| way.mistakes.len());
        // After the ways that are one mistake off, before those that are two: a file may be
        // unsorted and indented at once, and whoever hashes it as it stands made one mistake.
        let singles = ways.partition_point(|way| way.mistakes.len() < 2);
        let as_it_stands = Way::new(
            file,
            "as it stands in the file",
            vec![as_in_file(file, &tree)],
        );
        ways.insert(singles, as_it_stands);
        ways
    } else {
        let right = if file.is_empty() { "empty" } else { "as given" };
        let ended = ENDINGS.iter().map(|(ending, form, slip)| {
            let text = [file, ending.as_bytes()].concat();
            Way::new(&text, form, vec![(*slip).into()])
        });
        std::iter::once(Way::new(file, right, vec![]))
            .chain(ended)
            .collect()
    };
    for (text, form, slip) in STAND_INS {
        ways.push(Way::new(text.as_bytes(), form, vec![slip.into()]));
    }
    ways
}

/// Every way to write the value: all axes crossed.
fn styles(tree: &Node<'_>) -> Vec<Way> {
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
                    let odd = [unsorted, spaced, escaped, ended].into_iter().flatten();
                    let (forms, mistakes): (Vec<_>, Vec<Mistake>) =
                        odd.map(|(form, slip)| (form, slip.into())).unzip();
                    let form = match forms[..] {
                        [] => "minified, keys sorted",
                        [form] => form,
                        _ => "",
                    };
                    ways.push(Way::new(
                        format!("{text}{ending}").as_bytes(),
                        form,
                        mistakes,
                    ));
                }
            }
        }
    }
    ways
}

fn axis<T: Copy, const N: usize>(
    right: T,
    wrong: &Axis<T, N>,
) -> impl Iterator<Item = (T, Option<(&'static str, Slip)>)> {
    let wrong = wrong
        .iter()
        .map(|(value, form, slip)| (*value, Some((*form, *slip))));
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
