//! Documentation comments as callers of another language should read them.

use serde_json::Value;

/// `api` as JSON, without the Rust examples that its types carry for those who link the crate.
pub(super) fn without_code(api: &utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(api).unwrap_or_default();
    cut(&mut document);
    document
}

fn cut(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "description" && text.contains("```") => {
                        *text = prose(text);
                    }
                    member => cut(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(cut),
        _ => {}
    }
}

/// What stands outside the fences.
fn prose(text: &str) -> String {
    let outside: Vec<&str> = text.split("```").step_by(2).map(str::trim).collect();
    outside.join("\n\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn what_stands_around_an_example_stays() {
        let text = "One leg.\n\n```\nlet leg = 1;\n```\n\nOf a trip.";
        assert_eq!(prose(text), "One leg.\n\nOf a trip.");
        assert_eq!(prose("One leg.\n\n```\nlet leg = 1;\n```"), "One leg.");
    }
}
