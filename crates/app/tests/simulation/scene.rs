//! What all of one history share: the true time, the faults that wait, what was met, the trace,
//! and the promises that were seen broken.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use booking_domain::{HoldState, PartnerReference};
use booking_ports::{Clock, Entry, HoldLedger as _, HoldRecord, ManualClock, MemoryHoldLedger};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::faults::{EVENTS, Fault, Place, Point};
use crate::people::MARKERS;

pub(crate) const BEGIN: OffsetDateTime = datetime!(2026-11-24 10:00 +7);

/// How often a fault, or an event, met a state.
pub(crate) type Met = BTreeMap<(Fault, &'static str), u64>;
pub(crate) type Events = BTreeMap<(usize, &'static str), u64>;

#[derive(Default)]
struct State {
    armed: Vec<Fault>,
    met: Met,
    events: Events,
    /// Processes that have come to where they die.
    dying: Vec<usize>,
    trace: DefaultHasher,
    lines: Option<Vec<String>>,
    broken: Vec<String>,
}

pub(crate) struct Scene {
    /// Klikoo's time, which is the right one.
    pub(crate) truth: ManualClock,
    pub(crate) ledger: Arc<MemoryHoldLedger>,
    acting: Arc<Acting>,
    state: Mutex<State>,
}

/// The clock of whoever works with the ledger at the moment: each process has its own view of it,
/// as on SQLite.
struct Acting(Mutex<ManualClock>);

impl Clock for Acting {
    fn now(&self) -> OffsetDateTime {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now()
    }

    fn monotonic(&self) -> std::time::Duration {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .monotonic()
    }
}

thread_local! {
    /// The scene that this thread plays, for what is logged on it.
    static CURRENT: RefCell<Option<Arc<Scene>>> = const { RefCell::new(None) };
}

impl Scene {
    pub(crate) fn open(keep_lines: bool) -> Arc<Self> {
        let truth = ManualClock::at(BEGIN);
        let acting = Arc::new(Acting(Mutex::new(truth.clone())));
        let scene = Arc::new(Self {
            ledger: Arc::new(MemoryHoldLedger::new(acting.clone())),
            truth,
            acting,
            state: Mutex::new(State {
                lines: keep_lines.then(Vec::new),
                ..State::default()
            }),
        });
        CURRENT.set(Some(scene.clone()));
        scene
    }

    /// The scene that this thread plays.
    pub(crate) fn current() -> Option<Arc<Self>> {
        CURRENT.with_borrow(Clone::clone)
    }

    pub(crate) fn close() {
        CURRENT.set(None);
    }

    /// From now on the ledger's time is that of `clock`.
    pub(crate) fn act_by(&self, clock: &ManualClock) {
        *self.acting.0.lock().unwrap_or_else(PoisonError::into_inner) = clock.clone();
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.truth.now()
    }

    /// Lets `fault` strike where its place is come to next.
    pub(crate) fn arm(&self, fault: Fault) {
        self.lock().armed.push(fault);
    }

    /// Nothing that waits will strike any more.
    pub(crate) fn disarm(&self) {
        self.lock().armed.clear();
    }

    /// The fault that strikes `reference` here, if one waits for it.
    pub(crate) fn strike(&self, place: Place, reference: &PartnerReference) -> Option<Fault> {
        let waits = |fault: &Fault| fault.row().place == place;
        self.lock().armed.iter().find(|fault| waits(fault))?;
        let state = self.state_of(reference);
        let at = {
            let state_lock = self.lock();
            state_lock.armed.iter().position(|fault| {
                waits(fault) && (*fault != Fault::UsedBySomebody || state == "sending")
            })?
        };
        let fault = self.lock().armed.remove(at);
        self.meet(fault, state);
        Some(fault)
    }

    /// Comes to `point`; a process that is to die here goes no further.
    pub(crate) async fn pass(&self, process: usize, point: Point, reference: &PartnerReference) {
        if self.strike(Place::Death(point), reference).is_some() {
            self.lock().dying.push(process);
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn dying(&self) -> Vec<usize> {
        std::mem::take(&mut self.lock().dying)
    }

    pub(crate) fn meet(&self, fault: Fault, state: &'static str) {
        self.trace(&format!("{fault:?} meets {state}"));
        *self.lock().met.entry((fault, state)).or_default() += 1;
    }

    /// Counts an event of row `row` of the failure model.
    pub(crate) fn happen(&self, row: &str, state: &'static str) {
        let known = EVENTS.iter().position(|(event, ..)| *event == row);
        let event = known.unwrap_or_else(|| unreachable!("no event of row {row}"));
        *self.lock().events.entry((event, state)).or_default() += 1;
    }

    pub(crate) fn record(&self, reference: &PartnerReference) -> Option<HoldRecord> {
        at_once(self.ledger.find(reference)).unwrap()
    }

    pub(crate) fn story(&self, reference: &PartnerReference) -> Vec<Entry> {
        at_once(self.ledger.story(reference)).unwrap()
    }

    pub(crate) fn state_of(&self, reference: &PartnerReference) -> &'static str {
        self.record(reference)
            .map_or("new", |record| record.state.name())
    }

    /// Takes down a line of what happens; nothing personal may stand in it (I7).
    pub(crate) fn trace(&self, line: &str) {
        if let Some(marker) = MARKERS.iter().find(|marker| line.contains(*marker)) {
            let line = line.to_owned();
            self.broken("I7", &format!("{marker} stands in: {line}"));
        }
        let mut state = self.lock();
        state.trace.write(line.as_bytes());
        state.trace.write_u8(b'\n');
        if let Some(lines) = &mut state.lines {
            lines.push(line.to_owned());
        }
    }

    /// A promise was seen broken; the history ends at its next step.
    pub(crate) fn broken(&self, promise: &str, what: &str) {
        self.lock().broken.push(format!("{promise}: {what}"));
    }

    /// The first broken promise.
    pub(crate) fn first_broken(&self) -> Option<String> {
        self.lock().broken.first().cloned()
    }

    pub(crate) fn met(&self) -> (Met, Events) {
        let mut state = self.lock();
        (
            std::mem::take(&mut state.met),
            std::mem::take(&mut state.events),
        )
    }

    pub(crate) fn trace_hash(&self) -> u64 {
        self.lock().trace.finish()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.lock().lines.clone().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a record is still waiting for evidence, or was never begun.
pub(crate) fn waits(record: Option<&HoldRecord>) -> bool {
    record.is_some_and(|record| {
        matches!(
            record.state,
            HoldState::Sending | HoldState::Unknown | HoldState::HeldWithoutReceipt
        )
    })
}

/// The ledger in memory answers at once.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => unreachable!("the ledger in memory never waits"),
    }
}
