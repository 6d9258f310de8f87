//! What `deploy/` and `docs/operating.md` say belongs together, and the program takes it.

use std::collections::BTreeSet;

use crate::harness::{Place, root};
use crate::page::blocks;

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

/// The values of a unit's setting, one for each line that sets it.
fn of_unit<'a>(unit: &'a str, name: &str) -> Vec<&'a str> {
    let lines = unit.lines().filter_map(|line| line.strip_prefix(name));
    lines.filter_map(|rest| rest.strip_prefix('=')).collect()
}

/// Whether the settings are understood, told by a command that reads all of the gateway's.
fn understood(place: &Place, environment: &[(&str, &str)]) {
    let ran = place.run_with(["gateway-keys", "list"], environment);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn the_settings_shown_for_systemd_are_understood_and_name_the_units_credentials() {
    let shown = blocks(&read("docs/operating.md"), "```toml");
    assert_eq!(shown.len(), 1);
    let place = Place::new();
    place.write("seatblock.toml", &shown[0]);
    place.write("session_key", "ab".repeat(32));
    understood(&place, &[]);

    let settings: toml::Table = shown[0].parse().unwrap();
    let tables = settings.values().filter_map(toml::Value::as_table);
    let mut named: BTreeSet<&str> = tables
        .flatten()
        .filter(|(key, _)| key.ends_with("_file"))
        .filter_map(|(_, value)| value.as_str())
        .collect();
    named.insert("seatblock.toml");
    let unit = read("deploy/seatblock.service");
    let credentials = of_unit(&unit, "LoadCredential").into_iter();
    let given: BTreeSet<&str> = credentials
        .map(|it| it.split_once(':').unwrap().0)
        .collect();
    assert_eq!(named, given);
}

#[test]
fn the_unit_goes_on_trying_what_passes_and_leaves_alone_what_does_not() {
    let unit = read("deploy/seatblock.service");
    assert_eq!(of_unit(&unit, "Restart"), ["on-failure"]);
    // Neither 6, attempts left open, nor 10, a database away.
    assert_eq!(of_unit(&unit, "RestartPreventExitStatus"), ["1 2"]);
    assert_eq!(of_unit(&unit, "StartLimitIntervalSec"), ["0"]);
    let user = of_unit(&unit, "User")[0];
    let folder = read("deploy/seatblock.tmpfiles");
    let made = format!("d /var/lib/seatblock 0700 {user} {user} -");
    assert!(folder.lines().any(|line| line == made), "{folder}");
}

#[test]
fn the_unit_waits_for_longer_than_the_grace() {
    let unit = read("deploy/seatblock.service");
    let seconds: Vec<u64> = of_unit(&unit, "TimeoutStopSec")
        .iter()
        .map(|it| it.parse().unwrap())
        .collect();
    let help = Place::new().run(["--help"]);
    let grace = help.stdout.split("gateway.grace").nth(1).unwrap();
    let grace = grace.split('[').nth(1).unwrap();
    let grace: u64 = grace.split('s').next().unwrap().parse().unwrap();
    assert!(
        seconds.len() == 1 && seconds[0] >= grace + 10,
        "{seconds:?}"
    );
}

#[test]
fn unit_and_image_log_a_line_for_each_block() {
    let unit = read("deploy/seatblock.service");
    let started = of_unit(&unit, "ExecStart");
    assert!(
        started.len() == 1 && started[0].ends_with(" serve -v"),
        "{started:?}"
    );
    let dockerfile = read("deploy/Dockerfile");
    let last = dockerfile.lines().last().unwrap();
    assert_eq!(last, r#"CMD ["serve", "-v"]"#);
}

/// Without it the image would have the allocator's defaults, of which nothing else would tell.
#[test]
fn the_image_is_built_with_the_allocators_settings() {
    let config: toml::Table = read(".cargo/config.toml").parse().unwrap();
    assert!(config["env"]["JEMALLOC_SYS_WITH_MALLOC_CONF"].is_str());
    let let_in = read("deploy/Dockerfile.dockerignore");
    assert!(
        let_in.lines().any(|line| line == "!.cargo/config.toml"),
        "{let_in}"
    );
    let dockerfile = read("deploy/Dockerfile");
    let copied = dockerfile.find("\nCOPY . .\n").unwrap();
    assert!(copied < dockerfile.find("cargo build").unwrap());
}

#[test]
fn the_images_settings_are_understood() {
    let dockerfile = read("deploy/Dockerfile");
    let words = dockerfile.split_whitespace();
    let mut settings: Vec<(&str, &str)> = words
        .filter(|word| word.starts_with("SEATBLOCK_"))
        .map(|word| word.split_once('=').unwrap())
        .collect();
    assert_eq!(settings.len(), 2);
    // Keys are made before anybody says what encrypts; served is nothing without it.
    understood(&Place::new(), &settings);
    let refused = Place::new().run_with(["serve"], &settings);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("gateway.listen"), "{refused:?}");
    settings.push(("SEATBLOCK_GATEWAY__BEHIND_PROXY", "yes"));
    assert!(read("docs/operating.md").contains("SEATBLOCK_GATEWAY__BEHIND_PROXY=yes"));
    understood(&Place::new(), &settings);
}

#[test]
fn every_alert_points_to_what_to_do() {
    let page = read("docs/operating.md");
    let headings = page.lines().filter_map(|line| line.strip_prefix("### "));
    let anchors: BTreeSet<String> = headings.map(str::to_lowercase).collect();
    let alerts = read("deploy/alerts.yml");
    let rules: Vec<&str> = alerts.split("- alert: ").skip(1).collect();
    assert!(rules.len() >= 12, "{}", rules.len());
    for rule in rules {
        let name = rule.lines().next().unwrap().to_lowercase();
        assert!(anchors.contains(&name), "{name} has no section");
        let pointer = format!("runbook: docs/operating.md#{name}");
        assert!(rule.lines().any(|line| line.trim() == pointer), "{rule}");
    }
}
