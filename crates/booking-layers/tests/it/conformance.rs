//! Every layer alone, and the whole stack, keep the contract of the port.

use std::num::NonZeroU32;
use std::sync::Arc;

use async_trait::async_trait;
use booking_layers::{Limit, Limits, Recorded, Retry, RetryBudget, RetryPolicy, Traced};
use booking_ports::conformance::Fixture;
use booking_ports::{ManualClock, MemoryHoldLedger, MemorySeatBlocker, SeatBlocker};

use crate::setup::{MINUTE, clock};

type Provider = Arc<MemorySeatBlocker>;

fn recorded(provider: Provider, clock: Arc<ManualClock>) -> Recorded<Provider> {
    let ledger = MemoryHoldLedger::new(clock.clone());
    Recorded::new(provider, Arc::new(ledger), clock, MINUTE)
}

fn retry<B>(blocker: B) -> Retry<B> {
    Retry::new(blocker, RetryPolicy::default(), RetryBudget::default(), 7)
}

/// As much as the suite needs, and no more.
fn limit<B>(blocker: B, clock: Arc<ManualClock>) -> Limit<B> {
    let sixteen = NonZeroU32::new(16).unwrap();
    let limits = Limits {
        in_flight: sixteen,
        per_second: sixteen,
    };
    Limit::new(blocker, limits, clock)
}

macro_rules! keeps_the_contract {
    ($stack:ident, $make:expr) => {
        mod $stack {
            use super::*;

            struct Stack {
                provider: Provider,
                blocker: Arc<dyn SeatBlocker>,
            }

            #[async_trait]
            impl Fixture for Stack {
                async fn start() -> Self {
                    let clock = clock();
                    let provider = Arc::new(MemorySeatBlocker::new(clock.clone()));
                    let make: fn(Provider, Arc<ManualClock>) -> Arc<dyn SeatBlocker> = $make;
                    Self {
                        blocker: make(provider.clone(), clock),
                        provider,
                    }
                }

                fn blocker(&self) -> Arc<dyn SeatBlocker> {
                    Arc::clone(&self.blocker)
                }

                fn executed(&self) -> usize {
                    self.provider.holds().len()
                }
            }

            booking_ports::seat_blocker_conformance!(Stack);
        }
    };
}

keeps_the_contract!(recorded_alone, |provider, clock| {
    Arc::new(recorded(provider, clock))
});
keeps_the_contract!(retry_alone, |provider, _| Arc::new(retry(provider)));
keeps_the_contract!(limit_alone, |provider, clock| Arc::new(limit(
    provider, clock
)));
keeps_the_contract!(traced_alone, |provider, clock| Arc::new(Traced::new(
    provider, clock
)));
keeps_the_contract!(the_whole_stack, |provider, clock| {
    let limited = limit(recorded(provider, clock.clone()), clock.clone());
    Arc::new(Traced::new(retry(limited), clock))
});
