//! The program under `strace`, with a ledger in which one order is held already.

use std::process::Command;

use crate::harness::{PROGRAM, Ran, Rig, order, ran};

/// The ledger's file; its log has `-wal` behind the name.
pub(crate) const LEDGER: &str = "l.db";

/// An order that was answered before anything failed.
pub(crate) const EARLIER: &str = "r-0";

/// The order that meets the fault.
pub(crate) const REFERENCE: &str = "r-1";

/// A rig whose ledger seals orders, and in which [`EARLIER`] is held.
pub(crate) fn rig() -> Rig {
    use std::os::unix::fs::PermissionsExt as _;
    let rig = Rig::new();
    let key = rig.place.write("ledger.key", "07".repeat(32));
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).unwrap();
    rig.settings(&format!(
        "[ledger]\nurl = \"sqlite:{LEDGER}\"\nkey_file = \"ledger.key\""
    ));
    assert_eq!(rig.block(&[], &order(EARLIER, "9")).code, 0);
    rig.place
        .write("order.json", order(REFERENCE, "8").to_string());
    rig
}

/// Runs the program under `strace`, whose own output goes to the file `trace`.
pub(crate) fn strace(rig: &Rig, options: &[&str], arguments: &[&str]) -> Ran {
    let mut command = Command::new("strace");
    command
        .current_dir(rig.place.path(""))
        .args(["-f", "-o", "trace"])
        .args(options)
        .arg(PROGRAM)
        .args(arguments);
    rig.place.clean(&mut command);
    ran(&mut command)
}

/// Fails, and says why, where no process may be traced.
pub(crate) fn needs_strace() {
    let tried = Command::new("strace")
        .args(["-f", "-o", "/dev/null", "true"])
        .output();
    match tried {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!(
            "strace may trace no process here (does this machine allow ptrace?): {}",
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => panic!("strace cannot be run ({error}); install the package strace"),
    }
}
