//! T1b: once faults are over, everything comes to an end.

use std::time::Duration;

use booking_layers::ResolverBounds;
use booking_ports::{Clock as _, Evidence, Fact, Finding, HoldRecord};

use super::History;
use crate::hosts::STEP_MAX;
use crate::scene::waits;

impl History {
    /// T1b. Faults are over: within the life of a token, the longest hold and a minute, everything
    /// has come to an end, but for what a person has been told to look at.
    pub(super) fn end(&mut self) {
        self.scene.disarm();
        for place in 0..self.processes.len() {
            self.hosts.mend(place);
            self.processes[place].thaw();
            self.processes[place].go_on(40);
        }
        self.settle_deaths();
        // A lease that was taken by a clock that was ahead lasts until that time has come.
        let clocks = Duration::from_secs(if self.hosts.can_be_wrong() {
            STEP_MAX + 600
        } else {
            0
        });
        let lease = self.plan.bounds.lease;
        // Leases run out; what was delayed arrives or is lost; all is asked for and sent once more.
        for wait in [clocks, lease, lease] {
            self.pass(wait);
            self.klikoo.deliver_late();
            self.sweep_all();
        }
        let ResolverBounds {
            token_life,
            longest_hold,
            clock_difference,
            ..
        } = self.plan.bounds;
        let margin = clock_difference.max(Duration::from_mins(1));
        let until = self.last_sent() + token_life + longest_hold + margin;
        let left: Duration = (until - self.scene.now()).try_into().unwrap_or_default();
        self.pass(left + clocks);
        self.sweep_all();
        for order in &self.orders {
            let record = self.scene.record(order.reference());
            if waits(record.as_ref()) && !record.is_some_and(|it| self.is_left_to_a_person(&it)) {
                let state = self.scene.state_of(order.reference());
                let what = format!("{} is {state} when all must have ended", order.reference());
                self.scene.broken("T1b", &what);
            }
        }
    }

    /// Where the provider shows what was not ordered, time ends nothing: it may be ours all the same. Nor
    /// does it of an earlier use that no history tells of.
    fn is_left_to_a_person(&self, record: &HoldRecord) -> bool {
        if record.used_before() && !self.klikoo.has_history() {
            return true;
        }
        let story = self.scene.story(&record.reference);
        story.iter().any(|entry| {
            matches!(
                &entry.fact,
                Fact::Learned(Evidence { finding: Finding::Nothing { message }, .. })
                    if message.contains("somebody has to look")
            )
        })
    }

    fn sweep_all(&mut self) {
        for process in &mut self.processes {
            process.go_on(30);
        }
        self.settle_deaths();
        self.processes[0].sweep();
        for _ in 0..200 {
            self.processes[0].go_on(16);
            if self.processes[0].has_swept() {
                break;
            }
        }
        self.judge.look(&self.klikoo, &self.orders);
    }

    /// When the last order was marked as sent, by the true time.
    fn last_sent(&self) -> time::OffsetDateTime {
        let ahead = self.hosts.of(0).now() - self.scene.now();
        let sent = self.orders.iter().filter_map(|order| {
            let record = self.scene.record(order.reference())?;
            Some(record.sent_at? - ahead)
        });
        sent.max().unwrap_or(self.scene.now())
    }
}
