//! A record that cannot be read, among others that can.

use klikoo_sandbox::{Fault, Rule};
use serde_json::{Value, json};

use crate::gateway::served::Served;
use crate::harness::{Rig, order};

/// Three holds, of which the second is damaged.
fn rig() -> Rig {
    let rig = Rig::new();
    rig.settings("[ledger]\nurl = \"sqlite:l.db\"");
    for (reference, seat) in [("r-1", "7"), ("r-2", "8"), ("r-3", "9")] {
        let ran = rig.block(&["--json"], &order(reference, seat));
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    rig.sql(
        "l.db",
        "UPDATE holds SET hold = '{}' WHERE reference = 'r-2'",
    );
    rig
}

fn references(list: &Value) -> Vec<String> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let reference = |hold: &Value| hold["partner_reference_no"].as_str().unwrap().to_owned();
    list.iter().map(reference).collect()
}

#[test]
fn holds_shows_the_others_and_says_which_is_damaged() {
    let rig = rig();
    let ran = rig.place.run(["--json", "holds"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = ran.json();
    assert_eq!(references(&told["holds"]), ["r-1", "r-3"]);
    assert_eq!(references(&told["damaged"]), ["r-2"]);
    let ran = rig.place.run(["holds"]);
    assert!(ran.stdout.contains("r-2 is damaged ("), "{ran:?}");
    assert!(ran.stdout.contains("r-3"), "{ran:?}");
}

#[test]
fn recover_looks_after_the_others() {
    let rig = rig();
    let make_unsettled = "UPDATE holds SET unsettled = 1 WHERE reference = 'r-2'";
    rig.sql("l.db", make_unsettled);
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    assert_eq!(references(&ran.json()["damaged"]), ["r-2"]);
    let ran = rig.place.run(["recover"]);
    assert!(ran.stdout.contains("damaged"), "{ran:?}");
}

/// The record can be read, and one of its entries cannot; the other reference comes after it.
#[test]
fn recover_settles_what_comes_after_a_damaged_entry() {
    let rig = Rig::new();
    rig.settings("[ledger]\nurl = \"sqlite:l.db\"");
    for (reference, seat) in [("r-1", "7"), ("r-2", "8")] {
        rig.sandbox.clear_faults();
        rig.sandbox
            .add_fault(Rule::new(Fault::ExecuteThenCut).path("block-seat"));
        let ran = rig.block(&[], &order(reference, seat));
        assert_eq!(ran.code, 6, "{ran:?}");
    }
    rig.sandbox.clear_faults();
    rig.sql(
        "l.db",
        "DROP TRIGGER entries_never_change; UPDATE entries SET fact = '{}' WHERE place = 1 \
         AND hold = (SELECT number FROM holds WHERE reference = 'r-1')",
    );
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    let told = ran.json();
    assert_eq!(references(&told["damaged"]), ["r-1"]);
    assert_eq!((&told["settled"], &told["left"]), (&1.into(), &json!([])));
    let ran = rig.place.run(["recover"]);
    assert!(ran.stdout.contains("r-1 ("), "{ran:?}");
    let ran = rig.place.run(["--json", "holds", "--state", "held"]);
    assert_eq!(references(&ran.json()["holds"]), ["r-2"]);
    // Nor does it where another is at it, so that only its reason would have been told.
    let busy = "UPDATE holds SET lease_ends = 4102444800000, owner = NULL WHERE reference = 'r-1'";
    rig.sql("l.db", busy);
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    let told = ran.json();
    assert_eq!((&told["looked_at"], &told["left"]), (&1.into(), &json!([])));
    assert_eq!(references(&told["damaged"]), ["r-1"]);
}

#[test]
fn the_gateway_pages_over_it() {
    let rig = rig();
    let served = Served::start(&rig, &[]);
    let (mut shown, mut damaged, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let path = format!("/v1/holds?limit=1&order=oldest{cursor}");
        let page = served.get(&path);
        assert_eq!(page.status, 200, "{page:?}");
        let page = page.json();
        shown.extend(references(&page["holds"]));
        damaged.extend(references(&page["damaged"]));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(shown, ["r-1", "r-3"]);
    assert_eq!(damaged, ["r-2"]);
}
