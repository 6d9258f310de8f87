//! What happens to every request, in order: a fault before the body is read,
//! the body, the fault that applies, the route, the journal, the answer.
//!
//! Nothing waits between executing and writing the journal, so a client that
//! hangs up during a scripted wait does not undo what was executed.

use std::collections::BTreeMap;
use std::future::pending;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::Response;
use tokio::time::sleep;

use super::connection::{Arrival, Drop};
use super::render::{Rendered, render};
use crate::answer::{Answer, BODY_TOO_LARGE, SEAT_TAKEN};
use crate::auth::{SIGNATURE_HEADER, TIMESTAMP_HEADER, bearer, verdict};
use crate::call::{Call, Verdict};
use crate::fault::{End, Fault, Script, Subject};
use crate::journal::{Answered, JournalEntry, MASK, SignatureVerdict, mask_body, mask_text};
use crate::kernel::Kernel;
use crate::routes::{BLOCK_SEAT, Route};

/// The longest body that is read.
const MAX_BODY: usize = 1024 * 1024;

/// Headers that the journal shows, beside the two that it masks.
const SHOWN_HEADERS: [&str; 10] = [
    "accept",
    "connection",
    "content-length",
    "content-type",
    "host",
    TIMESTAMP_HEADER,
    "traceparent",
    "tracestate",
    "transfer-encoding",
    "user-agent",
];

pub(crate) async fn serve(kernel: &Kernel, request: Request, route: Route) -> Response {
    let (parts, body) = request.into_parts();
    let mut call = arrived(kernel, parts);
    if let Some(fault) = kernel.faults.after_head(&call.path) {
        let answer = Answer::refusal(SEAT_TAKEN, call.service());
        let unread = Verdict::new(SignatureVerdict::NotChecked, answer);
        return finish(
            kernel,
            &call,
            unread,
            Script::of(&fault),
            Some(name(&fault)),
            route,
        )
        .await;
    }
    match read(body).await {
        Ok(body) => call.body = body,
        Err(Unread::TooLarge) => {
            let answer = Answer::refusal(BODY_TOO_LARGE, call.service());
            let refused = Verdict::new(SignatureVerdict::NotChecked, answer);
            return finish(kernel, &call, refused, Script::plain(), None, route).await;
        }
        Err(Unread::ClientGone) => {
            record(
                kernel,
                &call,
                SignatureVerdict::NotChecked,
                Answered::ClientGone,
            );
            return dropped(Drop::Cut);
        }
    }
    // Judged by the time at which the request is whole.
    call.at = kernel.clock.now();
    let fault = scripted(kernel, &call);
    call.scripted = fault.is_some();
    let script = fault.as_ref().map(Script::of);
    let mut verdict = match &script {
        Some(script) if !script.execute => {
            let signature = if route.signed {
                verdict(kernel, &call)
            } else {
                SignatureVerdict::NotChecked
            };
            Verdict::new(signature, Answer::refusal(SEAT_TAKEN, call.service()))
        }
        _ => (route.run)(kernel, &call),
    };
    let (script, fault) = match (script, verdict.magic.take()) {
        (Some(script), _) => (script, fault.as_ref().map(name)),
        (None, Some((word, script))) => (script, Some(format!("seat {word}"))),
        (None, None) => (Script::plain(), None),
    };
    finish(kernel, &call, verdict, script, fault, route).await
}

fn arrived(kernel: &Kernel, parts: Parts) -> Call {
    let arrival = parts.extensions.get::<Arrival>();
    Call {
        connection: arrival.map_or(0, |arrival| arrival.connection),
        at: kernel.clock.now(),
        prefix: arrival.map_or_else(String::new, |arrival| arrival.prefix.clone()),
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
        body: Bytes::new(),
        scripted: false,
    }
}

enum Unread {
    TooLarge,
    ClientGone,
}

async fn read(body: Body) -> Result<Bytes, Unread> {
    to_bytes(body, MAX_BODY).await.map_err(|error| {
        let error = error.into_inner();
        if error.is::<http_body_util::LengthLimitError>() {
            Unread::TooLarge
        } else {
            Unread::ClientGone
        }
    })
}

/// The rule that applies. A rule may look at reference and seats of any body
/// that has them, well-formed or not.
fn scripted(kernel: &Kernel, call: &Call) -> Option<Fault> {
    if kernel.faults.is_empty() {
        return None;
    }
    let body = serde_json::from_slice::<serde_json::Value>(&call.body).unwrap_or_default();
    let seats: Vec<String> = ["departure", "return"]
        .into_iter()
        .filter_map(|leg| body[leg]["passengers"].as_array())
        .flatten()
        .filter_map(|passenger| passenger["seat_name"].as_str().map(str::to_owned))
        .collect();
    kernel.faults.after_body(Subject {
        path: &call.path,
        reference: body["partner_reference_no"].as_str(),
        seats: &seats,
    })
}

/// A fault as a scenario file writes it.
fn name(fault: &Fault) -> String {
    let text = serde_json::to_string(fault).unwrap_or_default();
    text.trim_matches('"').to_owned()
}

async fn finish(
    kernel: &Kernel,
    call: &Call,
    verdict: Verdict,
    script: Script,
    fault: Option<String>,
    route: Route,
) -> Response {
    let rendered = render(verdict.answer, &script, call.service(), route.success);
    let answered = answered(&rendered, script.end);
    tracing::debug!(call.connection, call.path, ?answered, ?fault, "answered");
    if kernel.journal.is_kept() {
        kernel.journal.write(JournalEntry {
            fault,
            executed: verdict.executed,
            ..entry(kernel, call, verdict.signature, answered)
        });
    }
    let mut wait = script.wait;
    if call.path == BLOCK_SEAT {
        wait = wait.saturating_add(kernel.options.latency);
    }
    if !wait.is_zero() {
        sleep(wait).await;
    }
    match script.end {
        End::Answer => rendered.into_response(kernel.clock.now()),
        End::Cut => dropped(Drop::Cut),
        End::Reset => dropped(Drop::Reset),
        End::Silence => pending().await,
    }
}

fn answered(rendered: &Rendered, end: End) -> Answered {
    match end {
        End::Answer => Answered::Reply {
            status: rendered.status,
            response_code: rendered.code.clone(),
        },
        End::Cut => Answered::Cut,
        End::Reset => Answered::Reset,
        End::Silence => Answered::Silence,
    }
}

fn dropped(drop: Drop) -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(drop);
    response
}

fn record(kernel: &Kernel, call: &Call, signature: SignatureVerdict, answered: Answered) {
    if kernel.journal.is_kept() {
        kernel
            .journal
            .write(entry(kernel, call, signature, answered));
    }
}

fn entry(
    kernel: &Kernel,
    call: &Call,
    signature: SignatureVerdict,
    answered: Answered,
) -> JournalEntry {
    let token = bearer(&call.headers).unwrap_or_default();
    let secrets = [kernel.options.client_secret.as_str(), token];
    let mask = |text: &str| mask_text(text, &secrets);
    let mut headers: BTreeMap<String, String> = SHOWN_HEADERS
        .into_iter()
        .filter_map(|name| {
            let value = call.headers.get(name)?.as_bytes();
            Some((name.to_owned(), mask(&String::from_utf8_lossy(value))))
        })
        .collect();
    for name in ["authorization", SIGNATURE_HEADER] {
        if let Some(value) = call.headers.get(name) {
            headers.insert(name.to_owned(), format!("{MASK} {} bytes", value.len()));
        }
    }
    JournalEntry {
        sequence: 0,
        at: call.at,
        connection: call.connection,
        callback: false,
        method: mask(&call.method),
        path: mask(&call.path),
        prefix: mask(&call.prefix),
        query: call.query.as_deref().map(mask),
        headers,
        body: mask_body(&call.body, &secrets),
        signature,
        answered,
        fault: None,
        executed: None,
    }
}
