//! The ledgers under test, each a parameter of every round.

use crate::harness::{Rig, order};
use crate::server::Server;

pub(crate) const REFERENCE: &str = "r-1";

/// What the program keeps its ledger in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Sqlite,
    Postgres,
}

impl Kept {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// A ledger of its own for `rig`, which seals orders where `sealed`.
    pub(crate) fn prepare(self, rig: &Rig, sealed: bool) {
        let url = match self {
            Self::Sqlite => "sqlite:l.db".to_owned(),
            Self::Postgres => Server::shared().database(),
        };
        Self::prepare_at(rig, &url, sealed);
    }

    /// The one at `url`.
    pub(crate) fn prepare_at(rig: &Rig, url: &str, sealed: bool) {
        let key = rig.place.write("ledger.key", "07".repeat(32));
        private(&key);
        let seal = if sealed {
            "key_file = \"ledger.key\"\n"
        } else {
            ""
        };
        // A lease of ten seconds: on a server, what a killed process never got through is sent once
        // more after it.
        let short = "timeout = \"2s\"";
        rig.settings(&format!("{short}\n[ledger]\nurl = \"{url}\"\n{seal}"));
        let text = order(REFERENCE, "8").to_string();
        rig.place.write("order.json", text);
    }
}

fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
