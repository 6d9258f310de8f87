//! What Klikoo answers, and what becomes of it on the way.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER};
use klikoo_adapter::{ModelReply, WireFault};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::macros::offset;
use time::{Duration, OffsetDateTime};

use super::Held;
use crate::faults::Fault;

/// A reply as Klikoo means it.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) retry_after: Option<&'static str>,
}

pub(crate) fn envelope(status: u16, code: &str, message: &str, data: &Value) -> Reply {
    Reply {
        status,
        body: json!({"response_code": code, "response_message": message, "data": data}),
        retry_after: None,
    }
}

pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Reply {
    envelope(status, code, message, &Value::Null)
}

pub(crate) fn hold(held: &Held, reading_deadline: &str) -> Reply {
    let data = json!({
        "transaction_id": held.id,
        "status": "WAITING",
        "expired_at": reading_deadline,
    });
    envelope(201, "201052001", "Created", &data)
}

pub(crate) fn moment(at: OffsetDateTime) -> String {
    at.to_offset(offset!(+7)).format(&Rfc3339).unwrap()
}

/// Whether a block is executed under `fault`, before whatever is answered.
pub(crate) fn executes(fault: Option<Fault>) -> bool {
    use Fault as F;
    !matches!(
        fault,
        Some(
            F::ConnectionRefused
                | F::ConnectTimeout
                | F::TlsFails
                | F::ResetWhileWriting
                | F::ClosedUnread
                | F::NoAnswer
                | F::ArrivesLate
                | F::CodeOfOtherStatus
                | F::FailsBefore
                | F::DisruptedBefore
                | F::GatewayBefore
                | F::Redirected
                | F::WallBefore
                | F::TooEarly
                | F::TooMany
                | F::TokenExpires
                | F::TokenInvalid
                | F::TokenAlwaysRefused
                | F::TimestampRefused
                | F::SignatureRefused
        )
    )
}

/// The reply to a block as it arrives under `fault`; `meant` is what Klikoo answered, where it
/// executed, and `held` the seats that it then keeps.
pub(crate) fn under(
    fault: Fault,
    meant: &Reply,
    held: &[String],
    now: OffsetDateTime,
    dates: bool,
) -> ModelReply {
    use Fault as F;
    let code = |status, code| written(&refusal(status, code, "simulated"), now, dates);
    let page = |status| {
        let page = Bytes::from_static(b"<html><body>not available</body></html>");
        raw(status, "text/html", page, now, dates)
    };
    let whole = |bytes: Bytes| raw(meant.status, "application/json", bytes, now, dates);
    let text = || Bytes::from(meant.body.to_string());
    let without = |name: &str| {
        let mut reply = meant.clone();
        if let Some(data) = reply.body["data"].as_object_mut() {
            data.remove(name);
        }
        written(&reply, now, dates)
    };
    let with = |name: &str, value: Value| {
        let mut reply = meant.clone();
        if let Some(data) = reply.body["data"].as_object_mut() {
            data.insert(name.to_owned(), value);
        }
        written(&reply, now, dates)
    };
    // A part of what may be an error as well; only a success is spoilt in its data.
    match fault {
        F::Truncated | F::Stalls => {
            let mut part = text();
            part.truncate(part.len() / 2);
            let ends = match fault {
                F::Truncated => WireFault::ConnectionLost,
                _ => WireFault::TimedOut,
            };
            ModelReply {
                ends: Some(ends),
                ..whole(part)
            }
        }
        F::Oversize => {
            static LONG: [u8; 1024 * 1024 + 1] = [b' '; 1024 * 1024 + 1];
            whole(Bytes::from_static(&LONG))
        }
        F::WrongType => raw(meant.status, "text/plain", text(), now, dates),
        F::NotUtf8 => {
            let mut bytes = text().to_vec();
            let at = bytes.len() - 2;
            bytes.splice(at..at, *b",\"x\":\"\xff\xfe\"");
            whole(bytes.into())
        }
        F::NotJson => whole(Bytes::from_static(b"{\"response_code\": ")),
        F::WithoutTransaction => without("transaction_id"),
        F::WithoutDeadline => without("expired_at"),
        F::ErrorCodeInSuccess => recoded(meant, 201, "400056510", now, dates),
        F::SuccessCodeInError => recoded(meant, 400, "201052001", now, dates),
        F::CodeOfOtherStatus => code(404, "400056510"),
        F::OtherReference => with("partner_reference_no", "order-of-another".into()),
        F::OtherTrip => with("trip_id", 188_337.into()),
        F::FewerSeats => with("seats", json!(held)),
        F::FailsBefore | F::FailsAfter => code(500, "500058504"),
        F::DisruptedBefore | F::DisruptedAfter => {
            let reply = Reply {
                retry_after: Some("2"),
                ..refusal(503, "503059991", "disruption")
            };
            written(&reply, now, dates)
        }
        F::GatewayBefore => page(502),
        F::GatewayAfter => page(504),
        F::Redirected => {
            let mut reply = page(307);
            let elsewhere = http::HeaderValue::from_static("http://elsewhere.example.com/");
            reply.response.headers_mut().insert(LOCATION, elsewhere);
            reply
        }
        F::WallBefore => page(403),
        F::WallAfter => page(404),
        F::RequestTimeout => code(408, "408050001"),
        F::TooEarly => code(425, "425050001"),
        F::TooMany => {
            let reply = Reply {
                retry_after: Some("3"),
                ..refusal(429, "429050001", "too many")
            };
            written(&reply, now, dates)
        }
        F::TokenExpires => code(401, "401056535"),
        F::TokenInvalid | F::TokenAlwaysRefused => code(401, "401056500"),
        F::TimestampRefused => code(400, "400056505"),
        F::SignatureRefused => code(400, "400056508"),
        F::WithoutZone => {
            let stated = meant.body["data"]["expired_at"]
                .as_str()
                .unwrap_or_default();
            let local = stated.trim_end_matches("+07:00").to_owned();
            with("expired_at", local.into())
        }
        F::AbsurdDeadline => with("expired_at", moment(now + Duration::days(365)).into()),
        _ => written(meant, now, dates),
    }
}

fn recoded(meant: &Reply, status: u16, code: &str, now: OffsetDateTime, dates: bool) -> ModelReply {
    let mut reply = meant.clone();
    reply.status = status;
    reply.body["response_code"] = code.into();
    written(&reply, now, dates)
}

pub(crate) fn written(reply: &Reply, now: OffsetDateTime, dates: bool) -> ModelReply {
    let body = Bytes::from(reply.body.to_string());
    let mut written = raw(reply.status, "application/json", body, now, dates);
    if let Some(wait) = reply.retry_after {
        let wait = http::HeaderValue::from_static(wait);
        written.response.headers_mut().insert(RETRY_AFTER, wait);
    }
    written
}

fn raw(
    status: u16,
    kind: &'static str,
    body: Bytes,
    now: OffsetDateTime,
    dates: bool,
) -> ModelReply {
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, http::HeaderValue::from_static(kind));
    if dates {
        let date = httpdate::fmt_http_date(now.into());
        headers.insert(DATE, http::HeaderValue::from_str(&date).unwrap());
    }
    ModelReply::whole(response)
}
