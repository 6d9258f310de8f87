//! The points, and what has to follow from each.

use crate::ledgers::Kept;
use crate::rounds::{self, Round};
use crate::side_by_side::{number, side_by_side};
use crate::table;

/// What runs when the process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum During {
    /// `block`, of an order that nobody has sent.
    Block,
    /// `recover`, after a request that was lost.
    RecoverLost,
    /// `recover`, after an answer that was lost.
    RecoverExecuted,
    /// `recover`, with a hold whose deadline has passed.
    Sweep,
    /// `ledger migrate`, of a ledger that is not there yet.
    FirstOpening,
    /// `recover`, on a ledger of the first schema, after a request that was lost. (On `PostgreSQL`
    /// there is no later one yet.)
    Upgrade,
}

/// How it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kill {
    /// By itself, at this point of its own. `ledger.commit` is passed within the transaction, right
    /// before its end; on `PostgreSQL`, where it is a single statement, right before that is sent.
    At(&'static str),
    /// While the sandbox has a part of its request.
    MidWrite,
    /// When the sandbox has executed, and has answered nothing.
    Executed,
    /// When it has a part of the reply.
    MidReply,
}

/// A named point, and what has to be true after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) name: &'static str,
    pub(crate) during: During,
    pub(crate) kill: Kill,
    /// The ledger's state of the reference after the kill.
    pub(crate) killed: &'static str,
    /// And after `recover`.
    pub(crate) recovered: &'static str,
    /// Holds that the sandbox has executed in the end.
    pub(crate) executed: usize,
    /// Requests to block that the sandbox has met in the end, at most.
    pub(crate) sends: usize,
}

const fn point(
    name: &'static str,
    during: During,
    kill: Kill,
    (killed, recovered): (&'static str, &'static str),
    (executed, sends): (usize, usize),
) -> Point {
    Point {
        name,
        during,
        kill,
        killed,
        recovered,
        executed,
        sends,
    }
}

use During::{Block, FirstOpening, RecoverExecuted, RecoverLost, Sweep, Upgrade};
use Kill::{At, Executed, MidReply, MidWrite};

const ABSENT: (&str, &str) = ("absent", "absent");
const SENT: (&str, &str) = ("sending", "held");
const ASKED: (&str, &str) = ("unknown", "held");

pub(crate) const POINTS: &[Point] = &[
    point(
        "before the intent",
        Block,
        At("begin.before"),
        ABSENT,
        (0, 0),
    ),
    point(
        "in the intent's transaction",
        Block,
        At("ledger.commit"),
        ABSENT,
        (0, 0),
    ),
    point("after the intent", Block, At("begin.after"), SENT, (1, 1)),
    point(
        "before the first byte",
        Block,
        At("send.before"),
        SENT,
        (1, 1),
    ),
    // What arrived of it may count as a request, and never as an order.
    point(
        "while the request is written",
        Block,
        MidWrite,
        SENT,
        (1, 2),
    ),
    point("executed, nothing answered", Block, Executed, SENT, (1, 1)),
    point("in the middle of the reply", Block, MidReply, SENT, (1, 1)),
    point("after the reply", Block, At("send.after"), SENT, (1, 1)),
    point("before the outcome", Block, At("end.before"), SENT, (1, 1)),
    point(
        "in the outcome's transaction",
        Block,
        At("ledger.commit:2"),
        SENT,
        (1, 1),
    ),
    point(
        "outcome durable, not printed",
        Block,
        At("end.after"),
        ("held", "held"),
        (1, 1),
    ),
    point(
        "recover: before the claim",
        RecoverLost,
        At("claim.before"),
        ASKED,
        (1, 2),
    ),
    point(
        "recover: in the claim's transaction",
        RecoverLost,
        At("ledger.commit"),
        ASKED,
        (1, 2),
    ),
    point(
        "recover: after the claim",
        RecoverLost,
        At("claim.after"),
        ASKED,
        (1, 2),
    ),
    point(
        "recover: before the repeat's mark",
        RecoverLost,
        At("repeat.before"),
        ASKED,
        (1, 2),
    ),
    point(
        "recover: in the mark's transaction",
        RecoverLost,
        At("ledger.commit:3"),
        ASKED,
        (1, 2),
    ),
    // The one repeat is spent: what a dead process may have sent is never sent again.
    point(
        "recover: repeat marked, not sent",
        RecoverLost,
        At("repeat.after"),
        ("unknown", "unknown"),
        (0, 1),
    ),
    point(
        "recover: repeat sent",
        RecoverLost,
        At("send.after"),
        ASKED,
        (1, 2),
    ),
    point(
        "recover: in its outcome's transaction",
        RecoverLost,
        At("ledger.commit:4"),
        ASKED,
        (1, 2),
    ),
    point(
        "recover: its outcome durable",
        RecoverLost,
        At("end.after"),
        ("held", "held"),
        (1, 2),
    ),
    point(
        "recover: before the evidence",
        RecoverExecuted,
        At("learn.before"),
        ASKED,
        (1, 1),
    ),
    point(
        "recover: in the evidence's transaction",
        RecoverExecuted,
        At("ledger.commit:2"),
        ASKED,
        (1, 1),
    ),
    point(
        "recover: after the evidence",
        RecoverExecuted,
        At("learn.after"),
        ("held", "held"),
        (1, 1),
    ),
    point(
        "recover: before the claim is given back",
        RecoverExecuted,
        At("release.before"),
        ("held", "held"),
        (1, 1),
    ),
    point(
        "sweep: before a passed hold is ended",
        Sweep,
        At("learn.before"),
        ("held", "expired"),
        (1, 1),
    ),
    point(
        "sweep: in that transaction",
        Sweep,
        At("ledger.commit"),
        ("held", "expired"),
        (1, 1),
    ),
    point(
        "sweep: after it",
        Sweep,
        At("learn.after"),
        ("expired", "expired"),
        (1, 1),
    ),
    point(
        "in the making of a ledger",
        FirstOpening,
        At("ledger.migration"),
        ABSENT,
        (0, 0),
    ),
    point(
        "after the making of a ledger",
        FirstOpening,
        At("ledger.migrated"),
        ABSENT,
        (0, 0),
    ),
    point(
        "in a migration",
        Upgrade,
        At("ledger.migration"),
        ASKED,
        (1, 2),
    ),
    point(
        "after a migration",
        Upgrade,
        At("ledger.migrated"),
        ASKED,
        (1, 2),
    ),
];

/// Rounds for each point and ledger.
fn rounds_of_each() -> usize {
    number("KILL_ROUNDS", 4)
}

fn at_every_point(kept: Kept) {
    let applies = |point: &&Point| kept == Kept::Sqlite || point.during != During::Upgrade;
    let points: Vec<Point> = POINTS.iter().filter(applies).copied().collect();
    let rounds: Vec<Vec<Round>> = side_by_side(&points, |point| {
        (0..rounds_of_each())
            .map(|number| rounds::run(point, kept, number))
            .collect()
    });
    println!("{}", table::of_points(&points, kept, &rounds));
    for (point, rounds) in points.iter().zip(&rounds) {
        for round in rounds {
            let place = format!("{} on {}: {round:?}", point.name, kept.name());
            assert_eq!(round.killed, point.killed, "after the kill, {place}");
            assert_eq!(round.recovered, point.recovered, "after recover, {place}");
            assert_eq!(round.executed, point.executed, "executed, {place}");
            assert!(round.sends <= point.sends, "sends, {place}");
            rounds::judge(round, &place);
        }
    }
}

#[test]
fn what_was_executed_is_in_the_file_once_wherever_the_process_was_killed() {
    at_every_point(Kept::Sqlite);
}

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn what_was_executed_is_on_the_server_once_wherever_the_process_was_killed() {
    at_every_point(Kept::Postgres);
}
