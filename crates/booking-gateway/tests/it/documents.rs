//! T15: documents that are no orders, made by rule from one that is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::{Ask, Line};
use crate::house::House;
use crate::log;
use crate::orders::{PERSONAL, there_and_back};

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

fn replaced(order: &Value) -> Vec<Vec<u8>> {
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
fn members(order: &Value) -> Vec<Vec<u8>> {
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
fn texts(order: &Value) -> Vec<Vec<u8>> {
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_document_brings_it_down_or_is_echoed() {
    let house = House::open().await;
    let key = house.master_key();
    let order = there_and_back("held-1");
    let mut documents = replaced(&order);
    documents.extend(members(&order));
    documents.extend(texts(&order));
    assert!(documents.len() >= 600, "{}", documents.len());
    let mut statuses = BTreeMap::new();
    let mut line = Line::open(house.at).await;
    let mut invalid = 0;
    for document in &documents {
        let ask = Ask::post("/v1/holds").key(&key).raw_json(document.clone());
        let reply = line.send(&ask).await;
        let (shown, sent) = (reply.text(), String::from_utf8_lossy(document));
        assert!(reply.status < 500, "{sent} -> {shown}");
        if reply.header("connection") == Some("close") || reply.status == 413 {
            line = Line::open(house.at).await;
        }
        if reply.status == 400 {
            invalid += 1;
            assert!(!reply.json()["detail"].as_str().unwrap().is_empty());
        }
        for personal in PERSONAL {
            assert!(!shown.contains(personal), "{sent} -> {shown}");
        }
        *statuses.entry(reply.status).or_insert(0) += 1;
    }
    println!("T15: {} documents: {statuses:?}", documents.len());
    assert!(invalid * 10 > documents.len() * 8, "{statuses:?}");
    let (lines, found) = log::found();
    assert!(lines > documents.len(), "{lines} lines were logged");
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test]
async fn a_document_is_nested_thirty_two_levels_deep_at_most() {
    let house = House::open().await;
    let key = house.master_key();
    let nested = |depth: usize| {
        let mut order = crate::orders::order("held-1").to_string();
        // The order itself is the first level.
        let inner = format!("{}{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        order.truncate(order.len() - 1);
        format!("{order},\"x\":{inner}}}")
    };
    let reply = async |text: String| {
        house
            .send(&Ask::post("/v1/holds").key(&key).raw_json(text))
            .await
    };
    let sound = reply(nested(32)).await;
    assert_eq!(
        sound.json()["problems"][0]["code"],
        "unknown_field",
        "{}",
        sound.text()
    );
    let deep = reply(nested(33)).await;
    assert_eq!(deep.status, 400);
    assert!(deep.text().contains("nested"), "{}", deep.text());
    // Brackets in a text are none.
    let mut order = crate::orders::order("held-2");
    order["order_detail"]["name"] = json!(format!("{}\\\"{}", "[".repeat(40), "{".repeat(40)));
    assert_eq!(reply(order.to_string()).await.status, 201);
}

#[tokio::test]
async fn a_body_has_to_be_json_of_its_type_and_length() {
    let house = House::open().await;
    let key = house.master_key();
    let order = crate::orders::order("held-1").to_string();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/jsonp",
        "application/json+x",
        "text/json",
        "json",
        ", application/json",
    ] {
        let mut ask = Ask::post("/v1/holds").key(&key).raw_json(order.clone());
        ask = ask.replacing("Content-Type", kind);
        assert_eq!(house.send(&ask).await.status, 415, "{kind:?}");
    }
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        let ask = Ask::post("/v1/holds").key(&key).raw_json(order.clone());
        assert_eq!(
            house
                .send(&ask.replacing("Content-Type", kind))
                .await
                .status,
            201
        );
    }
    let long = format!("{order}{}", " ".repeat(64 * 1024 - order.len()));
    assert_eq!(
        house
            .send(&Ask::post("/v1/holds").key(&key).raw_json(long.clone()))
            .await
            .status,
        201
    );
    let longer = format!("{long} ");
    assert_eq!(
        house
            .send(&Ask::post("/v1/holds").key(&key).raw_json(longer))
            .await
            .status,
        413
    );
}
