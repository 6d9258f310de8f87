//! The ledger's settings, its key, and whether it can be reached. Nothing is made or changed.

use std::path::Path;

use super::findings::Findings;
use crate::input::shown;
use crate::settings::{self, LedgerSettings};

pub(super) async fn ledger(findings: &mut Findings, config: Option<&Path>) {
    let settings = match LedgerSettings::load(config) {
        Ok(settings) => settings,
        Err(mistakes) => return findings.fix_each("ledger", &mistakes),
    };
    let mut exposures: Vec<String> = settings.exposure.into_iter().collect();
    match &settings.key_file {
        Some(file) => {
            match settings::ledger_key(file) {
                Ok(_) => findings.ok(file.key, format!("{}: a key", shown(&file.path))),
                Err(mistake) => findings.fix(file.key, mistake.message),
            }
            exposures.extend(file.exposed());
        }
        None => findings.ok(
            "ledger.key_file",
            "is not set, so the people of an order are not stored, and `recover` cannot send one once more",
        ),
    }
    match settings.place.schema().await {
        Ok(schema) => {
            let message = match schema.found {
                None => "is not there yet; the first command that needs it makes it".to_owned(),
                Some(found) if schema.is_old() => format!(
                    "has schema {found}, which the next command brings to {}",
                    schema.known
                ),
                Some(found) => format!("can be opened, schema {found}"),
            };
            findings.ok("ledger", message);
        }
        Err(error) => findings.fix("ledger", error.to_string()),
    }
    for exposure in exposures {
        findings.fix("file mode", exposure);
    }
}
