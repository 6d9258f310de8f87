use booking_domain::*;
use booking_ledger::*;
use booking_ports::*;
use std::sync::Arc;
use std::time::{Duration, Instant};
#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).unwrap();
    let callers: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let each: usize = std::env::args().nth(3).unwrap().parse().unwrap();
    let run = format!("{}", std::process::id());
    let options = PostgresOptions::from_url(&url)
        .unwrap()
        .sealed_by(LedgerKey::new([7; 32]));
    let ledger = Arc::new(
        PostgresLedger::open(&options, Arc::new(SystemClock::default()))
            .await
            .unwrap(),
    );
    let t = Instant::now();
    let mut set = tokio::task::JoinSet::new();
    for c in 0..callers {
        let (ledger, run) = (ledger.clone(), run.clone());
        set.spawn(async move {
            for n in 0..each {
                let mut draft = OrderDraft::sample();
                draft.partner_reference_no = Some(format!("{run}-{c}-{n}"));
                let order = draft.check(time::macros::date!(2026 - 11 - 24)).unwrap();
                let Begun::Send(permit) =
                    ledger.begin(&order, Duration::from_secs(60)).await.unwrap()
                else {
                    panic!()
                };
                let r = Refusal::new(
                    permit.reference.clone(),
                    RefusalKind::Other,
                    "400050000",
                    "no",
                );
                ledger.end(&permit, &Err(r.into())).await.unwrap();
            }
        });
    }
    set.join_all().await;
    let s = t.elapsed().as_secs_f64();
    println!(
        "{callers} callers: {:.0} blocks/s ({s:.2} s)",
        (callers * each) as f64 / s
    );
}
