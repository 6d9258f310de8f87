//! The table of what has to come out.

use std::collections::BTreeMap;

use crate::cell::{Seen, Standing};

const TABLE: &str = include_str!("expected.tsv");

/// By kind and attempt.
pub(crate) fn read() -> BTreeMap<(String, usize), Seen> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [kind, attempt, told, then @ ..] = &fields[..] else {
                panic!("{line}")
            };
            let (then, recovered) = then.split_at(4);
            let seen = Seen {
                told: (*told).to_owned(),
                then: standing(then),
                recovered: standing(recovered),
            };
            (((*kind).to_owned(), attempt.parse().unwrap()), seen)
        })
        .collect()
}

fn standing(fields: &[&str]) -> Standing {
    let [state, attempts, arrived, executed] = fields else {
        panic!("{fields:?}")
    };
    Standing {
        state: (*state).to_owned(),
        attempts: attempts.parse().unwrap(),
        arrived: arrived.parse().unwrap(),
        executed: executed.parse().unwrap(),
    }
}

/// As a line of the table.
pub(crate) fn line(kind: &str, attempt: usize, seen: &Seen) -> String {
    let of = |it: &Standing| {
        format!(
            "{}\t{}\t{}\t{}",
            it.state, it.attempts, it.arrived, it.executed
        )
    };
    format!(
        "{kind}\t{attempt}\t{}\t{}\t{}",
        seen.told,
        of(&seen.then),
        of(&seen.recovered)
    )
}
