//! `GET /v1/holds` and `GET /v1/holds/{reference}`: where holds stand.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use booking_domain::TripId;
use booking_ports::{Listing, Page, Which};

use super::path::Named;
use super::query::Parameters;
use crate::auth::Caller;
use crate::gateway::Shared;
use crate::problem::{Problem, ProblemBody};
use crate::view::{DamagedView, HoldList, HoldStory, HoldView, StoryEntry};

const LIMIT_MAX: u32 = 500;
const LIMIT: u32 = 50;

/// The states that can be asked for, as the ledger names them.
const STATES: [(&str, Which); 10] = [
    ("sending", Which::State("sending")),
    ("held", Which::State("held")),
    ("held_without_receipt", Which::State("held without receipt")),
    ("refused", Which::State("refused")),
    ("not_sent", Which::State("not sent")),
    ("unknown", Which::State("unknown")),
    ("booked", Which::State("booked")),
    ("expired", Which::State("expired")),
    ("unsettled", Which::Unsettled),
    ("expiring", Which::NextToExpire),
];

/// Lists holds, page by page.
#[utoipa::path(
    get,
    path = "/v1/holds",
    operation_id = "list_holds",
    tag = "holds",
    params(
        ("state" = Option<String>, Query, description = "`sending`, `held`, `held_without_receipt`, `refused`, `not_sent`, `unknown`, `booked`, `expired`; `unsettled`: what waits to be settled; `expiring`: held, by deadline, the nearest first"),
        ("trip" = Option<u64>, Query, description = "Only those on this trip", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, description = "At most so many; 50 where absent", minimum = 1, maximum = 500),
        ("order" = Option<String>, Query, description = "`newest` (where absent) or `oldest` first; `expiring` has an order of its own"),
    ),
    responses(
        (status = 200, description = "A page", body = HoldList),
        (status = 400, description = "The query is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The ledger cannot be used", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"])),
)]
pub(crate) async fn list(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    mut query: Parameters,
) -> Result<Json<HoldList>, Problem> {
    let which = match query.take::<String>("state", "a state")? {
        None => Which::All,
        Some(name) => STATES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, which)| *which)
            .ok_or_else(|| {
                let known: Vec<&str> = STATES.iter().map(|(name, _)| *name).collect();
                Problem::invalid("state", format!("has to be one of {}", known.join(", ")))
            })?,
    };
    let trip = query
        .take::<i64>("trip", "the number of a trip")?
        .map(|number| {
            TripId::new(number).map_err(|_| Problem::invalid("trip", "has to be 1 or more"))
        })
        .transpose()?;
    let limit = query.take::<u32>("limit", "a number")?.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::invalid(
            "limit",
            format!("has to be 1 to {LIMIT_MAX}"),
        ));
    }
    let after = query.take::<u64>("cursor", "the `next` of a page")?;
    let newest_first = match query
        .take::<String>("order", "newest or oldest")?
        .as_deref()
    {
        None | Some("newest") => which != Which::NextToExpire,
        Some("oldest") => false,
        Some(_) => return Err(Problem::invalid("order", "has to be newest or oldest")),
    };
    query.finish()?;
    let listing = Listing {
        which,
        tenant: caller.tenant().cloned(),
        trip,
        newest_first,
    };
    let page = Page { after, limit };
    let listed = gateway.stack.ledger.list(&listing, page).await?;
    let now = gateway.stack.clock.now();
    let full = u32::try_from(listed.rows()).is_ok_and(|count| count == limit);
    let next = listed.next_page(limit).filter(|_| full);
    Ok(Json(HoldList {
        next: next.and_then(|page| page.after).map(|it| it.to_string()),
        damaged: listed.damaged.iter().map(DamagedView::of).collect(),
        holds: listed
            .records
            .iter()
            .map(|record| HoldView::of(record, now, gateway.options.sandbox))
            .collect(),
    }))
}

/// Tells where one reference stands, and everything that was written down about it.
#[utoipa::path(
    get,
    path = "/v1/holds/{reference}",
    operation_id = "get_hold",
    tag = "holds",
    params(("reference" = String, Path, description = "The order's `partner_reference_no`")),
    responses(
        (status = 200, description = "Where it stands, with its story", body = HoldStory),
        (status = 401, description = "No valid key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No hold of yours has this reference", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too much by this key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The ledger cannot be used", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"])),
)]
pub(crate) async fn one(
    State(gateway): State<Arc<Shared>>,
    caller: Caller,
    Named(reference): Named,
) -> Result<Json<HoldStory>, Problem> {
    let reference = super::reference(&reference)?;
    let record = super::record(&gateway, &caller, &reference).await?;
    let story = gateway.stack.ledger.story(&reference).await?;
    let now = gateway.stack.clock.now();
    Ok(Json(HoldStory {
        hold: HoldView::of(&record, now, gateway.options.sandbox),
        story: story
            .iter()
            .map(match caller.tenant() {
                None => StoryEntry::of,
                Some(_) => StoryEntry::for_tenant,
            })
            .collect(),
    }))
}
