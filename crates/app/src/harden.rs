//! What the process does before anything else, so that nothing leaks out of it sideways.

use std::io::Write;

use rustix::process::{Resource, Rlimit, setrlimit};

/// Turns core dumps off, since one would hold keys and passengers, and makes a panic tell its
/// place only: its payload may be anybody's name.
pub(crate) fn harden() {
    // A byte is less than any dump takes, and tells Linux to hand none to a program either, which a
    // limit of none does not.
    let none = Rlimit {
        current: Some(1),
        maximum: Some(1),
    };
    // A system that refuses to lower a limit is no reason not to sell a seat.
    let _ = setrlimit(Resource::Core, none);
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let _ = writeln!(
            std::io::stderr().lock(),
            "seatblock: internal error at {place}; please report this line"
        );
    }));
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    /// Set where this test is run a second time, in a process of its own: a hook is a process's.
    const CHILD: &str = "HARDEN_TEST_CHILD";

    #[test]
    fn a_panic_tells_its_place_and_nobodys_name() {
        if std::env::var_os(CHILD).is_some() {
            super::harden();
            panic!("Zulkarnainmarker, born 1987-06-05");
        }
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("harden::tests::a_panic_tells_its_place_and_nobodys_name")
            .env(CHILD, "1")
            .env("RUST_BACKTRACE", "full")
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.contains("seatblock: internal error at crates/app/src/harden.rs:"),
            "{told}"
        );
        let all = format!("{told}{}", String::from_utf8(output.stdout).unwrap());
        assert!(
            !output.status.success() && !all.contains("Zulkarnain"),
            "{all}"
        );
        assert!(!all.contains("1987"), "{all}");
    }
}
