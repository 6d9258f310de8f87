//! `holds`, `hold`, `recover` and `settle`.

use std::os::unix::fs::PermissionsExt as _;

use klikoo_sandbox::{Fault, Rule};

use crate::harness::{Background, Rig, order, patiently};

#[test]
fn holds_lists_every_reference_and_nobody_by_name() {
    let rig = Rig::new();
    rig.block(&[], &order("r-1", "8"));
    rig.block(&[], &order("r-2", "TAKEN"));
    rig.block(&[], &order("r-3", "GARBAGE"));
    let table = rig.place.run(["holds"]).stdout;
    for (reference, seat, state) in [
        ("r-1", "8", "held"),
        ("r-2", "TAKEN", "refused"),
        ("r-3", "GARBAGE", "unknown"),
    ] {
        let line = table
            .lines()
            .find(|line| line.starts_with(reference))
            .unwrap();
        assert!(
            line.contains(seat) && line.contains(state) && line.contains("188336"),
            "{line}"
        );
    }
    assert!(!table.contains("Pandu"));
    let last = rig.place.run(["--json", "holds", "--limit", "1"]).json();
    assert_eq!(last["holds"][0]["partner_reference_no"], "r-3");
    assert_eq!(last["holds"].as_array().unwrap().len(), 1);
    let json = rig
        .place
        .run(["--json", "holds", "--state", "unsettled"])
        .json();
    assert_eq!(json["holds"].as_array().unwrap().len(), 1);
    assert_eq!(json["holds"][0]["partner_reference_no"], "r-3");
    let json = rig.place.run(["--json", "holds", "--state", "held"]).json();
    assert_eq!(
        json["holds"][0]["transaction_id"],
        rig.sandbox.holds()[0].transaction_id.as_str()
    );
}

#[test]
fn recover_settles_what_it_can_and_says_what_is_left() {
    let rig = Rig::new();
    assert_eq!(rig.block(&[], &order("r-1", "CUT")).code, 6);
    assert_eq!(rig.block(&[], &order("r-2", "GARBAGE")).code, 6);
    assert_eq!(rig.block(&[], &order("r-3", "8")).code, 0);
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!(ran.json()["settled"], 2, "{ran:?}");
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!((ran.code, &ran.json()["looked_at"]), (0, &0.into()));
}

#[test]
fn an_operator_settles_either_way_and_only_what_is_unsettled() {
    let rig = Rig::new();
    rig.block(&[], &order("r-1", "GATEWAY"));
    rig.block(&[], &order("r-2", "CUT"));
    let because = "Klikoo's desk says so";
    let ran = rig.place.run([
        "--json",
        "settle",
        "r-1",
        "--transaction-id",
        "14429004",
        "--because",
        because,
    ]);
    assert_eq!(
        (ran.code, &ran.json()["state"]),
        (0, &"held".into()),
        "{ran:?}"
    );
    assert!(ran.json()["expires_at"].is_null());
    let ran = rig.place.run([
        "settle",
        "r-2",
        "--transaction-id",
        "../1",
        "--because",
        because,
    ]);
    assert!(
        ran.code == 2 && ran.stderr.contains("letters, digits, - and _"),
        "{ran:?}"
    );
    let ran = rig.place.run([
        "--json",
        "settle",
        "r-2",
        "--not-held",
        "--because",
        because,
    ]);
    assert_eq!(
        (ran.code, &ran.json()["state"]),
        (0, &"expired".into()),
        "{ran:?}"
    );
    let ran = rig
        .place
        .run(["settle", "r-2", "--not-held", "--because", because]);
    assert!(
        ran.code == 1 && ran.stderr.contains("nothing to settle"),
        "{ran:?}"
    );
    let ran = rig
        .place
        .run(["settle", "r-9", "--not-held", "--because", because]);
    assert!(
        ran.code == 1 && ran.stderr.contains("knows no r-9"),
        "{ran:?}"
    );
    let story = rig.place.run(["hold", "r-1"]).stdout;
    assert!(
        story.contains("operator (Klikoo's desk says so): held as 14429004"),
        "{story}"
    );
}

/// From here on the people of an order are stored, sealed.
pub(super) fn seal(rig: &Rig) {
    let key = rig.place.write("ledger.key", "07".repeat(32));
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).unwrap();
    rig.settings("[ledger]\nkey_file = \"ledger.key\"");
}

/// The bytes of every file of the ledger.
fn bytes(rig: &Rig) -> Vec<u8> {
    let folder = rig.place.path("seatblock");
    let files = std::fs::read_dir(folder).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .filter(|path| path.is_file())
        .flat_map(|path| std::fs::read(path).unwrap())
        .collect()
}

fn holds_bytes(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|part| part == needle.as_bytes())
}

#[test]
fn people_are_sealed_with_a_key_never_stored_without_one_and_shredded() {
    let rig = Rig::new();
    rig.block(&[], &order("r-1", "8"));
    seal(&rig);
    rig.block(&[], &order("r-2", "9"));
    for personal in [
        "Pandu",
        "pdputra@pvg.co.id",
        "082122274139",
        "31741009219923332",
        "1996-12-09",
    ] {
        assert!(!holds_bytes(&bytes(&rig), personal), "{personal}");
    }
    assert!(
        holds_bytes(&bytes(&rig), "r-2"),
        "the ledger is where it is looked for"
    );
    let story = rig.place.run(["hold", "r-2"]).stdout;
    assert!(!story.contains("shredded"), "{story}");
    assert_eq!(rig.place.run(["ledger", "shred", "r-2"]).code, 0);
    let story = rig.place.run(["hold", "r-2"]).stdout;
    assert!(story.contains("personal data shredded"), "{story}");
    // The same order is still known, and another one told apart.
    assert_eq!(rig.block(&[], &order("r-2", "9")).code, 0);
    assert_eq!(rig.block(&[], &order("r-2", "10")).code, 7);
}

#[test]
fn with_a_key_recover_sends_once_more_what_was_lost() {
    let rig = Rig::new();
    seal(&rig);
    rig.sandbox
        .add_fault(Rule::new(Fault::CutBeforeReading).path("block-seat").nth(1));
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 6);
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!(
        (ran.code, &ran.json()["settled"]),
        (0, &1.into()),
        "{ran:?}"
    );
    assert_eq!(rig.sandbox.holds().len(), 1);
}

#[test]
fn without_a_key_recover_says_what_it_cannot_do() {
    let rig = Rig::new();
    rig.sandbox
        .add_fault(Rule::new(Fault::CutBeforeReading).path("block-seat").nth(1));
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 6);
    let ran = rig.place.run(["recover"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    assert!(ran.stdout.contains("without ledger.key_file"), "{ran:?}");
    assert!(ran.stdout.contains("seatblock settle r-1"), "{ran:?}");
}

#[test]
fn a_ledger_is_checked_and_exported_without_people() {
    let rig = Rig::new();
    rig.block(&[], &order("r-1", "8"));
    rig.block(&[], &order("r-2", "TAKEN"));
    let ran = rig.place.run(["--json", "ledger", "check"]);
    assert_eq!(
        (ran.code, &ran.json()["outcome"]),
        (0, &"sound".into()),
        "{ran:?}"
    );
    assert_eq!(ran.json()["holds"], 2);
    let ran = rig.place.run(["ledger", "export"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 2), "{ran:?}");
    assert!(!ran.stdout.contains("Pandu") && ran.stdout.contains("TAKEN"));
    let ran = rig.place.run(["ledger", "shred", "r-9"]);
    assert!(ran.code == 1 && ran.stderr.contains("r-9"), "{ran:?}");
}

#[test]
fn a_ledger_that_cannot_be_used_is_one_clear_line_and_nothing_is_sent() {
    let rig = Rig::new();
    for (lines, told) in [
        (
            "[ledger]\nurl = \"mysql://somewhere\"",
            "ledger.url (seatblock.toml): is no URL of a ledger",
        ),
        (
            "[ledger]\nurl = \"postgres://shop:hunter2@somewhere/holds?sslmode=prefer\"",
            "ledger.url (seatblock.toml): is no URL of a ledger: the server is on another host",
        ),
        (
            "[ledger]\nurl = \"postgres://shop:hunter2@127.0.0.1:1/holds\"",
            "the ledger postgres://127.0.0.1:1/holds cannot be opened",
        ),
        ("[ledger]\nulr = \"sqlite:x\"", "the nearest is ledger.url"),
        (
            "[ledger]\nkey_file = \"absent\"",
            "ledger.key_file (seatblock.toml): absent: cannot be read",
        ),
        (
            "[ledger]\nkey_file = \"secret\"",
            "ledger.key_file (seatblock.toml): secret: ",
        ),
        (
            "[ledger]\nurl = \"sqlite:key.pem\"",
            "key.pem is something else and no ledger",
        ),
        (
            "[ledger]\nurl = \"\"",
            "ledger.url (seatblock.toml): is empty",
        ),
    ] {
        rig.settings(lines);
        for command in [&["holds"][..], &["recover"], &["block", "order.json"]] {
            rig.place.write("order.json", order("r-1", "8").to_string());
            let ran = rig.place.run(command.iter().copied());
            // A server that is away comes back by itself, a mistake does not mend itself.
            let code = if lines.contains("127.0.0.1:1") { 10 } else { 1 };
            assert_eq!(ran.code, code, "{lines}: {ran:?}");
            assert!(ran.stderr.contains(told), "{lines} {command:?}: {ran:?}");
            assert!(!ran.everything().contains("hunter2"), "{ran:?}");
        }
    }
    assert_eq!(rig.sandbox.calls("block-seat"), 0);
}

#[test]
fn a_ledger_is_made_and_migrated_on_demand_and_a_newer_one_refused() {
    let rig = Rig::new();
    let old = include_str!("../../../../booking-ledger/tests/data/schema-1.sql");
    rig.settings("[ledger]\nurl = \"sqlite:old.sqlite\"");
    let migrate = || rig.place.run(["--json", "ledger", "migrate"]);
    assert_eq!(migrate().json()["outcome"], "made");
    assert_eq!(migrate().json()["outcome"], "up_to_date");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(rig.place.path(&format!("old.sqlite{suffix}")));
    }
    rig.sql("old.sqlite", old);
    let ran = migrate();
    assert_eq!(
        (ran.code, &ran.json()["outcome"]),
        (0, &"migrated".into()),
        "{ran:?}"
    );
    assert_eq!(
        (&ran.json()["schema_before"], &ran.json()["schema"]),
        (&1.into(), &4.into())
    );
    let unknown = rig
        .place
        .run(["--json", "holds", "--state", "unknown"])
        .json();
    assert_eq!(unknown["holds"][0]["partner_reference_no"], "old-unknown");
    rig.sql("old.sqlite", "PRAGMA user_version = 99");
    for command in [&["ledger", "migrate"][..], &["holds"]] {
        let ran = rig.place.run(command.iter().copied());
        assert!(ran.code == 1 && ran.stderr.lines().count() == 1, "{ran:?}");
        assert!(
            ran.stderr.contains("written by a newer version (schema 99"),
            "{ran:?}"
        );
    }
}

/// One order that cannot be read holds up none of the others.
#[test]
fn what_was_sealed_by_another_key_is_left_and_the_rest_settled() {
    let rig = Rig::new();
    seal(&rig);
    rig.sandbox
        .add_fault(Rule::new(Fault::CutBeforeReading).path("block-seat").nth(1));
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 6);
    rig.settings("");
    assert_eq!(rig.block(&[], &order("r-2", "CUT")).code, 6);
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!(
        (ran.code, &ran.json()["settled"]),
        (6, &1.into()),
        "{ran:?}"
    );
    assert_eq!(ran.json()["left"][0]["partner_reference_no"], "r-1");
    seal(&rig);
    assert_eq!(rig.place.run(["recover"]).code, 0);
}

/// As in `seatblock holds --watch | head -1`.
#[test]
fn a_watch_ends_when_nobody_reads_it_any_more() {
    let rig = Rig::new();
    rig.block(&[], &order("r-1", "8"));
    let mut watch = Background::start(&mut rig.place.command(["--json", "holds", "--watch"]));
    assert!(watch.first_line().contains("r-1"));
    drop(watch.0.stdout.take());
    patiently(|| watch.0.try_wait().unwrap().is_some());
}
