//! The ledgers under test, each a parameter of every round.

use serde_json::Value;

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

/// What the ledger says of the one reference, in its own words: no deadline is judged.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) state: String,
    story: String,
}

impl Told {
    /// `None` where the ledger does not know the reference.
    pub(crate) fn by(rig: &Rig) -> Option<Self> {
        let ran = rig.place.run(["ledger", "export"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let lines: Vec<Value> = ran
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert!(lines.len() <= 1, "one order, one reference: {ran:?}");
        let line = lines.first()?;
        assert_eq!(line["reference"], REFERENCE);
        Some(Self {
            state: line["state"].as_str().unwrap().to_owned(),
            story: line["entries"].to_string(),
        })
    }

    /// Whether some entry holds this transaction.
    pub(crate) fn knows(&self, transaction: &str) -> bool {
        let mention = format!("\"transaction_id\":\"{transaction}\"");
        self.story.contains(&mention)
    }
}
