//! Every promise, with a key and without one.

use std::sync::{Arc, Mutex};

use booking_ledger::{PostgresLedger, PostgresOptions};
use booking_ports::conformance::ledger::LedgerFixture;
use booking_ports::{HoldFeed, HoldLedger, ManualClock};

use super::harness::Database;

/// A database and what is open in it; opened again, the old one is left as a dead process leaves it.
struct Opened {
    database: Database,
    options: PostgresOptions,
    ledger: Mutex<Arc<PostgresLedger>>,
}

impl Opened {
    async fn start(options: impl Fn(&Database) -> PostgresOptions) -> Self {
        let database = Database::new();
        let options = options(&database);
        let ledger = database.try_open(&options).await.unwrap();
        Self {
            database,
            options,
            ledger: Mutex::new(Arc::new(ledger)),
        }
    }

    async fn reopen(&self) {
        let ledger = self.database.try_open(&self.options).await.unwrap();
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
                &self.0.database.clock
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

fixture!(Sealed: Database::options, keeps orders: true);
fixture!(Keyless: Database::keyless, keeps orders: false);

mod sealed {
    booking_ports::hold_ledger_conformance!(
        #[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
        super::Sealed
    );
}

mod keyless {
    booking_ports::hold_ledger_conformance!(
        #[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
        super::Keyless
    );
}
