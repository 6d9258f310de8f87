//! One round: something is under way, the process is killed, and `recover` finds what is left.

use std::thread::sleep;
use std::time::Duration;

use klikoo_sandbox::{Fault, Rule};

use crate::harness::{Background, Rig, patiently};
use crate::ledgers::{Kept, REFERENCE};
use crate::older;
use crate::points::{During, Kill, Point};
use crate::relay::Relay;
use crate::told::Told;

/// Names the point to the program.
const VARIABLE: &str = booking_ledger::kill_points::VARIABLE;

/// What was seen.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) killed: String,
    pub(crate) recovered: String,
    pub(crate) executed: usize,
    /// Executed holds whose transaction the ledger knows.
    pub(crate) known: usize,
    pub(crate) sends: usize,
    /// Whether `ledger check` finds the ledger sound.
    pub(crate) sound: bool,
}

/// Nothing lost, nothing twice.
pub(crate) fn judge(round: &Round, place: &str) {
    assert!(round.executed <= 1, "held twice, {place}");
    assert_eq!(round.known, round.executed, "a hold is lost, {place}");
    assert!(round.sound, "the ledger is damaged, {place}");
}

/// Kills at `point`, recovers, and looks.
pub(crate) fn run(point: &Point, kept: Kept, number: usize) -> Round {
    let rig = match point.during {
        During::Sweep => Rig::with(|builder| builder.hold_for(Duration::from_millis(1_500))),
        _ => Rig::new(),
    };
    kept.prepare(&rig, true);
    prepare(&rig, point.during);
    match point.kill {
        Kill::At(at) => kill_at(&rig, point.during, at),
        Kill::MidWrite => kill_mid_write(&rig, number),
        Kill::Executed => kill_when(&rig, Fault::NeverAnswer, Duration::ZERO),
        Kill::MidReply => {
            let slow = Fault::SlowBody { chunk: 8, ms: 40 };
            kill_when(
                &rig,
                slow,
                Duration::from_millis(60 + 37 * (number as u64 % 8)),
            );
        }
    }
    if let (During::Upgrade, Kill::At(at)) = (point.during, point.kill) {
        let expected = if at == "ledger.migration" {
            1
        } else {
            older::newest()
        };
        assert_eq!(
            older::version(&rig),
            expected,
            "a migration is whole or not there"
        );
    }
    // A migration must not happen by looking.
    let killed = match point.during {
        During::Upgrade => "unknown".to_owned(),
        _ => Told::state(Told::by(&rig, REFERENCE).as_ref()),
    };
    rig.sandbox.clear_faults();
    recover(&rig, kept);
    look(&rig, killed)
}

/// Recovers, at once where the ledger is a file. A server may take a moment to see that a client is
/// gone, and until then its right stands; and that it is gone is no proof that it is dead.
pub(crate) fn recover(rig: &Rig, kept: Kept) {
    let mut waited = false;
    for _ in 0..200 {
        let mut ran = rig.place.run(["--json", "recover"]);
        // `recover` makes none: what was killed in the making is made anew by whoever makes one.
        if ran.code == 1 && ran.stdout.contains("there is no ledger at") {
            assert_eq!(rig.place.run(["ledger", "migrate"]).code, 0);
            ran = rig.place.run(["--json", "recover"]);
        }
        assert!(ran.code == 0 || ran.code == 6, "{ran:?}");
        let left = ran.json()["left"].to_string();
        let may_be_sent = left.contains("\"sending\"") || left.contains("\"may_be_sent_until\":\"");
        if kept == Kept::Sqlite || (!may_be_sent && !waited) {
            return;
        }
        if !may_be_sent {
            // By the provider's clock, which tells whole seconds, it may have been so still.
            sleep(Duration::from_millis(1_500));
            rig.place.run(["recover"]);
            return;
        }
        waited = true;
        sleep(Duration::from_millis(100));
    }
}

/// What ledger and sandbox say in the end.
pub(crate) fn look(rig: &Rig, killed: String) -> Round {
    let told = Told::by(rig, REFERENCE);
    let holds = rig.sandbox.holds();
    let known = |id: &str| told.as_ref().is_some_and(|told| told.knows(id));
    Round {
        killed,
        recovered: Told::state(told.as_ref()),
        executed: holds.len(),
        known: holds
            .iter()
            .filter(|hold| known(&hold.transaction_id))
            .count(),
        sends: rig.sandbox.calls("block-seat"),
        sound: rig.place.run(["ledger", "check"]).code == 0,
    }
}

/// Brings about what the killed process is to meet.
fn prepare(rig: &Rig, during: During) {
    let lose = |fault, code| {
        rig.sandbox
            .add_fault(Rule::new(fault).path("block-seat").nth(1));
        let ran = rig.place.run(["block", "order.json"]);
        assert_eq!(ran.code, code, "{ran:?}");
    };
    match during {
        During::Block | During::FirstOpening => {}
        During::RecoverLost => lose(Fault::CutBeforeExecuting, 6),
        During::RecoverExecuted => lose(Fault::ExecuteThenCut, 6),
        During::Sweep => {
            assert_eq!(rig.place.run(["block", "order.json"]).code, 0);
            sleep(Duration::from_millis(1_600));
        }
        During::Upgrade => {
            lose(Fault::CutBeforeExecuting, 6);
            older::make_first_version(rig);
        }
    }
}

fn arguments(during: During) -> &'static [&'static str] {
    match during {
        During::Block => &["block", "order.json"],
        During::FirstOpening => &["ledger", "migrate"],
        _ => &["recover"],
    }
}

fn kill_at(rig: &Rig, during: During, at: &str) {
    let mut command = rig.place.command(arguments(during).iter().copied());
    let ran = Background::start(command.env(VARIABLE, at)).wait();
    assert_eq!(ran.code, -1, "it passed {at} alive: {ran:?}");
    assert_eq!(
        ran.stdout, "",
        "nothing is told before it is durable: {ran:?}"
    );
}

fn kill_mid_write(rig: &Rig, number: usize) {
    // From the first byte to the last but one.
    let share = [0.02, 0.999, 0.5, 0.9, 0.25, 0.7][number % 6];
    let relay = Relay::to(rig.sandbox.base_url(), share);
    let mut command = rig.place.command(["block", "order.json"]);
    let block = Background::start(command.env("SEATBLOCK_KLIKOO__BASE_URL", &relay.url));
    assert!(relay.wait() > 0);
    block.signal("-KILL");
    assert_eq!(block.wait().code, -1);
    assert!(
        rig.sandbox.holds().is_empty(),
        "a part of an order is no order"
    );
}

fn kill_when(rig: &Rig, fault: Fault, wait: Duration) {
    rig.sandbox.add_fault(Rule::new(fault).path("block-seat"));
    let block = Background::start(&mut rig.place.command(["block", "order.json"]));
    patiently(|| rig.sandbox.holds().len() == 1);
    sleep(wait);
    block.signal("-KILL");
    assert_eq!(block.wait().code, -1, "it had no chance to end");
}
