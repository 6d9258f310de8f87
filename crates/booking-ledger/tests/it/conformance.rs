//! Every promise, with a key and without one.

use std::sync::{Arc, Mutex};

use booking_ledger::{SqliteLedger, SqliteOptions};
use booking_ports::conformance::ledger::LedgerFixture;
use booking_ports::{HoldFeed, HoldLedger, ManualClock};

use crate::harness::Place;

/// A place and what is open in it; opened again, the old one is left as a dead process leaves it.
struct Opened {
    place: Place,
    options: SqliteOptions,
    ledger: Mutex<Arc<SqliteLedger>>,
}

impl Opened {
    async fn start(options: impl Fn(&Place) -> SqliteOptions) -> Self {
        let place = Place::new();
        let options = options(&place);
        let ledger = place.try_open(&options).await.unwrap();
        Self {
            place,
            options,
            ledger: Mutex::new(Arc::new(ledger)),
        }
    }

    async fn reopen(&self) {
        let ledger = self.place.try_open(&self.options).await.unwrap();
        *self.ledger.lock().unwrap() = Arc::new(ledger);
    }
}

macro_rules! fixture {
    ($name:ident: $options:expr, keeps orders: $keeps:literal) => {
        struct $name(Opened);

        #[async_trait::async_trait]
        impl LedgerFixture for $name {
            async fn start() -> Self {
                Self(Opened::start($options).await)
            }

            fn ledger(&self) -> Arc<dyn HoldLedger> {
                self.0.ledger.lock().unwrap().clone()
            }

            fn feed(&self) -> Arc<dyn HoldFeed> {
                self.0.ledger.lock().unwrap().clone()
            }

            fn clock(&self) -> &ManualClock {
                &self.0.place.clock
            }

            async fn reopen(&self) {
                self.0.reopen().await;
            }

            fn keeps_orders(&self) -> bool {
                $keeps
            }
        }
    };
}

fixture!(Sealed: Place::options, keeps orders: true);
fixture!(Keyless: |place| SqliteOptions::at(place.path()), keeps orders: false);

mod sealed {
    booking_ports::hold_ledger_conformance!(super::Sealed);
}

mod keyless {
    booking_ports::hold_ledger_conformance!(super::Keyless);
}
