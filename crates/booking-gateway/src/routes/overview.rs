//! `GET /v1/overview`: what became of the blocks of the last hours.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use booking_domain::{HoldState, rfc3339};
use booking_ports::{HoldRecord, Listing, Page, Which};
use serde::Serialize;
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use super::query::Parameters;
use crate::auth::Caller;
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody, ProblemKind};
use crate::view::state_of;

const HOURS_MAX: u32 = 168;
const HOURS: u32 = 24;

/// So many bars are drawn.
const BUCKETS: u32 = 24;

/// So many holds are counted, the newest first.
const COUNTED_MAX: usize = 20_000;
const PAGE: u32 = 500;

/// Upper bounds of the histogram, in milliseconds.
const BOUNDS: [u32; 9] = [50, 100, 200, 400, 800, 1_600, 3_200, 10_000, 30_000];

/// What became of the blocks of the last hours.
///
/// ```
/// fn share(overview: &booking_gateway::Overview) -> Option<f64> {
///     (overview.blocks > 0).then(|| f64::from(overview.booked) / f64::from(overview.blocks))
/// }
/// ```
#[derive(Debug, Serialize, ToSchema)]
pub struct Overview {
    /// Its beginning.
    pub from: String,
    /// Its end: now.
    pub to: String,
    /// How long each bucket is.
    pub bucket_minutes: u32,
    /// Whether there were more holds than are counted, so that the earliest are missing.
    pub truncated: bool,
    /// By the time at which they were begun; what they are now.
    pub buckets: Vec<OverviewBucket>,
    /// How many orders were begun.
    pub blocks: u32,
    /// How many of them were ever held.
    pub held: u32,
    /// How many became tickets.
    pub booked: u32,
    /// Seats times the minutes for which they were kept.
    pub seat_minutes_held: f64,
    /// The same of those that did not become tickets.
    pub seat_minutes_unsold: f64,
    /// How long the provider takes, as this process saw it; `null` for a key of one tenant.
    pub provider: Option<ProviderView>,
}

/// What became of the blocks of one span.
///
/// ```
/// assert_eq!(booking_gateway::OverviewBucket::default().held, 0);
/// ```
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct OverviewBucket {
    /// When it begins.
    pub at: String,
    /// Held now.
    pub held: u32,
    /// Tickets.
    pub booked: u32,
    /// Refused by the provider.
    pub refused: u32,
    /// Never sent.
    pub not_sent: u32,
    /// Uncertain, or under way.
    pub unknown: u32,
    /// Held no more.
    pub expired: u32,
}

/// How long the provider takes to answer a block.
///
/// ```
/// fn median(provider: &booking_gateway::ProviderView) -> Option<u32> {
///     provider.p50_ms
/// }
/// ```
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderView {
    /// Since when this process counts.
    pub since: Option<String>,
    /// How many blocks it sent since.
    pub blocks: u64,
    /// Half of the latest blocks took no longer, in milliseconds.
    pub p50_ms: Option<u32>,
    /// 95 of 100.
    pub p95_ms: Option<u32>,
    /// 99 of 100.
    pub p99_ms: Option<u32>,
    /// How many of the latest took how long.
    pub histogram: Vec<LatencyBucket>,
}

/// How many blocks took no longer than a bound, and longer than the one before.
///
/// ```
/// let bucket = booking_gateway::LatencyBucket { up_to_ms: Some(50), count: 3 };
/// assert_eq!(bucket.count, 3);
/// ```
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LatencyBucket {
    /// The bound; `null` for all that took longer.
    pub up_to_ms: Option<u32>,
    /// How many.
    pub count: usize,
}

/// Tells what became of the blocks of the last hours.
#[utoipa::path(
    get,
    path = "/v1/overview",
    operation_id = "get_overview",
    tag = "operators",
    params(("hours" = Option<u32>, Query, description = "24 where absent", minimum = 1, maximum = 168)),
    responses(
        (status = 200, description = "The figures", body = Overview),
        (status = 400, description = "The query is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The ledger cannot be used", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"])),
)]
pub(crate) async fn overview(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    mut query: Parameters,
) -> Result<Json<Overview>, Problem> {
    let hours = query.take::<u32>("hours", "a number")?.unwrap_or(HOURS);
    query.finish()?;
    if !(1..=HOURS_MAX).contains(&hours) {
        return Err(Problem::invalid(
            "hours",
            format!("has to be 1 to {HOURS_MAX}"),
        ));
    }
    // Each reads up to 20 000 holds; those who block come first.
    let Ok(_place) = gateway.overviews.try_acquire() else {
        let detail = "the figures are being counted for others; ask again";
        return Err(
            Problem::new(ProblemKind::TooMany, detail).after(std::time::Duration::from_secs(2))
        );
    };
    let now = gateway.stack.clock.now();
    let mut counting = Counting::new(now, hours);
    let listing = Listing {
        tenant: caller.tenant().cloned(),
        newest_first: true,
        ..Listing::of(Which::All)
    };
    let mut page = Page::first(PAGE);
    let mut counted = 0;
    loop {
        let listed = gateway.stack.ledger.list(&listing, page).await?;
        let Some(next) = listed.next_page(PAGE) else {
            break;
        };
        page = next;
        let records = listed.records;
        if !records.iter().all(|record| counting.add(record)) {
            break;
        }
        counted += records.len();
        if counted >= COUNTED_MAX {
            counting.overview.truncated = true;
            break;
        }
    }
    // What the provider takes is told of all tenants together, so to none of them.
    if caller.tenant().is_none() {
        counting.overview.provider = Some(provider(&gateway));
    }
    Ok(Json(counting.overview))
}

struct Counting {
    from: OffsetDateTime,
    now: OffsetDateTime,
    bucket: Duration,
    overview: Overview,
}

impl Counting {
    fn new(now: OffsetDateTime, hours: u32) -> Self {
        let from = now - Duration::hours(hours.into());
        let bucket_minutes = (hours * 60).div_ceil(BUCKETS);
        let bucket = Duration::minutes(bucket_minutes.into());
        let buckets = (0..BUCKETS).map(|index| OverviewBucket {
            at: rfc3339(from + bucket * index),
            ..OverviewBucket::default()
        });
        Self {
            from,
            now,
            bucket,
            overview: Overview {
                from: rfc3339(from),
                to: rfc3339(now),
                bucket_minutes,
                truncated: false,
                buckets: buckets.collect(),
                blocks: 0,
                held: 0,
                booked: 0,
                seat_minutes_held: 0.0,
                seat_minutes_unsold: 0.0,
                provider: None,
            },
        }
    }

    /// Whether the record is of the time in question.
    fn add(&mut self, record: &HoldRecord) -> bool {
        if record.begun_at < self.from {
            return false;
        }
        let seconds = (record.begun_at - self.from).whole_seconds();
        let index = usize::try_from(seconds / self.bucket.whole_seconds()).unwrap_or_default();
        let last = self.overview.buckets.len() - 1;
        let bucket = &mut self.overview.buckets[index.min(last)];
        match state_of(record, self.now).as_str() {
            "held" => bucket.held += 1,
            "booked" => bucket.booked += 1,
            "refused" => bucket.refused += 1,
            "not_sent" => bucket.not_sent += 1,
            "expired" => bucket.expired += 1,
            _ => bucket.unknown += 1,
        }
        self.overview.blocks += 1;
        let is_booked = matches!(record.state, HoldState::Booked(_));
        self.overview.booked += u32::from(is_booked);
        if let Some(minutes) = kept_for(record, self.now) {
            self.overview.held += 1;
            let seats: usize = record.outline.legs.iter().map(|leg| leg.seats.len()).sum();
            let seats = f64::from(u32::try_from(seats).unwrap_or(u32::MAX));
            self.overview.seat_minutes_held += seats * minutes;
            if !is_booked {
                self.overview.seat_minutes_unsold += seats * minutes;
            }
        }
        true
    }
}

/// For how many minutes a hold kept its seats; `None` where it never did.
fn kept_for(record: &HoldRecord, now: OffsetDateTime) -> Option<f64> {
    let hold = record.hold()?;
    let since = record.sent_at?;
    let until = if matches!(record.state, HoldState::Booked(_)) {
        record.changed_at
    } else if hold.deadline.is_stated() {
        hold.deadline.at().min(now)
    } else {
        record.changed_at
    };
    Some((until - since).as_seconds_f64().max(0.0) / 60.0)
}

fn provider(gateway: &Shared) -> ProviderView {
    let (since, blocks, latest) = gateway.stack.watch.read();
    let of_hundred = |percent: usize| {
        let index = (latest.len() * percent).div_ceil(100).saturating_sub(1);
        latest.get(index).copied()
    };
    let mut below = 0;
    let mut histogram: Vec<LatencyBucket> = BOUNDS
        .iter()
        .map(|bound| {
            let up_to = latest.partition_point(|ms| ms <= bound);
            let count = up_to - below;
            below = up_to;
            LatencyBucket {
                up_to_ms: Some(*bound),
                count,
            }
        })
        .collect();
    histogram.push(LatencyBucket {
        up_to_ms: None,
        count: latest.len() - below,
    });
    ProviderView {
        since: since.map(rfc3339),
        blocks,
        p50_ms: of_hundred(50),
        p95_ms: of_hundred(95),
        p99_ms: of_hundred(99),
        histogram,
    }
}
