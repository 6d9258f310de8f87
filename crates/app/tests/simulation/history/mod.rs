//! One history: what a seed decides, step by step.

mod befalling;
mod ending;

use std::sync::Arc;
use std::time::Duration;

use booking_domain::BlockOrder;
use booking_layers::ResolverBounds;
use fastrand::Rng;

use crate::hosts::Hosts;
use crate::judge::Judge;
use crate::klikoo::{Klikoo, Reading};
use crate::ledger::SpillFile;
use crate::people;
use crate::process::{Plan, Process};
use crate::scene::{Events, Met, Scene};

/// Most faults of one history.
const FAULTS_MAX: usize = 12;

pub(crate) struct History {
    rng: Rng,
    scene: Arc<Scene>,
    klikoo: Klikoo,
    judge: Arc<Judge>,
    hosts: Hosts,
    plan: Plan,
    processes: Vec<Process>,
    /// One spill file for each place where a process runs.
    spills: Vec<SpillFile>,
    /// Processes that were ever started.
    started: usize,
    orders: Vec<BlockOrder>,
    seats: Vec<Vec<u32>>,
    faults_left: usize,
}

/// What a history came to.
pub(crate) struct Told {
    pub(crate) holds: usize,
    pub(crate) met: Met,
    pub(crate) events: Events,
    pub(crate) trace_hash: u64,
    pub(crate) lines: Vec<String>,
    /// The first promise that was broken.
    pub(crate) broken: Option<String>,
}

impl History {
    pub(crate) fn new(seed: u64, keep_lines: bool) -> Self {
        let mut rng = Rng::with_seed(seed);
        let scene = Scene::open(keep_lines);
        let klikoo = Klikoo::new(&scene, Reading::by_chance(&mut rng));
        let judge = Judge::new(&scene);
        let hosts = Hosts::by_chance(&mut rng);
        let plan = Plan {
            bearer: rng.bool(),
            limited: rng.bool(),
            bounds: ResolverBounds {
                // With clocks that agree to some seconds, all ends within a minute (T1b).
                clock_difference: if hosts.can_be_wrong() {
                    ResolverBounds::default().clock_difference
                } else {
                    Duration::from_secs(45)
                },
                ..ResolverBounds::default()
            },
        };
        let free = rng.u32(1..=4);
        let count = rng.usize(1..=8);
        let seats: Vec<Vec<u32>> = (0..count)
            .map(|_| {
                let one = rng.u32(1..=free);
                let two = rng.u32(1..=free);
                if one == two || rng.bool() {
                    vec![one]
                } else {
                    vec![one, two]
                }
            })
            .collect();
        let mut history = Self {
            orders: (0..count)
                .map(|number| people::order(number, &seats[number]))
                .collect(),
            seats,
            faults_left: rng.usize(0..=FAULTS_MAX),
            rng,
            scene,
            klikoo,
            judge,
            plan,
            processes: Vec::new(),
            spills: Vec::new(),
            started: 0,
            hosts,
        };
        for place in 0..history.hosts.processes() {
            history.spills.push(SpillFile::default());
            let process = history.start(place);
            history.processes.push(process);
        }
        history
    }

    pub(crate) fn run(mut self) -> Told {
        let steps = self.rng.usize(10..60);
        for _ in 0..steps {
            if self.scene.first_broken().is_some() {
                break;
            }
            self.step();
            self.settle_deaths();
            self.judge.look(&self.klikoo, &self.orders);
        }
        if self.scene.first_broken().is_none() {
            self.end();
        }
        for process in self.processes.drain(..) {
            process.kill();
        }
        let (met, events) = self.scene.met();
        let told = Told {
            holds: self
                .klikoo
                .with_holds(|holds| holds.iter().filter(|it| it.identity != "somebody").count()),
            met,
            events,
            trace_hash: self.scene.trace_hash(),
            lines: self.scene.lines(),
            broken: self.scene.first_broken(),
        };
        Scene::close();
        told
    }

    fn step(&mut self) {
        let place = self.rng.usize(..self.processes.len());
        let order = self.rng.usize(..self.orders.len());
        match self.rng.u32(..100) {
            0..25 => self.block(place, order),
            25..54 => {
                let steps = self.rng.u32(1..12);
                self.processes[place].go_on(steps);
            }
            54..64 => {
                let reference = self.orders[order].reference().clone();
                self.processes[place].settle(&reference);
            }
            64..66 => self.processes[place].sweep(),
            66..88 => self.fault(place, order),
            88..91 => self.klikoo.deliver_late(),
            91..95 => {
                let pass = Duration::from_millis(self.rng.u64(50..5_000));
                self.pass(pass);
            }
            95..98 => {
                let pass = Duration::from_secs(self.rng.u64(10..200));
                self.pass(pass);
            }
            _ => {
                let pass = Duration::from_secs(self.rng.u64(60..1800));
                self.pass(pass);
            }
        }
    }

    fn block(&mut self, place: usize, order: usize) {
        if !self.processes[place].is_draining() {
            let order = self.orders[order].clone();
            self.processes[place].block(&order);
        }
    }

    fn pass(&mut self, by: Duration) {
        self.scene.trace(&format!("{by:?} pass"));
        self.scene.truth.advance(by);
        self.hosts.advance(by);
        for process in &mut self.processes {
            process.pass(by);
        }
        self.settle_drains();
        let thaws = self.rng.usize(..self.processes.len());
        self.processes[thaws].thaw();
    }

    /// Those that came to where they die are dead, and others start in their place.
    fn settle_deaths(&mut self) {
        for number in self.scene.dying() {
            let place = self.processes.iter().position(|it| it.number == number);
            if let Some(place) = place {
                self.kill(place);
            }
        }
        self.settle_drains();
    }

    /// Row 31: a process that has drained ends, and has left nothing open or says so.
    fn settle_drains(&mut self) {
        for place in 0..self.processes.len() {
            let Some(left) = self.processes[place].drained() else {
                continue;
            };
            let number = self.processes[place].number;
            // What a resolver sends is beside the stack, and not among what is drained.
            let sends = self.orders.iter().any(|order| {
                let reference = order.reference();
                let flights = self.klikoo.flights(reference.as_str());
                self.scene.state_of(reference) == "sending"
                    && flights.iter().any(|flight| flight.process == number)
            });
            if left == 0 && sends {
                let what = "a process that says it has left nothing open has";
                self.scene.broken("row 31", what);
            }
            self.kill(place);
        }
    }

    fn kill(&mut self, place: usize) {
        let started = self.start(place);
        let (old, new) = (self.processes[place].number, started.number);
        self.scene
            .trace(&format!("process {old} dies; process {new} starts"));
        std::mem::replace(&mut self.processes[place], started).kill();
    }

    fn start(&mut self, place: usize) -> Process {
        self.started += 1;
        Process::start(
            self.started,
            self.hosts.of(place),
            &self.klikoo,
            &self.judge,
            self.plan,
            &self.spills[place],
        )
    }
}
