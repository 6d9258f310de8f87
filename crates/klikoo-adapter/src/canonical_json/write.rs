//! Writes a JSON tree in the canonical style, or in one of the styles that other languages default
//! to: the diagnosis of a foreign signature needs those.

use std::fmt::Write as _;

use super::Node;

/// The order of an object's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// By code point, at every level.
    Sorted,
    AsWritten,
}

/// White space between tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spacing {
    None,
    /// One line, with `", "` and `": "`: what Python's `json.dumps` writes.
    OneLine,
    /// One member per line, each level indented by this text.
    Indented(&'static str),
}

/// Which characters of a string are written as escapes beyond those that JSON demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escapes {
    Mandatory,
    /// Everything outside ASCII as `\uXXXX`: Python's default.
    NonAscii,
    /// `<`, `>`, `&`, U+2028 and U+2029: Go's default.
    Html,
    /// `/` as `\/` and everything outside ASCII: PHP's default.
    SlashAndNonAscii,
    /// `/` as `\/` only: PHP with `JSON_UNESCAPED_UNICODE`.
    Slash,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) order: Order,
    pub(crate) spacing: Spacing,
    pub(crate) escapes: Escapes,
}

impl Style {
    pub(crate) const CANONICAL: Self = Self {
        order: Order::Sorted,
        spacing: Spacing::None,
        escapes: Escapes::Mandatory,
    };
}

pub(crate) fn write(node: &Node<'_>, style: Style) -> String {
    let mut out = String::new();
    push_node(&mut out, node, style, 0);
    out
}

fn push_node(out: &mut String, node: &Node<'_>, style: Style, level: usize) {
    match node {
        Node::Literal(text) => out.push_str(text),
        Node::Text(text) => push_text(out, text, style.escapes),
        Node::Array(items) => push_list(out, style, level, ('[', ']'), items, |out, item| {
            push_node(out, item, style, level + 1);
        }),
        Node::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            if style.order == Order::Sorted {
                // Bytes of UTF-8 sort as code points do.
                members.sort_by(|(one, _), (other, _)| one.cmp(other));
            }
            push_list(
                out,
                style,
                level,
                ('{', '}'),
                &members,
                |out, (key, value)| {
                    push_text(out, key, style.escapes);
                    out.push(':');
                    if style.spacing != Spacing::None {
                        out.push(' ');
                    }
                    push_node(out, value, style, level + 1);
                },
            );
        }
    }
}

fn push_list<T>(
    out: &mut String,
    style: Style,
    level: usize,
    (open, close): (char, char),
    items: &[T],
    push_item: impl Fn(&mut String, &T),
) {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        match style.spacing {
            Spacing::None => {}
            Spacing::OneLine if index == 0 => {}
            Spacing::OneLine => out.push(' '),
            Spacing::Indented(indent) => push_line(out, indent, level + 1),
        }
        push_item(out, item);
    }
    if let (Spacing::Indented(indent), false) = (style.spacing, items.is_empty()) {
        push_line(out, indent, level);
    }
    out.push(close);
}

fn push_line(out: &mut String, indent: &str, level: usize) {
    out.push('\n');
    for _ in 0..level {
        out.push_str(indent);
    }
}

fn push_text(out: &mut String, text: &str, escapes: Escapes) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '/' if matches!(escapes, Escapes::Slash | Escapes::SlashAndNonAscii) => {
                out.push_str("\\/");
            }
            c if must_escape(c, escapes) => push_escape(out, c),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn must_escape(c: char, escapes: Escapes) -> bool {
    c < ' '
        || match escapes {
            Escapes::Mandatory | Escapes::Slash => false,
            Escapes::NonAscii | Escapes::SlashAndNonAscii => !c.is_ascii(),
            Escapes::Html => matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}'),
        }
}

fn push_escape(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        // Writing to a `String` cannot fail.
        let _ = write!(out, "\\u{unit:04x}");
    }
}
