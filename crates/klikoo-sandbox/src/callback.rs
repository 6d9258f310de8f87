//! Callbacks: what Klikoo tells a partner's server of its own accord (API description §6).

mod deliver;
mod url;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep_until};

pub(crate) use self::url::CallbackUrl;
use crate::answer::{Answer, SUCCESS, Service};
use crate::clock::to_seconds;
use crate::kernel::Kernel;
use crate::store::{Hold, HoldState};

/// Callbacks that may wait to be sent; more are dropped, so that a server that is down costs
/// nothing but its callbacks.
const WAITING_MAX: usize = 1_024;

/// How often the clock is looked at for holds that have ended: a test may turn it at any moment.
const WATCH: Duration = Duration::from_millis(100);

/// Where routes leave what has changed. Nobody waits for it to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Callbacks(Sender<Hold>);

impl Callbacks {
    pub(crate) fn new() -> (Self, Receiver<Hold>) {
        let (sender, receiver) = channel(WAITING_MAX);
        (Self(sender), receiver)
    }

    pub(crate) fn tell(&self, hold: &Hold) {
        if self.0.try_send(hold.clone()).is_err() {
            tracing::warn!("a callback is dropped: too many wait to be sent");
        }
    }
}

/// Sends what changes, in its order, and tells of holds that end by the clock. Never ends by itself.
pub(crate) async fn send_callbacks(
    kernel: Arc<Kernel>,
    url: CallbackUrl,
    mut changed: Receiver<Hold>,
) {
    // In the order in which they end, since all last as long.
    let mut live: VecDeque<Hold> = VecDeque::new();
    let mut look = Instant::now() + WATCH;
    loop {
        let hold = tokio::select! {
            hold = changed.recv() => match hold {
                Some(hold) => hold,
                None => return,
            },
            () = sleep_until(look), if !live.is_empty() => {
                look = Instant::now() + WATCH;
                match ended(&kernel, &mut live) {
                    Some(hold) => {
                        // There may be more of them.
                        look = Instant::now();
                        hold
                    }
                    None => continue,
                }
            }
        };
        if hold.state == HoldState::Waiting {
            live.push_back(hold.clone());
        }
        let entry = deliver::post(&kernel, &url, &body(&hold)).await;
        if kernel.journal.is_kept() {
            kernel.journal.write(entry);
        }
    }
}

/// The next hold that has ended, and has not been booked before.
fn ended(kernel: &Kernel, live: &mut VecDeque<Hold>) -> Option<Hold> {
    let now = kernel.clock.now();
    while live.front().is_some_and(|hold| hold.expires_at <= now) {
        let hold = live.pop_front()?;
        let seen = kernel.store().transaction(&hold.transaction_id, now)?;
        if seen.state == HoldState::Expired {
            return Some(seen);
        }
    }
    None
}

/// The documented body.
fn body(hold: &Hold) -> Vec<u8> {
    let answer = Answer::success(SUCCESS, Service::Transaction, Value::Null);
    let expired = hold.state == HoldState::Expired;
    let booked = hold.state == HoldState::Success;
    let body = json!({
        "response_code": answer.code,
        "response_message": answer.message,
        "partner_reference_id": hold.partner_reference_no,
        "transaction_id": hold.transaction_id,
        "amount": hold.selling_price,
        "transaction_time": to_seconds(hold.created_at),
        "transaction_status": hold.state.word(),
        "reason": if expired { "Batas waktu pembayaran terlewati" } else { "" },
        "product_name": "BUS",
        "sn": if booked { format!("D{}", hold.transaction_id) } else { String::new() },
    });
    body.to_string().into_bytes()
}
