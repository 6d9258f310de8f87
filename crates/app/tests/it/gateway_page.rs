//! docs/gateway.md: every command of the page is run, in its order.

use std::path::Path;
use std::process::Command;

use crate::harness::{Background, PROGRAM, Place, ran, root};
use crate::page::blocks;

/// Told by the shell after each block, so that what each one printed can be told apart.
const END: &str = "---- end of block ----";

#[test]
fn every_command_of_the_page_shows_what_is_shown_beneath_it() {
    let page = std::fs::read_to_string(root().join("docs/gateway.md")).unwrap();
    let (commands, shown) = (blocks(&page, "```sh"), blocks(&page, "```json"));
    assert!(commands.len() > 10 && commands.len() == shown.len());
    let place = Place::new();
    let docs = root().join("docs").canonicalize().unwrap();
    std::os::unix::fs::symlink(docs, place.path("docs")).unwrap();
    let arguments = ["--json", "serve", "--listen", "127.0.0.1:0"];
    let mut command = place.command(arguments);
    command.env("SEATBLOCK_GATEWAY__METRICS_LISTEN", "none");
    let mut gateway = Background::start(&mut command);
    let told: serde_json::Value = serde_json::from_str(&gateway.first_line()).unwrap();

    let script: Vec<String> = commands
        .iter()
        .map(|command| format!("{command}\necho; echo '{END}'\n"))
        .collect();
    let mut shell = Command::new("bash");
    place.clean(&mut shell);
    shell
        .args(["-c", &script.concat()])
        .current_dir(place.path("."))
        .env("URL", told["url"].as_str().unwrap())
        .env("KEY", told["key"].as_str().unwrap())
        .env("PATH", path());
    let ran = ran(&mut shell);
    let printed: Vec<&str> = ran.stdout.split(END).collect();
    for ((command, shown), printed) in commands.iter().zip(&shown).zip(printed) {
        for line in shown.lines() {
            assert!(
                printed.contains(line),
                "{command}\nlacks {line}\n{printed}\n{}",
                ran.stderr
            );
        }
    }
}

/// With the program in it.
fn path() -> std::ffi::OsString {
    let programs = Path::new(PROGRAM).parent().unwrap().to_owned();
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(programs).chain(std::env::split_paths(&rest));
    std::env::join_paths(all).unwrap()
}
