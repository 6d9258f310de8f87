//! Blocks through `Recorded` over a provider that answers at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use booking_domain::{
    BlockOrder, Deadline, OrderDraft, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
use booking_layers::Recorded;
use booking_ledger::{LedgerKey, SqliteLedger, SqliteOptions};
use booking_ports::{Clock, HoldLedger, Outcome, SeatBlocker, SystemClock};
use time::macros::date;
use tokio::task::JoinSet;

use crate::disk::Disk;
use crate::table::{Row, median, micros};

pub(crate) const CALLERS: usize = 64;
pub(crate) const TURN: Duration = Duration::from_secs(2);
pub(crate) const TURNS: usize = 5;
const LEASE: Duration = Duration::from_mins(1);

static NEXT: AtomicU64 = AtomicU64::new(1);

/// An order that nobody has sent yet.
pub(crate) fn next_order() -> BlockOrder {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(format!("bench-{number:09}"));
    draft.check(date!(2026 - 11 - 24)).unwrap()
}

/// Holds whatever is asked for, at once.
pub(crate) struct AtOnce(pub(crate) Arc<dyn Clock>);

#[async_trait]
impl SeatBlocker for AtOnce {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let now = self.0.now();
        let reference = order.reference().clone();
        Ok(SeatHold {
            transaction_id: TransactionId::new(reference.as_str()).unwrap(),
            reference,
            status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
            deadline: Deadline::stated(now + 30 * MINUTE, now, 120 * MINUTE),
        })
    }
}

const MINUTE: time::Duration = time::Duration::MINUTE;

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock::default())
}

pub(crate) fn recorded(ledger: Arc<dyn HoldLedger>) -> Recorded<AtOnce> {
    Recorded::new(AtOnce(clock()), ledger, clock(), LEASE)
}

/// Blocks per second by so many callers, over about `TURN`.
pub(crate) async fn rate(blocker: &Recorded<AtOnce>) -> f64 {
    let begin = Instant::now();
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let blocker = blocker.clone();
        callers.spawn(async move {
            let mut blocks = 0_u32;
            while begin.elapsed() < TURN {
                blocker.block(&next_order()).await.unwrap();
                blocks += 1;
            }
            blocks
        });
    }
    let blocks: u32 = callers.join_all().await.iter().sum();
    f64::from(blocks) / begin.elapsed().as_secs_f64()
}

pub(crate) async fn rows() -> Vec<Row> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut rows = Vec::new();
    for (key, what_rate, what_alone) in [
        (
            None,
            "recorded blocks per second, SQLite, 64 callers",
            "what recording adds to one block, alone, median",
        ),
        (
            Some(LedgerKey::new([7; 32])),
            "the same with a key: orders sealed",
            "the same with a key: orders sealed",
        ),
    ] {
        let name = if key.is_some() {
            "sealed.db"
        } else {
            "plain.db"
        };
        let mut options = SqliteOptions::at(folder.path().join(name));
        if let Some(key) = key {
            options = options.sealed_by(key);
        }
        let ledger = Arc::new(SqliteLedger::open(&options, clock()).await.unwrap());
        let mut disk = Disk::open(folder.path()).await;
        rows.push(many(&ledger, &mut disk, what_rate).await);
        rows.push(alone(&ledger, &mut disk, what_alone).await);
    }
    rows
}

async fn many(ledger: &Arc<SqliteLedger>, disk: &mut Disk, what: &'static str) -> Row {
    let blocker = recorded(ledger.clone());
    let (mut ratios, mut blocks, mut commits) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let base = disk.rate(TURN).await;
        let own = rate(&blocker).await;
        eprintln!("{what}: {own:.0}/s against {base:.0}/s");
        ratios.push(own / base);
        blocks.push(own);
        commits.push(base);
    }
    Row {
        what,
        target: "≥ 1 × one-row durable commits",
        measured: format!("{:.2} ×", median(ratios)),
        detail: format!(
            "{:.0} blocks/s against {:.0} commits/s",
            median(blocks),
            median(commits)
        ),
    }
}

async fn alone(ledger: &Arc<SqliteLedger>, disk: &mut Disk, what: &'static str) -> Row {
    const CALLS: usize = 2_000;
    let bare = AtOnce(clock());
    let blocker = recorded(ledger.clone());
    let (mut with, mut without, mut one) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..CALLS {
        let order = next_order();
        let begin = Instant::now();
        blocker.block(&order).await.unwrap();
        with.push(micros(begin.elapsed()));
        let begin = Instant::now();
        bare.block(&order).await.unwrap();
        without.push(micros(begin.elapsed()));
        one.push(micros(disk.commit().await));
    }
    let (added, one) = (median(with) - median(without), median(one));
    Row {
        what,
        target: "≤ 2.2 × one durable commit",
        measured: format!("{:.2} ×", added / one),
        detail: format!("{added:.0} µs against {one:.0} µs"),
    }
}
