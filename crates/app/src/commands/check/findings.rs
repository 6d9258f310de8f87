//! What a check found: a line each, fine, with what to do, or not tried for another's sake.

use serde_json::{Map, Value, json};

use crate::exit::Exit;
use crate::output::{Report, object};
use crate::settings::Mistakes;

#[derive(Default)]
pub(crate) struct Findings {
    /// Whether a sandbox inside this process answered.
    pub(crate) sandbox: bool,
    list: Vec<Finding>,
}

struct Finding {
    name: &'static str,
    /// `None` where something else has to be mended first.
    ok: Option<bool>,
    message: String,
}

impl Findings {
    pub(crate) fn ok(&mut self, name: &'static str, message: impl Into<String>) {
        self.add(name, Some(true), message.into());
    }

    pub(crate) fn fix(&mut self, name: &'static str, message: impl Into<String>) {
        self.add(name, Some(false), message.into());
    }

    /// A line for each of `mistakes` that is not told yet: several kinds of settings come from one
    /// file, and each that reads it tells what is wrong with the file.
    pub(crate) fn fix_each(&mut self, name: &'static str, mistakes: &Mistakes) {
        for mistake in &mistakes.0 {
            let message = mistake.to_string();
            if !self.list.iter().any(|finding| finding.message == message) {
                self.fix(name, message);
            }
        }
    }

    /// One mistake, one line to mend: what could not be tried because of it is no second one.
    pub(crate) fn skip(&mut self, name: &'static str, message: impl Into<String>) {
        self.add(name, None, message.into());
    }

    fn add(&mut self, name: &'static str, ok: Option<bool>, message: String) {
        self.list.push(Finding { name, ok, message });
    }

    /// Whether a line tells already what is to be mended at `place`, which begins with its name.
    pub(crate) fn has_to_fix(&self, place: &str) -> bool {
        let mut to_fix = self.list.iter().filter(|finding| finding.ok == Some(false));
        to_fix.any(|finding| place.starts_with(finding.name))
    }

    pub(crate) fn all_ok(&self) -> bool {
        self.list.iter().all(|finding| finding.ok == Some(true))
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
                let verdict = match finding.ok {
                    Some(true) => "ok ",
                    Some(false) => "fix",
                    None => "-- ",
                };
                format!("{verdict}  {}: {}\n", finding.name, finding.message)
            })
            .collect::<Vec<_>>()
            .concat()
    }
}
