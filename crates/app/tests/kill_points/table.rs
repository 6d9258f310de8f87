//! The table of what the rounds showed.

use std::fmt::Write as _;

use crate::ledgers::Kept;
use crate::points::Point;
use crate::rounds::Round;

pub(crate) fn of_points(points: &[Point], kept: Kept, rounds: &[Vec<Round>]) -> String {
    let mut text = String::from(
        "| killed | ledger | runs | state then | after recover | executed | in the ledger | sends |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let mut runs = 0;
    for (point, rounds) in points.iter().zip(rounds) {
        runs += rounds.len();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            point.name,
            kept.name(),
            rounds.len(),
            all(rounds, |round| round.killed.clone()),
            all(rounds, |round| round.recovered.clone()),
            all(rounds, |round| round.executed.to_string()),
            all(rounds, |round| round.known.to_string()),
            all(rounds, |round| round.sends.to_string()),
        );
    }
    let _ = write!(
        text,
        "{} points on {}, {runs} kills",
        points.len(),
        kept.name()
    );
    text
}

/// Every value that was seen, once.
fn all(rounds: &[Round], of: impl Fn(&Round) -> String) -> String {
    let mut seen: Vec<String> = rounds.iter().map(of).collect();
    seen.sort();
    seen.dedup();
    seen.join(" or ")
}
