//! A process: a runtime of its own with the layers as the program stacks them, whose end leaves
//! whatever was under way where it was.

use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use booking_domain::{BlockOrder, PartnerReference};
use booking_layers::{
    Limit, Limits, Recorded, Resolver, ResolverBounds, Retry, RetryBudget, RetryPolicy, Traced,
};
use booking_ports::{
    BlockError, Clock as _, HoldLedger as _, ManualClock, NotSentKind, SeatBlocker, UnknownKind,
};
use klikoo_adapter::{
    AuthKey, Authorization, BaseUrl, Credentials, GeneratedKeyPair, KeyKind, KlikooClient,
    KlikooConfig, KlikooSeatBlocker, KlikooTransactions, RequestSigner,
};
use secrecy::ExposeSecret as _;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::clock::EarlierClock;
use crate::judge::Judge;
use crate::klikoo::{CLIENT_SECRET, Klikoo, Wire};
use crate::ledger::{ProcessLedger, SpillFile};

/// How long a sender may take before it is given up: as `seatblock` has it.
pub(crate) const LEASE: Duration = Duration::from_mins(2);

/// What a seed decides of every process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) bearer: bool,
    pub(crate) limited: bool,
    pub(crate) bounds: ResolverBounds,
}

pub(crate) struct Process {
    pub(crate) number: usize,
    /// Stands still, as after `SIGSTOP`, for this long already.
    pub(crate) frozen: Option<Duration>,
    runtime: Runtime,
    blocker: Arc<dyn SeatBlocker>,
    recorded: Recorded<KlikooSeatBlocker>,
    resolver: Resolver,
    ledger: Arc<ProcessLedger>,
    klikoo: Klikoo,
    judge: Arc<Judge>,
    /// How far its clock was behind when it began.
    behind: time::Duration,
    callers: Vec<(PartnerReference, JoinHandle<()>)>,
    draining: Option<JoinHandle<usize>>,
    sweeping: Option<JoinHandle<()>>,
}

impl Process {
    pub(crate) fn start(
        number: usize,
        clock: &ManualClock,
        klikoo: &Klikoo,
        judge: &Arc<Judge>,
        plan: Plan,
        spill: &SpillFile,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let wire = Wire {
            process: number,
            klikoo: klikoo.clone(),
            judge: judge.clone(),
        };
        let ledger = Arc::new(ProcessLedger {
            process: number,
            clock: clock.clone(),
            klikoo: klikoo.clone(),
            judge: judge.clone(),
        });
        let port = Arc::new(clock.clone());
        let client = KlikooClient::over_model(config(plan), port.clone(), Arc::new(wire)).unwrap();
        let adapter = KlikooSeatBlocker::new(client.clone());
        let recorded = Recorded::new(adapter.clone(), ledger.clone(), port.clone(), LEASE)
            .with_spill(Arc::new(spill.clone()));
        let (policy, budget) = (RetryPolicy::default(), RetryBudget::default());
        let seed = number as u64;
        let limits = Limits {
            in_flight: NonZeroU32::new(3).unwrap(),
            per_second: NonZeroU32::new(20).unwrap(),
        };
        let blocker: Arc<dyn SeatBlocker> = if plan.limited {
            let limited = Limit::new(recorded.clone(), limits, port.clone());
            let retried = Retry::new(limited, policy, budget, seed);
            Arc::new(Traced::new(retried, port.clone()))
        } else {
            let retried = Retry::new(recorded.clone(), policy, budget, seed);
            Arc::new(Traced::new(retried, port.clone()))
        };
        let resolver = Resolver::new(
            ledger.clone(),
            Arc::new(KlikooTransactions::new(client.clone())),
            Arc::new(adapter),
            Arc::new(EarlierClock { host: port, client }),
            plan.bounds,
        );
        let process = Self {
            number,
            behind: (klikoo.scene.now() - clock.now()).max(time::Duration::ZERO),
            frozen: None,
            runtime,
            blocker,
            recorded,
            resolver,
            ledger,
            klikoo: klikoo.clone(),
            judge: judge.clone(),
            callers: Vec::new(),
            draining: None,
            sweeping: None,
        };
        process.merge(spill);
        process
    }

    /// Recovery: what a failing ledger would not take, it is told again.
    fn merge(&self, spill: &SpillFile) {
        let ledger = self.ledger.clone();
        let unwritten = spill.take();
        if unwritten.is_empty() {
            return;
        }
        let spill = spill.clone();
        self.runtime.spawn(async move {
            for one in unwritten {
                if ledger.end(&one.permit, &one.outcome).await.is_err() {
                    let _ = booking_layers::Spill::spill(&spill, &one).await;
                }
            }
        });
    }

    /// A caller blocks `order`.
    pub(crate) fn block(&mut self, order: &BlockOrder) {
        let (blocker, order) = (Arc::clone(&self.blocker), order.clone());
        let (klikoo, judge, behind) = (self.klikoo.clone(), self.judge.clone(), self.behind);
        let reference = order.reference().clone();
        let before = judge.told(&reference);
        let caller = self.runtime.spawn(async move {
            let outcome = blocker.block(&order).await;
            judge.answered(&klikoo, &order, &outcome, before.as_ref(), behind);
        });
        self.callers.push((reference, caller));
    }

    /// A caller has another order under a reference that is in use: row 23.
    pub(crate) fn block_other(&mut self, other: &BlockOrder) {
        let (blocker, other) = (Arc::clone(&self.blocker), other.clone());
        let scene = self.klikoo.scene.clone();
        let reference = other.reference().clone();
        let caller = self.runtime.spawn(async move {
            let outcome = blocker.block(&other).await;
            let refused = match &outcome {
                Err(BlockError::Conflict { .. }) => true,
                // The call did not come as far as to be compared.
                Err(BlockError::NotSent(not_sent)) => matches!(
                    not_sent.kind,
                    NotSentKind::Unrecorded | NotSentKind::Overloaded
                ),
                Err(BlockError::Unknown(unknown)) => unknown.kind == UnknownKind::Unrecorded,
                _ => false,
            };
            if !refused {
                let what = format!("another order under its reference is told {outcome:?}");
                scene.broken("row 23", &what);
            }
        });
        self.callers.push((reference, caller));
    }

    /// A caller of `reference`, if there is one, hangs up.
    pub(crate) fn hang_up(&mut self, reference: &PartnerReference) -> bool {
        let mut callers = self.callers.iter();
        let Some(at) =
            callers.position(|(waits, caller)| waits == reference && !caller.is_finished())
        else {
            return false;
        };
        self.callers.remove(at).1.abort();
        true
    }

    /// Begins to settle `reference`.
    pub(crate) fn settle(&mut self, reference: &PartnerReference) {
        let (resolver, reference) = (self.resolver.clone(), reference.clone());
        self.runtime.spawn(async move {
            let _ = resolver.settle(&reference).await;
        });
    }

    /// Begins to settle all.
    pub(crate) fn sweep(&mut self) {
        let resolver = self.resolver.clone();
        self.sweeping = Some(self.runtime.spawn(async move {
            let _ = resolver.sweep(|_| ()).await;
        }));
    }

    /// Whether the last sweep is over.
    pub(crate) fn has_swept(&self) -> bool {
        self.sweeping.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Lets everything go on by `steps` small steps.
    pub(crate) fn go_on(&mut self, steps: u32) {
        if self.frozen.is_some() {
            return;
        }
        self.runtime.block_on(async {
            for _ in 0..steps {
                tokio::task::yield_now().await;
            }
        });
        self.callers.retain(|(_, caller)| !caller.is_finished());
    }

    /// Time passes, by the host's clocks and by those of the runtime.
    pub(crate) fn pass(&mut self, by: Duration) {
        match &mut self.frozen {
            Some(frozen) => *frozen += by,
            None => self.runtime.block_on(tokio::time::advance(by)),
        }
    }

    pub(crate) fn thaw(&mut self) {
        if let Some(frozen) = self.frozen.take() {
            self.pass(frozen);
        }
    }

    /// Told to end: takes no more orders, and waits for what is under way.
    pub(crate) fn drain(&mut self, grace: Duration) {
        let recorded = self.recorded.clone();
        self.draining.get_or_insert(
            self.runtime
                .spawn(async move { recorded.drain(grace).await }),
        );
    }

    /// How many attempts were left open, once the grace is over.
    pub(crate) fn drained(&mut self) -> Option<usize> {
        let draining = self.draining.as_mut()?;
        if !draining.is_finished() {
            return None;
        }
        self.runtime.block_on(draining).ok()
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.is_some()
    }

    /// Ends at once, as by `kill -9`.
    pub(crate) fn kill(self) {
        self.judge.forget(self.number);
        self.klikoo.forget(self.number);
        self.runtime.shutdown_timeout(Duration::ZERO);
    }
}

/// Klikoo's model looks at no signature of a request for a token, so any key will do.
fn key() -> AuthKey {
    static PAIR: OnceLock<GeneratedKeyPair> = OnceLock::new();
    let pair = PAIR.get_or_init(|| GeneratedKeyPair::generate(KeyKind::P256).unwrap());
    AuthKey::from_pkcs8_pem(pair.private_key_pem.expose_secret()).unwrap()
}

fn config(plan: Plan) -> KlikooConfig {
    let authorization = if plan.bearer {
        Authorization::Bearer(Credentials {
            client_id: "5f0c1f6e-8f4b-4a51-9c7d-2b3a6f1f0e77".to_owned(),
            client_secret: CLIENT_SECRET.into(),
            key: key(),
        })
    } else {
        Authorization::None
    };
    let base_url = BaseUrl::parse("http://127.0.0.1:1").unwrap();
    let signer = RequestSigner::hmac_sha512(&CLIENT_SECRET.into());
    KlikooConfig::new(base_url, signer, authorization).with_longest_hold(plan.bounds.longest_hold)
}
