//! What a check found: a line each, fine or with what to do.

use serde_json::{Map, Value, json};

use crate::exit::Exit;
use crate::output::{Report, object};

#[derive(Default)]
pub(crate) struct Findings {
    /// Whether a sandbox inside this process answered.
    pub(crate) sandbox: bool,
    list: Vec<Finding>,
}

struct Finding {
    name: &'static str,
    ok: bool,
    message: String,
}

impl Findings {
    pub(crate) fn ok(&mut self, name: &'static str, message: impl Into<String>) {
        self.add(name, true, message.into());
    }

    pub(crate) fn fix(&mut self, name: &'static str, message: impl Into<String>) {
        self.add(name, false, message.into());
    }

    fn add(&mut self, name: &'static str, ok: bool, message: String) {
        self.list.push(Finding { name, ok, message });
    }

    fn all_ok(&self) -> bool {
        self.list.iter().all(|finding| finding.ok)
    }

    pub(crate) fn exit(&self) -> Exit {
        if self.all_ok() {
            Exit::Done
        } else {
            Exit::Failed
        }
    }
}

impl Report for Findings {
    fn json(&self) -> Map<String, Value> {
        let checks: Value = self
            .list
            .iter()
            .map(|finding| {
                json!({"name": finding.name, "ok": finding.ok, "message": finding.message})
            })
            .collect();
        object([
            ("ok", self.all_ok().into()),
            ("checks", checks),
            ("sandbox", self.sandbox.then_some(true).into()),
        ])
    }

    fn text(&self) -> String {
        self.list
            .iter()
            .map(|finding| {
                let verdict = if finding.ok { "ok " } else { "fix" };
                format!("{verdict}  {}: {}\n", finding.name, finding.message)
            })
            .collect::<Vec<_>>()
            .concat()
    }
}
