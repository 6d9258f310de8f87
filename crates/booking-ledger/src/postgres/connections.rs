//! The connections of a ledger.
//!
//! A pool of its own, because of what is known after a failure. Whatever is asked here may be asked
//! twice (a read; a writing that can happen only once), so a connection is used without trying it
//! first, and a question whose answer was lost is asked again, on a new one.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use booking_ports::LedgerError;
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgSeverity};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::server;
use crate::error::{self, unavailable};

/// So many are open at most. More would only wait for the server's disk.
const CONNECTIONS: usize = 32;
/// For one of them, and for the server to take a new one.
const WAIT: Duration = Duration::from_secs(5);
/// Longer than the server lets a statement run, so that only a lost server is given up.
const ANSWER: Duration = Duration::from_secs(15);
/// Before each further attempt: enough for a server that is started again.
const AGAIN: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(50),
    Duration::from_millis(300),
    Duration::from_secs(1),
];

pub(super) struct Connections {
    options: PgConnectOptions,
    idle: Mutex<Vec<PgConnection>>,
    room: Semaphore,
}

/// Why a question has no answer.
enum Failure {
    /// The server said no. Nothing was done.
    Refused(sqlx::Error),
    /// It was asked, and whether it was done is not known.
    Lost(sqlx::Error),
    /// It was never asked.
    Unreached(sqlx::Error),
}

impl Connections {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        Self {
            options,
            idle: Mutex::default(),
            room: Semaphore::new(CONNECTIONS),
        }
    }

    /// The answer to what may be asked twice, by a question that gives its connection back.
    pub(super) async fn ask<T, A>(
        &self,
        question: impl Fn(PgConnection) -> A,
    ) -> Result<T, LedgerError>
    where
        A: Future<Output = (PgConnection, Result<T, sqlx::Error>)>,
    {
        let _room = match timeout(WAIT, self.room.acquire()).await {
            Ok(Ok(room)) => room,
            Ok(Err(_)) => return Err(unavailable(sqlx::Error::PoolClosed)),
            Err(_) => return Err(unavailable(sqlx::Error::PoolTimedOut)),
        };
        // Once asked without an answer, nobody knows what is there, whatever comes after.
        let mut in_doubt = false;
        let mut asked = self.attempt(self.take_idle(), &question).await;
        let mut pauses = AGAIN.into_iter();
        loop {
            let error = match asked {
                Ok(answer) => return Ok(answer),
                Err(Failure::Refused(error)) => return Err(failed(error, in_doubt)),
                Err(Failure::Unreached(error)) => error,
                Err(Failure::Lost(error)) => {
                    in_doubt = true;
                    error
                }
            };
            let Some(pause) = pauses.next() else {
                return Err(failed(error, in_doubt));
            };
            tracing::warn!(%error, "a connection to PostgreSQL was lost; asking again");
            sleep(pause).await;
            // Those of the same age are as likely to be gone.
            self.idle().clear();
            asked = self.attempt(None, &question).await;
        }
    }

    pub(super) fn close(&self) {
        self.room.close();
        self.idle().clear();
    }

    /// A connection that is not given back, because it failed or nobody waited for its answer, is
    /// closed.
    async fn attempt<T, A>(
        &self,
        idle: Option<PgConnection>,
        question: &impl Fn(PgConnection) -> A,
    ) -> Result<T, Failure>
    where
        A: Future<Output = (PgConnection, Result<T, sqlx::Error>)>,
    {
        let connection = match idle {
            Some(connection) => connection,
            None => self.connect().await.map_err(Failure::Unreached)?,
        };
        match timeout(ANSWER, question(connection)).await {
            Ok((connection, Ok(answer))) => {
                self.idle().push(connection);
                Ok(answer)
            }
            Ok((connection, Err(error))) if is_refusal(&error) => {
                self.idle().push(connection);
                Err(Failure::Refused(error))
            }
            Ok((_, Err(error))) => Err(Failure::Lost(error)),
            Err(_) => Err(Failure::Lost(sqlx::Error::PoolTimedOut)),
        }
    }

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let connecting = async {
            let mut connection = self.options.connect().await?;
            // Behind one address there may be another server by now.
            server::check(&mut connection).await?;
            Ok(connection)
        };
        timeout(WAIT, connecting)
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    fn take_idle(&self) -> Option<PgConnection> {
        self.idle().pop()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<PgConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(error: sqlx::Error, in_doubt: bool) -> LedgerError {
    if in_doubt {
        return error::in_doubt(error);
    }
    unavailable(error)
}

/// Whether the server answered, and goes on: then it has undone what it was asked. What ends the
/// session as well may come after the commit.
fn is_refusal(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
        .is_some_and(|error| error.severity() == PgSeverity::Error)
}
