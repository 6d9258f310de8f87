//! What the gateway does by itself: settles what is unknown, ends what has passed, forgets people.
//!
//! Every replica does it. One reference is settled by one of them, since the ledger gives its claim
//! to one; and what was asked about a moment ago by any of them is left alone for a while.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::{PartnerReference, TransactionId};
use booking_layers::Resolver;
use booking_ports::{HoldLedger as _, Listing, Page, Which};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::Instrument as _;

use crate::gateway::Shared;

/// Between two sweeps, and between two of what else is done.
const EVERY: Duration = Duration::from_secs(10);

/// So many hints are looked into at the same time.
const AT_ONCE: usize = 8;

/// How many unsettled holds are counted.
const COUNTED: u32 = 10_000;

/// What a callback said.
pub(crate) struct Hint {
    pub(crate) reference: PartnerReference,
    pub(crate) said: String,
    /// The transaction that it named.
    pub(crate) transaction_id: Option<TransactionId>,
}

/// Looks into hints until `over` says so, some at the same time.
pub(crate) async fn look_into_hints(
    gateway: Arc<Shared>,
    mut hints: mpsc::Receiver<Hint>,
    mut over: watch::Receiver<bool>,
) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            hint = hints.recv(), if running.len() < AT_ONCE => {
                let Some(hint) = hint else { break };
                let resolver = gateway.stack.resolver.clone();
                running.spawn(async move { look_into(&resolver, hint).await });
            }
            Some(_) = running.join_next(), if !running.is_empty() => {}
            _ = over.wait_for(|over| *over) => break,
        }
    }
    running.join_all().await;
}

async fn look_into(resolver: &Resolver, hint: Hint) {
    let reference = &hint.reference;
    let looked = resolver.look_again(reference, &hint.said, hint.transaction_id.as_ref());
    match looked.await {
        Ok(record) => {
            tracing::info!(%reference, state = record.state.name(), "a callback was looked into");
        }
        Err(error) => tracing::warn!(%reference, %error, "a callback could not be looked into"),
    }
}

/// Sweeps, ends holds and forgets people until `over` says so, each on a schedule of its own: a sweep
/// takes long where the provider is silent, and the end of a hold waits for no provider. What is under
/// way is finished.
pub(crate) async fn look_after_until(gateway: Arc<Shared>, over: watch::Receiver<bool>) {
    let gateway = &gateway;
    tokio::join!(
        again_and_again(gateway, over.clone(), || {
            sweep(gateway).instrument(tracing::info_span!("sweep"))
        }),
        again_and_again(gateway, over.clone(), || {
            expire(gateway).instrument(tracing::info_span!("expire"))
        }),
        again_and_again(gateway, over, || {
            forget(gateway).instrument(tracing::info_span!("forget"))
        }),
    );
}

async fn again_and_again<W: Future<Output = ()>>(
    gateway: &Shared,
    mut over: watch::Receiver<bool>,
    work: impl Fn() -> W,
) {
    // Not all replicas at once after a common start.
    let mut chance = [0];
    let _even_without = (gateway.options.entropy)(&mut chance);
    let mut pause = EVERY.mul_f64(f64::from(chance[0]) / 256.0);
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = over.wait_for(|over| *over) => return,
        }
        pause = EVERY;
        work().await;
    }
}

async fn sweep(gateway: &Shared) {
    match gateway.stack.resolver.sweep_due(|_| {}).await {
        Ok(sweep) => {
            let done = sweep.progress;
            gateway.metrics.swept(gateway.stack.clock.monotonic());
            metrics::counter!("seatblock_settled_total").increment(done.settled as u64);
            if done.looked_at > 0 {
                let (looked_at, settled) = (done.looked_at, done.settled);
                tracing::info!(looked_at, settled, "swept");
            }
        }
        Err(error) => tracing::error!(%error, "unsettled holds could not be looked after"),
    }
}

async fn expire(gateway: &Shared) {
    match gateway.stack.resolver.expire().await {
        Ok(expired) => {
            metrics::counter!("seatblock_expired_total").increment(expired as u64);
            if expired > 0 {
                tracing::info!(expired, "holds have ended");
            }
        }
        Err(error) => tracing::error!(%error, "holds that have ended could not be recorded"),
    }
}

async fn forget(gateway: &Shared) {
    match gateway.stack.resolver.forget().await {
        Ok(shredded) => {
            metrics::counter!("seatblock_shredded_total").increment(shredded as u64);
            if shredded > 0 {
                tracing::info!(shredded, "people of orders were forgotten");
            }
        }
        Err(error) => tracing::warn!(%error, "not all could be shredded that have ended"),
    }
}

/// Counts until `over` says so. Apart from the sweeps, which take long just when many wait.
pub(crate) async fn measure_until(gateway: Arc<Shared>, mut over: watch::Receiver<bool>) {
    loop {
        measure(&gateway).await;
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = over.wait_for(|over| *over) => return,
        }
    }
}

/// What an operator watches.
async fn measure(gateway: &Shared) {
    let listing = Listing::of(Which::Unsettled);
    let unsettled = match gateway
        .stack
        .ledger
        .list(&listing, Page::first(COUNTED))
        .await
    {
        Ok(unsettled) => unsettled,
        Err(error) => {
            tracing::error!(%error, "unsettled holds could not be counted");
            metrics::gauge!("seatblock_unsettled_holds").set(f64::NAN);
            metrics::gauge!("seatblock_unsettled_oldest_seconds").set(f64::NAN);
            return;
        }
    };
    let now = gateway.stack.clock.now();
    let uncertain: Vec<_> = unsettled
        .records
        .iter()
        .filter(|record| record.state.name() != "sending")
        .collect();
    let oldest = uncertain
        .iter()
        .map(|record| (now - record.begun_at).as_seconds_f64())
        .fold(0.0, f64::max);
    // Of a damaged one nobody knows either.
    let count = uncertain.len() + unsettled.damaged.len();
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    metrics::gauge!("seatblock_unsettled_holds").set(f64::from(count));
    metrics::gauge!("seatblock_unsettled_oldest_seconds").set(oldest);
}
