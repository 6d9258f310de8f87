//! Which trace a request belongs to, told by its caller and to the provider: the `traceparent` of
//! W3C Trace Context. What else callers send, `tracestate` and `baggage`, is theirs, and is dropped.

use booking_gateway::JoinTrace;
use http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use std::sync::Arc;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

const TRACEPARENT: &str = "traceparent";

/// Makes the caller's span the parent of a request's. A header that is not of the standard's form,
/// or that stands there twice, begins a trace of our own.
pub(crate) fn join() -> JoinTrace {
    let propagator = TraceContextPropagator::new();
    Arc::new(move |span, headers| {
        let parent = propagator.extract(&Parent(headers));
        if parent.span().span_context().is_valid() {
            // It fails where nothing is exported, or the span is not: there is nothing to join.
            let _ = span.set_parent(parent);
        }
    })
}

/// The `traceparent` of the span in which this is called; `None` where it is not exported.
pub(crate) fn traceparent() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| {
        format!(
            "00-{}-{}-{:02x}",
            span.trace_id(),
            span.span_id(),
            span.trace_flags()
        )
    })
}

/// The one `traceparent`, if there is one, and no other header.
struct Parent<'a>(&'a HeaderMap);

impl Extractor for Parent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        if key != TRACEPARENT {
            return None;
        }
        let mut values = self.0.get_all(TRACEPARENT).iter();
        let first = values.next()?;
        match values.next() {
            None => first.to_str().ok(),
            Some(_) => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, Parent, TraceContextPropagator};
    use http::HeaderValue;
    use opentelemetry::propagation::TextMapPropagator as _;
    use opentelemetry::trace::TraceContextExt as _;

    const SOUND: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn joined(values: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("traceparent", HeaderValue::from_static(value));
        }
        headers.insert("tracestate", HeaderValue::from_static("vendor=canary"));
        let context = TraceContextPropagator::new().extract(&Parent(&headers));
        let span = context.span();
        let span = span.span_context();
        assert_eq!(span.trace_state().header(), "", "tracestate was taken");
        span.is_valid().then(|| span.trace_id().to_string())
    }

    #[test]
    fn only_a_sound_parent_is_joined() {
        assert_eq!(
            joined(&[SOUND]).as_deref(),
            Some("0af7651916cd43dd8448eb211c80319c")
        );
        for odd in [
            "",
            "nonsense",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        ] {
            assert_eq!(joined(&[odd]), None, "{odd}");
        }
        assert_eq!(joined(&[]), None);
        assert_eq!(joined(&[SOUND, SOUND]), None, "two of them");
    }
}
