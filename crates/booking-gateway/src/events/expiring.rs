//! Which holds end soon, looked for once for all streams of a tenant.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::Tenant;
use booking_ports::{HoldRecord, Listing, Page, Which};
use time::OffsetDateTime;
use tokio::sync::Mutex;

use super::follower::PAGE;
use crate::gateway::Stack;

/// How often they are looked for.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What "soon" is.
const SOON: time::Duration = time::Duration::minutes(5);

/// How many at a time are told at the least, where so many end soon.
const TOLD: usize = 2_000;

/// What was seen last, by tenant; `None` is whoever sees all.
#[derive(Default)]
pub(crate) struct Expiring(Mutex<HashMap<Option<Tenant>, Seen>>);

struct Seen {
    at: Duration,
    /// `None` where they could not be read.
    soon: Option<Arc<[HoldRecord]>>,
}

impl Expiring {
    /// Those that `tenant` may see, as they were at most [`LOOK_EVERY`] ago; `None` where they cannot be
    /// read, or somebody is reading: then they are told a look later.
    pub(crate) async fn soon(
        &self,
        stack: &Stack,
        tenant: Option<&Tenant>,
    ) -> Option<Arc<[HoldRecord]>> {
        let monotonic = stack.clock.monotonic();
        let is_recent = |seen: &Seen| monotonic.saturating_sub(seen.at) < LOOK_EVERY;
        // Held while they are read, so that nobody else does. A slow ledger holds up no stream but one.
        let mut seen = self.0.try_lock().ok()?;
        let tenant = tenant.cloned();
        if let Some(known) = seen.get(&tenant).filter(|known| is_recent(known)) {
            return known.soon.clone();
        }
        // Of tenants without a stream nothing is kept.
        seen.retain(|_, known| is_recent(known));
        let soon = look(stack, tenant.clone()).await;
        let (at, known) = (monotonic, soon.clone());
        seen.insert(tenant, Seen { at, soon: known });
        soon
    }
}

async fn look(stack: &Stack, tenant: Option<Tenant>) -> Option<Arc<[HoldRecord]>> {
    let listing = Listing {
        tenant,
        ..Listing::of(Which::NextToExpire)
    };
    let now = stack.clock.now();
    let (mut soon, mut page) = (Vec::new(), Page::first(PAGE));
    while soon.len() < TOLD {
        let next = stack.ledger.list(&listing, page).await.ok()?;
        let Some(after) = next.next_page(PAGE) else {
            break;
        };
        page = after;
        // They come in the order of their ends, first those that are over and not yet recorded so.
        let is_past_soon = |record: &HoldRecord| {
            let left = record.deadline().map(|deadline| deadline.time_left(now));
            left.is_some_and(|left| left >= SOON)
        };
        let is_last = next.records.last().is_some_and(is_past_soon);
        soon.extend(
            next.records
                .into_iter()
                .filter(|record| ends_soon(record, now)),
        );
        if is_last {
            break;
        }
    }
    Some(soon.into())
}

fn ends_soon(record: &HoldRecord, now: OffsetDateTime) -> bool {
    record.deadline().is_some_and(|deadline| {
        deadline.is_stated() && !deadline.has_passed(now) && deadline.time_left(now) < SOON
    })
}
