//! `seatblock completions`: a completion script for a shell.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use serde_json::{Map, Value};

use crate::Run;
use crate::cli::Cli;
use crate::exit::Exit;
use crate::output::{Report, object};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

struct Script {
    shell: Shell,
    text: String,
}

impl Report for Script {
    fn json(&self) -> Map<String, Value> {
        object([
            ("shell", self.shell.to_string().into()),
            ("script", self.text.as_str().into()),
        ])
    }

    fn text(&self) -> String {
        self.text.clone()
    }
}

/// Prints the script.
pub(crate) fn run(run: &Run, arguments: &Arguments) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Cli::command(),
        "seatblock",
        &mut script,
    );
    run.output.result(&Script {
        shell: arguments.shell,
        text: String::from_utf8_lossy(&script).into_owned(),
    });
    Exit::Done
}
