//! What a span may tell others.
//!
//! A field that is not on the list stays behind, so that one that is added later has to be looked
//! at first. The partner reference is not on it: it is the key to a person's order, traces go to
//! more people than a log does, and the log, which has both, tells it by the time.

use std::borrow::Cow;
use std::time::Duration;

use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanExporter, SpanLinks};

/// The fields that leave, and under which names: the standard's, where it has one.
const ALLOWED: [(&str, &str); 6] = [
    ("method", "http.request.method"),
    ("route", "http.route"),
    ("status", "http.response.status_code"),
    ("outcome", "seatblock.outcome"),
    ("kind", "seatblock.kind"),
    ("elapsed_ms", "seatblock.elapsed_ms"),
];

/// From this status on, an answer is a fault of this side.
const OUR_FAULT: i64 = 500;

/// An exporter that is given only what may be told.
#[derive(Debug)]
pub(super) struct Allowed<E>(pub(super) E);

impl<E: SpanExporter> SpanExporter for Allowed<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.export(batch.into_iter().map(told).collect()).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// What of `span` leaves.
fn told(mut span: SpanData) -> SpanData {
    span.events = SpanEvents::default();
    span.links = SpanLinks::default();
    span.attributes = span.attributes.into_iter().filter_map(renamed).collect();
    // The names in our code are constants; whatever else became one was made of a value.
    let name: &str = match &span.name {
        Cow::Borrowed(name) => name,
        Cow::Owned(_) => "span",
    };
    let (name, kind) = match (
        name,
        of(&span, "http.request.method"),
        of(&span, "http.route"),
    ) {
        ("request", Some(method), Some(route)) => {
            (Cow::Owned(format!("{method} {route}")), SpanKind::Server)
        }
        ("provider", ..) => (Cow::Borrowed("provider"), SpanKind::Client),
        ("inquiry", ..) => (Cow::Borrowed("inquiry"), SpanKind::Client),
        (name, ..) => (Cow::Owned(name.to_owned()), SpanKind::Internal),
    };
    span.status = status(&span);
    (span.name, span.span_kind) = (name, kind);
    span
}

fn renamed(attribute: KeyValue) -> Option<KeyValue> {
    let (_, name) = ALLOWED
        .iter()
        .find(|(field, _)| *field == attribute.key.as_str())?;
    Some(KeyValue::new(*name, attribute.value))
}

/// An error is what somebody has to look at, and has no words: they may quote a value.
fn status(span: &SpanData) -> Status {
    let failed = matches!(value(span, "http.response.status_code"), Some(Value::I64(status)) if *status >= OUR_FAULT)
        || of(span, "seatblock.outcome").is_some_and(|outcome| outcome == "unknown");
    if failed {
        Status::error("")
    } else {
        Status::Unset
    }
}

fn value<'a>(span: &'a SpanData, name: &str) -> Option<&'a Value> {
    let found = span.attributes.iter().find(|it| it.key.as_str() == name)?;
    Some(&found.value)
}

fn of(span: &SpanData, name: &str) -> Option<String> {
    value(span, name).map(|value| value.as_str().into_owned())
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{Event, SpanContext, SpanId};
    use opentelemetry_sdk::trace::{SpanEvents, SpanLinks};
    use std::time::SystemTime;

    use super::{ALLOWED, Cow, KeyValue, SpanData, SpanKind, Status, told};

    fn span(name: &'static str, attributes: Vec<KeyValue>) -> SpanData {
        let mut events = SpanEvents::default();
        let at = SystemTime::UNIX_EPOCH;
        events.events.push(Event::new("canary", at, vec![], 0));
        SpanData {
            span_context: SpanContext::empty_context(),
            parent_span_id: SpanId::INVALID,
            parent_span_is_remote: false,
            span_kind: SpanKind::Internal,
            name: name.into(),
            start_time: at,
            end_time: at,
            attributes,
            dropped_attributes_count: 0,
            events,
            links: SpanLinks::default(),
            status: Status::error("canary"),
            instrumentation_scope: opentelemetry::InstrumentationScope::default(),
        }
    }

    #[test]
    fn only_fields_of_the_list_leave() {
        let names = ["reference", "key", "message", "seat", "outcome", "kind"];
        let attributes = names.map(|name| KeyValue::new(name, "canary-or-held"));
        let told = told(span("block", attributes.into()));
        let left: Vec<_> = told.attributes.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(left, ["seatblock.outcome", "seatblock.kind"]);
        assert!(told.events.events.is_empty());
        assert_eq!(told.status, Status::Unset);
    }

    #[test]
    fn a_request_is_named_as_the_standard_says() {
        let fields = vec![
            KeyValue::new("method", "POST"),
            KeyValue::new("route", "/v1/holds"),
            KeyValue::new("status", 503_i64),
        ];
        let told = told(span("request", fields));
        assert_eq!(told.name, "POST /v1/holds");
        assert_eq!(told.span_kind, SpanKind::Server);
        assert_eq!(told.status, Status::error(""));
    }

    #[test]
    fn a_name_that_was_made_of_a_value_does_not_leave() {
        let mut made = span("", vec![]);
        made.name = Cow::Owned("canary".to_owned());
        assert_eq!(told(made).name, "span");
    }

    #[test]
    fn no_two_fields_leave_under_one_name() {
        for (index, (field, name)) in ALLOWED.iter().enumerate() {
            let clash = |(other, as_name): &(&str, &str)| other == field || as_name == name;
            assert!(!ALLOWED[..index].iter().any(clash), "{field}");
        }
    }
}
