//! What is counted, scraped by Prometheus itself.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::served::{Served, client};
use crate::harness::{Background, order, patiently, root};

/// A Prometheus of the test's own.
struct Prometheus {
    url: String,
    _process: Background,
}

impl Prometheus {
    /// Scrapes `metrics_url` each second, and keeps to the alert rules of `deploy/`.
    fn start(folder: &Path, metrics_url: &str) -> Self {
        let target = metrics_url
            .strip_prefix("http://")
            .and_then(|rest| rest.strip_suffix("/metrics"))
            .unwrap();
        let rules = root().join("deploy/alerts.yml").canonicalize().unwrap();
        let config = folder.join("prometheus.yml");
        let text = format!(
            "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: [\"{}\"]\nscrape_configs:\n  - job_name: seatblock\n    static_configs: [{{targets: [\"{target}\"]}}]\n",
            rules.display()
        );
        std::fs::write(&config, text).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let process = Command::new("prometheus")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.join("tsdb").display()
            ))
            .arg(format!("--web.listen-address={address}"))
            .args(["--log.level=error"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("apt-get install prometheus: {error}"));
        let prometheus = Self {
            url: format!("http://{address}"),
            _process: Background(process),
        };
        patiently(|| prometheus.asked("/-/ready").is_some());
        prometheus
    }

    fn asked(&self, path: &str) -> Option<String> {
        let response = client().get(format!("{}{path}", self.url)).send().ok()?;
        response
            .status()
            .is_success()
            .then(|| response.text().unwrap())
    }

    fn data(&self, path: &str) -> Value {
        let answer: Value = serde_json::from_str(&self.asked(path).unwrap()).unwrap();
        assert_eq!(answer["status"], "success", "{answer}");
        answer["data"].clone()
    }

    /// The one value of a query without spaces.
    fn value(&self, query: &str) -> Option<String> {
        let data = self.data(&format!("/api/v1/query?query={query}"));
        let found = data["result"].as_array().unwrap();
        assert!(found.len() < 2, "{data}");
        Some(found.first()?["value"][1].as_str().unwrap().to_owned())
    }
}

#[test]
#[cfg_attr(no_prometheus, ignore = "there is no Prometheus on this machine")]
fn prometheus_reads_what_happened() {
    let rig = Served::rig_with_a_seat_that_stays_unknown();
    let served = Served::start(&rig, &[]);
    let prometheus = Prometheus::start(&rig.place.path(""), &served.metrics_url);
    for (reference, seat, status) in [("one", "7", 201), ("two", "8", 201), ("three", "9", 202)] {
        let answer = served.post("/v1/holds", &order(reference, seat));
        assert_eq!(answer.status, status, "{answer:?}");
    }
    patiently(|| {
        prometheus.value("sum(seatblock_blocks_total{outcome=\"unknown\"})") == Some("1".to_owned())
    });
    let expect = |query: &str, value: &str| {
        assert_eq!(prometheus.value(query).as_deref(), Some(value), "{query}");
    };
    expect("up", "1");
    expect("seatblock_blocks_total{outcome=\"held\"}", "2");
    expect(
        "seatblock_requests_total{route=\"/v1/holds\",method=\"POST\",status=\"201\"}",
        "2",
    );
    expect("sum(seatblock_block_seconds_count)", "3");
    expect("seatblock_provider_seconds_count>=bool+3", "1");
    expect("seatblock_build_info{version=\"0.1.0\"}", "1");
    expect("seatblock_token_age_seconds<bool+30", "1");
    expect("process_open_fds>bool+0", "1");
    expect("process_resident_memory_bytes>bool+0", "1");
    patiently(|| prometheus.value("seatblock_unsettled_holds") == Some("1".to_owned()));

    let targets = prometheus.data("/api/v1/targets");
    assert_eq!(targets["activeTargets"][0]["health"], "up", "{targets}");
    // A rule that cannot be evaluated against what is served is told so here.
    patiently(|| {
        let rules = prometheus.data("/api/v1/rules");
        let groups = rules["groups"].as_array().unwrap();
        let rules: Vec<_> = groups
            .iter()
            .flat_map(|group| group["rules"].as_array().unwrap())
            .collect();
        assert!(rules.len() >= 8, "{rules:?}");
        assert!(
            rules.iter().all(|rule| rule["health"] != "err"),
            "{rules:?}"
        );
        rules.iter().all(|rule| rule["health"] == "ok")
    });
    assert_eq!(served.stop().code, 0);
}

#[test]
#[cfg_attr(no_prometheus, ignore = "there is no Prometheus on this machine")]
fn the_alert_rules_are_sound_and_fire_when_they_should() {
    for arguments in [
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts.test.yml"],
    ] {
        let ran = Command::new("promtool")
            .args(arguments)
            .current_dir(root().join("deploy"))
            .output()
            .unwrap_or_else(|error| panic!("apt-get install prometheus: {error}"));
        assert!(ran.status.success(), "{arguments:?}: {ran:?}");
    }
}
