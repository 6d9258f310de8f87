//! What was met, as a table, and what had to be.

use std::fmt;

use crate::faults::{EVENTS, TABLE};
use crate::history::Told;
use crate::scene::{Events, Met};

/// So often each fault must meet each state that it can, in a million seeds.
const MANY: u64 = 1_000;
const MANY_SEEDS: u64 = 1_000_000;
/// From so many seeds on, each fault must have met each such state at all.
const SOME_SEEDS: u64 = 20_000;

#[derive(Default)]
pub(crate) struct Report {
    holds: usize,
    met: Met,
    events: Events,
}

impl Report {
    /// Takes in what one seed came to; gives what was broken.
    pub(crate) fn add(&mut self, told: Told) -> Option<String> {
        self.holds += told.holds;
        merge(&mut self.met, told.met);
        merge(&mut self.events, told.events);
        told.broken
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.holds += other.holds;
        merge(&mut self.met, other.met);
        merge(&mut self.events, other.events);
    }

    /// A green run in which a fault never struck means nothing.
    pub(crate) fn assert_everything_was_met(&self, seeds: u64) {
        let least = match seeds {
            MANY_SEEDS.. => MANY,
            SOME_SEEDS.. => 1,
            _ => return,
        };
        let mut missing = Vec::new();
        for row in TABLE {
            for state in row.states {
                let count = self.met.get(&(row.fault, state)).copied().unwrap_or(0);
                if count < least {
                    missing.push(format!("{:?} met {state} {count} times", row.fault));
                }
            }
        }
        for (event, (row, words, states)) in EVENTS.iter().enumerate() {
            for state in *states {
                let count = self.events.get(&(event, state)).copied().unwrap_or(0);
                if count < least {
                    missing.push(format!("row {row}, {words}: in {state} {count} times"));
                }
            }
        }
        assert!(
            missing.is_empty(),
            "less than {least} times:\n{}",
            missing.join("\n")
        );
        assert!(self.holds > 0);
    }
}

fn merge<K: Ord>(
    all: &mut std::collections::BTreeMap<K, u64>,
    more: std::collections::BTreeMap<K, u64>,
) {
    for (key, count) in more {
        *all.entry(key).or_default() += count;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} holds, 0 double, 0 lost, 0 falsely denied\n row  what happened, and how often it met which state",
            self.holds
        )?;
        for row in TABLE {
            let met = self
                .met
                .iter()
                .filter(|((fault, _), _)| *fault == row.fault);
            let states = met.map(|((_, state), count)| format!("{state} {count}"));
            let states: Vec<_> = states.collect();
            writeln!(f, "{:>4}  {}: {}", row.number, row.words, states.join(", "))?;
        }
        for (event, (row, words, _)) in EVENTS.iter().enumerate() {
            let met = self.events.iter().filter(|((met, _), _)| *met == event);
            let states = met.map(|((_, state), count)| format!("{state} {count}"));
            let states: Vec<_> = states.collect();
            writeln!(f, "{row:>4}  {words}: {}", states.join(", "))?;
        }
        Ok(())
    }
}
