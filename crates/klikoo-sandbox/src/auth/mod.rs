//! Whether a call comes from the partner: timestamp, token, signature.

mod body_hash;
mod keys;
mod signature;
#[cfg(test)]
mod tests;
mod timestamp;
mod token;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};

pub use body_hash::BodyHash;
pub(crate) use keys::{DemoKey, PartnerKey, sign_with};
pub use signature::Scheme;
pub(crate) use signature::{Signed, Verifier, auth_string};
pub(crate) use timestamp::is_acceptable;
pub(crate) use token::{TokenMint, TokenState};

use crate::answer::{
    Answer, SIGNATURE, Service, TIMESTAMP, TOKEN_EXPIRED, TOKEN_INVALID, VALIDATION,
};
use crate::call::Call;
use crate::journal::SignatureVerdict;
use crate::kernel::Kernel;

pub(crate) const TIMESTAMP_HEADER: &str = "open-api-timestamp";
pub(crate) const SIGNATURE_HEADER: &str = "open-api-signature";

/// A header that is there exactly once, as text.
pub(crate) fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The bearer token: empty where no `Authorization` was sent (assumption A5),
/// `None` where the header is not one bearer token.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    if !headers.contains_key(AUTHORIZATION) {
        return Some("");
    }
    single(headers, AUTHORIZATION.as_str())?
        .strip_prefix("Bearer ")
        .filter(|token| !token.is_empty())
}

/// Refuses a body that is not announced as JSON. A GET has none to announce.
pub(crate) fn check_content_type(call: &Call, service: Service) -> Result<(), Answer> {
    let kind = single(&call.headers, CONTENT_TYPE.as_str()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if call.method == "GET" || essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Answer::refusal_because(
        VALIDATION,
        service,
        "`Content-Type` must be application/json",
    ))
}

/// The timestamp header, if it is one and near enough to the clock.
pub(crate) fn check_timestamp<'a>(
    kernel: &Kernel,
    call: &'a Call,
    service: Service,
) -> Result<&'a str, Answer> {
    single(&call.headers, TIMESTAMP_HEADER)
        .filter(|text| is_acceptable(text, call.at, kernel.options.timestamp_window))
        .ok_or_else(|| Answer::refusal(TIMESTAMP, service))
}

/// What a call's signature is worth, whatever else is wrong with the call.
pub(crate) fn verdict(kernel: &Kernel, call: &Call) -> SignatureVerdict {
    let Some(signature) = single(&call.headers, SIGNATURE_HEADER) else {
        return SignatureVerdict::Missing;
    };
    let timestamp = single(&call.headers, TIMESTAMP_HEADER).unwrap_or_default();
    let path = match &call.query {
        Some(query) if kernel.options.signs_query => format!("{}?{query}", call.path),
        _ => call.path.clone(),
    };
    let signed = Signed {
        method: &call.method,
        path: &path,
        token: bearer(&call.headers).unwrap_or_default(),
        hashed_bytes: &kernel.options.body_hash.input(&call.body),
        timestamp,
    };
    kernel
        .verifier
        .request(&signed, signature)
        .map_or(SignatureVerdict::Invalid, |scheme| {
            SignatureVerdict::Valid { scheme }
        })
}

/// Content type, timestamp, token, signature, in this order.
pub(crate) fn authenticate(
    kernel: &Kernel,
    call: &Call,
    service: Service,
    verdict: SignatureVerdict,
) -> Result<(), Answer> {
    check_content_type(call, service)?;
    check_timestamp(kernel, call, service)?;
    match bearer(&call.headers) {
        Some("") => {}
        Some(token) => match kernel.mint.state(token, call.at) {
            TokenState::Live => {}
            TokenState::Expired => return Err(Answer::refusal(TOKEN_EXPIRED, service)),
            TokenState::Unknown => return Err(Answer::refusal(TOKEN_INVALID, service)),
        },
        None => return Err(Answer::refusal(TOKEN_INVALID, service)),
    }
    if verdict.is_valid() {
        Ok(())
    } else {
        Err(Answer::refusal(SIGNATURE, service))
    }
}
