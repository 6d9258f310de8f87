//! A ledger that is named where nothing says who is asked.

use crate::harness::{Place, Rig, order};

/// What reaches for the provider and tells the ledger.
const COMMANDS: [&[&str]; 5] = [
    &["recover"],
    &["book", "r-1"],
    &["block", "again.json"],
    &["block", "other.json"],
    &["serve", "--listen", "127.0.0.1:0"],
];

const LEDGER: &str = "[ledger]\nurl = \"sqlite:own.sqlite\"\n";

#[test]
fn no_sandbox_is_asked_about_the_orders_of_a_named_ledger() {
    let rig = Rig::new();
    rig.settings(LEDGER);
    let lost = order("r-1", "LOST");
    assert_eq!(rig.block(&[], &lost).code, 6);
    rig.place.write("again.json", lost.to_string());
    rig.place.write("other.json", order("r-2", "8").to_string());
    let complete = std::fs::read(rig.place.path("seatblock.toml")).unwrap();

    // The settings without what a shell or a service gave as variables.
    rig.place.write("seatblock.toml", LEDGER);
    let story = || rig.place.run(["--json", "hold", "r-1"]).stdout;
    let before = story();
    for command in COMMANDS {
        let ran = rig.place.run(command.iter().copied());
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
        for told in [
            "ledger.url (seatblock.toml): names a ledger",
            "Nothing was sent and nothing recorded",
            "Give klikoo.base_url",
            "leave ledger.url out",
        ] {
            assert!(ran.stderr.contains(told), "{command:?}: {ran:?}");
        }
        assert_eq!(ran.stderr.lines().count(), 1, "{command:?}: {ran:?}");
    }
    assert!(before.contains("unknown"), "{before}");
    assert_eq!(story(), before);
    // What asks no provider goes on, and so does what tells no ledger.
    for command in [
        &["holds"][..],
        &["seats", "188336"],
        &["ledger", "migrate"],
        &["settle", "r-1", "--not-held", "--because", "a test"],
    ] {
        let ran = rig.place.run(command.iter().copied());
        assert_eq!(ran.code, 0, "{command:?}: {ran:?}");
    }
    let check = rig.place.run(["check"]);
    assert_eq!(check.code, 1, "{check:?}");
    assert!(check.stdout.contains("names a ledger"), "{check:?}");

    rig.place.write("seatblock.toml", complete);
    assert_eq!(rig.block(&[], &order("r-3", "9")).code, 0);
}

#[test]
fn it_is_refused_before_the_ledger_is_opened_or_made() {
    let place = Place::new();
    place.write("again.json", order("r-1", "8").to_string());
    place.write("other.json", order("r-2", "8").to_string());
    // Nobody listens there, which would end with 10.
    for url in ["postgres://127.0.0.1:1/holds", "sqlite:new.sqlite", ""] {
        for command in COMMANDS {
            let variable = [("SEATBLOCK_LEDGER__URL", url)];
            let ran = place.run_with(command.iter().copied(), &variable);
            assert_eq!(ran.code, 1, "{url} {command:?}: {ran:?}");
            let told = "ledger.url (SEATBLOCK_LEDGER__URL): names a ledger";
            assert!(ran.stderr.contains(told), "{url} {command:?}: {ran:?}");
        }
    }
    assert!(!place.path("new.sqlite").exists());
    assert!(!place.path("seatblock").exists());
}
