//! `seatblock serve` in a process of its own, in front of a test's sandbox.

use std::time::Duration;

use klikoo_sandbox::{Fault, HistoryOff, Rule};
use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::Value;

use crate::harness::{Background, Ran, Rig};

/// A gateway that is being served, and a key of all scopes.
pub(crate) struct Served {
    process: Background,
    client: Client,
    /// Without a `/` at its end.
    pub(crate) url: String,
    /// The whole URL of the metrics.
    pub(crate) metrics_url: String,
    pub(crate) key: String,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A client that meets nothing of the environment of whoever runs the tests.
pub(crate) fn client() -> Client {
    Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

impl Served {
    /// A sandbox that executes a block of seat 9, cuts the line each time, and can be asked nothing.
    pub(crate) fn rig_with_a_seat_that_stays_unknown() -> Rig {
        let rig = Rig::with(|builder| builder.history_off(HistoryOff::Fails));
        let cut = Rule::new(Fault::ExecuteThenCut)
            .path("block-seat")
            .seat("9");
        rig.sandbox.add_fault(cut);
        rig
    }

    /// Serves what `rig` is set up for, on free ports. `environment` holds further settings.
    pub(crate) fn start(rig: &Rig, environment: &[(&str, &str)]) -> Self {
        let key = Self::new_key(rig, &["--scope", "read,block,operate,admin"]);
        let mut command = rig
            .place
            .command(["--json", "serve", "--listen", "127.0.0.1:0"]);
        command
            .env("SEATBLOCK_GATEWAY__METRICS_LISTEN", "127.0.0.1:0")
            .env("SEATBLOCK_GATEWAY__GRACE", "10s")
            .envs(environment.iter().copied());
        let mut process = Background::start(&mut command);
        let line = process.first_line();
        let Ok(running) = serde_json::from_str::<Value>(&line) else {
            panic!("it did not start: {:?}", process.wait());
        };
        let text = |name: &str| running[name].as_str().unwrap().to_owned();
        Self {
            process,
            client: client(),
            url: text("url"),
            metrics_url: text("metrics"),
            key,
        }
    }

    /// Makes a key in the file that `rig`'s gateway reads.
    pub(crate) fn new_key(rig: &Rig, options: &[&str]) -> String {
        let begin = ["--json", "gateway-keys", "new", "--name", "a test"];
        let arguments = begin.into_iter().chain(options.iter().copied());
        let made = rig.place.run(arguments);
        assert_eq!(made.code, 0, "{made:?}");
        made.json()["key"].as_str().unwrap().to_owned()
    }

    /// Asks with the key.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[])
    }

    /// Posts a document with the key.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body), &[])
    }

    /// Sends with the key, and with further headers.
    pub(crate) fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.key);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().unwrap();
        Answer {
            status: response.status().as_u16(),
            body: response.text().unwrap(),
        }
    }

    /// What is counted, as Prometheus reads it.
    pub(crate) fn metrics(&self) -> String {
        let response = self.client.get(&self.metrics_url).send().unwrap();
        assert_eq!(response.status(), 200);
        response.text().unwrap()
    }

    /// Ends it as a machine that dies does.
    pub(crate) fn kill(self) {
        self.process.signal("-KILL");
        self.process.wait();
    }

    /// Ends it as a service manager does, and waits for it.
    pub(crate) fn stop(self) -> Ran {
        self.process.signal("-TERM");
        self.process.wait()
    }
}
