//! What `recover` says of what it could not settle, and the bar that it draws meanwhile.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::process::Stdio;

use klikoo_sandbox::{Fault, HistoryOff, Rule};

use crate::harness::{Background, Rig, order, patiently};

/// A rig with `r-1` left unknown, and nobody who could tell.
fn rig() -> Rig {
    let rig = Rig::with(|builder| builder.history_off(HistoryOff::Fails));
    rig.sandbox
        .add_fault(Rule::new(Fault::ExecuteThenCut).path("block-seat"));
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 6);
    rig
}

#[test]
fn what_is_left_is_told_with_its_reason_and_the_exact_commands() {
    let rig = rig();
    let ran = rig.place.run(["recover"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    for part in [
        "\nr-1: unknown for ",
        "  why        history search: the transactions could not be searched: ",
        "  ask again  `seatblock recover`, later or with --watch; it ends by itself on ",
        "  by hand    ask Klikoo for r-1, then\n",
        "             seatblock settle r-1 --transaction-id ID --because TEXT\n",
        "             seatblock settle r-1 --not-held --because TEXT\n",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {ran:?}");
    }
    let json = rig.place.run(["--json", "recover"]).json();
    let left = &json["left"][0];
    assert_eq!(left["state"], "unknown", "{json}");
    assert!(left["age_seconds"].as_i64().unwrap() < 60, "{json}");
    assert!(left["why"].as_str().unwrap().starts_with("history search"));
    assert!(
        left["ends_by_itself_at"]
            .as_str()
            .unwrap()
            .ends_with("+07:00")
    );
    assert_eq!(
        left["by_hand"][1],
        "seatblock settle r-1 --not-held --because TEXT"
    );

    // And that is what works.
    let words = ["settle", "r-1", "--not-held", "--because", "TEXT"];
    assert_eq!(rig.place.run(words).code, 0);
    assert_eq!(rig.place.run(["recover"]).code, 0);
}

#[test]
fn a_booking_that_nobody_can_ask_for_is_told_as_one() {
    let rig = Rig::new();
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    rig.sandbox
        .add_fault(Rule::new(Fault::ExecuteThenCut).path("transports/book"));
    rig.sandbox
        .add_fault(Rule::new(Fault::NotJson).path("/transactions/"));
    assert_eq!(rig.place.run(["book", "r-1"]).code, 6);
    let ran = rig.place.run(["recover"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    let id = rig.sandbox.holds()[0].transaction_id.clone();
    for part in [
        "\nr-1: held, perhaps booked for ",
        "it does not end by itself\n",
        &format!("  by hand    ask Klikoo for transaction {id} (r-1), then\n"),
        "             seatblock settle r-1 --booked --because TEXT\n",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {ran:?}");
    }
    let words = ["settle", "r-1", "--booked", "--because", "TEXT"];
    assert_eq!(rig.place.run(words).code, 0);
    assert_eq!(rig.place.run(["recover"]).code, 0);
}

#[test]
fn what_another_process_is_sending_is_left_to_it() {
    let rig = Rig::new();
    rig.place
        .write("order.json", order("r-1", "SILENT").to_string());
    let block = Background::start(&mut rig.place.command(["block", "order.json"]));
    patiently(|| rig.sandbox.calls("block-seat") == 1);
    let ran = rig.place.run(["recover"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    assert!(
        ran.stdout.contains("another process is sending it"),
        "{ran:?}"
    );
    assert!(!ran.stdout.contains("by hand"), "{ran:?}");
    drop(block);
}

/// What a command writes to a terminal that is its stderr.
fn on_a_terminal(rig: &Rig, words: &[&str]) -> String {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let side = OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let mut command = rig.place.command(words.iter().copied());
    command
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(side);
    let mut child = command.spawn().unwrap();
    // Its end is the end of the terminal, once this process has let go of the other side.
    drop(command);
    let mut written = Vec::new();
    let _closed = File::from(terminal).read_to_end(&mut written);
    child.wait().unwrap();
    String::from_utf8_lossy(&written).into_owned()
}

#[test]
fn a_bar_is_drawn_on_a_terminal_and_taken_away() {
    let rig = rig();
    // Slow enough for the bar to be drawn.
    rig.sandbox
        .add_fault(Rule::new(Fault::Latency { ms: 500 }).path("/transactions"));
    let drawn = on_a_terminal(&rig, &["recover"]);
    assert!(drawn.contains(" of 1 looked at, 0 settled"), "{drawn:?}");
    assert!(
        drawn.ends_with("\u{1b}[2K") || drawn.contains("\r\u{1b}[2K"),
        "{drawn:?}"
    );
    for words in [&["--json", "recover"][..], &["-v", "recover"]] {
        let drawn = on_a_terminal(&rig, words);
        assert!(!drawn.contains("looked at,"), "{drawn:?}");
    }
    // Nor where stderr is no terminal.
    let ran = rig.place.run(["recover"]);
    assert!(!ran.stderr.contains("looked at"), "{ran:?}");
}
