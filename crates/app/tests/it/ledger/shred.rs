//! `seatblock ledger shred`: by reference, by rule, for one person.

use serde_json::{Value, json};

use super::commands::seal;
use crate::harness::{Ran, Rig, order};

fn order_of(reference: &str, seat: &str, id_card_number: &str) -> Value {
    let mut order = order(reference, seat);
    order["departure"]["passengers"][0]["id_card_number"] = json!(id_card_number);
    order
}

fn shred_person(rig: &Rig, person: &str) -> Ran {
    rig.place.write("person", person);
    rig.place
        .run(["--json", "ledger", "shred", "--person", "person"])
}

fn keeps(rig: &Rig, reference: &str) -> bool {
    let story = rig.place.run(["hold", reference]).stdout;
    !story.contains("personal data shredded")
}

#[test]
fn one_person_is_forgotten_in_every_order_that_names_them() {
    let rig = Rig::new();
    seal(&rig);
    rig.block(&[], &order_of("r-1", "8", "31741009219923332"));
    rig.block(&[], &order_of("r-2", "TAKEN", "31741009219923332"));
    rig.block(&[], &order_of("r-3", "9", "31741009219923333"));
    rig.block(&[], &order_of("r-4", "GATEWAY", "31741009219923332"));
    let ran = shred_person(&rig, "31741009219923332\n");
    assert_eq!(
        (ran.code, &ran.json()["outcome"]),
        (6, &"incomplete".into()),
        "{ran:?}"
    );
    assert_eq!(ran.json()["shredded"], json!(["r-1", "r-2"]));
    assert_eq!(ran.json()["unsettled"], json!(["r-4"]));
    assert!(!ran.everything().contains("31741009219923332"));
    rig.place.run(["recover"]);
    let ran = shred_person(&rig, "31741009219923332");
    assert_eq!(
        (ran.code, &ran.json()["shredded"]),
        (0, &json!(["r-4"])),
        "{ran:?}"
    );
    assert!(keeps(&rig, "r-3") && !keeps(&rig, "r-1"));
}

#[test]
fn what_ended_long_enough_ago_is_forgotten() {
    let rig = Rig::new();
    seal(&rig);
    rig.block(&[], &order("r-1", "TAKEN"));
    rig.block(&[], &order("r-2", "8"));
    let shred = |ended_for: &'static str| {
        let ran = rig
            .place
            .run(["--json", "ledger", "shred", "--ended-for", ended_for]);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.json()["orders"].clone()
    };
    assert_eq!(shred("24h"), 0);
    assert_eq!(shred("0s"), 1);
    assert!(
        !keeps(&rig, "r-1") && keeps(&rig, "r-2"),
        "one is still held"
    );
}

#[test]
fn recover_forgets_by_the_rule_of_the_settings() {
    let rig = Rig::new();
    seal(&rig);
    rig.block(&[], &order("r-1", "TAKEN"));
    rig.place.run(["recover"]);
    assert!(keeps(&rig, "r-1"), "a day is kept where nothing is set");
    let environment = [("SEATBLOCK_LEDGER__SHRED_AFTER", "1ms")];
    let ran = rig.place.run_with(["recover"], &environment);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!keeps(&rig, "r-1"));
}

#[test]
fn a_person_is_never_named_on_the_command_line_and_nobody_is_guessed() {
    let rig = Rig::new();
    assert_eq!(rig.place.run(["ledger", "migrate"]).code, 0);
    for (text, told) in [
        ("", "one line of text"),
        ("1\n2", "one line of text"),
        ("1996-12-09", "belongs to many people"),
    ] {
        let ran = shred_person(&rig, text);
        assert!(ran.code == 1 && ran.everything().contains(told), "{ran:?}");
    }
    let nothing = rig.place.run(["ledger", "shred"]);
    assert_eq!(nothing.code, 2, "{nothing:?}");
    let both = rig
        .place
        .run(["ledger", "shred", "r-1", "--ended-for", "1h"]);
    assert_eq!(both.code, 2, "{both:?}");
}
