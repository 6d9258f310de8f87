//! docs/signing.md: every command of the page is run.

use std::path::Path;
use std::process::Command;

use crate::harness::{PROGRAM, Place, Ran, ran, root};

/// A command of the page and what the page says of it.
struct Shown {
    exit: i32,
    command: String,
    /// The end of what it prints.
    output: Option<String>,
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/signing.md")).unwrap()
}

/// The exported variables, and the commands below headings that end in "exit N". Each `sh` block is
/// one command, a `text` block shows the output of the one before it.
fn shown(page: &str) -> (String, Vec<Shown>) {
    let (mut exports, mut found) = (String::new(), Vec::<Shown>::new());
    let mut exit = None;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let mut block = || {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            block.join("\n")
        };
        if let Some(title) = line.strip_prefix("## ") {
            exit = title
                .split_once(": exit ")
                .map(|(_, exit)| exit.parse().unwrap());
        } else if line == "```sh" {
            let command = block();
            let output = None;
            match exit {
                Some(exit) => found.push(Shown {
                    exit,
                    command,
                    output,
                }),
                None => exports = command,
            }
        } else if line == "```text" {
            found.last_mut().unwrap().output = Some(block());
        }
    }
    (exports, found)
}

/// Runs in a folder that looks like the repository's root to the commands of the page.
fn shell(place: &Place, command: &str) -> Ran {
    let programs = Path::new(PROGRAM).parent().unwrap().to_owned();
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(programs).chain(std::env::split_paths(&rest));
    let mut shell = Command::new("sh");
    place.clean(&mut shell);
    shell
        .args(["-c", command])
        .current_dir(place.path("."))
        .env("PATH", std::env::join_paths(path).unwrap());
    ran(&mut shell)
}

#[test]
fn every_command_of_the_page_prints_what_the_page_shows() {
    let place = Place::new();
    let docs = root().join("docs").canonicalize().unwrap();
    std::os::unix::fs::symlink(docs, place.path("docs")).unwrap();
    let (exports, shown) = shown(&page());
    for exit in [0, 1, 2] {
        assert!(shown.iter().any(|shown| shown.exit == exit), "{exit}");
    }
    let compared = shown.iter().filter(|shown| shown.output.is_some()).count();
    assert!(compared + 1 >= shown.len(), "outputs are lost");
    for shown in shown {
        let ran = shell(&place, &format!("{exports}\n{}", shown.command));
        assert_eq!(ran.code, shown.exit, "{}: {ran:?}", shown.command);
        let Some(output) = shown.output else { continue };
        assert!(
            ran.stdout.contains(&format!("{output}\n")),
            "{}\n{output}\n---\n{}",
            shown.command,
            ran.stdout
        );
        assert_eq!(ran.stderr, "", "{}", shown.command);
    }
}
