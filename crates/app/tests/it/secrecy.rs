//! Markers planted in every personal field and secret appear in nothing that is written.

use klikoo_sandbox::{Fault, MAGIC_SEATS, Rule};
use serde_json::{Value, json};

use crate::harness::{Place, Ran, Rig};

const SECRET: &str = "MARKERSECRET0123456789abcdefghij";

/// Personal values, each in every form in which it could be repeated.
const MARKERS: [&str; 12] = [
    "Zulkarnainmarker",
    "Hutabaratmarker",
    "contactmarker",
    "mailmarker",
    "81298765432",
    "1987-06-05",
    "19870605",
    "MARKERID123456",
    "Wulandarimarker",
    "1991-03-04",
    "MARKERID777777",
    SECRET,
];

fn order(reference: &str, seat: &str) -> Value {
    let passenger = |seat: &str, name: &str, dob: &str, number: &str| json!({"seat_name": seat, "name": name, "dob": dob, "gender": "female", "id_card_number": number});
    json!({
        "product_code": "BUS",
        "selling_price": "20000",
        "partner_reference_no": reference,
        "order_detail": {
            "name": "Contactmarker Zulkarnainmarker",
            "email": "mailmarker@example.co.id",
            "phone_number": "+6281298765432"
        },
        "departure": {"trip_id": 188_336, "passengers": [
            passenger(seat, "Zulkarnainmarker Hutabaratmarker", "1987-06-05", "MARKERID123456")
        ]},
        "return": {"trip_id": 188_400, "passengers": [
            passenger(seat, "Wulandarimarker", "1991-03-04", "MARKERID777777")
        ]}
    })
}

fn rig() -> Rig {
    let rig = Rig::with(|builder| builder.client_secret(SECRET));
    rig.settings("connect_timeout = \"500ms\"\ntimeout = \"1500ms\"");
    rig
}

fn assert_clean(what: &str, ran: &Ran, key: &str) {
    let written = ran.everything().to_lowercase();
    // `eyJ` begins every token of the sandbox: a JWT.
    let more = [key, "eyj", "bearer "];
    for marker in MARKERS.iter().chain(&more) {
        assert!(
            !written.contains(&marker.to_lowercase()),
            "{what} shows {marker}: {ran:?}"
        );
    }
}

fn key_line(rig: &Rig) -> String {
    rig.sandbox
        .private_key_pem()
        .lines()
        .nth(1)
        .unwrap()
        .to_owned()
}

fn block(rig: &Rig, order: &Value, json: bool) -> Ran {
    rig.place.write("order.json", order.to_string());
    let options: &[&str] = if json { &["--json", "-vvv"] } else { &["-vvv"] };
    let arguments = options.iter().chain(&["block", "order.json"]).copied();
    rig.place.run_with(arguments, &[("RUST_LOG", "trace")])
}

#[test]
fn no_outcome_shows_a_person_or_a_secret() {
    let rig = rig();
    let key = key_line(&rig);
    let mut codes = Vec::new();
    for (index, word) in ["8"]
        .into_iter()
        .chain(MAGIC_SEATS.iter().map(|seat| seat.word))
        .enumerate()
    {
        let ran = block(&rig, &order(&format!("r-{index}"), word), index % 2 == 0);
        assert!(
            ran.stderr.contains("klikoo_adapter"),
            "logs are on: {ran:?}"
        );
        assert_clean(word, &ran, &key);
        codes.push(ran.code);
    }
    for code in [0, 4, 6, 9] {
        assert!(codes.contains(&code), "{code} was not among {codes:?}");
    }
}

#[test]
fn a_provider_that_repeats_everything_is_masked() {
    let rig = rig();
    let key = key_line(&rig);
    let sent = order("r-1", "8");
    // All values of the order in one message, and in every other text of a reply.
    let echo = "CONTACTMARKER zulkarnainmarker Hutabaratmarker mailmarker@example.co.id +6281298765432 081298765432 1987-06-05 19870605 05/06/1987 MARKERID123456 Wulandarimarker 1991-03-04 MARKERID777777 \u{1b}[31m";
    for (index, (status, code)) in [
        (400, "400056510"),
        (500, "500058504"),
        (201, "201052001"),
        (409, "409056563"),
    ]
    .into_iter()
    .enumerate()
    {
        let data = json!({"transaction_id": "14429004", "status": echo, "expired_at": "2099-01-01T00:00:00+07:00"});
        let body = json!({"response_code": code, "response_message": echo, "data": data});
        let fault = Fault::Reply {
            execute: false,
            status,
            headers: [("content-type".to_owned(), "application/json".to_owned())].into(),
            body: body.to_string(),
        };
        rig.sandbox.clear_faults();
        rig.sandbox.add_fault(Rule::new(fault).path("block-seat"));
        for json in [true, false] {
            let ran = block(&rig, &sent, json);
            assert_clean(&format!("reply {index}"), &ran, &key);
            assert!(!ran.everything().contains('\u{1b}'), "{ran:?}");
            assert!(matches!(ran.code, 0 | 4 | 6), "{ran:?}");
        }
    }
}

#[test]
fn an_order_that_is_invalid_or_not_sent_shows_nobody() {
    let rig = rig();
    let key = key_line(&rig);
    let sound = order("r-1", "8");
    let fields = [
        "/order_detail/name",
        "/order_detail/email",
        "/order_detail/phone_number",
        "/departure/passengers/0/name",
        "/departure/passengers/0/dob",
        "/departure/passengers/0/id_card_number",
    ];
    for field in fields {
        let mut bad = sound.clone();
        let value = bad.pointer_mut(field).unwrap();
        *value = json!(format!("{}\u{7}!", value.as_str().unwrap()));
        let ran = block(&rig, &bad, true);
        assert_eq!(ran.code, 3, "{field}: {ran:?}");
        assert_clean(field, &ran, &key);
    }
    let mut cut = sound.to_string();
    cut.truncate(cut.len() / 2);
    rig.place.write("order.json", cut);
    let ran = rig.place.run(["-vvv", "block", "order.json"]);
    assert_eq!(ran.code, 3);
    assert_clean("a cut document", &ran, &key);

    rig.place.write("order.json", sound.to_string());
    let closed = [
        ("SEATBLOCK_KLIKOO__BASE_URL", "http://127.0.0.1:1"),
        ("RUST_LOG", "trace"),
    ];
    let ran = rig.place.run_with(["-vvv", "block", "order.json"], &closed);
    assert_eq!(ran.code, 5);
    assert_clean("a closed port", &ran, &key);
    for command in [&["-vvv", "check"][..], &["-vvv", "seats", "188336"]] {
        let ran = rig
            .place
            .run_with(command.iter().copied(), &[("RUST_LOG", "trace")]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_clean("a question", &ran, &key);
    }
}

#[test]
fn settings_that_are_wrong_show_no_secret() {
    let secrets = [
        format!("client_secret = \"{SECRET}\\n\""),
        format!("client_secret = \"{SECRET}"),
        format!("client_secret = {SECRET}"),
        format!("client_secrett = \"{SECRET}\""),
        format!("client_secret = [\"{SECRET}\"]"),
        format!("client_secret = \"{SECRET}\"\nclient_secret = \"{SECRET}\""),
        format!("base_url = \"https://user:{SECRET}@example.com\""),
        format!("timeout = \"{SECRET}\""),
        format!("request_signature = \"{SECRET}\""),
    ];
    for lines in secrets {
        let place = Place::new();
        place.write("seatblock.toml", format!("[klikoo]\n{lines}\n"));
        place.write("order.json", order("r-1", "8").to_string());
        let ran = place.run(["-vvv", "block", "order.json"]);
        assert_eq!(ran.code, 1, "{lines}: {ran:?}");
        assert_clean(&lines, &ran, SECRET);
        let ran = place.run(["check"]);
        assert_clean(&lines, &ran, SECRET);
    }
}

#[test]
fn the_markers_are_looked_for_where_they_would_be() {
    let rig = rig();
    let ran = block(&rig, &order("r-1", "8"), true);
    assert_eq!(ran.code, 0, "{ran:?}");
    let body = rig.sandbox.block_bodies().remove(0).to_lowercase();
    for marker in MARKERS
        .iter()
        .filter(|marker| **marker != SECRET && **marker != "19870605")
    {
        assert!(
            body.contains(&marker.to_lowercase()),
            "{marker} was never sent"
        );
    }
    assert_eq!(rig.sandbox.client_secret(), SECRET);
}
