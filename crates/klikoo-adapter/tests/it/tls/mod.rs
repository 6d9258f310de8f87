//! TLS: bad servers see nothing of an order, a good one holds seats.

mod authority;
mod bad_servers;
mod good_server;
mod hello;
mod server;

use klikoo_adapter::{Authorization, KlikooSeatBlocker};

/// A blocker that trusts `root` beside the system's roots.
fn blocker(base_url: &str, root: &str) -> KlikooSeatBlocker {
    let config =
        crate::setup::config(base_url, Authorization::None).with_extra_root(root.to_owned());
    crate::setup::blocker_of(config, &booking_ports::ManualClock::at(crate::setup::NOW))
}
