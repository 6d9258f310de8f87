//! `holds`, `hold`, `recover` and `settle`.

use crate::harness::{Rig, order};

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
    assert_eq!(rig.block(&[], &order("r-1", "LOST")).code, 6);
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
