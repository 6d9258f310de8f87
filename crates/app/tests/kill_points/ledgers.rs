//! The ledgers under test, each a parameter of every round.

use crate::harness::{Rig, order};

pub(crate) const REFERENCE: &str = "r-1";

/// What the program keeps its ledger in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Sqlite,
}

pub(crate) const KEPT: [Kept; 1] = [Kept::Sqlite];

impl Kept {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
        }
    }

    /// A ledger of its own for `rig`, which seals orders where `sealed`.
    pub(crate) fn prepare(self, rig: &Rig, sealed: bool) {
        let key = rig.place.write("ledger.key", "07".repeat(32));
        private(&key);
        let seal = if sealed {
            "key_file = \"ledger.key\"\n"
        } else {
            ""
        };
        match self {
            Self::Sqlite => rig.settings(&format!("[ledger]\nurl = \"sqlite:l.db\"\n{seal}")),
        }
        let text = order(REFERENCE, "8").to_string();
        rig.place.write("order.json", text);
    }
}

fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
