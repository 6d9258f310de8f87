//! An answer that was had and could not be written down: it waits in the spill file.

use klikoo_sandbox::HistoryOff;

use crate::harness::{Background, Rig, order, patiently};

/// A rig whose ledger has `r-1` as sent and never ended, which nobody can ask Klikoo about; and the
/// answer that its sender had, in the spill file.
fn rig(spill_file: &str) -> Rig {
    let rig = Rig::with(|builder| builder.history_off(HistoryOff::Fails));
    rig.place
        .write("order.json", order("r-1", "SILENT").to_string());
    let block = Background::start(&mut rig.place.command(["block", "order.json"]));
    patiently(|| rig.sandbox.holds().len() == 1);
    block.signal("-KILL");
    block.wait();
    let hold = &rig.sandbox.holds()[0];
    let ends = hold
        .expires_at
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    let line = format!(
        r#"{{"reference":"r-1","attempt":1,"fence":1,"state":"held","transaction_id":"{}","deadline":"{ends}","at":"{ends}"}}"#,
        hold.transaction_id
    );
    rig.place.write(spill_file, format!("\n{line}\n"));
    rig
}

const BESIDE: &str = "seatblock/ledger.sqlite.spill.jsonl";

fn is_held(rig: &Rig) {
    let held = rig.place.run(["--json", "hold", "r-1"]).json();
    assert_eq!(held["state"], "held", "{held}");
    assert_eq!(
        held["transaction_id"],
        rig.sandbox.holds()[0].transaction_id.as_str()
    );
    assert!(held["expires_at"].is_string(), "{held}");
    assert_eq!(rig.sandbox.calls("block-seat"), 1, "nothing was sent again");
}

#[test]
fn recover_merges_it_and_says_so() {
    let rig = rig(BESIDE);
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!((ran.code, &ran.json()["merged"]), (0, &1.into()), "{ran:?}");
    is_held(&rig);
    assert_eq!(std::fs::read(rig.place.path(BESIDE)).unwrap(), b"");
    let again = rig.place.run(["--json", "recover"]);
    assert_eq!(again.json()["merged"], 0);
}

#[test]
fn so_does_the_same_order_and_its_booking() {
    let block = rig(BESIDE);
    let ran = block.place.run(["--json", "block", "order.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    is_held(&block);

    let book = rig(BESIDE);
    assert_eq!(book.place.run(["book", "r-1"]).code, 0);
    assert_eq!(book.sandbox.calls("block-seat"), 1);
}

#[test]
fn it_may_be_on_another_disk_whose_folder_is_there() {
    let rig = rig("other.jsonl");
    // Nobody looks there unless told to.
    assert_eq!(rig.place.run(["--json", "recover"]).json()["merged"], 0);
    rig.settings("[ledger]\nspill_file = \"absent/other.jsonl\"");
    let ran = rig.place.run(["recover"]);
    assert_eq!(ran.code, 1);
    let told = "ledger.spill_file (seatblock.toml): absent/other.jsonl: name a file in a folder that is there";
    assert!(ran.stderr.contains(told), "{ran:?}");
    rig.settings("[ledger]\nspill_file = \"other.jsonl\"");
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!(ran.json()["merged"], 1, "{ran:?}");
    is_held(&rig);
}

#[test]
fn lines_that_make_no_sense_are_told_and_kept() {
    let rig = rig(BESIDE);
    rig.place.write(BESIDE, "{\"reference\":\"r-1\",\"att");
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!((ran.code, &ran.json()["merged"]), (6, &0.into()));
    assert!(
        ran.stderr.contains("1 lines of") && ran.stderr.contains("make no sense"),
        "{ran:?}"
    );
    assert!(!std::fs::read(rig.place.path(BESIDE)).unwrap().is_empty());
}
