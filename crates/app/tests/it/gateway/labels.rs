//! What is counted, and that no label holds what somebody sent.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};

use super::served::{Served, client};
use crate::harness::{Rig, order, patiently, root};

/// Routes that stand in no description, as metrics name them.
const OTHER_ROUTES: [&str; 11] = [
    "none",
    "/",
    "/callbacks/{provider}",
    "/console",
    "/console/",
    "/console/session",
    "/console/{*file}",
    "/docs/problems",
    "/healthz",
    "/openapi.json",
    "/readyz",
];

const METHODS: [&str; 6] = ["GET", "POST", "DELETE", "HEAD", "OPTIONS", "other"];

/// One line of what Prometheus reads.
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
}

/// Reads the text format, as far as nothing has to be escaped in a label: nothing may have to be.
fn samples(text: &str) -> Vec<Sample> {
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            assert!(!line.contains('\\'), "{line}");
            let (series, _) = line.rsplit_once(' ').unwrap();
            let (name, labels) = series.split_once('{').unwrap_or((series, ""));
            let labels = labels.trim_end_matches('}').split("\",");
            let pairs = labels.filter(|pair| !pair.is_empty()).map(|pair| {
                let (label, value) = pair.split_once("=\"").unwrap();
                (label.to_owned(), value.trim_end_matches('"').to_owned())
            });
            Sample {
                name: name.to_owned(),
                labels: pairs.collect(),
            }
        })
        .collect()
}

/// The names of metrics, without those of a histogram's parts.
fn families(text: &str) -> BTreeSet<String> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect()
}

/// Asks everything that the gateway can be asked, with markers wherever something can be put.
fn drive(served: &Served) -> BTreeSet<String> {
    let description = served.get("/openapi.json").json();
    let mut routes = BTreeSet::new();
    let held = served.post("/v1/holds", &order("markerreference-1", "8"));
    assert_eq!(held.status, 201, "{held:?}");
    served.post("/v1/holds", &order("markerreference-2", "CUT"));
    served.post("/v1/holds/markerreference-1/ticket", &json!({}));
    for (path, methods) in description["paths"].as_object().unwrap() {
        routes.insert(path.clone());
        for method in methods.as_object().unwrap().keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let asked = path
                .replace("{reference}", "markerreference-1")
                .replace("{id}", "188336");
            let asked = format!("{asked}?keyword=markerkeyword&from=city:1&markername=1");
            if path == "/v1/events" {
                // It has no end.
                let url = format!("{}{asked}", served.url);
                client().get(url).bearer_auth(&served.key).send().unwrap();
                continue;
            }
            let body = (method != Method::GET).then(|| json!({"because": "markerreason"}));
            let answer = served.send(method, &asked, body.as_ref(), &[]);
            // It was taken, whatever became of it.
            assert!(!answer.body.contains("no such path"), "{asked}: {answer:?}");
            assert_ne!(answer.status, 405, "{asked}: {answer:?}");
        }
    }
    let callback = json!({
        "response_code": "200022000",
        "response_message": "ok",
        "partner_reference_id": "markerreference-1",
        "transaction_id": "14429004",
        "transaction_status": "SUCCESS",
    });
    let taken = served.post("/callbacks/klikoo", &callback);
    assert_eq!(taken.status, 200, "{taken:?}");
    served.post("/callbacks/klikoo", &Value::Null);
    served.post("/callbacks/markerprovider", &callback);
    served.post("/console/session", &json!({"key": served.key}));
    for path in [
        "/",
        "/console",
        "/console/",
        "/console/app.js",
        "/console/markerfile",
        "/console/session",
        "/docs/problems",
        "/docs/",
        "/docs/markerfile",
        "/healthz",
        "/readyz",
        "/markerpath/markerreference-3",
        "/v1/trips/markertrip/seats",
        "/v1/places?role=source&keyword=markerplace",
    ] {
        served.get(path);
    }
    let made_up = Method::from_bytes(b"MARKERMETHOD").unwrap();
    served.send(made_up, "/v1/holds/markerreference-1", None, &[]);
    routes
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'))
}

#[test]
fn no_label_holds_what_somebody_sent() {
    let rig = Rig::new();
    let served = Served::start(&rig, &[]);
    let mut routes = drive(&served);
    let text = served.metrics();
    assert!(!text.to_lowercase().contains("marker"), "{text}");
    let secret = served.key.rsplit('_').next().unwrap();
    let id = served.key.split('_').nth(1).unwrap();
    for canary in [
        secret,
        id,
        "188336",
        "Pandu",
        "31741009219923332",
        "082122274139",
    ] {
        assert!(!text.contains(canary), "{canary}: {text}");
    }
    let mut seen = BTreeSet::new();
    let described = routes.clone();
    routes.extend(OTHER_ROUTES.map(str::to_owned));
    for sample in samples(&text) {
        for (label, value) in &sample.labels {
            let sound = match label.as_str() {
                "method" => METHODS.contains(&value.as_str()),
                "route" => {
                    seen.insert(value.clone());
                    routes.contains(value) || value.starts_with("/docs/")
                }
                "status" => value.parse::<u16>().is_ok(),
                "outcome" | "kind" | "result" => is_word(value),
                "le" => value == "+Inf" || value.parse::<f64>().is_ok(),
                "version" => value == env!("CARGO_PKG_VERSION"),
                _ => false,
            };
            assert!(sound, "{} has {label}={value:?}", sample.name);
        }
    }
    let missed: Vec<_> = described.difference(&seen).collect();
    assert!(missed.is_empty(), "not counted: {missed:?}");
    assert_eq!(served.stop().code, 0);
}

#[test]
fn operators_are_told_of_every_metric_and_of_no_other() {
    let rig = Rig::new();
    let served = Served::start(&rig, &[]);
    drive(&served);
    let served_names = families(&served.metrics());
    let page = std::fs::read_to_string(root().join("docs/operating.md")).unwrap();
    let alerts = std::fs::read_to_string(root().join("deploy/alerts.yml")).unwrap();
    for name in &served_names {
        assert!(
            page.contains(&format!("`{name}`")),
            "{name} is not in docs/operating.md"
        );
    }
    let words = [page, alerts].concat();
    let words = words.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    for word in words {
        let is_metric = word.starts_with("seatblock_") || word.starts_with("process_");
        let base = ["_bucket", "_count", "_sum"]
            .iter()
            .find_map(|part| word.strip_suffix(part))
            .unwrap_or(word);
        assert!(
            !is_metric || served_names.contains(word) || served_names.contains(base),
            "no metric is called {word}"
        );
    }
    assert_eq!(served.stop().code, 0);
}

#[test]
fn what_is_measured_at_a_look_is_what_there_is() {
    let rig = Served::rig_with_a_seat_that_stays_unknown();
    let spill = [("SEATBLOCK_LEDGER__SPILL_FILE", "spilled")];
    let served = Served::start(&rig, &spill);
    let value = |name: &str| {
        let text = served.metrics();
        let found = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name} ")));
        found.map(|value| value.parse::<f64>().unwrap())
    };
    assert!(value("seatblock_token_age_seconds").unwrap().is_nan());
    assert!(
        value("seatblock_clock_difference_seconds")
            .unwrap()
            .is_nan()
    );
    let held = served.post("/v1/holds", &order("looks-1", "8"));
    assert_eq!(held.status, 201, "{held:?}");
    let age = value("seatblock_token_age_seconds").unwrap();
    assert!((0.0..30.0).contains(&age), "{age}");
    let difference = value("seatblock_clock_difference_seconds").unwrap();
    assert!(difference.abs() < 2.0, "{difference}");
    let first = value("seatblock_sweep_age_seconds").unwrap();
    assert!((0.0..30.0).contains(&first), "{first}");
    patiently(|| value("seatblock_sweep_age_seconds").unwrap() > first);
    assert_eq!(value("seatblock_requests_in_flight"), Some(0.0));
    assert_eq!(value("seatblock_spill_file_bytes"), Some(0.0));
    let spill = rig.place.path("spilled");
    std::fs::write(&spill, "12345").unwrap();
    assert_eq!(value("seatblock_spill_file_bytes"), Some(5.0));
    std::fs::remove_file(spill).unwrap();
    let unknown = served.post("/v1/holds", &order("looks-2", "9"));
    assert_eq!(unknown.status, 202, "{unknown:?}");
    patiently(|| value("seatblock_unsettled_holds") == Some(1.0));
    assert_eq!(served.stop().code, 0);
}

/// Of an alert on a counter that is not there yet, Prometheus sees nothing: not even the first event.
#[test]
fn every_block_that_an_alert_names_is_counted_from_the_start() {
    let rig = Rig::new();
    let served = Served::start(&rig, &[]);
    let text = served.metrics();
    let counted = |outcome: &str, kind: &str| {
        samples(&text).iter().any(|sample| {
            sample.name == "seatblock_blocks_total"
                && sample.labels["outcome"] == outcome
                && sample.labels["kind"] == kind
        })
    };
    let alerts = std::fs::read_to_string(root().join("deploy/alerts.yml")).unwrap();
    let kinds = alerts.split("kind=~\"").nth(1).unwrap();
    let kinds: Vec<&str> = kinds.split('"').next().unwrap().split('|').collect();
    assert!(kinds.len() > 5, "{kinds:?}");
    for kind in kinds {
        let ways = ["refused", "not_sent"];
        assert!(ways.iter().any(|outcome| counted(outcome, kind)), "{kind}");
    }
    for (outcome, kind) in [
        ("held", ""),
        ("refused", "clock"),
        ("not_sent", "clock"),
        ("not_sent", "unreachable"),
        ("unknown", "timeout"),
        ("unknown", "still_sending"),
    ] {
        assert!(counted(outcome, kind), "{outcome} {kind}: {text}");
    }
    assert!(
        text.contains("seatblock_connections_refused_total 0"),
        "{text}"
    );
    assert_eq!(served.stop().code, 0);
}
