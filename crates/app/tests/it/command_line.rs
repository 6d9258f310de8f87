//! The command line itself: usage, global options, completions, closed pipes.

use std::process::Stdio;

use crate::harness::{Place, Rig, order};

#[test]
fn a_wrong_command_line_is_usage() {
    let place = Place::new();
    for arguments in [
        &[][..],
        &["blok"],
        &["block"],
        &["block", "a", "b"],
        &["keys", "new", "dsa", "--out", "x"],
    ] {
        let ran = place.run(arguments.iter().copied());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
    }
}

#[test]
fn help_and_version_tell_exit_codes_and_settings() {
    let place = Place::new();
    let ran = place.run(["--help"]);
    assert_eq!(ran.code, 0);
    for part in [
        "Exit codes",
        "klikoo.base_url",
        "klikoo.ca_file",
        "SEATBLOCK_KLIKOO__BASE_URL",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    assert!(place.run(["--version"]).stdout.starts_with("seatblock "));
}

#[test]
fn global_options_may_stand_before_and_behind_the_command() {
    let place = Place::new();
    place.write("order.json", order("r-1", "8").to_string());
    for arguments in [
        ["--json", "-v", "block", "order.json"],
        ["block", "order.json", "-v", "--json"],
    ] {
        let ran = place.run(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(ran.json()["outcome"], "held");
    }
}

#[test]
fn completions_are_written_for_every_shell() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = place.run(["completions", shell]);
        assert!(ran.code == 0 && ran.stdout.contains("seatblock"), "{shell}");
    }
    assert_eq!(
        place.run(["--json", "completions", "bash"]).json()["shell"],
        "bash"
    );
}

#[test]
fn a_result_whose_reader_has_gone_away_is_not_lost() {
    let place = Place::new();
    place.write("order.json", order("r-1", "8").to_string());
    let mut command = place.command(["block", "order.json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("transaction id"), "{stderr}");
}

#[test]
fn a_result_that_cannot_be_written_is_not_lost() {
    let place = Place::new();
    place.write("order.json", order("r-1", "8").to_string());
    let mut command = place.command(["--json", "block", "order.json"]);
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = command.stdout(full).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("stdout cannot be written"), "{stderr}");
    assert!(stderr.contains("\"transaction_id\":"), "{stderr}");
}

#[test]
fn what_a_result_tells_is_logged_only_to_whoever_asks() {
    let rig = Rig::new();
    for seat in ["8", "SIGNED", "CLOCK", "OTHER", "TAKEN", "CUT", "PAST"] {
        let ran = rig.block(&[], &order(&format!("r-{seat}"), seat));
        let reference = format!("seatblock: reference: r-{seat}\n");
        assert_eq!(ran.stderr, reference, "{ran:?}");
    }
    let ran = rig.block(&["-v"], &order("r-1", "SIGNED"));
    assert!(ran.stderr.contains("signature refused"), "{ran:?}");
    let all = [("RUST_LOG", "warn")];
    rig.place
        .write("order.json", order("r-3", "SIGNED").to_string());
    let ran = rig.place.run_with(["block", "order.json"], &all);
    assert!(ran.stderr.contains("signature refused"), "{ran:?}");

    rig.place.write("secret", "another secret");
    let ran = rig.block(&[], &order("r-2", "9"));
    assert_eq!((ran.code, ran.stderr.lines().count()), (5, 1), "{ran:?}");
    for (command, lines) in [(&["check"][..], 0), (&["seats", "188336"], 1)] {
        let ran = rig.place.run(command.iter().copied());
        assert_eq!(ran.stderr.lines().count(), lines, "{ran:?}");
        assert!(ran.everything().contains("401016570"), "{ran:?}");
    }
}

#[test]
fn logs_are_of_our_crates_and_go_to_stderr() {
    let place = Place::new();
    place.write("order.json", order("r-1", "8").to_string());
    let quiet = place.run(["block", "order.json"]);
    assert_eq!(quiet.stderr.lines().count(), 2, "{}", quiet.stderr);
    place.write("order.json", order("r-2", "8").to_string());
    let loud = place.run_with(["-vvv", "block", "order.json"], &[("RUST_LOG", "trace")]);
    assert!(loud.stderr.contains("klikoo_adapter::"), "{}", loud.stderr);
    for foreign in [" hyper", " reqwest", " rustls", " h2", " axum"] {
        assert!(!loud.stderr.contains(foreign), "{foreign}: {}", loud.stderr);
    }
    assert!(!loud.stderr.contains('\u{1b}'));
    place.write("order.json", order("r-3", "8").to_string());
    let chosen = place.run_with(
        ["block", "order.json"],
        &[("RUST_LOG", "klikoo_adapter=debug")],
    );
    assert!(
        chosen.stderr.contains("klikoo_adapter::") && !chosen.stderr.contains("klikoo_sandbox::")
    );
    let wrong = place.run_with(["block", "order.json"], &[("RUST_LOG", "==")]);
    assert!(
        wrong.code == 0 && wrong.stderr.contains("RUST_LOG is passed over"),
        "{wrong:?}"
    );
}
