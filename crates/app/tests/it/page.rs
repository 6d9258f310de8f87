//! docs/outcomes.md and docs/LOGGING.md: every command of the pages is run.

use std::path::Path;
use std::process::Command;

use crate::harness::{Background, PROGRAM, Place, Ran, ran, root};

/// A command of the page and what the page says of it.
struct Shown {
    outcome: String,
    exit: i32,
    command: String,
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/outcomes.md")).unwrap()
}

/// Sections begin with "## outcome: exit N"; their `sh` blocks hold one command each.
fn shown(page: &str) -> Vec<Shown> {
    let mut found = Vec::new();
    let mut heading = None;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title
                .split_once(": exit ")
                .map(|(outcome, exit)| (outcome.to_owned(), exit.parse().unwrap()));
        } else if line == "```sh"
            && let Some((outcome, exit)) = &heading
        {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.push(Shown {
                outcome: outcome.clone(),
                exit: *exit,
                command: block.join("\n"),
            });
        }
    }
    found
}

/// Rows of the table of seats: word, exit, outcome, kind.
fn seats(page: &str) -> Vec<[String; 4]> {
    page.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let mut cells = line
                .split('|')
                .skip(1)
                .map(|cell| cell.trim().replace('`', ""));
            std::array::from_fn(|_| cells.next().unwrap())
        })
        .collect()
}

/// A folder that looks like the repository's root to the commands of the page.
fn place() -> Place {
    let place = Place::new();
    let docs = root().join("docs").canonicalize().unwrap();
    std::os::unix::fs::symlink(docs, place.path("docs")).unwrap();
    place
}

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
fn every_command_of_the_page_ends_as_the_page_says() {
    let place = place();
    let mut sandbox = Background::start(&mut place.command(["sandbox", "--settings", "s.toml"]));
    sandbox.first_line();
    let shown = shown(&page());
    for code in [0, 1, 2, 3, 4, 5, 6, 9, 10] {
        assert!(
            shown.iter().any(|shown| shown.exit == code),
            "nothing shows exit {code}"
        );
    }
    for Shown {
        outcome,
        exit,
        command,
    } in shown
    {
        let ran = shell(&place, &command);
        assert_eq!(ran.code, exit, "{command}: {ran:?}");
        let told = if matches!(exit, 1 | 2 | 10) {
            &ran.stderr
        } else {
            &ran.stdout
        };
        let word = outcome.replace('_', " ");
        let begins = match exit {
            1 | 10 => "seatblock: ",
            2 => "error: ",
            _ => word.as_str(),
        };
        assert!(told.starts_with(begins), "{command}: {ran:?}");
    }
}

#[test]
fn every_seat_of_the_table_ends_as_the_table_says() {
    let place = place();
    let mut sandbox = Background::start(&mut place.command(["sandbox", "--settings", "s.toml"]));
    sandbox.first_line();
    let rows = seats(&page());
    for magic in klikoo_sandbox::MAGIC_SEATS {
        assert!(
            rows.iter().any(|row| row[0] == magic.word),
            "{}",
            magic.word
        );
    }
    for [seat, exit, outcome, kind] in rows {
        let command = format!(
            "sed 's/\"8\"/\"{seat}\"/; s/\"1238\"/\"{seat}\"/' docs/examples/one-way.json | SEATBLOCK_KLIKOO__CONNECT_TIMEOUT=1s SEATBLOCK_KLIKOO__TIMEOUT=3s seatblock --config s.toml --json block -"
        );
        let ran = shell(&place, &command);
        assert_eq!(ran.code.to_string(), exit, "{seat}: {ran:?}");
        let json = ran.json();
        assert_eq!(json["outcome"], outcome, "{seat}");
        assert_eq!(json["kind"].as_str().unwrap_or_default(), kind, "{seat}");
    }
}

#[test]
fn every_example_is_what_its_name_says() {
    let place = place();
    for (name, code) in [
        ("one-way", 0),
        ("round-trip", 0),
        ("group", 0),
        ("invalid", 3),
    ] {
        let ran = shell(
            &place,
            &format!("seatblock --json block docs/examples/{name}.json"),
        );
        assert_eq!(ran.code, code, "{name}: {ran:?}");
    }
}

/// The blocks of a page that begin with this fence, in its order.
pub(super) fn blocks(page: &str, fence: &str) -> Vec<String> {
    let mut lines = page.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if line == fence {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.push(block.join("\n"));
        }
    }
    found
}

/// Log lines without when they were written and how long anything took.
fn timeless(log: &str) -> Vec<String> {
    log.lines()
        .filter(|line| !line.starts_with("seatblock: "))
        .map(|line| {
            let words = line.split_whitespace().skip(1);
            let words =
                words.filter(|word| !word.starts_with("took=") && !word.starts_with("elapsed_ms="));
            words.collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn logs_look_as_the_page_of_logs_shows() {
    let page = std::fs::read_to_string(root().join("docs/LOGGING.md")).unwrap();
    let (commands, logs) = (blocks(&page, "```sh"), blocks(&page, "```text"));
    assert!(!commands.is_empty() && commands.len() == logs.len());
    for (command, log) in commands.iter().zip(&logs) {
        let ran = shell(&place(), command);
        assert_eq!(timeless(&ran.stderr), timeless(log), "{command}: {ran:?}");
    }
}
