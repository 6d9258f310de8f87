//! Orders that are none: exit 3, the paths, nothing sent.

use serde_json::{Value, json};

use crate::harness::{Rig, order};

/// A change to a sound order, and the path of the fault that it makes.
type Case = (&'static str, fn(&mut Value));

const PASSENGER: &str = "/departure/passengers/0";

fn set(order: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = order.pointer_mut(parent).unwrap();
    parent[name] = value;
}

fn remove(order: &mut Value, parent: &str, name: &str) {
    let parent = order.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    assert!(parent.remove(name).is_some());
}

fn passenger(order: &mut Value, name: &str, value: impl Into<Value>) {
    set(order, &format!("{PASSENGER}/{name}"), value.into());
}

const CASES: [Case; 43] = [
    ("product_code", |o| remove(o, "", "product_code")),
    ("departure", |o| remove(o, "", "departure")),
    ("order_detail.email", |o| {
        remove(o, "/order_detail", "email");
    }),
    ("departure.trip_id", |o| remove(o, "/departure", "trip_id")),
    ("departure.passengers[0].dob", |o| {
        remove(o, PASSENGER, "dob");
    }),
    ("seats", |o| set(o, "/seats", json!(1))),
    ("departure.passengers[0].seat", |o| {
        passenger(o, "seat", "8");
    }),
    ("departure", |o| set(o, "/departure", Value::Null)),
    ("departure", |o| set(o, "/departure", json!([]))),
    ("return", |o| set(o, "/return", json!("none"))),
    ("return.trip_id", |o| set(o, "/return", json!({}))),
    ("return.passengers[0].name", |o| {
        let mut back = o["departure"].clone();
        back["trip_id"] = json!(188_400);
        remove(&mut back, "/passengers/0", "name");
        set(o, "/return", back);
    }),
    ("return.trip_id", |o| {
        let back = o["departure"].clone();
        set(o, "/return", back);
    }),
    ("selling_price", |o| set(o, "/selling_price", json!(20000))),
    ("selling_price", |o| set(o, "/selling_price", json!("2e4"))),
    ("selling_price", |o| set(o, "/selling_price", json!("-1"))),
    ("selling_price", |o| {
        set(o, "/selling_price", json!("10000000000"));
    }),
    ("departure.trip_id", |o| {
        set(o, "/departure/trip_id", json!("188336"));
    }),
    ("departure.trip_id", |o| {
        set(o, "/departure/trip_id", json!(188_336.5));
    }),
    ("departure.trip_id", |o| {
        set(o, "/departure/trip_id", json!(0));
    }),
    ("departure.trip_id", |o| {
        set(o, "/departure/trip_id", json!(u64::MAX));
    }),
    ("departure.passengers", |o| {
        set(o, "/departure/passengers", json!([]));
    }),
    ("departure.passengers", |o| {
        set(o, "/departure/passengers", json!({}));
    }),
    ("departure.passengers", |o| {
        let one = o["departure"]["passengers"][0].clone();
        let many = (0..41).map(|seat| {
            let mut passenger = one.clone();
            passenger["seat_name"] = json!(format!("{seat}"));
            passenger
        });
        set(o, "/departure/passengers", many.collect());
    }),
    ("departure.passengers[1].seat_name", |o| {
        let one = o["departure"]["passengers"][0].clone();
        set(o, "/departure/passengers", json!([one, one]));
    }),
    ("product_code", |o| set(o, "/product_code", json!(""))),
    ("product_code", |o| {
        set(o, "/product_code", json!("B".repeat(33)));
    }),
    ("partner_reference_no", |o| {
        set(o, "/partner_reference_no", json!(""));
    }),
    ("partner_reference_no", |o| {
        set(o, "/partner_reference_no", json!("a b"));
    }),
    ("partner_reference_no", |o| {
        set(o, "/partner_reference_no", json!(1238));
    }),
    ("order_detail.email", |o| {
        set(o, "/order_detail/email", json!("pandu"));
    }),
    ("order_detail.phone_number", |o| {
        set(o, "/order_detail/phone_number", json!("0821 2227"));
    }),
    ("order_detail.phone_number", |o| {
        set(o, "/order_detail/phone_number", json!(82_122_274));
    }),
    ("order_detail.name", |o| {
        set(o, "/order_detail/name", json!("Pan\u{0}du"));
    }),
    ("departure.passengers[0].name", |o| {
        passenger(o, "name", "Pan\ndu");
    }),
    ("departure.passengers[0].name", |o| {
        passenger(o, "name", "   ");
    }),
    ("departure.passengers[0].name", |o| {
        passenger(o, "name", "n".repeat(101));
    }),
    ("departure.passengers[0].seat_name", |o| {
        passenger(o, "seat_name", " 8");
    }),
    ("departure.passengers[0].dob", |o| {
        passenger(o, "dob", "2023-02-29");
    }),
    ("departure.passengers[0].dob", |o| {
        passenger(o, "dob", "09-12-1996");
    }),
    ("departure.passengers[0].dob", |o| {
        passenger(o, "dob", "9999-12-31");
    }),
    ("departure.passengers[0].gender", |o| {
        passenger(o, "gender", "Male");
    }),
    ("departure.passengers[0].id_card_number", |o| {
        passenger(o, "id_card_number", "12-34");
    }),
];

#[test]
fn a_single_fault_is_named_by_its_path_and_nothing_is_sent() {
    let rig = Rig::new();
    for (index, (path, change)) in CASES.into_iter().enumerate() {
        let mut bad = order("r-1", "8");
        change(&mut bad);
        let ran = rig.block(&["--json"], &bad);
        assert_eq!(ran.code, 3, "case {index}, {path}: {ran:?}");
        let json = ran.json();
        let paths: Vec<&str> = json["problems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|problem| problem["path"].as_str().unwrap())
            .collect();
        assert!(paths.contains(&path), "case {index}: {path} in {paths:?}");
    }
    assert!(rig.sandbox.journal().is_empty());
}

#[test]
fn a_document_that_is_no_order_is_told_so_and_nothing_is_sent() {
    let rig = Rig::new();
    let sound = order("r-1", "8").to_string();
    let twice = sound.replacen(
        "\"selling_price\":",
        "\"selling_price\":\"1\",\"selling_price\":",
        1,
    );
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let huge = [b"[".as_slice(), &vec![b' '; 10 * 1024 * 1024], b"]"].concat();
    let mut latin = sound.clone().into_bytes();
    let name = latin
        .windows(5)
        .position(|window| window == b"Pandu")
        .unwrap();
    latin[name] = 0xe9;
    let documents: [(&str, Vec<u8>, &str); 12] = [
        ("empty", Vec::new(), "$"),
        ("blank", b" \n".to_vec(), "$"),
        ("cut", sound[..sound.len() - 9].into(), "$"),
        ("two", format!("{sound}{sound}").into(), "$"),
        ("no JSON", b"product_code: BUS".to_vec(), "$"),
        ("NUL", b"\0".to_vec(), "$"),
        (
            "raw control",
            sound.replace("Pandu", "Pan\u{1}du").into(),
            "$",
        ),
        ("a list", b"[]".to_vec(), "$"),
        ("a key twice", twice.into(), "selling_price"),
        ("deep", deep.into(), "$"),
        ("10 MB", huge, "$"),
        ("not UTF-8", latin, "$"),
    ];
    for (what, document, path) in documents {
        rig.place.write("order.json", document);
        let ran = rig.place.run(["--json", "block", "order.json"]);
        assert_eq!(ran.code, 3, "{what}: {ran:?}");
        assert_eq!(ran.json()["problems"][0]["path"], path, "{what}");
        assert!(ran.stdout.len() < 2_000, "{what}");
    }
    assert!(rig.sandbox.journal().is_empty());
}

#[test]
fn an_endless_stdin_is_read_no_further_than_an_order_can_be() {
    let rig = Rig::new();
    let mut command = rig.place.command(["--json", "block", "-"]);
    command.stdin(std::fs::File::open("/dev/zero").unwrap());
    let ran = crate::harness::Ran::from(command.output().unwrap());
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(ran.json()["problems"][0]["code"], "document_too_large");
}

#[test]
fn an_order_from_stdin_is_blocked() {
    let rig = Rig::new();
    let mut command = assert_cmd::Command::from_std(rig.place.command(["--json", "block", "-"]));
    let output = command
        .write_stdin(order("r-1", "8").to_string())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
}
