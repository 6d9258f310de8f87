//! Reads a body within its bounds.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::members::{self, Member};
use crate::limits::GatewayLimits;
use crate::problem::{Problem, ProblemKind};

/// The deepest nesting that is read. An order has four levels.
const DEPTH_MAX: usize = 32;

/// The body of a request that has to be JSON.
pub(crate) async fn json(
    limits: &GatewayLimits,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, Problem> {
    let json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|value| value.split(';').next().unwrap_or_default().trim())
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    if !json {
        return Err(Problem::new(
            ProblemKind::NotJson,
            "send the body with the header `Content-Type: application/json`",
        ));
    }
    let body = bytes(limits, body).await?;
    if is_deeper_than(DEPTH_MAX, &body) {
        let detail = format!("the body is nested deeper than {DEPTH_MAX} levels; nothing was sent");
        return Err(Problem::new(ProblemKind::InvalidRequest, detail));
    }
    Ok(body)
}

/// Whether more than `limit` brackets are open at once anywhere in `text`. Looked at before the
/// text is read, since reading goes as deep as the text does.
fn is_deeper_than(limit: usize, text: &[u8]) -> bool {
    let (mut depth, mut within_string, mut escaped) = (0_usize, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within_string => escaped = true,
            b'"' => within_string = !within_string,
            _ if within_string => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// The body of a request.
pub(crate) async fn bytes(limits: &GatewayLimits, body: Body) -> Result<Bytes, Problem> {
    let collected = Limited::new(body, limits.body).collect();
    match tokio::time::timeout(limits.body_timeout, collected).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Problem::new(
            ProblemKind::TooLarge,
            format!("a body has at most {} bytes", limits.body),
        )),
        Ok(Err(_)) => Err(Problem::new(
            ProblemKind::InvalidRequest,
            "the body could not be read to its end; nothing was sent",
        )),
        Err(_) => Err(Problem::new(
            ProblemKind::InvalidRequest,
            format!(
                "the body did not arrive within {} s; nothing was sent",
                limits.body_timeout.as_secs()
            ),
        )),
    }
}

/// Reads `body` as a `T` of these members. The error names what is wrong and quotes nothing.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8], members: &[Member]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        let document = serde_json::from_slice(body).ok();
        if let Some(problem) = document.and_then(|it| members::faults(&it, members)) {
            return problem;
        }
        let (line, column) = (error.line(), error.column());
        let what = match error.classify() {
            serde_json::error::Category::Data => "it has to be an object, with each member once",
            _ => "it is not JSON",
        };
        Problem::new(
            ProblemKind::InvalidRequest,
            format!("the body cannot be used: {what}, at line {line}, column {column}"),
        )
    })
}
