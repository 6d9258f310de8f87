//! Faults: which, when, and those that happen at once.

use std::time::Duration;

use super::History;
use crate::faults::{Fault, Op, Place, Row, TABLE};
use crate::people;
use crate::process::LEASE;

impl History {
    /// One more fault, drawn from the whole table.
    pub(super) fn fault(&mut self, place: usize, order: usize) {
        if self.faults_left == 0 {
            return;
        }
        self.faults_left -= 1;
        let row = self.draw();
        if row.place == Place::World {
            return self.befall(row.fault, place, order);
        }
        self.scene.arm(row.fault);
        // Somebody comes there soon.
        match row.place {
            Place::Block if self.rng.u8(..3) > 0 => {
                self.block(place, order);
                if self.rng.bool() {
                    self.see_to_the_end(place, order);
                }
            }
            Place::Ledger(Op::Begin | Op::End) | Place::Death(_) if self.rng.bool() => {
                self.block(place, order);
            }
            _ => {
                let order = self.unsettled().unwrap_or(order);
                let reference = self.orders[order].reference().clone();
                self.processes[place].settle(&reference);
            }
        }
    }

    /// A fault by chance; rather one that can meet a state that is seldom to be met.
    fn draw(&mut self) -> &'static Row {
        let mut row = &TABLE[self.rng.usize(..TABLE.len())];
        for seldom in ["expired", "not sent", "held without receipt"] {
            let mut orders = self.orders.iter();
            let is_here = orders.any(|order| self.scene.state_of(order.reference()) == seldom);
            if is_here && !row.states.contains(&seldom) {
                row = &TABLE[self.rng.usize(..TABLE.len())];
            }
        }
        row
    }

    /// An order that waits for evidence, where there is one; rather one whose receipt is missing.
    fn unsettled(&mut self) -> Option<usize> {
        let state = |order: &usize| self.scene.state_of(self.orders[*order].reference());
        let all = 0..self.orders.len();
        let unproven: Vec<_> = all
            .clone()
            .filter(|it| state(it) == "held without receipt")
            .collect();
        let unknown: Vec<_> = all.filter(|it| state(it) == "unknown").collect();
        let some = if unproven.is_empty() {
            unknown
        } else {
            unproven
        };
        (!some.is_empty()).then(|| some[self.rng.usize(..some.len())])
    }

    /// Lets the answer come, whatever it is, and somebody settle what it leaves open.
    fn see_to_the_end(&mut self, place: usize, order: usize) {
        self.processes[place].go_on(30);
        self.settle_deaths();
        let reference = self.orders[order].reference().clone();
        self.processes[place].settle(&reference);
        self.processes[place].go_on(30);
    }

    /// Lets `fault` happen at once.
    fn befall(&mut self, fault: Fault, place: usize, order: usize) {
        let reference = self.orders[order].reference().clone();
        match fault {
            Fault::InvalidOrder => {
                let mut draft = people::draft(order, &self.seats[order]);
                draft.departure.passengers[0].seat_name = String::new();
                draft.partner_reference_no = Some("invalid".to_owned());
                let faults = draft.check(time::macros::date!(2026 - 11 - 24)).err();
                self.scene.trace(&format!("{faults:?}"));
                self.scene.meet(fault, "new");
                if faults.is_none() || self.klikoo.attempts("invalid") > 0 {
                    self.scene
                        .broken("row 1", "an order with a mistake is sent");
                }
            }
            Fault::OtherOrder => {
                let state = self.scene.state_of(&reference);
                let mut draft = people::draft(order, &self.seats[order]);
                "30000".clone_into(&mut draft.selling_price);
                let other = draft.check(time::macros::date!(2026 - 11 - 24)).unwrap();
                if state != "new" && !self.processes[place].is_draining() {
                    self.scene.meet(fault, state);
                    self.processes[place].block_other(&other);
                }
            }
            Fault::CallerHangsUp => {
                if self.processes[place].hang_up(&reference) {
                    self.scene.meet(fault, self.scene.state_of(&reference));
                }
            }
            Fault::ClockSteps => {
                if self.hosts.step(&mut self.rng, place) {
                    self.meet_all(fault);
                }
            }
            Fault::ClockMended => {
                self.hosts.step(&mut self.rng, place);
                self.processes[place].go_on(3);
                self.pass(Duration::from_secs(5));
                if self.hosts.mend(place) {
                    self.meet_all(fault);
                }
            }
            Fault::Killed => {
                self.meet_all(fault);
                self.kill(place);
            }
            Fault::Frozen => {
                self.meet_all(fault);
                let number = self.processes[place].number;
                self.scene.trace(&format!("process {number} stands still"));
                self.processes[place].frozen.get_or_insert_default();
                let longer = Duration::from_secs(self.rng.u64(1..240));
                self.pass(LEASE + longer);
            }
            Fault::Shutdown => {
                self.meet_all(fault);
                let grace = Duration::from_secs(self.rng.u64(1..60));
                self.processes[place].thaw();
                self.processes[place].drain(grace);
            }
            _ => unreachable!("{fault:?} waits for its place"),
        }
    }

    /// Counts `fault` with the state of each order that was begun.
    fn meet_all(&self, fault: Fault) {
        for order in &self.orders {
            let state = self.scene.state_of(order.reference());
            if state != "new" {
                self.scene.meet(fault, state);
            }
        }
    }
}
