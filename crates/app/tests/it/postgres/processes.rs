//! Many processes at one database: one sender for each reference, one holder for each seat.

use std::collections::BTreeMap;
use std::process::Command;

use klikoo_sandbox::{Fault, Rule};
use serde_json::Value;

use super::server::Server;
use super::{rig, rig_at};
use crate::harness::{Background, Ran, Rig, order, patiently, ran};

/// How often, unless the environment says otherwise: each takes seconds of two processors.
fn rounds() -> usize {
    std::env::var_os("PROCESS_ROUNDS").map_or(2, |rounds| {
        rounds.to_str().and_then(|it| it.parse().ok()).unwrap()
    })
}

/// What each caller gets in the end, all begun at one time, each a process. Whoever is told that
/// another is sending asks again with the same reference.
fn blocked_at_one_time(rig: &Rig, orders: &[String]) -> Vec<Ran> {
    let block = |file: &String| rig.place.command(["--json", "block", file.as_str()]);
    std::thread::scope(|scope| {
        let callers: Vec<_> = orders
            .iter()
            .map(|file| scope.spawn(move || until_answered(|| block(file))))
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .collect()
    })
}

fn until_answered(mut command: impl FnMut() -> Command) -> Ran {
    loop {
        let ran = ran(&mut command());
        if ran.code != 8 {
            return ran;
        }
        assert_eq!(ran.json()["outcome"], "busy");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn of_32_callers_with_one_reference_one_sends_and_all_get_one_answer() {
    let database = Server::shared().database();
    for round in 0..rounds() {
        let rig = rig_at(&database, |builder| builder);
        // Long enough that others come while it is under way.
        let slow = Fault::Latency { ms: 200 };
        rig.sandbox.add_fault(Rule::new(slow).path("block-seat"));
        let file = "order.json".to_owned();
        let order = order(&format!("shared-{round}"), "8").to_string();
        rig.place.write(&file, order);
        let all = blocked_at_one_time(&rig, &vec![file; 32]);
        let first = all[0].json();
        for ran in &all {
            assert_eq!(ran.code, 0, "{ran:?}");
            for part in ["transaction_id", "expires_at", "partner_reference_no"] {
                assert_eq!(ran.json()[part], first[part], "{part}");
            }
        }
        assert_eq!(rig.sandbox.calls("transports/block-seat"), 1);
        assert_eq!(rig.sandbox.holds().len(), 1);
    }
}

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn of_64_callers_for_one_seat_one_holds_it() {
    let database = Server::shared().database();
    for round in 0..rounds() {
        let rig = rig_at(&database, |builder| builder);
        let files: Vec<String> = (0..64).map(|caller| format!("{caller}.json")).collect();
        for (caller, file) in files.iter().enumerate() {
            let reference = format!("seat-{round}-{caller}");
            rig.place.write(file, order(&reference, "8").to_string());
        }
        let all = blocked_at_one_time(&rig, &files);
        let mut codes: BTreeMap<i32, usize> = BTreeMap::new();
        for ran in &all {
            *codes.entry(ran.code).or_default() += 1;
        }
        assert_eq!(codes, BTreeMap::from([(0, 1), (4, 63)]), "{all:?}");
        assert_eq!(rig.sandbox.holds().len(), 1);
        assert_eq!(rig.sandbox.calls("transports/block-seat"), 64);
        let held = rig.place.run(["--json", "holds", "--state", "held"]);
        let won = all.iter().find(|ran| ran.code == 0).unwrap().json();
        let reference = won["partner_reference_no"].as_str().unwrap();
        assert!(held.stdout.contains(reference), "{held:?}");
    }
}

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn a_killed_sender_is_known_at_once_and_its_hold_found() {
    let rig = rig(|builder| builder);
    rig.place
        .write("order.json", order("r-1", "SILENT").to_string());
    let block = Background::start(&mut rig.place.command(["block", "order.json"]));
    // Executed, and never answered.
    patiently(|| rig.sandbox.holds().len() == 1);
    let busy = rig.place.run(["--json", "block", "order.json"]);
    assert_eq!(busy.code, 8, "{busy:?}");
    block.signal("-KILL");
    block.wait();
    let again = until_answered(|| rig.place.command(["--json", "block", "order.json"]));
    let answer: Value = again.json();
    assert_eq!(again.code, 0, "{again:?}");
    assert!(answer["expires_at"].is_null(), "{answer}");
    let held = &rig.sandbox.holds()[0];
    assert_eq!(answer["transaction_id"], held.transaction_id.as_str());
    assert_eq!(rig.sandbox.holds().len(), 1);
}
