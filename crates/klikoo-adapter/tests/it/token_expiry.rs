//! A token that ends at each moment of a call's life, under two hundred callers at once. (The wait
//! for a connection is one more moment: `src/client/waiting.rs`.)

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use booking_ports::{Clock, ManualClock, SeatBlocker};
use klikoo_adapter::{KlikooClient, KlikooSeatBlocker};
use time::OffsetDateTime;
use tokio::task::JoinSet;

use crate::raw::{RawServer, Request, Step, envelope, held, json, token};
use crate::setup::{NOW, bearer, config, order, told};

const CALLERS: usize = 200;

/// How long a token lives.
const LIFE: Duration = Duration::from_mins(15);

/// When in the life of a call its token ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    BeforeTheCall,
    InItsLastMinute,
    WhileItIsFetched,
    /// The token is in hand, and the timestamp not yet taken.
    BeforeSigning,
    InFlight,
    WhileExecuting,
    InTheReply,
    /// The first token ends in flight, and so does the one that replaces it.
    InFlightOfTheRepeat,
}

/// A clock under which a token's life passes once it is armed: at the next look at the wall, or
/// when a provider says so.
#[derive(Clone)]
struct JumpyClock {
    time: ManualClock,
    armed: Arc<AtomicBool>,
    by_itself: bool,
}

impl JumpyClock {
    /// Only ages differ; the wall clock is set back.
    fn pass(&self, by: Duration) {
        self.time.advance(by);
        self.time.step_to(NOW);
    }

    fn pass_if_armed(&self) {
        if self.armed.swap(false, Ordering::SeqCst) {
            self.pass(LIFE);
        }
    }
}

impl Clock for JumpyClock {
    fn now(&self) -> OffsetDateTime {
        if self.by_itself {
            self.pass_if_armed();
        }
        self.time.now()
    }

    fn monotonic(&self) -> Duration {
        self.time.monotonic()
    }
}

/// A provider that refuses a token as soon as it has ended, by the same clock.
async fn provider(ends: Ends, clock: JumpyClock) -> RawServer {
    // When each token was given, by its number.
    let given = Mutex::new(Vec::new());
    RawServer::start(move |request: &Request, _| {
        let mut given = given.lock().unwrap();
        if request.is_token() {
            let text = given.len().to_string();
            given.push(clock.monotonic());
            if ends == Ends::WhileItIsFetched {
                clock.pass_if_armed();
            }
            return Step::Send(token(&text, "900"));
        }
        let number: usize = request.headers["authorization"]["Bearer ".len()..]
            .parse()
            .unwrap();
        match ends {
            Ends::InFlight => clock.pass_if_armed(),
            Ends::InFlightOfTheRepeat => {
                let ends_now = clock.armed.load(Ordering::SeqCst) && given.len() == number + 1;
                if ends_now {
                    clock.pass(LIFE);
                    // Both are over then.
                    clock.armed.store(number == 0, Ordering::SeqCst);
                }
            }
            _ => {}
        }
        if clock.monotonic().saturating_sub(given[number]) >= LIFE {
            return Step::Send(json(401, &envelope("401056535", "null")));
        }
        match ends {
            Ends::WhileExecuting => clock.pass_if_armed(),
            Ends::InTheReply => return Step::SendLater(Duration::from_millis(300), held("1")),
            _ => {}
        }
        Step::Send(held("1"))
    })
    .await
}

/// What two hundred callers hear, by word, and how many tokens were fetched since the first.
async fn callers_hear(ends: Ends) -> (BTreeMap<String, usize>, usize) {
    let clock = JumpyClock {
        time: ManualClock::at(NOW),
        armed: Arc::default(),
        by_itself: ends == Ends::BeforeSigning,
    };
    let server = provider(ends, clock.clone()).await;
    // Two hundred callers may take their time on a busy machine.
    let config = config(&server.base_url(), bearer())
        .with_timeouts(Duration::from_secs(10), Duration::from_secs(30));
    let client = KlikooClient::new(config, Arc::new(clock.clone())).unwrap();
    let blocker = KlikooSeatBlocker::new(client);
    let first = blocker.block(&order("first", &["8"])).await;
    assert_eq!(told(&first), "held", "{ends:?}");
    match ends {
        Ends::BeforeTheCall => clock.pass(LIFE),
        Ends::InItsLastMinute => clock.pass(Duration::from_mins(14)),
        Ends::WhileItIsFetched => {
            clock.pass(LIFE);
            clock.armed.store(true, Ordering::SeqCst);
        }
        _ => clock.armed.store(true, Ordering::SeqCst),
    }
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let blocker = blocker.clone();
        callers.spawn(async move {
            let order = order(&format!("caller-{caller}"), &["8"]);
            told(&blocker.block(&order).await)
        });
    }
    if ends == Ends::InTheReply {
        while server.blocks() <= CALLERS {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        clock.pass(LIFE);
    }
    let mut heard = BTreeMap::new();
    for outcome in callers.join_all().await {
        *heard.entry(outcome).or_default() += 1;
    }
    (heard, server.tokens() - 1)
}

#[tokio::test]
async fn wherever_it_ends_one_is_fetched_in_its_place() {
    for (ends, fetched) in [
        (Ends::BeforeTheCall, 1),
        (Ends::InItsLastMinute, 1),
        (Ends::BeforeSigning, 1),
        (Ends::InFlight, 1),
        (Ends::WhileExecuting, 1),
        // Accepted all of them, and nobody has called since.
        (Ends::InTheReply, 0),
        // One that had ended when it came, and one in its place.
        (Ends::WhileItIsFetched, 2),
    ] {
        let (heard, tokens) = callers_hear(ends).await;
        let all_held = BTreeMap::from([("held".to_owned(), CALLERS)]);
        assert_eq!((heard, tokens), (all_held, fetched), "{ends:?}");
    }
}

#[tokio::test]
async fn one_that_ends_in_flight_of_the_repeat_is_the_end_of_that_call() {
    let (heard, tokens) = callers_hear(Ends::InFlightOfTheRepeat).await;
    // Whoever came later held with the third; nobody is left without knowing.
    let refused = heard.get("refused/credentials").copied().unwrap_or(0);
    let held = heard.get("held").copied().unwrap_or(0);
    assert_eq!(refused + held, CALLERS, "{heard:?}");
    assert!(refused > 0, "{heard:?}");
    assert!(tokens <= 2, "{tokens} tokens");
}
