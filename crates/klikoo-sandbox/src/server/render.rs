//! From an answer and a fault's script to the bytes of a response.

use axum::body::{Body as HttpBody, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::body::Drip;
use crate::answer::{Answer, Service};
use crate::fault::{Body, Edit, Reply, Script};

/// Says of every answer that no real Klikoo gave it.
const MARK: HeaderName = HeaderName::from_static("x-klikoo-sandbox");

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";

/// The limit that a client should put on a reply; `oversize` passes it.
const MEBIBYTE: usize = 1024 * 1024;

const PAGE: &str = "<!doctype html><html><head><title>Sandbox</title></head>\
                    <body><h1>A page that is no envelope</h1></body></html>\n";

/// An answer in its last form.
pub(super) struct Rendered {
    pub(super) status: u16,
    /// `None` where the body is no envelope.
    pub(super) code: Option<String>,
    headers: Vec<(String, String)>,
    bytes: Bytes,
    body: Body,
    date_offset: i64,
}

/// What the client gets: the script's reply, or `own` with the script's edits.
pub(super) fn render(own: Answer, script: &Script, service: Service, success: u16) -> Rendered {
    let mut rendered = match &script.reply {
        Reply::Own => Rendered::envelope(edited(own, &script.edits)),
        Reply::Refusal(case) => Rendered::envelope(Answer::refusal(*case, service)),
        Reply::RefusalIn2xx(case) => {
            let mut answer = Answer::refusal(*case, service);
            answer.status = success;
            Rendered::envelope(answer)
        }
        Reply::Envelope {
            status,
            code,
            headers,
        } => {
            let mut answer = Answer::refusal(crate::answer::SUPPLIER, service);
            answer.status = *status;
            answer.code.clone_from(code);
            let mut rendered = Rendered::envelope(answer);
            rendered.headers.extend(headers.iter().cloned());
            rendered
        }
        Reply::Page { status, headers } => {
            let mut rendered = Rendered::text(*status, PAGE.into());
            rendered.set_type(HTML);
            rendered.headers.extend(headers.iter().cloned());
            rendered
        }
        Reply::Literal {
            status,
            headers,
            body,
        } => {
            let mut rendered = Rendered::text(*status, body.clone().into());
            rendered.headers.extend(headers.clone());
            rendered
        }
    };
    for edit in &script.edits {
        if let Edit::DateOffset(seconds) = edit {
            rendered.date_offset = *seconds;
        }
    }
    rendered.spoil(script.body);
    rendered
}

fn edited(mut answer: Answer, edits: &[Edit]) -> Answer {
    let is_success = (200..300).contains(&answer.status);
    for edit in edits {
        match (edit, answer.data.as_object_mut()) {
            (Edit::Remove(name), Some(data)) => {
                data.remove(*name);
            }
            (Edit::Set(name, value), Some(data)) => {
                data.insert(name.clone(), value.clone());
            }
            // A refusal keeps its own code: the fault is about successes.
            (Edit::Code(code), _) if is_success => answer.code.clone_from(code),
            (Edit::DateOffset(_) | Edit::Code(_), _) | (_, None) => {}
        }
    }
    answer
}

impl Rendered {
    fn text(status: u16, bytes: Bytes) -> Self {
        Self {
            status,
            code: None,
            headers: Vec::new(),
            bytes,
            body: Body::Whole,
            date_offset: 0,
        }
    }

    fn envelope(answer: Answer) -> Self {
        let mut rendered = Self::text(answer.status, answer.envelope().into());
        rendered.set_type(JSON);
        rendered.code = Some(answer.code);
        rendered
    }

    fn set_type(&mut self, kind: &str) {
        let name = CONTENT_TYPE.as_str();
        self.headers.retain(|(header, _)| header != name);
        self.headers.push((name.to_owned(), kind.to_owned()));
    }

    fn spoil(&mut self, body: Body) {
        self.body = body;
        match body {
            Body::Whole | Body::Truncated | Body::Drip { .. } => return,
            Body::WrongContentType => {
                self.set_type(HTML);
                return;
            }
            Body::NotJson => self.bytes = Bytes::from_static(b"Berhasil, tetapi bukan JSON"),
            Body::Oversize => {
                // White space after the value: longer than the limit, and still JSON.
                let mut bytes = self.bytes.to_vec();
                bytes.resize(bytes.len() + MEBIBYTE, b' ');
                self.bytes = bytes.into();
            }
            Body::InvalidUtf8 => {
                let mut bytes = self.bytes.to_vec();
                let start: &[u8] = br#""response_message":""#;
                let at = bytes
                    .windows(start.len())
                    .position(|window| window == start);
                bytes.insert(at.map_or(0, |at| at + start.len()), 0xff);
                self.bytes = bytes.into();
            }
        }
        if body != Body::Oversize {
            self.code = None;
        }
    }

    /// The response, dated by the sandbox's clock.
    pub(super) fn into_response(self, now: OffsetDateTime) -> Response {
        let length = self.bytes.len();
        let body = match self.body {
            Body::Drip { chunk, pause } => HttpBody::new(Drip::whole(self.bytes, chunk, pause)),
            Body::Truncated => HttpBody::new(Drip::half(&self.bytes)),
            _ => HttpBody::from(self.bytes),
        };
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        headers.insert(DATE, http_date(now, self.date_offset));
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                headers.insert(name, value);
            }
        }
        headers.insert(MARK, HeaderValue::from_static("true"));
        response
    }
}

/// The years that a `Date` header can name.
fn http_date(now: OffsetDateTime, offset: i64) -> HeaderValue {
    let first = datetime!(1970-01-01 00:00 UTC);
    let last = datetime!(9999-12-31 23:59:59 UTC);
    let date = now
        .saturating_add(Duration::seconds(offset))
        .clamp(first, last);
    HeaderValue::try_from(httpdate::fmt_http_date(date.into()))
        .unwrap_or_else(|_| HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"))
}
