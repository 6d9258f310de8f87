//! Holds in a second, beside the layers without HTTP in front.

use std::sync::Arc;
use std::time::{Duration, Instant};

use booking_layers::Recorded;
use booking_ledger::{SqliteLedger, SqliteOptions};
use booking_ports::{SeatBlocker as _, SystemClock};
use klikoo_adapter::KlikooSeatBlocker;
use time::macros::date;
use tokio::task::JoinSet;

use crate::gateway::Place;
use crate::load;
use crate::provider::{adapter, next_draft, sandbox};
use crate::table::{Row, median};

pub(crate) const AT_A_TIME: usize = 64;
pub(crate) const TURN: Duration = Duration::from_secs(3);
pub(crate) const TURNS: usize = 5;

pub(crate) async fn row() -> Row {
    let sandbox = sandbox(0).await;
    let place = Place::new(&sandbox, None);
    let gateway = place.start();
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SystemClock::default());
    let options = SqliteOptions::at(folder.path().join("ledger.db"));
    let ledger = SqliteLedger::open(&options, clock.clone()).await.unwrap();
    let lease = Duration::from_mins(2);
    let layers = Recorded::new(adapter(&sandbox), Arc::new(ledger), clock, lease);
    let (mut ratios, mut bases, mut owns) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let base = of_layers(&layers).await;
        let own = load::rate(&[gateway.address], &gateway.key, AT_A_TIME, TURN).await;
        eprintln!("gateway, provider at 0 ms: {own:.0} holds/s against {base:.0}");
        ratios.push(own / base);
        bases.push(base);
        owns.push(own);
    }
    Row {
        what: "holds per second through the gateway, provider at 0 ms, 64 at a time",
        target: "≥ 0.6 × the layers without HTTP",
        measured: format!("{:.2} ×", median(ratios)),
        detail: format!("{:.0}/s against {:.0}/s", median(owns), median(bases)),
    }
}

async fn of_layers(layers: &Recorded<KlikooSeatBlocker>) -> f64 {
    let begin = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..AT_A_TIME {
        let layers = layers.clone();
        running.spawn(async move {
            let mut blocks = 0_u32;
            while begin.elapsed() < TURN {
                let order = next_draft().check(date!(2026 - 11 - 24)).unwrap();
                layers.block(&order).await.unwrap();
                blocks += 1;
            }
            blocks
        });
    }
    let blocks: u32 = running.join_all().await.iter().sum();
    f64::from(blocks) / begin.elapsed().as_secs_f64()
}
