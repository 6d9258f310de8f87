//! A ledger in a database of its own, whose clock the test turns.

use std::sync::Arc;

use booking_domain::SeatHold;
use booking_ledger::{LedgerKey, OpenError, PostgresLedger, PostgresOptions};
use booking_ports::{Begun, HoldLedger as _, ManualClock, SendPermit};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use time::macros::datetime;

use super::server::Server;
use crate::harness::{LEASE, hold_of, order};

pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) clock: ManualClock,
}

impl Database {
    pub(crate) fn new() -> Self {
        Self::at(Server::shared().database())
    }

    pub(crate) fn at(url: String) -> Self {
        // With more than a ledger keeps of it.
        let clock = ManualClock::at(datetime!(2026-11-24 10:00:00.000_999_999 +7));
        Self { url, clock }
    }

    pub(crate) fn keyless(&self) -> PostgresOptions {
        PostgresOptions::from_url(&self.url).unwrap()
    }

    pub(crate) fn options(&self) -> PostgresOptions {
        self.keyless().sealed_by(LedgerKey::new([7; 32]))
    }

    pub(crate) async fn open(&self) -> PostgresLedger {
        self.try_open(&self.options()).await.unwrap()
    }

    pub(crate) async fn try_open(
        &self,
        options: &PostgresOptions,
    ) -> Result<PostgresLedger, OpenError> {
        PostgresLedger::open(options, Arc::new(self.clock.clone())).await
    }

    /// A connection beside the ledger.
    pub(crate) async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    pub(crate) async fn execute(&self, sql: &str) -> Result<(), sqlx::Error> {
        let mut connection = self.connect().await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await;
        connection.close().await.unwrap();
        done.map(drop)
    }

    pub(crate) fn hold(&self, name: &str) -> SeatHold {
        hold_of(&self.clock, name)
    }
}

pub(crate) async fn send(ledger: &PostgresLedger, name: &str) -> SendPermit {
    match ledger.begin(&order(name), LEASE).await.unwrap() {
        Begun::Send(permit) => permit,
        other => unreachable!("{name} may be sent, yet: {other:?}"),
    }
}
