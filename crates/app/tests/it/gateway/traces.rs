//! Spans, as a collector is told them.

use std::collections::BTreeSet;
use std::time::Duration;

use booking_ports::{Clock as _, SystemClock};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use serde_json::{Value, json};

use super::collector::Collector;
use super::served::Served;
use crate::harness::{Rig, order, patiently};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

/// Each must be nowhere in what leaves.
const CANARIES: [&str; 9] = [
    "Zulkarnainmarker",
    "mailmarker",
    "81298765432",
    "1987-06-05",
    "MARKERID123456",
    "markerreference",
    "sbk_",
    "eyJ",
    "baggagemarker",
];

fn marked(reference: &str, seat: &str) -> Value {
    let mut order = order(reference, seat);
    order["order_detail"] = json!({
        "name": "Zulkarnainmarker",
        "email": "mailmarker@example.co.id",
        "phone_number": "+6281298765432",
    });
    let passenger = &mut order["departure"]["passengers"][0];
    passenger["name"] = "Zulkarnainmarker".into();
    passenger["dob"] = "1987-06-05".into();
    passenger["id_card_number"] = "MARKERID123456".into();
    order
}

fn one<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let found: Vec<_> = spans.iter().filter(|span| span.name == name).collect();
    assert_eq!(found.len(), 1, "{name}: {:?}", names(spans));
    found[0]
}

fn names(spans: &[Span]) -> Vec<&str> {
    spans.iter().map(|span| span.name.as_str()).collect()
}

#[test]
fn a_block_is_one_trace_from_the_caller_to_the_provider() {
    let collector = Collector::start();
    let rig = Served::rig_with_a_seat_that_stays_unknown();
    let served = Served::start(
        &rig,
        &[
            ("SEATBLOCK_TELEMETRY__OTLP_ENDPOINT", &collector.url()),
            ("SEATBLOCK_TELEMETRY__SERVICE_NAME", "the shop"),
            ("SEATBLOCK_TELEMETRY__SEND_TRACE_CONTEXT", "yes"),
            // Whatever is logged, no more of it leaves.
            ("RUST_LOG", "trace"),
        ],
    );
    let context = format!("00-{TRACE}-{CALLER}-01");
    let headers = [
        ("traceparent", context.as_str()),
        ("tracestate", "vendor=baggagemarker"),
        ("baggage", "user=baggagemarker"),
    ];
    let body = marked("markerreference-1", "8");
    let held = served.send(reqwest::Method::POST, "/v1/holds", Some(&body), &headers);
    assert_eq!(held.status, 201, "{held:?}");
    // Errors and events as well: nothing of them leaves either.
    let unknown = served.post("/v1/holds", &marked("markerreference-2", "9"));
    let found = served.get("/v1/holds/markerreference-1");
    let wrong = served.post("/v1/holds", &json!({"name": "Zulkarnainmarker"}));
    let statuses = [unknown.status, found.status, wrong.status];
    assert_eq!(statuses, [202, 200, 400], "{unknown:?}");
    let ended = served.stop();
    assert_eq!(ended.code, 0, "{ended:?}");

    let spans = collector.spans();
    let request = spans
        .iter()
        .find(|span| hex::encode(&span.parent_span_id) == CALLER)
        .unwrap_or_else(|| panic!("{:?}", names(&spans)));
    assert_eq!(request.name, "POST /v1/holds");
    assert_eq!(request.kind(), SpanKind::Server);
    let trace: Vec<Span> = spans
        .iter()
        .filter(|span| span.trace_id == request.trace_id)
        .cloned()
        .collect();
    assert_eq!(hex::encode(&request.trace_id), TRACE);
    assert_eq!(trace.len(), 3, "{:?}", names(&trace));
    let block = one(&trace, "block");
    let provider = one(&trace, "provider");
    assert_eq!(block.parent_span_id, request.span_id);
    assert_eq!(provider.parent_span_id, block.span_id);
    assert_eq!(provider.kind(), SpanKind::Client);

    // The other requests began traces of their own.
    let others = spans.iter().filter(|span| span.kind() == SpanKind::Server);
    assert_eq!(
        others
            .filter(|span| span.trace_id != request.trace_id)
            .count(),
        3
    );

    // What may be held, and nobody knows, is what somebody has to look at.
    let failed = spans.iter().filter(|span| span.name == "block");
    let codes: Vec<_> = failed
        .map(|span| span.status.as_ref().map_or(0, |it| it.code))
        .collect();
    assert_eq!(codes, [0, 2]);

    let journal = rig.sandbox.journal();
    let sent = journal.iter().find(|entry| entry.is_block()).unwrap();
    let meant = format!("00-{TRACE}-{}-01", hex::encode(&provider.span_id));
    assert_eq!(sent.headers.get("traceparent"), Some(&meant));
    assert!(sent.signature.is_valid());
    assert!(!sent.headers.contains_key("tracestate"));
}

#[test]
fn a_ticket_and_a_question_about_it_have_spans_of_their_own() {
    let collector = Collector::start();
    // A block that is executed and cut is found by asking.
    let rig = Rig::new();
    let served = Served::start(
        &rig,
        &[("SEATBLOCK_TELEMETRY__OTLP_ENDPOINT", &collector.url())],
    );
    let unknown = served.post("/v1/holds", &marked("markerreference-1", "CUT"));
    let found = served.post("/v1/holds/markerreference-1/inquiry", &json!({}));
    let booked = served.post("/v1/holds/markerreference-1/ticket", &json!({}));
    let statuses = [unknown.status, found.status, booked.status];
    assert_eq!(statuses, [202, 200, 200], "{found:?} {booked:?}");
    assert_eq!(served.stop().code, 0);

    let spans = collector.spans();
    let trace_of = |request: &str| -> Vec<Span> {
        let request = one(&spans, request);
        let same = spans.iter().filter(|it| it.trace_id == request.trace_id);
        same.cloned().collect()
    };
    let booking = trace_of("POST /v1/holds/{reference}/ticket");
    let ticket = one(&booking, "ticket");
    assert_eq!(word(ticket, "seatblock.outcome"), Some("booked"));
    let provider = one(&booking, "provider");
    assert_eq!(provider.parent_span_id, ticket.span_id);
    assert_eq!(provider.kind(), SpanKind::Client);

    let asking = trace_of("POST /v1/holds/{reference}/inquiry");
    let request = one(&asking, "POST /v1/holds/{reference}/inquiry");
    let inquiries: Vec<_> = asking.iter().filter(|it| it.name == "inquiry").collect();
    assert!(!inquiries.is_empty(), "{:?}", names(&asking));
    for inquiry in inquiries {
        assert_eq!(inquiry.parent_span_id, request.span_id);
        assert_eq!(inquiry.kind(), SpanKind::Client);
        assert_eq!(word(inquiry, "seatblock.outcome"), Some("found"));
    }
}

/// A field of `span`, where it is a text.
fn word<'a>(span: &'a Span, name: &str) -> Option<&'a str> {
    use opentelemetry_proto::tonic::common::v1::any_value::Value;
    let found = span.attributes.iter().find(|it| it.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(word) => Some(word),
        _ => None,
    }
}

#[test]
fn only_fields_of_the_list_leave_and_nothing_of_people() {
    let collector = Collector::start();
    let rig = Rig::new();
    let endpoint = [("SEATBLOCK_TELEMETRY__OTLP_ENDPOINT", collector.url())];
    let endpoint = endpoint.each_ref().map(|(name, url)| (*name, url.as_str()));
    let served = Served::start(&rig, &endpoint);
    for (number, seat) in ["8", "CUT", "TAKEN", "SIGNED", "TOKEN", "ERROR"]
        .iter()
        .enumerate()
    {
        let reference = format!("markerreference-{number}");
        served.post("/v1/holds", &marked(&reference, seat));
        served.get(&format!("/v1/holds/{reference}?name=Zulkarnainmarker"));
        served.post(&format!("/v1/holds/{reference}/ticket"), &json!({}));
    }
    let because = json!({"because": "Zulkarnainmarker asks"});
    served.post("/v1/holds/markerreference-0/disclosure", &because);
    assert_eq!(served.stop().code, 0);

    let posted = collector.posted();
    assert!(!posted.is_empty());
    for batch in &posted {
        assert_eq!(batch.path, "/v1/traces");
        assert_eq!(batch.kind, "application/x-protobuf");
        let text = String::from_utf8_lossy(&batch.body);
        for canary in CANARIES {
            assert!(!text.contains(canary), "{canary} left");
        }
        for of_resource in &batch.batch.resource_spans {
            let resource = of_resource.resource.as_ref().unwrap();
            let keys = resource.attributes.iter().map(|it| it.key.as_str());
            let keys: BTreeSet<&str> = keys.collect();
            assert_eq!(keys, BTreeSet::from(["service.name", "service.version"]));
        }
    }
    let spans = collector.spans();
    assert!(spans.len() > 20, "{}", spans.len());
    let mut seen: Vec<String> = spans
        .iter()
        .flat_map(|span| span.attributes.iter().map(|it| it.key.clone()))
        .collect();
    seen.sort();
    seen.dedup();
    let allowed = [
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "seatblock.elapsed_ms",
        "seatblock.kind",
        "seatblock.outcome",
    ];
    assert_eq!(seen, allowed);
    for span in spans {
        assert!(span.events.is_empty() && span.links.is_empty(), "{span:?}");
        assert!(span.trace_state.is_empty(), "{span:?}");
    }
}

#[test]
fn a_collector_that_is_away_holds_nothing_up() {
    let rig = Rig::new();
    // Nobody listens at port 1.
    let served = Served::start(
        &rig,
        &[("SEATBLOCK_TELEMETRY__OTLP_ENDPOINT", "http://127.0.0.1:1")],
    );
    let held = served.post("/v1/holds", &order("away-1", "8"));
    assert_eq!(held.status, 201, "{held:?}");
    let ended = served.stop();
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("network error"), "{ended:?}");
}

#[test]
fn a_collector_that_never_answers_does_not_hold_up_the_end() {
    // Connections wait to be accepted, for ever.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let rig = Rig::new();
    let served = Served::start(
        &rig,
        &[
            ("SEATBLOCK_TELEMETRY__OTLP_ENDPOINT", &url),
            ("SEATBLOCK_GATEWAY__GRACE", "2s"),
        ],
    );
    assert_eq!(served.get("/v1/holds").status, 200);
    let clock = SystemClock::default();
    let begun = clock.monotonic();
    let ended = served.stop();
    let took = clock.monotonic().saturating_sub(begun);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(took < Duration::from_secs(7), "{took:?}");
}

#[test]
fn nothing_is_told_where_no_collector_is_named() {
    let rig = Rig::new();
    let served = Served::start(&rig, &[]);
    let context = format!("00-{TRACE}-{CALLER}-01");
    let headers = [("traceparent", context.as_str())];
    let held = served.send(
        reqwest::Method::POST,
        "/v1/holds",
        Some(&order("untold-1", "8")),
        &headers,
    );
    assert_eq!(held.status, 201, "{held:?}");
    assert_eq!(served.stop().code, 0);
    let journal = rig.sandbox.journal();
    let sent = journal.iter().find(|entry| entry.is_block()).unwrap();
    assert!(!sent.headers.contains_key("traceparent"));
}

#[test]
fn mistakes_are_told_before_anything_is_served() {
    let rig = Rig::new();
    for (settings, words) in [
        (
            "otlp_endpoint = \"http://user:canary7@127.0.0.1:4318\"",
            "telemetry.otlp_endpoint",
        ),
        (
            "otlp_endpoint = \"127.0.0.1:4318\"",
            "http://127.0.0.1:4318",
        ),
        (
            "send_trace_context = \"yes\"",
            "without telemetry.otlp_endpoint",
        ),
        ("send_trace_context = \"perhaps\"", "\"no\""),
    ] {
        rig.settings(&format!("[telemetry]\n{settings}"));
        let ran = rig.place.run(["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.stderr.contains(words), "{ran:?}");
        assert!(!ran.everything().contains("canary7"), "{ran:?}");
    }
}

#[test]
fn batches_leave_while_it_runs() {
    let collector = Collector::start();
    let rig = Rig::new();
    let url = collector.url();
    let served = Served::start(&rig, &[("SEATBLOCK_TELEMETRY__OTLP_ENDPOINT", &url)]);
    served.get("/v1/holds");
    patiently(|| {
        collector
            .spans()
            .iter()
            .any(|span| span.name == "GET /v1/holds")
    });
    assert_eq!(served.stop().code, 0);
}
