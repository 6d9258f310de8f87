//! What was found in another signature.

use klikoo_adapter::Diagnosis;
use serde_json::{Map, Value, json};

use crate::output::{columns, object};

/// What the other signature is.
pub(crate) struct Comparison(pub(super) Diagnosis);

impl Comparison {
    pub(super) fn json(&self) -> Map<String, Value> {
        match &self.0 {
            Diagnosis::Matches => object([("matches", true.into()), ("mistakes", json!([]))]),
            Diagnosis::Mistakes(mistakes) => {
                let mistakes: Value = mistakes
                    .iter()
                    .map(|mistake| json!({"code": mistake.code, "message": mistake.message}))
                    .collect();
                object([("matches", false.into()), ("mistakes", mistakes)])
            }
            Diagnosis::NotFound {
                tried,
                compared,
                hints,
            } => {
                let compared: Map<String, Value> = compared
                    .iter()
                    .map(|(part, values)| (part.replace(' ', "_"), json!(values)))
                    .collect();
                object([
                    ("matches", false.into()),
                    ("mistakes", json!([])),
                    ("tried", (*tried).into()),
                    ("compared", compared.into()),
                    ("hints", json!(hints)),
                ])
            }
            Diagnosis::NotCompared { fault, accepted } => object([
                ("matches", false.into()),
                ("mistakes", json!([])),
                ("tried", 0.into()),
                ("fault", fault.as_str().into()),
                ("accepted", accepted.as_str().into()),
            ]),
        }
    }

    pub(super) fn text(&self) -> String {
        match &self.0 {
            Diagnosis::Matches => "\nThe expected signature matches.\n".to_owned(),
            Diagnosis::Mistakes(mistakes) => {
                let lines = mistakes
                    .iter()
                    .map(|mistake| format!("  {}: {}\n", mistake.code, mistake.message))
                    .collect::<Vec<_>>()
                    .concat();
                let many = match mistakes.len() {
                    1 => "a mistake".to_owned(),
                    count => format!("{count} mistakes at once"),
                };
                format!("\nThe expected signature was made with {many}:\n{lines}")
            }
            Diagnosis::NotFound {
                tried,
                compared,
                hints,
            } => {
                let rows: Vec<_> = compared
                    .iter()
                    .map(|(part, values)| (*part, values.join("; ")))
                    .collect();
                let hints = hints
                    .iter()
                    .map(|hint| format!("  hint: {hint}\n"))
                    .collect::<Vec<_>>()
                    .concat();
                format!(
                    "\nThe expected signature matches none of {tried} combinations: the first value of each line, with up to three of the others in its place:\n{}{hints}",
                    columns(&rows)
                )
            }
            Diagnosis::NotCompared { fault, accepted } => format!(
                "\nThe expected signature could be compared with nothing: {fault}.\n  accepted: {accepted}\n"
            ),
        }
    }
}
