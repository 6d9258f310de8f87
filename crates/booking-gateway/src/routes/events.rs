//! `GET /v1/events`: what changes, as server-sent events.
//!
//! One reader in the process follows the ledger for all streams ([`crate::events`]). A stream reads the
//! ledger itself only where it has to catch up: from its client's last event, or after it was too slow.

use std::collections::{HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use booking_ports::{Change, Fact, FeedPosition, HoldFeed as _, HoldRecord, LedgerError};
use futures_util::Stream;
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};

use crate::auth::{Caller, Scope};
use crate::events::{Batch, LOOK_EVERY, PAGE};
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody, ProblemKind};
use crate::view::HoldView;

/// A sign of life, so that proxies leave the stream open; the second after a client has gone finds
/// that out.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// Tells what changes, as it changes.
///
/// `changed`, `unknown` and `settled` carry the hold as it stands now and an `id`; a client that
/// comes back with `Last-Event-ID` misses none. `expiring` comes once to each stream for a hold
/// that ends within five minutes, and has no id. Several changes of one hold at the same time may
/// be told as one.
#[utoipa::path(
    get,
    path = "/v1/events",
    operation_id = "watch",
    tag = "holds",
    params(("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that was seen; without it the stream begins now")),
    responses(
        (status = 200, description = "Events without end; the data of each is a hold", body = String, content_type = "text/event-stream"),
        (status = 400, description = "`Last-Event-ID` is not one of ours", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many streams of this key, or too many requests", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The ledger cannot be used", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"])),
)]
pub(crate) async fn stream(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let latest = gateway.stack.feed.latest().await?;
    let position = match headers.get("last-event-id") {
        None => latest,
        Some(value) => value
            .to_str()
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Problem::invalid("Last-Event-ID", "has to be the id of an event"))?,
    };
    // One beyond the end is of another ledger, or of this one before it was set back.
    let position = latest.min(position);
    let limit = gateway.options.limits.streams_per_key;
    let places = gateway.streams.enter(&caller.key().id).ok_or_else(|| {
        let detail = format!("too many event streams are open; a key has {limit} at most");
        Problem::new(ProblemKind::TooMany, detail).after(Duration::from_secs(5))
    })?;
    let reader = Reader {
        heard: gateway.streams.follower.listen(&gateway.stack.feed),
        is_behind: true,
        over: gateway.streams.over.subscribe(),
        gateway,
        caller: caller.without_place(),
        position,
        // With an id: who is cut off before the first change goes on from here.
        waiting: VecDeque::from([Event::default()
            .comment("ready")
            .id(position.to_string())
            .retry(Duration::from_secs(2))]),
        expiring_told: HashSet::new(),
        _places: places,
    };
    let events = futures_util::stream::unfold(reader, |mut reader| async {
        let event = reader.next().await?;
        Some((Ok(event), reader))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)))
}

struct Reader {
    gateway: Arc<Shared>,
    caller: Caller,
    position: FeedPosition,
    heard: broadcast::Receiver<Arc<Batch>>,
    /// Whether the ledger may have what was not heard.
    is_behind: bool,
    waiting: VecDeque<Event>,
    expiring_told: HashSet<String>,
    over: watch::Receiver<bool>,
    _places: [OwnedSemaphorePermit; 2],
}

impl Reader {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if *self.over.borrow() || !self.may_still_read() {
                return None;
            }
            self.look_for_expiring().await;
            if !self.is_behind {
                self.hear().await;
            } else if let Err(error) = self.catch_up().await {
                tracing::warn!(%error, "events cannot be read; the client comes back");
                return None;
            }
        }
    }

    /// A key that was revoked or changed meanwhile ends its streams, and so does a session that is over.
    fn may_still_read(&self) -> bool {
        self.caller.may_still(Scope::Read, &self.gateway)
    }

    /// Reads the ledger: what was written before this stream began to listen, or was missed since.
    async fn catch_up(&mut self) -> Result<(), LedgerError> {
        let turn = self.gateway.streams.catching_up.acquire().await;
        let changes = self.gateway.stack.feed.after(self.position, PAGE).await?;
        drop(turn);
        self.is_behind = !changes.is_empty();
        self.take(&changes);
        Ok(())
    }

    /// Waits for what the process's one reader tells.
    async fn hear(&mut self) {
        let heard = tokio::select! {
            heard = self.heard.recv() => heard,
            () = tokio::time::sleep(LOOK_EVERY) => {
                return self.gateway.streams.follower.keep_following(&self.gateway.stack.feed);
            }
            _ = self.over.changed() => return,
        };
        match heard {
            // Which ends the stream.
            _ if !self.may_still_read() => {}
            Ok(batch) if batch.after <= self.position => {
                let seen = |change: &Change| change.position <= self.position;
                let new = batch.changes.partition_point(seen);
                self.take(&batch.changes[new..]);
            }
            // It was told while this stream read what is before it, or its client was too slow.
            Ok(_) | Err(_) => self.is_behind = true,
        }
    }

    /// Of several changes of one hold the last tells all.
    fn take(&mut self, changes: &[Change]) {
        let mut last = HashMap::new();
        for (index, change) in changes.iter().enumerate() {
            last.insert(&change.record.reference, index);
            self.position = change.position;
        }
        for (index, change) in changes.iter().enumerate() {
            if last[&change.record.reference] != index || !self.sees(&change.record) {
                continue;
            }
            let event = self.event(name(change), &change.record);
            self.waiting
                .push_back(event.id(change.position.to_string()));
        }
    }

    fn sees(&self, record: &HoldRecord) -> bool {
        Shared::may_see(self.caller.tenant(), record.outline.tenant.as_ref())
    }

    fn event(&self, name: &str, record: &HoldRecord) -> Event {
        let now = self.gateway.stack.clock.now();
        let view = HoldView::of(record, now, self.gateway.options.sandbox);
        let data = serde_json::to_string(&view).unwrap_or_default();
        Event::default().event(name).data(data)
    }

    async fn look_for_expiring(&mut self) {
        let (stack, streams) = (&self.gateway.stack, &self.gateway.streams);
        let Some(soon) = streams.expiring.soon(stack, self.caller.tenant()).await else {
            // What was told stays told.
            return;
        };
        for record in soon.iter() {
            if !self.expiring_told.contains(record.reference.as_str()) {
                let event = self.event("expiring", record);
                self.waiting.push_back(event);
            }
        }
        // What has ended is not remembered.
        self.expiring_told = soon.iter().map(|it| it.reference.to_string()).collect();
    }
}

/// What a change is called.
fn name(change: &Change) -> &'static str {
    if change.record.awaits_answer() && change.record.state.name() != "sending" {
        "unknown"
    } else if matches!(change.entry.fact, Fact::Learned(_)) && !change.record.is_unsettled() {
        "settled"
    } else {
        "changed"
    }
}
