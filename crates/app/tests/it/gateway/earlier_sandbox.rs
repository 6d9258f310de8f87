//! A gateway with the sandbox inside it, started again: the ledger is kept, the sandbox is a new one.

use serde_json::Value;

use super::served::Served;
use crate::harness::{Rig, order};

#[test]
fn a_hold_of_an_earlier_sandbox_gets_nobody_elses_ticket() {
    let rig = Rig::new();
    rig.place.write("seatblock.toml", "");
    let first = Served::start(&rig, &[]);
    let early = first.post("/v1/holds", &order("early", "8"));
    assert_eq!(early.status, 201, "{early:?}");
    let booked = first.post("/v1/holds", &order("booked", "7"));
    assert_eq!(booked.status, 201, "{booked:?}");
    let ticket = first.post("/v1/holds/booked/ticket", &Value::Null);
    assert_eq!(ticket.status, 200, "{ticket:?}");
    assert_eq!(first.stop().code, 0);

    let second = Served::start(&rig, &[]);
    let late = second.post("/v1/holds", &order("late", "9"));
    assert_eq!(late.status, 201, "{late:?}");
    // The trap: both sandboxes count from the same number.
    let number = |answer: &super::served::Answer| answer.json()["transaction_id"].clone();
    assert_eq!(number(&early), number(&late));
    for path in ["/v1/holds/early/ticket", "/v1/holds/early/inquiry"] {
        let refused = second.post(path, &Value::Null);
        assert_eq!(refused.status, 409, "{path}: {refused:?}");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("sandbox of an earlier run"), "{detail}");
        assert_eq!(refused.json()["may_be_held"], true);
    }
    let own = second.post("/v1/holds/late/ticket", &Value::Null);
    assert_eq!(own.status, 200, "{own:?}");
    // What has a ticket is told from the ledger, and needs no sandbox.
    let again = second.post("/v1/holds/booked/ticket", &Value::Null);
    assert_eq!(again.status, 200, "{again:?}");
    assert_eq!(again.json()["booking"], ticket.json()["booking"]);
    assert_eq!(second.stop().code, 0);
}
