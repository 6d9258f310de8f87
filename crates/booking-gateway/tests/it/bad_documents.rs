//! Documents that are no orders, made by rule from one that is.

use serde_json::{Value, json};

use crate::orders::PERSONAL;

/// The path of every value in `value`, the value itself first.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                pointers(member, &format!("{at}/{name}"), all);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
}

/// What stands in the place of a member.
fn instead() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!([]),
        json!({}),
        json!([[[[[]]]]]),
        json!({"a": {"b": {"c": null}}}),
        json!(""),
        json!(" "),
        json!("\0"),
        json!("a\nb"),
        json!("\u{1b}[2J"),
        json!("\u{202e}oof"),
        json!("\u{feff}"),
        json!("a".repeat(5_000)),
        json!("٣"),
        json!("'; DROP TABLE holds; --"),
        json!("{{7*7}}${7*7}<script>"),
        json!("../../../etc/passwd"),
    ]
}

pub(crate) fn replaced(order: &Value) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    pointers(order, "", &mut paths);
    let mut made = Vec::new();
    for path in &paths {
        for value in instead() {
            let mut other = order.clone();
            *other.pointer_mut(path).unwrap() = value;
            made.push(other.to_string().into_bytes());
        }
    }
    made
}

/// Each member taken out, doubled, and with a stranger beside it.
pub(crate) fn members(order: &Value) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    pointers(order, "", &mut paths);
    let mut made = Vec::new();
    for path in &paths {
        let Some(Value::Object(object)) = order.pointer(path) else {
            continue;
        };
        for name in object.keys() {
            let mut other = order.clone();
            other
                .pointer_mut(path)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(name);
            made.push(other.to_string().into_bytes());
            // serde_json writes no member twice, so a mark is turned into one.
            let mut other = order.clone();
            other.pointer_mut(path).unwrap()["MARK"] = object[name].clone();
            made.push(other.to_string().replace("MARK", name).into_bytes());
        }
        for name in [
            "",
            "x",
            "__proto__",
            "a.b",
            "$ref",
            "\u{0}",
            &"n".repeat(3_000),
        ] {
            let mut other = order.clone();
            other.pointer_mut(path).unwrap()[name] = json!(PERSONAL[3]);
            made.push(other.to_string().into_bytes());
        }
    }
    made
}

/// What is no JSON, or only nearly.
pub(crate) fn texts(order: &Value) -> Vec<Vec<u8>> {
    let text = order.to_string();
    let mut made: Vec<Vec<u8>> = [
        "",
        " ",
        "nul",
        "NaN",
        "'a'",
        "{\"a\":}",
        "[1,]",
        "{\"a\" 1}",
        "\u{0}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    for cut in (1..text.len()).step_by(9) {
        made.push(text.as_bytes()[..cut].to_vec());
    }
    for at in (0..text.len()).step_by(11) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = 0xff;
        made.push(bytes.clone());
        bytes[at] = 0;
        made.push(bytes);
    }
    for (before, after) in [
        ("\u{feff}\u{feff}", ""),
        ("", "{}"),
        ("", " x"),
        ("[", "]"),
        ("//\n", ""),
        ("", "\0"),
    ] {
        made.push(format!("{before}{text}{after}").into_bytes());
    }
    for depth in [33, 100, 127, 128, 1_000, 30_000] {
        made.push("[".repeat(depth).into_bytes());
        made.push(format!("{}{}", "[".repeat(depth), "]".repeat(depth)).into_bytes());
        made.push(
            format!("{}1{}", "{\"a\":".repeat(depth / 2), "}".repeat(depth / 2)).into_bytes(),
        );
    }
    for number in [
        "1e999",
        "-0",
        "00",
        "1.",
        "0x10",
        "9".repeat(400).as_str(),
        "1e-400",
    ] {
        made.push(text.replace("188336", number).into_bytes());
        made.push(text.replace("\"20000\"", number).into_bytes());
    }
    made.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    made.push(text.replace("Pandu", "\\ud800").into_bytes());
    made.push(format!("{}{text}", " ".repeat(66_000)).into_bytes());
    made
}
