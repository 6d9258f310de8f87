//! What the ledger says of a reference, in its own words: no deadline is judged.

use serde_json::Value;

use crate::harness::Rig;

#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) state: String,
    story: String,
}

impl Told {
    /// `None` where the ledger does not know the reference.
    pub(crate) fn by(rig: &Rig, reference: &str) -> Option<Self> {
        let ran = rig.place.run(["ledger", "export"]);
        // Whoever was to make it was killed before.
        if ran.code == 1 && ran.stderr.contains("there is no ledger at") {
            return None;
        }
        assert_eq!(ran.code, 0, "{ran:?}");
        let mut lines = ran
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let line = lines.find(|line| line["reference"] == reference)?;
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

    /// The state, or that there is none.
    pub(crate) fn state(told: Option<&Self>) -> String {
        told.map_or("absent", |told| &told.state).to_owned()
    }
}
