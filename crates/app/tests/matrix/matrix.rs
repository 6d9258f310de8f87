//! All cells, many at a time, each held against the table.

use std::sync::{Arc, Mutex};

use tokio::time::Instant;

use crate::cell::{self, CONNECTIONS, Cell, Connection, Seen};
use crate::expected;
use crate::kinds::kinds;
use crate::ledgers::Kept;
use crate::worker::Worker;

/// Sandboxes at a time: most cells wait for something.
const AT_ONCE: usize = 8;

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for kind in kinds() {
        for attempt in 1..=3 {
            for connection in CONNECTIONS {
                if !kind.needs_tls || connection == Connection::Tls {
                    cells.push(Cell {
                        kind: kind.clone(),
                        attempt,
                        connection,
                        number: cells.len(),
                    });
                }
            }
        }
    }
    cells
}

/// Whatever the table says: what no fault may ever lead to.
fn judge(seen: &Seen) -> Result<(), &'static str> {
    let not_held = ["refused", "not sent"].contains(&seen.recovered.state.as_str());
    if seen.recovered.executed > 1 {
        return Err("held twice");
    }
    if not_held && seen.recovered.executed > 0 {
        return Err("a hold is lost");
    }
    let told_not_held = seen.told.starts_with("refused") || seen.told.starts_with("not sent");
    if told_not_held && seen.recovered.executed > 0 {
        return Err("told not held, and held");
    }
    if seen.told.starts_with("held") && seen.then.executed != 1 {
        return Err("told held, and not held");
    }
    if seen.recovered.attempts > 3 {
        return Err("sent too often");
    }
    Ok(())
}

async fn work(kept: Kept, waiting: &Mutex<Vec<Cell>>) -> Vec<(Cell, Seen)> {
    let worker = Arc::new(Worker::new(kept).await);
    let mut done = Vec::new();
    loop {
        let next = waiting.lock().unwrap().pop();
        let Some(cell) = next else { return done };
        let seen = cell::run(&worker, &cell).await;
        done.push((cell, seen));
    }
}

async fn every_cell(kept: Kept) {
    let repeats = std::env::var_os("MATRIX_REPEATS")
        .map_or(1, |text| text.to_str().unwrap().parse().unwrap());
    let expected = expected::read();
    let begun = Instant::now();
    let mut differences = Vec::new();
    let mut count = 0;
    for _ in 0..repeats {
        let waiting = Arc::new(Mutex::new(cells()));
        let mut working = tokio::task::JoinSet::new();
        for _ in 0..AT_ONCE {
            let waiting = Arc::clone(&waiting);
            working.spawn(async move { work(kept, &waiting).await });
        }
        for (cell, seen) in working.join_all().await.into_iter().flatten() {
            count += 1;
            let line = expected::line(cell.kind.name, cell.attempt, &seen);
            let place = format!("{line}\t({:?})", cell.connection);
            if let Err(why) = judge(&seen) {
                differences.push(format!("{why}: {place}"));
            }
            let key = (cell.kind.name.to_owned(), cell.attempt);
            if expected.get(&key) != Some(&seen) {
                differences.push(format!("not as expected: {place}"));
            }
        }
    }
    let kinds = kinds().len();
    let time = begun.elapsed();
    println!(
        "{kinds} kinds, {count} cells on {} in {time:?}",
        kept.name()
    );
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(count >= 234 * repeats, "{count} cells");
    assert_eq!(
        expected.len(),
        3 * kinds,
        "a line for each kind and attempt"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_ends_as_the_table_says_on_sqlite() {
    every_cell(Kept::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn every_fault_ends_as_the_table_says_on_postgres() {
    every_cell(Kept::Postgres).await;
}
