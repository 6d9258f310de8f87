//! A process that is killed while it writes.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use booking_domain::HoldState;
use booking_ledger::{LedgerKey, SqliteLedger, SqliteOptions};
use booking_ports::{HoldLedger as _, SystemClock};
use tokio::task::JoinSet;

use crate::harness::{Place, reference, send};

const PATH: &str = "LEDGER_OF_THE_TEST";
const ROUND: &str = "ROUND_OF_THE_TEST";
const SAYS: &str = "answered: ";

#[tokio::test]
async fn a_killed_process_has_lost_nothing_that_it_was_answered() {
    let place = Place::new();
    let mut answered = Vec::new();
    for round in 0..8 {
        let mut child = start(place.path().as_os_str(), round);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut answers =
            || lines.find_map(|line| Some(line.unwrap().split_once(SAYS)?.1.to_owned()));
        for _ in 0..=round * 9 {
            answered.extend(answers());
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it said before it was killed.
        answered.extend(std::iter::from_fn(answers));

        let ledger = place.open().await;
        assert!(ledger.check().await.unwrap().is_sound());
        for name in &answered {
            let record = ledger.find(&reference(name)).await.unwrap();
            let record = record.unwrap_or_else(|| unreachable!("{name} was answered, and is lost"));
            assert_eq!(record.state, HoldState::Sending);
            assert_eq!(record.attempts, 1);
        }
        ledger.close().await;
    }
    assert!(answered.len() > 200, "{} answers", answered.len());
}

fn start(path: &OsStr, round: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "kills::writes_until_it_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(PATH, path)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
#[ignore = "the process that the test above kills"]
async fn writes_until_it_is_killed() {
    let (Some(path), Some(round)) = (std::env::var_os(PATH), std::env::var_os(ROUND)) else {
        return;
    };
    let round = round.to_string_lossy().into_owned();
    let options = SqliteOptions::at(path).sealed_by(LedgerKey::new([7; 32]));
    let clock = Arc::new(SystemClock::default());
    let ledger = Arc::new(SqliteLedger::open(&options, clock).await.unwrap());
    let mut callers = JoinSet::new();
    for caller in 0..8 {
        let (ledger, round) = (Arc::clone(&ledger), round.clone());
        callers.spawn(async move {
            // Far more than it comes to.
            for number in 0..100_000 {
                let name = format!("{round}-{caller}-{number}");
                send(&ledger, &name).await;
                writeln!(std::io::stdout(), "{SAYS}{name}").unwrap();
            }
        });
    }
    callers.join_all().await;
}
