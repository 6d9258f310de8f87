//! The machines: how many, and what their clocks say.

use std::time::Duration;

use booking_ports::{Clock as _, ManualClock};
use fastrand::Rng;
use time::Duration as Signed;

use crate::scene::BEGIN;

/// Clocks that nobody looks after are this far off at most, in seconds: less than an adapter signs
/// with.
const SKEW_MAX: i64 = 200;
/// And those that are kept in step, from Klikoo's: among themselves they agree.
const SKEW_USUAL: i64 = 5;
/// The furthest that a clock is off after a step, in seconds.
pub(crate) const STEP_MAX: u64 = 3_600;

struct Host {
    clock: ManualClock,
    stepped: Signed,
}

pub(crate) struct Hosts {
    all: Vec<Host>,
    /// Which host each process runs on.
    places: Vec<usize>,
    can_be_wrong: bool,
}

impl Hosts {
    pub(crate) fn by_chance(rng: &mut Rng) -> Self {
        let processes = rng.usize(1..=3);
        let one_machine = rng.bool();
        let can_be_wrong = rng.bool();
        let hosts = if one_machine { 1 } else { processes };
        let most = if can_be_wrong { SKEW_MAX } else { SKEW_USUAL };
        let usual = rng.i64(-most..=most);
        let host = |_| {
            let own = if can_be_wrong {
                rng.i64(-most..=most)
            } else {
                usual
            };
            let skew = Signed::seconds(own);
            Host {
                clock: ManualClock::at(BEGIN + skew),

                stepped: Signed::ZERO,
            }
        };
        Self {
            all: (0..hosts).map(host).collect(),
            places: (0..processes).map(|place| place % hosts).collect(),
            can_be_wrong,
        }
    }

    /// Whether clocks are far off, or step.
    pub(crate) fn can_be_wrong(&self) -> bool {
        self.can_be_wrong
    }

    pub(crate) fn processes(&self) -> usize {
        self.places.len()
    }

    /// The clock of the process at `place`.
    pub(crate) fn of(&self, place: usize) -> &ManualClock {
        &self.all[self.places[place]].clock
    }

    pub(crate) fn advance(&self, by: Duration) {
        for host in &self.all {
            host.clock.advance(by);
        }
    }

    /// Lets the clock at `place` step, where clocks do in this history.
    pub(crate) fn step(&mut self, rng: &mut Rng, place: usize) -> bool {
        let host = &mut self.all[self.places[place]];
        let most = STEP_MAX.cast_signed();
        let to = Signed::seconds(rng.i64(-most..=most));
        if self.can_be_wrong {
            host.step(to - host.stepped);
        }
        self.can_be_wrong
    }

    /// Sets the clock at `place` right, as far as it ever is.
    pub(crate) fn mend(&mut self, place: usize) -> bool {
        let host = &mut self.all[self.places[place]];
        let wrong = !host.stepped.is_zero();
        host.step(-host.stepped);
        wrong
    }
}

impl Host {
    fn step(&mut self, by: Signed) {
        self.stepped += by;
        self.clock.step_to(self.clock.now() + by);
    }
}
