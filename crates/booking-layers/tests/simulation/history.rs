//! One history: what a seed decides, and what must be true at each moment of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::{BlockOrder, HoldState, OrderDraft};
use booking_layers::ResolverBounds;
use booking_ports::{
    BlockError, Clock as _, HoldLedger as _, ManualClock, MemoryHoldLedger, Outcome,
};
use fastrand::Rng;
use time::OffsetDateTime;
use time::macros::{date, datetime};

use crate::klikoo::{Fate, Klikoo, Reading};
use crate::process::Process;

const BEGIN: OffsetDateTime = datetime!(2026-11-24 10:00 +7);

pub(crate) struct History {
    rng: Rng,
    clock: ManualClock,
    ledger: Arc<MemoryHoldLedger>,
    klikoo: Klikoo,
    processes: Vec<Process>,
    orders: Vec<BlockOrder>,
    told: Told,
}

/// What a history came to.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) holds: usize,
    pub(crate) crashes: usize,
    /// How often a fate left a reference in a state.
    pub(crate) met: BTreeMap<(Fate, &'static str), u64>,
    pub(crate) trace: Vec<String>,
}

impl History {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let clock = ManualClock::at(BEGIN);
        let ledger = Arc::new(MemoryHoldLedger::new(Arc::new(clock.clone())));
        let reading = Reading {
            refusal_uses_reference: rng.bool(),
            duplicates_first: rng.bool(),
            history: rng.u8(..4) > 0,
        };
        let klikoo = Klikoo::new(&clock, reading);
        let processes = (0..rng.usize(1..=3))
            .map(|_| Process::start(&clock, &ledger, &klikoo))
            .collect();
        let seats = rng.u32(1..=4);
        let orders = (0..rng.usize(1..=8))
            .map(|number| order(number, rng.u32(1..=seats)))
            .collect();
        Self {
            rng,
            clock,
            ledger,
            klikoo,
            processes,
            orders,
            told: Told::default(),
        }
    }

    pub(crate) fn run(mut self) -> Told {
        for _ in 0..self.rng.usize(10..60) {
            self.step();
            self.check();
        }
        self.klikoo.mend();
        self.end();
        self.told.holds = self.klikoo.holds();
        self.told
    }

    fn step(&mut self) {
        let order = self.rng.usize(..self.orders.len());
        let order = self.orders[order].clone();
        let process = self.rng.usize(..self.processes.len());
        match self.rng.u32(..100) {
            0..30 => {
                if self.rng.u8(..3) > 0 {
                    let fate = Fate::ALL[self.rng.usize(..Fate::ALL.len())];
                    self.klikoo.decide(fate);
                }
                self.processes[process].block(&order);
            }
            30..75 => {
                let steps = self.rng.u32(1..12);
                let answered = self.processes[process].go_on(steps);
                for (reference, outcome) in answered {
                    self.trace(&format!("{reference}: {outcome:?}"));
                    self.check_answer(&outcome);
                }
            }
            75..85 => self.processes[process].settle(order.reference()),
            85..90 => {
                let started = Process::start(&self.clock, &self.ledger, &self.klikoo);
                std::mem::replace(&mut self.processes[process], started).crash();
                self.told.crashes += 1;
            }
            90..94 => self.klikoo.deliver_late(),
            _ => {
                let seconds = self.rng.u64(1..1800);
                self.clock.advance(Duration::from_secs(seconds));
            }
        }
    }

    /// Faults are over: everything has to come to an end.
    fn end(&mut self) {
        for _ in 0..3 {
            for process in &mut self.processes {
                process.go_on(100);
            }
            self.clock.advance(Duration::from_mins(10));
            self.klikoo.deliver_late();
            self.check();
            for order in &self.orders {
                self.processes[0].settle(order.reference());
            }
            self.processes[0].go_on(200);
            self.check();
        }
        for (reference, fate) in self.klikoo.sent() {
            let state = self.state(&reference).name();
            *self.told.met.entry((fate, state)).or_default() += 1;
        }
        self.clock.advance(ResolverBounds::default().over_after());
        for order in &self.orders {
            self.processes[0].settle(order.reference());
        }
        self.processes[0].go_on(400);
        self.check();
        for order in &self.orders {
            let state = self.state(order.reference());
            let waits = matches!(
                state,
                HoldState::Sending | HoldState::Unknown | HoldState::HeldWithoutReceipt
            );
            assert!(!waits, "{} is {} for ever", order.reference(), state.name());
        }
    }

    /// What has to be true at each moment, judged by what Klikoo does.
    fn check(&self) {
        for order in &self.orders {
            let reference = order.reference();
            let live = self.klikoo.live(reference);
            assert!(live <= 1, "{reference} is held {live} times");
            let sent = self.klikoo.sent();
            let sent = sent
                .iter()
                .filter(|(sent, fate)| sent == reference && *fate != Fate::NeverSent);
            assert!(sent.count() <= 3, "{reference} was sent too often");
            if live == 1 {
                let state = self.state(reference);
                let denied = matches!(
                    state,
                    HoldState::Intended
                        | HoldState::Refused
                        | HoldState::NotSent
                        | HoldState::Expired(_)
                );
                assert!(
                    !denied,
                    "{reference} is held, and the ledger says {}",
                    state.name()
                );
            }
        }
    }

    /// Whoever is told of a hold has one, and nobody is denied one.
    fn check_answer(&self, outcome: &Outcome) {
        let now = self.clock.now();
        match outcome {
            Ok(hold) => {
                let until = self.klikoo.until(&hold.reference);
                assert!(until.is_some(), "{} is held by nobody", hold.reference);
                if hold.deadline.is_stated() {
                    assert!(
                        until >= Some(hold.deadline.at()),
                        "held for longer than it is"
                    );
                }
            }
            Err(BlockError::Refused(_) | BlockError::NotSent(_) | BlockError::Expired(_)) => {
                // At the moment of the answer; what is sent later is another attempt.
                if let Err(error) = outcome {
                    let until = self.klikoo.until(error.reference());
                    let live = until.is_some_and(|until| until > now);
                    assert!(
                        !live || self.was_sent_since(error),
                        "{error} but it is held"
                    );
                }
            }
            Err(_) => {}
        }
    }

    /// A "not sent" may be overtaken by another caller's attempt under the same reference.
    fn was_sent_since(&self, error: &BlockError) -> bool {
        matches!(error, BlockError::NotSent(_))
            && !matches!(self.state(error.reference()), HoldState::NotSent)
    }

    fn state(&self, reference: &booking_domain::PartnerReference) -> HoldState {
        let found = at_once(self.ledger.find(reference));
        found
            .unwrap()
            .map_or(HoldState::Intended, |record| record.state)
    }

    fn trace(&mut self, line: &str) {
        self.told.trace.push(line.to_owned());
    }
}

/// The ledger in memory answers at once.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => unreachable!("the ledger in memory never waits"),
    }
}

fn order(number: usize, seat: u32) -> BlockOrder {
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(format!("order-{number}"));
    draft.departure.passengers[0].seat_name = seat.to_string();
    draft.check(date!(2026 - 11 - 24)).unwrap()
}
