//! What the process does before anything else, so that nothing leaks out of it sideways.

use std::io::Write;

use rustix::process::{Resource, Rlimit, setrlimit};

/// Turns core dumps off, since one would hold keys and passengers, and makes a panic tell its
/// place only: its payload may be anybody's name.
pub(crate) fn harden() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
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
