//! Whether whoever was given a right still lives.
//!
//! A lease alone would keep others waiting for a sender that was killed. The server knows better:
//! each opened ledger holds a lock in a session of its own, and a lock ends with its session,
//! however that ends. Whoever loses it gives out no right until it holds another, so that nobody
//! takes a living sender for a dead one for long.

use std::sync::Arc;
use std::time::Duration;

use booking_ports::LedgerError;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::connections::Connections;
use super::news::{CHANNEL, News, TELL};
use crate::bell::Bell;
use crate::entropy;

/// So often the session is tried, should its end have made no sound.
const TRY: Duration = Duration::from_secs(5);
/// Between two attempts to get a lock again.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a caller waits for a lock that was lost.
const WAIT: Duration = Duration::from_secs(2);

/// This opened ledger, as long as it is open.
pub(super) struct Owner {
    held: watch::Receiver<Option<i64>>,
    keeping: JoinHandle<()>,
}

impl Owner {
    pub(super) async fn begin(
        options: PgConnectOptions,
        bell: Arc<Bell>,
    ) -> Result<Self, sqlx::Error> {
        let (lock, id) = lock(&options).await?;
        let (tell, held) = watch::channel(Some(id));
        let news = News::of(bell);
        let keeping = tokio::spawn(keep(lock, options, tell, news));
        Ok(Self { held, keeping })
    }

    /// The number to give out rights under.
    pub(super) async fn id(&self) -> Result<i64, LedgerError> {
        if let Some(id) = *self.held.borrow() {
            return Ok(id);
        }
        let mut held = self.held.clone();
        match timeout(WAIT, held.wait_for(Option::is_some)).await {
            Ok(Ok(id)) => id.ok_or_else(without),
            _ => Err(without()),
        }
    }

    /// Whether `other` has ended.
    pub(super) async fn has_ended(
        connections: &Connections,
        other: i64,
    ) -> Result<bool, LedgerError> {
        connections
            .ask(|mut on| async move {
                // Taken for the moment of this statement: nobody takes this number again.
                let free = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)").bind(other);
                let free = free.fetch_one(&mut on).await;
                (on, free)
            })
            .await
    }

    /// Gives the lock back.
    pub(super) async fn end(&mut self) {
        self.keeping.abort();
        let _ = (&mut self.keeping).await;
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.keeping.abort();
    }
}

fn without() -> LedgerError {
    LedgerError::Unavailable {
        message: "the session that shows others that this process lives was lost, and PostgreSQL \
                  gives no new one; nothing was written"
            .to_owned(),
        cause: None,
    }
}

/// Holds a lock as long as it can, and gets another where it was lost.
async fn keep(
    mut session: PgListener,
    options: PgConnectOptions,
    tell: watch::Sender<Option<i64>>,
    mut news: News,
) {
    loop {
        while lives(&mut session, &mut news).await {}
        tell.send_replace(None);
        tracing::warn!("the ledger's session was lost; no right is given until there is another");
        drop(session);
        session = loop {
            match timeout(WAIT, lock(&options)).await {
                Ok(Ok((session, id))) => {
                    tell.send_replace(Some(id));
                    break session;
                }
                Ok(Err(error)) => tracing::warn!(%error, "there is no session yet"),
                Err(_) => tracing::warn!("there is no session yet: PostgreSQL does not answer"),
            }
            sleep(PAUSE).await;
        };
    }
}

/// Waits for the session's end, and now and then tries it. Meanwhile the news of others comes by it,
/// and that of this process goes out.
async fn lives(session: &mut PgListener, news: &mut News) -> bool {
    tokio::select! {
        heard = timeout(TRY, session.try_recv()) => match heard {
            Ok(Ok(Some(_))) => {
                news.hear();
                return true;
            }
            Ok(Ok(None) | Err(_)) => return false,
            Err(_) => {}
        },
        () = news.due() => {
            let told = sqlx::query(TELL).execute(session);
            return matches!(timeout(TRY, told).await, Ok(Ok(_)));
        }
    }
    let tried = sqlx::query("SELECT 1").execute(session);
    matches!(timeout(TRY, tried).await, Ok(Ok(_)))
}

/// A session with a lock by a number that nobody had before.
async fn lock(options: &PgConnectOptions) -> Result<(PgListener, i64), sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(WAIT)
        .connect_lazy_with(options.clone());
    let mut session = PgListener::connect_with(&pool).await?;
    loop {
        let id = entropy::random().map_err(|error| sqlx::Error::Configuration(Box::new(error)))?;
        // With the sign bit clear, so that it is not taken for one of another kind.
        let id = i64::from_le_bytes(id) & i64::MAX;
        let alone: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(id)
            .fetch_one(&mut session)
            .await?;
        if alone {
            session.listen(CHANNEL).await?;
            return Ok((session, id));
        }
    }
}
