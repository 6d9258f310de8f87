//! Every command finds the ledger where the settings say.

use std::os::unix::fs::PermissionsExt as _;

use super::rig;
use super::server::Server;
use crate::harness::order;

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn the_commands_of_the_ledger_work_on_a_server() {
    let rig = rig(|builder| builder);
    let first = rig.block(&["--json"], &order("r-1", "8"));
    assert_eq!(first.code, 0, "{first:?}");
    let again = rig.block(&["--json"], &order("r-1", "8"));
    assert_eq!(
        again.json()["transaction_id"],
        first.json()["transaction_id"]
    );
    assert_eq!(rig.block(&[], &order("r-1", "9")).code, 7);
    assert_eq!(rig.block(&[], &order("r-2", "TAKEN")).code, 4);
    assert_eq!(rig.sandbox.calls("transports/block-seat"), 2);
    for (command, code, told) in [
        (&["holds"][..], 0, "r-2"),
        (&["hold", "r-1"], 0, "attempt 1: sending"),
        (&["recover"], 0, ""),
        (&["ledger", "check"], 0, "sound"),
        (&["ledger", "export"], 0, "\"r-2\""),
        (&["ledger", "shred", "r-2"], 0, "shredded"),
        (&["book", "r-1"], 0, ""),
        (&["hold", "r-1"], 0, "booked"),
        (&["hold", "r-3"], 1, "r-3"),
    ] {
        let ran = rig.place.run(command.iter().copied());
        assert_eq!(ran.code, code, "{command:?}: {ran:?}");
        assert!(ran.everything().contains(told), "{command:?}: {ran:?}");
    }
    // Nothing of it is in a file of this machine, but how far it has come.
    let files = std::fs::read_dir(rig.place.path("seatblock")).unwrap();
    let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["positions"]);
}

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn a_password_in_the_url_is_warned_of_and_never_told() {
    let rig = rig(|builder| builder);
    let url = format!("{}&password=hunter2", Server::shared().database());
    rig.settings(&format!("[ledger]\nurl = \"{url}\""));
    let settings = rig.place.path("seatblock.toml");
    assert_eq!(rig.place.run(["ledger", "migrate"]).code, 0);
    for (mode, warned) in [(0o644, true), (0o600, false)] {
        std::fs::set_permissions(&settings, std::fs::Permissions::from_mode(mode)).unwrap();
        let ran = rig
            .place
            .run_with(["-vvv", "holds"], &[("RUST_LOG", "trace")]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let warning = ran.stderr.contains("holds a password in ledger.url");
        assert_eq!(warning, warned, "{ran:?}");
        assert!(!ran.everything().contains("hunter2"), "{ran:?}");
    }
}
