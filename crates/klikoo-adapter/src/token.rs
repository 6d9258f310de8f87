//! The access token: fetched once however many wait, renewed before it ends, dropped on a 401.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use booking_ports::Clock;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::config::Credentials;
use crate::token_error::{NoToken, TokenError};
use crate::token_request::{Granted, Provider, TokenRequest};

/// How long before its end a token is renewed: longer than a call may take on its way.
const RENEW_BEFORE: Duration = Duration::from_mins(1);

/// How long nobody asks for a token after one could not be had, or was refused as soon as it was
/// given. Meanwhile everybody is told why.
const PAUSE: Duration = Duration::from_secs(5);

/// The longest such pause where the provider's `Retry-After` asks for more.
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// A token, and the header that it goes into.
pub(crate) struct Token {
    secret: SecretString,
    authorization: HeaderValue,
    asked_at: Duration,
    renew_at: Duration,
    /// Whether it stands in for one that was refused.
    replaces_refused: bool,
}

impl Token {
    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// How long ago it was asked for.
    pub(crate) fn age(&self, clock: &dyn Clock) -> Duration {
        clock.monotonic().saturating_sub(self.asked_at)
    }

    pub(crate) fn authorization(&self) -> &HeaderValue {
        &self.authorization
    }
}

/// What is known of the token at the moment.
#[derive(Default)]
struct State {
    current: Option<Arc<Token>>,
    /// Whether the latest token was refused.
    refused: bool,
    /// How many tokens were fetched so far.
    fetched: u64,
    pause: Option<Pause>,
}

/// Until when, on the monotonic clock, nobody asks for a token, and why.
struct Pause {
    ends: Duration,
    why: TokenError,
}

impl State {
    fn pause(&mut self, length: Duration, why: TokenError, clock: &dyn Clock) -> NoToken {
        self.pause = Some(Pause {
            ends: clock.monotonic().saturating_add(length),
            why: why.clone(),
        });
        NoToken {
            why,
            retry_after: Some(length),
        }
    }
}

pub(crate) struct TokenSource {
    request: TokenRequest,
    state: RwLock<State>,
    /// Held while fetching.
    fetching: Mutex<()>,
}

impl TokenSource {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            request: TokenRequest::new(credentials),
            state: RwLock::default(),
            fetching: Mutex::default(),
        }
    }

    /// The current token; `None` where it has ended or is about to.
    pub(crate) fn fresh(&self, clock: &dyn Clock) -> Option<Arc<Token>> {
        self.read(|state| {
            let is_fresh = |token: &&Arc<Token>| clock.monotonic() < token.renew_at;
            state.current.as_ref().filter(is_fresh).cloned()
        })
    }

    /// The current token, or a new one where it has ended or is about to.
    pub(crate) async fn get(&self, provider: &Provider<'_>) -> Result<Arc<Token>, NoToken> {
        let fetched_before = self.read(|state| state.fetched);
        let _fetching = timeout(provider.deadline.left(), self.fetching.lock())
            .await
            .map_err(|_| NoToken::from(TokenError::NoTime))?;
        // Whoever held the lock before may have fetched it, or failed to. One that was fetched while
        // we waited is ours however old it is by now, or everybody who waits would fetch another.
        let shared = self.read(|state| {
            let fetched = state.fetched != fetched_before;
            state.current.as_ref().filter(|_| fetched).cloned()
        });
        if let Some(token) = shared.or_else(|| self.fresh(provider.clock)) {
            return Ok(token);
        }
        if let Some(paused) = self.paused(provider.clock) {
            return Err(paused);
        }
        match self.request.send(provider).await {
            Ok((granted, asked_at)) => Ok(self.keep(granted, asked_at)),
            // Nobody was asked.
            Err(why @ (TokenError::NoTime | TokenError::ClockOff { .. })) => Err(why.into()),
            Err(why) => {
                tracing::warn!(error = %why, "no access token");
                let length = PAUSE.max(why.retry_after().unwrap_or_default().min(PAUSE_MAX));
                Err(self.write(|state| state.pause(length, why, provider.clock)))
            }
        }
    }

    /// What a provider that repeats requests may repeat.
    pub(crate) fn client_secret(&self) -> Arc<SecretString> {
        self.request.client_secret()
    }

    /// Drops `refused`, unless another caller has already replaced it. Where it was just fetched
    /// in place of another refused one, the next is asked for after a pause: as long as every
    /// token is refused, each call would fetch one more.
    pub(crate) fn drop_refused(&self, refused: &Arc<Token>, clock: &dyn Clock) {
        self.write(|state| {
            let is_current = |current: &Arc<Token>| Arc::ptr_eq(current, refused);
            if !state.current.as_ref().is_some_and(is_current) {
                return;
            }
            state.current = None;
            state.refused = true;
            if refused.replaces_refused && refused.age(clock) < PAUSE {
                tracing::warn!("the access token that replaced a refused one is refused too");
                state.pause(PAUSE, TokenError::RefusedAgain, clock);
            }
        });
    }

    fn paused(&self, clock: &dyn Clock) -> Option<NoToken> {
        self.read(|state| {
            let pause = state.pause.as_ref()?;
            let left = pause.ends.saturating_sub(clock.monotonic());
            (!left.is_zero()).then(|| NoToken {
                why: pause.why.clone(),
                retry_after: Some(left),
            })
        })
    }

    fn keep(&self, granted: Granted, asked_at: Duration) -> Arc<Token> {
        // Half of a short life is better than none of it.
        let margin = RENEW_BEFORE.min(granted.lifetime / 2);
        let lasts = granted.lifetime.saturating_sub(margin);
        self.write(|state| {
            let token = Arc::new(Token {
                secret: granted.secret,
                authorization: granted.authorization,
                asked_at,
                renew_at: asked_at.saturating_add(lasts),
                replaces_refused: state.refused,
            });
            *state = State {
                current: Some(Arc::clone(&token)),
                refused: false,
                fetched: state.fetched + 1,
                pause: None,
            };
            token
        })
    }

    fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }
}
