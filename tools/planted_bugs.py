#!/usr/bin/env python3
"""Plants bugs, one at a time, in a copy of the tree, and demands that a test catches each.

    tools/planted_bugs.py              all of them
    tools/planted_bugs.py B4 B16       these
    tools/planted_bugs.py --check      whether each still has its place in the code; builds nothing

A bug is data: what it is, the exact text that it replaces, and the test that has to fail. A text that
does not occur exactly once is a fault of this table, and so is a test that fails without any bug.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TREE = ROOT / "target" / "planted-bugs" / "tree"
BUILD = ROOT / "target" / "planted-bugs" / "build"

ADAPTER, LAYERS, PORTS = "crates/klikoo-adapter/src/", "crates/booking-layers/src/", "crates/booking-ports/src/"
LEDGER, GATEWAY = "crates/booking-ledger/src/", "crates/booking-gateway/src/"


@dataclass(frozen=True)
class Test:
    """A test, by the words that `cargo test` takes, and the most seconds that it may need."""

    arguments: tuple
    name: str
    seconds: int = 240


SIMULATION = Test(("-p", "app", "--test", "simulation"), "no_hold_is_made_twice_lost_or_denied")


def adapter(name):
    return Test(("-p", "klikoo-adapter", "--test", "it"), name)


def gateway(name):
    return Test(("-p", "booking-gateway", "--test", "it"), name, 900)


def ledger(name):
    return Test(("-p", "booking-ledger", "--lib"), name)


@dataclass(frozen=True)
class Bug:
    name: str
    what: str
    # (file, text that stands there once, text in its place)
    edits: tuple
    test: Test = SIMULATION


BUGS = [
    Bug("B1", "a lost connection is sent again under a new reference", ((
        ADAPTER + "block_seat.rs",
        "            Err(error) => Err(without_reply(error.into(), order)),\n",
        """            Err(crate::client::CallError::Send(crate::transport::SendError::ConnectionLost { .. })) => {
                let reference = order.reference().as_str();
                let body = String::from_utf8_lossy(&block_seat_body(order)).replace(reference, "again");
                match self.client.post(&self.endpoint, body.into_bytes()).await {
                    Ok(reply) => outcome(&reply, order, self.client.clocks(), self.client.longest_hold()),
                    Err(error) => Err(without_reply(error.into(), order)),
                }
            }
            Err(error) => Err(without_reply(error.into(), order)),
"""),)),
    Bug("B2", "a used reference is a success", ((
        ADAPTER + "outcome.rs",
        "    if !envelope.says_done(reply) {\n",
        """    if envelope.code.case() == Some(crate::response_code::Case::ReferenceUsed)
        && let Some(transaction_id) = TransactionId::new(order.reference().as_str())
    {
        return Ok(SeatHold {
            reference: order.reference().clone(),
            transaction_id,
            status: booking_domain::ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
            deadline: Deadline::not_stated(clocks.here + longest_hold),
        });
    }
    if !envelope.says_done(reply) {
"""),)),
    Bug("B3", "the caller is told before the outcome is durable", ((
        LAYERS + "recorded/attempt.rs",
        "        match late::end(&*self.ledger, self.spill.as_deref(), &unwritten).await {\n            Ok(record) => self.tell",
        """        let early = tokio::sync::oneshot::channel();
        drop(std::mem::replace(&mut tell, early.0).send(unwritten.outcome.clone()));
        match late::end(&*self.ledger, self.spill.as_deref(), &unwritten).await {
            Ok(record) => self.tell"""), (
        LAYERS + "recorded/attempt.rs",
        "order: Arc<BlockOrder>, tell: oneshot::Sender<Outcome>) {\n        let begun_at",
        "order: Arc<BlockOrder>, mut tell: oneshot::Sender<Outcome>) {\n        let begun_at"))),
    Bug("B4", "a 5xx is a refusal", ((
        ADAPTER + "doubt.rs",
        "            500..=599 => UnknownKind::ProviderFailure,\n",
        "            500..=599 => return None,\n"),)),
    Bug("B5", "the sending mark is written after the sending", ((
        LAYERS + "recorded/attempt.rs",
        "        let begun_at = self.clock.monotonic();\n",
        "        let begun_at = self.clock.monotonic();\n        let early = self.blocker.block(&order).await;\n"), (
        LAYERS + "recorded/attempt.rs",
        "            Ok(()) => detached::call(Arc::clone(&self.blocker), order, ()).await,\n",
        "            Ok(()) => early,\n"))),
    Bug("B6", "a resolver that was given up may still send", ((
        PORTS + "ledger/case.rs",
        "        let claimed = self.fence == claim.fence && self.lease_left(now).is_some();\n",
        "        let claimed = true;\n"),)),
    Bug("B7", "a taken seat is believed after an unknown attempt", ((
        PORTS + "ledger/rules.rs",
        "                let decides = self.open_attempts.is_empty();\n",
        "                let decides = true;\n"),)),
    Bug("B8", "nothing is waited for before a reference is given up", ((
        LAYERS + "resolver/bounds.rs",
        "        self.accepted_for() + self.longest_hold\n",
        "        self.clock_difference\n"),)),
    Bug("B9", "a callback is believed", (
        (PORTS + "ledger/rules.rs",
         "            Fact::Learned(evidence) if evidence.source == Source::Callback => return Ok(()),\n", ""),
        (LAYERS + "resolver/hint.rs",
         "        let hint = Finding::Nothing { message };\n",
         "        let hint = Finding::Over { message };\n"),
    ), gateway("callbacks::no_forged_callback_changes_anything")),
    Bug("B10", "a hold ends by the wall clock alone", ((
        LAYERS + "recorded/mod.rs",
        "            clock: Arc::new(SteadyClock::of(clock)),\n",
        "            clock,\n"),)),
    Bug("B11", "what a sender that was given up learns is dropped", ((
        PORTS + "ledger/case.rs",
        "        let fact = Fact::Ended {\n",
        "        if permit.fence != self.fence {\n            return Ok(self.record.clone());\n        }\n        let fact = Fact::Ended {\n"),)),
    Bug("B12", "each caller who waits for a token fetches one", ((
        ADAPTER + "token.rs",
        "        if let Some(token) = shared.or_else(|| self.fresh(provider.clock)) {\n",
        "        if let Some(token) = shared.filter(|_| false) {\n"),)),
    Bug("B13", "commits are not forced to the disk, nor read back", ((
        LEDGER + "sqlite/connect.rs", '"PRAGMA synchronous = FULL; ', '"PRAGMA synchronous = OFF; '), (
        LEDGER + "sqlite/connect.rs",
        'self.demand("synchronous", &synchronous.to_string(), "2")',
        'self.demand("synchronous", &synchronous.to_string(), "0")')),
        ledger("sqlite::connect::tests::what_is_set_is_what_is_read_back")),
    Bug("B14", "some of the seats are a hold", ((
        ADAPTER + "reply_match.rs",
        '        (named != seats).then_some("seat, or fewer,")\n',
        '        named.iter().any(|seat| !seats.contains(&seat.as_ref())).then_some("seat")\n'),)),
    Bug("B15", "a redirect is followed", ((
        ADAPTER + "transport.rs", ".redirect(Policy::none())", ".redirect(Policy::limited(10))"),),
        adapter("redirects::no_redirect_is_followed")),
    Bug("B16", "what is not found is not held", ((
        LAYERS + "resolver/judge.rs",
        '        ([], []) => Judged::nothing("no transaction names the reference"),\n',
        '        ([], []) => Finding::Over { message: "none".to_owned() }.into(),\n'),)),
    Bug("B17", "a dead sender has not sent", ((
        PORTS + "ledger/rules.rs",
        '                if self.advance(HoldState::lose) {\n                    let message = match may_send_until',
        '                if self.advance(HoldState::not_send) {\n                    let message = match may_send_until'),)),
    Bug("B27", "who cannot be seen any more is taken for dead", ((
        LEDGER + "postgres/writing.rs",
        "            case.lose_sight_of_owner(&story, stored(self.clock.now()))?;\n",
        "            drop(story);\n            case.lease_ends = None;\n"),), Test(("-p", "app", "--test", "it"),
        "postgres::out_of_sight::while_the_call_of_a_process_that_lost_its_sessions_hangs_nobody_sends_it_again", 900)),
    Bug("B18", "a refused repeat closes the attempts before it", ((
        PORTS + "ledger/rules.rs",
        "                self.open_attempts.remove(&attempt);\n                // Of an attempt beside",
        "                self.open_attempts.clear();\n                // Of an attempt beside"),)),
    Bug("B19", "a call without an answer was not sent", ((
        ADAPTER + "silence.rs",
        """            CallError::Send(SendError::TimedOut { cause }) => Self::Unknown {
                kind: UnknownKind::Timeout,
                message: "no answer in time".to_owned(),
                cause,
            },
""",
        """            CallError::Send(SendError::TimedOut { cause }) => {
                not_sent(NotSentKind::Unreachable, "no answer in time".to_owned(), Some(cause))
            }
"""),)),
    Bug("B20", "the adapter repeats a 5xx by itself", ((
        ADAPTER + "client/call.rs",
        "        if !self.drops_refused_token(&reply, token) {\n",
        "        if !self.drops_refused_token(&reply, token) && !reply.status.is_server_error() {\n"),)),
    Bug("B21", "a provider's words are shown as they are", ((
        ADAPTER + "outcome.rs",
        "        let message = mask.message(&envelope.message);\n",
        "        let message = envelope.message.clone();\n"),)),
    Bug("B22", "another's transaction is taken for ours", ((
        LAYERS + "resolver/judge.rs",
        "        if let Some(what) = mismatch(record, transaction) {\n",
        "        if let Some(what) = mismatch(record, transaction).filter(|_| false) {\n"),)),
    Bug("B23", "a hold whose receipt named fewer seats is adopted from the history", ((
        LAYERS + "resolver/asking.rs",
        "            Finding::Held(_) if names_something_else(&story) => {\n",
        "            Finding::Held(_) if false && names_something_else(&story) => {\n"),)),
    Bug("B24", "every tenant sees every hold", ((
        GATEWAY + "gateway.rs",
        "        tenant.is_none() || tenant == owner\n",
        "        tenant.is_none() || owner.is_some() || tenant == owner\n"),),
        gateway("tenants::no_route_tells_one_tenant_of_another")),
    Bug("B25", "a page elsewhere may change what a session may", ((
        GATEWAY + "auth/caller.rs",
        "        if !sound {\n",
        "        if !sound && told.is_some() {\n"),),
        gateway("bypass::a_session_changes_nothing_without_its_own_token")),
    Bug("B26", "a revoked key goes on opening", ((
        GATEWAY + "auth/key_ring.rs",
        "        same && self.id == *key.id() && self.revoked_at.is_none()\n",
        "        same && self.id == *key.id()\n"),),
        gateway("bypass::no_trick_opens_any_route")),
]


def fault(bug):
    """Why the bug cannot be planted; `None` where it can."""
    for file, old, _ in bug.edits:
        path = ROOT / file
        count = path.read_text().count(old) if path.is_file() else 0
        if count != 1:
            first = old.strip().splitlines()[0]
            return f"{file}: stands there {count} times instead of once: {first}"
    return None


def copy_tree():
    """What git would hand on, copied; a file that has not changed keeps its time, so that cargo builds
    only what a bug touches."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    )
    names = {name.decode() for name in listed.stdout.split(b"\0") if name}
    for name in sorted(names):
        source, target = ROOT / name, TREE / name
        if source.is_file() and not (target.is_file() and target.read_bytes() == source.read_bytes()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    for path in list(TREE.rglob("*")):
        if path.is_file() and str(path.relative_to(TREE)) not in names:
            path.unlink()


def borrow():
    """Takes what the workspace has built of other people's crates over into the copy's build folder, so
    that only ours are built again. Whatever does not fit, cargo builds by itself."""
    built = ROOT / "target" / "debug"
    if BUILD.exists() or not built.is_dir():
        return
    ours = "|".join(sorted(re.escape(path.name) for path in (ROOT / "crates").iterdir()))
    mine = re.compile(rf"(lib)?({ours}|{ours.replace('-', '_')}|seatblock|it|simulation|signing)-[0-9a-f]{{16}}")
    for folder in (".fingerprint", "build", "deps"):
        for path in (built / folder).glob("*"):
            # A program is as large as all that is linked into it, and of no use to another build.
            if mine.match(path.name) or (folder == "deps" and not path.suffix):
                continue
            target = BUILD / "debug" / folder / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(path, target, symlinks=True)
            elif path.suffix in (".rlib", ".rmeta", ".so"):
                os.link(path, target)
            else:
                shutil.copy2(path, target)


def run(test):
    """Runs a test in the copy. Gives whether it passed, whether it ran, and what it printed."""
    command = ["cargo", "test", "--quiet", *test.arguments, "--", test.name, "--exact", "--nocapture"]
    environment = {"CARGO_TARGET_DIR": str(BUILD), "CARGO_INCREMENTAL": "1", "CARGO_TERM_COLOR": "never", "RUST_BACKTRACE": "0"}
    done = subprocess.run(
        command, cwd=TREE, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=1800
    )
    output = done.stdout + done.stderr
    ran = re.search(r"^running 1 test", output, re.M) is not None
    return done.returncode == 0, ran, output


def plant(bug):
    """Plants one bug, runs its test, and takes it out again. Gives a line for the table and whether the
    bug was caught."""
    began = time.monotonic()
    for file, old, new in bug.edits:
        path = TREE / file
        path.write_text(path.read_text().replace(old, new))
    try:
        passed, ran, output = run(bug.test)
    finally:
        for file, _, _ in bug.edits:
            shutil.copyfile(ROOT / file, TREE / file)
    took = f"{time.monotonic() - began:4.0f} s"
    if not ran:
        return f"BROKEN  {took}  {bug.name}: {bug.what}: does not build\n{output[-2000:]}", False
    if passed:
        return f"MISSED  {took}  {bug.name}: {bug.what}", False
    how = re.search(r"^(?:seed \d+: .*|assertion .*)$", output, re.M)
    return f"caught  {took}  {bug.name}: {bug.what} ({how.group(0) if how else bug.test.name})", True


def main():
    chosen = [name for name in sys.argv[1:] if not name.startswith("-")]
    if unknown := set(chosen) - {bug.name for bug in BUGS}:
        print(f"no such bug: {', '.join(sorted(unknown))}")
        return 2
    bugs = [bug for bug in BUGS if not chosen or bug.name in chosen]
    faults = [f"{bug.name}: {why}" for bug in bugs if (why := fault(bug))]
    for line in faults:
        print(f"WRONG   {line}")
    if faults or "--check" in sys.argv:
        print(f"planted bugs: {len(bugs)} in the table, {len(faults)} without their place")
        return 1 if faults else 0
    copy_tree()
    borrow()
    missed = 0
    for test in dict.fromkeys(bug.test for bug in bugs):
        began = time.monotonic()
        passed, ran, output = run(test) if test is not SIMULATION else build(test)
        took = f"{time.monotonic() - began:4.0f} s"
        print(f"{'sound' if passed and ran else 'BROKEN':6}  {took}  {test.name}, without a bug", flush=True)
        if not (passed and ran):
            print(output[-2000:])
            return 1
    for bug in bugs:
        line, caught = plant(bug)
        missed += not caught
        print(line, flush=True)
    print(f"planted bugs: {len(bugs)} planted, {missed} not caught")
    return 1 if missed else 0


def build(test):
    """The simulation without a bug is a test of its own, and long: it is only built here."""
    passed, _, output = run(Test(test.arguments, "a_seed_tells_one_history"))
    return passed, True, output


if __name__ == "__main__":
    sys.exit(main())
