//! The one writer of results: text for people or one JSON object, to stdout.

use std::fmt::Display;
use std::io::{self, Write};

use serde_json::{Map, Value};

use crate::exit::Exit;

/// A result that can be shown in both ways.
pub(crate) trait Report {
    /// The members of the JSON object.
    fn json(&self) -> Map<String, Value>;

    /// The text for a person, with a line end after every line.
    fn text(&self) -> String;
}

/// Where results and notes go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Whether results are JSON.
    pub(crate) json: bool,
}

impl Output {
    /// Writes a result to stdout.
    ///
    /// Where stdout cannot be written the result goes to stderr: nobody should lose a transaction
    /// id to a full disk or to a reader that has gone away. Whether stdout took it: a command that
    /// would go on writing should end where it did not.
    pub(crate) fn result(self, report: &dyn Report) -> bool {
        let text = if self.json {
            format!("{}\n", Value::Object(report.json()))
        } else {
            report.text()
        };
        let mut stdout = io::stdout().lock();
        let written = stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush());
        if let Err(error) = &written {
            note(format_args!("stdout cannot be written ({error}): {text}"));
        }
        written.is_ok()
    }

    /// An error that ended a command.
    pub(crate) fn failure(self, exit: Exit, message: &str) {
        if self.json {
            self.result(&Failure { exit, message });
        } else {
            for line in message.lines() {
                note(line);
            }
        }
    }
}

struct Failure<'a> {
    exit: Exit,
    message: &'a str,
}

impl Report for Failure<'_> {
    fn json(&self) -> Map<String, Value> {
        let outcome = match self.exit {
            Exit::Unavailable => "unavailable",
            _ => "error",
        };
        object([
            ("outcome", outcome.into()),
            ("message", self.message.into()),
        ])
    }

    fn text(&self) -> String {
        format!("{}\n", self.message)
    }
}

/// A line for the person at the terminal, to stderr, beside a result of either kind.
pub(crate) fn note(text: impl Display) {
    // Nobody is left to tell that stderr is closed.
    let _ = writeln!(io::stderr().lock(), "seatblock: {text}");
}

/// A JSON object; members that are null are left out.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Lines of two columns, indented: a name and its value.
pub(crate) fn columns(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter()
        .map(|(name, value)| format!("  {name:width$}  {value}\n"))
        .collect::<Vec<_>>()
        .concat()
}
