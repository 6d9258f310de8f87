//! A provider's text reaches a terminal as text: nothing in it moves the cursor, paints, or hides.

use klikoo_sandbox::{Fault, Rule};
use serde_json::{Value, json};

use crate::harness::{Place, Ran, Rig, order};

/// Paints, rings, goes back, clears by a C1 control, turns the direction of reading.
const HOSTILE: &str = "\u{1b}[31mred\u{1b}]0;title\u{7}\r\u{8}\u{9b}2J\u{202e}\n\u{2028}fix";

fn answer(path: &str, status: u16, code: &str, data: &Value) -> Rule {
    let body = json!({"response_code": code, "response_message": HOSTILE, "data": data});
    let fault = Fault::Reply {
        execute: false,
        status,
        headers: [("content-type".to_owned(), "application/json".to_owned())].into(),
        body: body.to_string(),
    };
    Rule::new(fault).path(path)
}

fn assert_harmless(ran: &Ran) {
    let written = ran.everything();
    let raw = written
        .chars()
        .find(|c| (c.is_control() && *c != '\n') || matches!(c, '\u{2028}'..='\u{202e}'));
    assert_eq!(raw, None, "{ran:?}");
    assert!(!written.contains("\nfix\n"), "{ran:?}");
}

#[test]
fn no_reply_to_a_block_is_written_raw() {
    let hold = json!({"transaction_id": "14429004", "status": HOSTILE, "expired_at": "2099-01-01T00:00:00+07:00"});
    let odd = json!({"transaction_id": HOSTILE, "status": "WAITING", "expired_at": HOSTILE});
    for (status, code, data, exit) in [
        (201, "201052001", &hold, 0),
        (201, "201052001", &odd, 6),
        (400, "400056510", &Value::Null, 4),
        (400, HOSTILE, &Value::Null, 6),
        (500, HOSTILE, &Value::Null, 6),
    ] {
        for options in [&["-vvv"][..], &["-vvv", "--json"]] {
            let rig = Rig::new();
            rig.sandbox
                .add_fault(answer("block-seat", status, code, data));
            let ran = rig.block(options, &order("r-1", "8"));
            assert_eq!(ran.code, exit, "{ran:?}");
            assert_harmless(&ran);
        }
    }
}

#[test]
fn no_seat_map_is_written_raw() {
    let seat = |name: &str| json!({"name": name, "row": 0, "column": 0, "price": HOSTILE});
    let trip = json!({
        "id": 188_336,
        "travel_name": HOSTILE,
        "bus_type": HOSTILE,
        "boarding_point_name": HOSTILE,
        "drop_point_name": HOSTILE,
        "depart_time": HOSTILE,
        "arrival_time": HOSTILE,
        "mandatory_fields": [HOSTILE],
        "seats": [seat("1"), seat(HOSTILE)],
    });
    for (status, code, data, exit) in [
        (200, "200052000", &trip, 0),
        (404, "404057003", &Value::Null, 4),
        (500, HOSTILE, &Value::Null, 1),
    ] {
        let rig = Rig::new();
        rig.sandbox
            .add_fault(answer("trips-detail", status, code, data));
        let ran = rig.place.run(["-vvv", "seats", "188336"]);
        assert_eq!(ran.code, exit, "{ran:?}");
        assert!(
            exit == 1 || ran.stdout.contains("\\u{1b}[31mred"),
            "{ran:?}"
        );
        assert_harmless(&ran);
        assert_harmless(&rig.place.run(["-vvv", "check"]));
    }
}

#[test]
fn no_refused_token_is_written_raw() {
    for (status, code) in [(401, "401016570"), (401, HOSTILE), (500, "500018504")] {
        let rig = Rig::new();
        rig.sandbox
            .add_fault(answer("access-token", status, code, &Value::Null));
        let ran = rig.block(&["-vvv"], &order("r-1", "8"));
        assert_eq!(ran.code, 5, "{ran:?}");
        assert_harmless(&ran);
        for command in [&["-vvv", "check"][..], &["-vvv", "seats", "188336"]] {
            let ran = rig.place.run(command.iter().copied());
            assert_eq!(ran.code, 1, "{ran:?}");
            assert_harmless(&ran);
        }
    }
}

#[test]
fn no_name_of_a_setting_is_written_raw() {
    let place = Place::new();
    place.write(
        "seatblock.toml",
        "[klikoo]\n\"a\\u001b[31m\\u009b2J\\nfix\" = 1\n",
    );
    for command in [&["seats", "188336"][..], &["check"]] {
        let ran = place.run(command.iter().copied());
        assert_eq!(ran.code, 1, "{ran:?}");
        assert_harmless(&ran);
    }
}
