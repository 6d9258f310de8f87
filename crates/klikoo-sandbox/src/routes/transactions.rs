//! `POST transports/book`, `GET transactions/{id}` and the history (API description §6).

use axum::extract::Query;
use axum::http::Uri;
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::authentic;
use crate::answer::{
    Answer, CREATED, DATABASE_READ, NO_SUCH_PATH, NOT_BOOKABLE, SUCCESS, Service, TRANSACTION,
    VALIDATION,
};
use crate::call::{Call, Verdict};
use crate::clock::to_seconds;
use crate::json::Members;
use crate::kernel::Kernel;
use crate::open_points::HistoryOff;
use crate::store::{BookRefusal, Hold, HoldState, seen_at};

/// The most transactions on a page of the history.
const MAX_PAGE: usize = 100;

pub(crate) fn book(kernel: &Kernel, call: &Call) -> Verdict {
    authentic(kernel, call, |service| {
        let read = || {
            let mut body = Members::of_body(&call.body)?;
            let id = body.string("transaction_id")?;
            body.finish().map(|()| id)
        };
        let id = read().map_err(|problem| problem.answer(service))?;
        let booked = kernel.store().book(&id, call.at);
        match booked {
            Ok(hold) => {
                kernel.changed(&hold);
                Ok(ticket(&hold, service))
            }
            // Asked again, a ticket is the same ticket.
            Err(BookRefusal::Is(HoldState::Success)) => kernel
                .store()
                .transaction(&id, call.at)
                .map(|hold| ticket(&hold, service))
                .ok_or_else(|| Answer::refusal(TRANSACTION, service)),
            Err(BookRefusal::NoSuchTransaction) => Err(Answer::refusal(TRANSACTION, service)),
            Err(BookRefusal::Is(state)) => {
                let why = format!("it is {}", state.word());
                Err(Answer::refusal_because(NOT_BOOKABLE, service, &why))
            }
        }
    })
}

fn ticket(hold: &Hold, service: Service) -> Answer {
    let code = |leg: usize, letter: char| {
        hold.legs
            .get(leg)
            .map_or_else(String::new, |_| format!("{letter}{}", hold.transaction_id))
    };
    let data = json!({
        "transaction_id": hold.transaction_id,
        "status": hold.state.word(),
        "booking_codes": { "departure": code(0, 'D'), "return": code(1, 'R') },
    });
    Answer::success(CREATED, service, data)
}

pub(crate) fn one(kernel: &Kernel, call: &Call) -> Verdict {
    authentic(kernel, call, |service| {
        let id = call.path.rsplit('/').next().unwrap_or_default();
        kernel
            .store()
            .transaction(id, call.at)
            .map(|hold| Answer::success(SUCCESS, service, shown(&hold)))
            .ok_or_else(|| Answer::refusal(TRANSACTION, service))
    })
}

fn shown(hold: &Hold) -> Value {
    let reason = match hold.state {
        HoldState::Expired => "Batas waktu pembayaran terlewati",
        HoldState::Waiting | HoldState::Success => "",
    };
    let sn = match hold.state {
        HoldState::Success => format!("D{}", hold.transaction_id),
        HoldState::Waiting | HoldState::Expired => String::new(),
    };
    json!({
        "transaction_id": hold.transaction_id,
        "status": hold.state.word(),
        "partner_reference_id": hold.partner_reference_no,
        "amount": hold.selling_price,
        "transaction_time": to_seconds(hold.created_at),
        "reason": reason,
        "product_name": "BUS",
        "sn": sn,
    })
}

/// The history's query. `page` and `limit` are required.
#[derive(Debug, Deserialize)]
struct HistoryQuery {
    page: usize,
    limit: usize,
    q: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

pub(crate) fn history(kernel: &Kernel, call: &Call) -> Verdict {
    authentic(kernel, call, |service| {
        match kernel.options.open.history_off {
            Some(HistoryOff::Missing) => return Err(Answer::refusal(NO_SUCH_PATH, service)),
            Some(HistoryOff::Fails) => return Err(Answer::refusal(DATABASE_READ, service)),
            None => {}
        }
        let invalid = |why: &str| Answer::refusal_because(VALIDATION, service, why);
        let query = read_query(call).map_err(|why| invalid(&why))?;
        let bound = |text: &Option<String>| text.as_deref().map(instant).transpose();
        let not_a_time = |()| invalid("`from` and `to` must be ISO 8601 with an offset");
        let from = bound(&query.from).map_err(not_a_time)?;
        let to = bound(&query.to).map_err(not_a_time)?;
        let within = |hold: &&Hold| {
            from.is_none_or(|from| hold.created_at >= from)
                && to.is_none_or(|to| hold.created_at <= to)
        };
        let found = found(kernel, call.at, query.q.as_deref(), within, &query);
        let list = found.holds.iter().map(shown).collect();
        let mut answer = Answer::success(SUCCESS, service, Value::Array(list));
        answer.meta = Some(meta(&query, found.total));
        Ok(answer)
    })
}

struct Found {
    holds: Vec<Hold>,
    total: usize,
}

/// Newest first. `q` finds whole numbers alone, so that no search has to read every hold.
fn found(
    kernel: &Kernel,
    now: OffsetDateTime,
    q: Option<&str>,
    within: impl Fn(&&Hold) -> bool,
    query: &HistoryQuery,
) -> Found {
    let store = kernel.store();
    let matching: Vec<Hold> = match q.filter(|q| !q.is_empty()) {
        Some(q) => {
            let by_reference = kernel
                .options
                .open
                .history_matches_reference
                .then(|| store.by_reference(q, now))
                .flatten();
            let by_id = store.transaction(q, now);
            by_reference.into_iter().chain(by_id).collect()
        }
        None if query.from.is_none() && query.to.is_none() => {
            let total = store.holds().len();
            let holds = on_page(store.holds().iter().rev(), query)
                .map(|hold| seen_at(hold, now))
                .collect();
            return Found { holds, total };
        }
        None => store
            .holds()
            .iter()
            .rev()
            .filter(&within)
            .cloned()
            .collect(),
    };
    let matching: Vec<Hold> = matching.into_iter().filter(|hold| within(&hold)).collect();
    Found {
        total: matching.len(),
        holds: on_page(matching.iter(), query)
            .map(|hold| seen_at(hold, now))
            .collect(),
    }
}

fn on_page<'a>(
    holds: impl Iterator<Item = &'a Hold>,
    query: &HistoryQuery,
) -> impl Iterator<Item = &'a Hold> {
    holds
        .skip((query.page - 1).saturating_mul(query.limit))
        .take(query.limit)
}

fn meta(query: &HistoryQuery, total: usize) -> Value {
    let pages = total.div_ceil(query.limit);
    json!({
        "current_page": query.page,
        "previous_page": (query.page > 1).then(|| query.page - 1),
        "next_page": (query.page < pages).then(|| query.page + 1),
        "total_pages": pages,
        "total_rows": total,
        "per_page": query.limit,
    })
}

fn read_query(call: &Call) -> Result<HistoryQuery, String> {
    let text = call.query.as_deref().unwrap_or_default();
    let uri: Uri = format!("/?{text}")
        .parse()
        .map_err(|_| "the query is not one of a URL".to_owned())?;
    let Query(query) = Query::<HistoryQuery>::try_from_uri(&uri)
        .map_err(|error| format!("the query cannot be read: {error}"))?;
    if query.page == 0 {
        return Err("`page` counts from 1".to_owned());
    }
    if !(1..=MAX_PAGE).contains(&query.limit) {
        return Err(format!("`limit` must be 1 to {MAX_PAGE}"));
    }
    Ok(query)
}

/// An unescaped `+` of the offset arrives as a space.
fn instant(text: &str) -> Result<OffsetDateTime, ()> {
    OffsetDateTime::parse(&text.replace(' ', "+"), &Rfc3339).map_err(|_| ())
}
