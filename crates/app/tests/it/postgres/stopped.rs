//! A sender that is stopped between its mark and its sending: for longer than its lease, or while it
//! loses its session.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{BlockOrder, HoldState, OrderDraft, PartnerReference};
use booking_layers::Recorded;
use booking_ledger::{LedgerOptions, LedgerStore};
use booking_ports::{
    Clock, Outcome, SeatBlocker, SystemClock, Unknown, UnknownKind, may_be_sent_until,
};
use time::OffsetDateTime;

use super::server::Server;

const URL: &str = "LEDGER_OF_THE_TEST";
const LEASE_SECONDS: &str = "LEASE_OF_THE_TEST";
const REFERENCE: &str = "stopped-1";
const LEASE: Duration = Duration::from_secs(2);

fn order() -> BlockOrder {
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(REFERENCE.to_owned());
    draft.check(time::macros::date!(2026 - 11 - 24)).unwrap()
}

async fn open(url: &str) -> Arc<dyn LedgerStore> {
    let options = LedgerOptions::from_url(url).unwrap();
    options
        .open(Arc::new(SystemClock::default()))
        .await
        .unwrap()
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_sender_that_was_stopped_for_longer_than_its_lease_does_not_send() {
    let url = Server::shared().database();
    let ledger = open(&url).await;
    let reference = PartnerReference::new(REFERENCE).unwrap();
    let mut child = start(&url, LEASE);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut says = |word: &str| lines.any(|line| line.unwrap().contains(word));
    assert!(says("marked"));
    stop(&child);
    writeln!(child.stdin.as_mut().unwrap(), "go on").unwrap();

    // It lives, so its lease is waited for, and then it is given up.
    assert!(ledger.claim(&reference, LEASE).await.unwrap().is_none());
    tokio::time::sleep(LEASE).await;
    let claim = ledger.claim(&reference, 10 * LEASE).await.unwrap().unwrap();
    assert_eq!(claim.record.state, HoldState::Unknown);
    let permit = ledger.repeat(&claim).await.unwrap();
    assert_eq!(permit.attempt, 2);

    // From here on this process has one in flight, and the other wakes up.
    signal(&child, "-CONT");
    assert_eq!(last_line(&mut child, lines), "sent 0 times");
    assert!(child.wait().unwrap().success());
    let lost = Unknown::new(reference.clone(), UnknownKind::Timeout, "no answer");
    let record = ledger.end(&permit, &Err(lost.into())).await.unwrap();
    assert_eq!(record.open_attempts.into_iter().collect::<Vec<_>>(), [2]);
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_sender_that_was_given_up_while_it_was_stopped_does_not_send() {
    let lease = 30 * LEASE;
    let url = Server::shared().database();
    let reference = PartnerReference::new(REFERENCE).unwrap();
    let mut child = start(&format!("{url}&application_name=stopped"), lease);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut says = |word: &str| lines.any(|line| line.unwrap().contains(word));
    assert!(says("marked"));
    stop(&child);
    writeln!(child.stdin.as_mut().unwrap(), "go on").unwrap();
    super::end_sessions(&url, "stopped").await;
    tokio::time::sleep(LEASE / 2).await;

    let ledger = open(&url).await;
    let claim = ledger.claim(&reference, LEASE).await.unwrap().unwrap();
    assert_eq!(claim.record.state, HoldState::Unknown);
    let now = SystemClock::default().now();
    let until = may_be_sent_until(&ledger.story(&reference).await.unwrap()).unwrap();
    assert!(until > now && until < now + lease, "{until}");

    // It has lost no lease, and finds out all the same. What it knows is worth more than the wait.
    signal(&child, "-CONT");
    assert_eq!(last_line(&mut child, lines), "sent 0 times");
    assert!(child.wait().unwrap().success());
    let story = ledger.story(&reference).await.unwrap();
    assert_eq!(may_be_sent_until(&story), None);
    let record = ledger.find(&reference).await.unwrap().unwrap();
    assert!(record.open_attempts.is_empty(), "{record:?}");
}

/// How often it says that it sent, or all that it said otherwise.
fn last_line(child: &mut Child, lines: impl Iterator<Item = std::io::Result<String>>) -> String {
    let said: Vec<String> = lines.map_while(Result::ok).collect();
    let told = said
        .iter()
        .find_map(|line| line.split_once(": ").filter(|it| it.0.starts_with("sent ")));
    told.map_or_else(
        || format!("{:?}: {said:?}", child.wait()),
        |it| it.0.to_owned(),
    )
}

fn start(url: &str, lease: Duration) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "postgres::stopped::sends_unless_its_lease_is_over",
            "--ignored",
            "--nocapture",
        ])
        .env(URL, url)
        .env(LEASE_SECONDS, lease.as_secs().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Stops it, and waits until each of its threads stands still: one that is told to go on meanwhile would
/// go on.
fn stop(child: &Child) {
    signal(child, "-STOP");
    let threads = format!("/proc/{}/task", child.id());
    let stands_still = |thread: std::io::Result<std::fs::DirEntry>| {
        let stat = std::fs::read_to_string(thread.unwrap().path().join("stat")).unwrap();
        // The state follows the name, which stands in parentheses.
        stat.rsplit_once(") ")
            .is_some_and(|(_, state)| state.starts_with('T'))
    };
    while !std::fs::read_dir(&threads).unwrap().all(stands_still) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let done = Command::new("kill").args([name, &id]).status().unwrap();
    assert!(done.success());
}

#[tokio::test]
#[ignore = "the process that the test above stops"]
async fn sends_unless_its_lease_is_over() {
    let Some(url) = std::env::var_os(URL) else {
        return;
    };
    let sent = Arc::new(AtomicUsize::new(0));
    let ledger = open(url.to_str().unwrap()).await;
    let clock = Arc::new(StopsAfterTheMark::default());
    let seconds = std::env::var_os(LEASE_SECONDS).unwrap();
    let lease = Duration::from_secs(seconds.to_str().unwrap().parse().unwrap());
    let blocker = Recorded::new(Counts(Arc::clone(&sent)), ledger, clock.clone(), lease);
    // What the layer asks as it is made does not count.
    clock.asked.store(0, Ordering::SeqCst);
    let outcome = blocker.block(&order()).await;
    println!("\nsent {} times: {outcome:?}", sent.load(Ordering::SeqCst));
    assert_eq!(blocker.drain(LEASE).await, 0);
}

struct Counts(Arc<AtomicUsize>);

#[async_trait]
impl SeatBlocker for Counts {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        self.0.fetch_add(1, Ordering::SeqCst);
        let reference = order.reference().clone();
        Err(Unknown::new(reference, UnknownKind::Timeout, "no answer").into())
    }
}

/// Asked for the second time how late it is, which `Recorded` does between mark and sending, it
/// waits.
#[derive(Default)]
struct StopsAfterTheMark {
    clock: SystemClock,
    asked: AtomicUsize,
}

impl Clock for StopsAfterTheMark {
    fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    fn monotonic(&self) -> Duration {
        if self.asked.fetch_add(1, Ordering::SeqCst) == 1 {
            std::io::stdout().write_all(b"marked\n").unwrap();
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).unwrap();
        }
        self.clock.monotonic()
    }
}
