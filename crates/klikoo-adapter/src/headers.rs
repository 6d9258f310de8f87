//! The headers of a signed call (`docs/klikoo-api.md` §1).

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use crate::timestamp::Timestamp;

const TIMESTAMP: HeaderName = HeaderName::from_static("open-api-timestamp");
const TRACE: HeaderName = HeaderName::from_static("traceparent");
const SIGNATURE: HeaderName = HeaderName::from_static("open-api-signature");

/// Token and signature are marked as sensitive, so that no HTTP library prints them. `None`
/// where a value cannot stand in a header.
pub(crate) fn signed(
    timestamp: &Timestamp,
    signature: &str,
    authorization: Option<&HeaderValue>,
    trace: Option<HeaderValue>,
) -> Option<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(6);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(TIMESTAMP, HeaderValue::from_str(timestamp.as_str()).ok()?);
    headers.insert(SIGNATURE, sensitive(signature)?);
    if let Some(authorization) = authorization {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    if let Some(trace) = trace {
        headers.insert(TRACE, trace);
    }
    Some(headers)
}

/// The `Authorization` of an access token, made once for all the calls that it goes with.
pub(crate) fn bearer(token: &str) -> Option<HeaderValue> {
    sensitive(&format!("Bearer {token}"))
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
