//! The wire between one process and Klikoo: what is sent, what happens to it, what comes back.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::PartnerReference;
use bytes::Bytes;
use http::Method;
use http::header::AUTHORIZATION;
use klikoo_adapter::{ModelReply, WireFault, WireModel};
use serde_json::json;
use tokio::task::yield_now;

use super::access::{is_post, token_of};
use super::executing::Wanted;
use super::{Flight, Klikoo, replies};
use crate::faults::{Fault, Place, Point};
use crate::judge::Judge;

/// A request as it leaves.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) method: Method,
    pub(super) path: String,
    query: String,
    pub(super) timestamp: String,
    pub(super) signature: String,
    pub(super) token: Option<String>,
    pub(super) body: Bytes,
    pub(super) order: Wanted,
}

impl Sent {
    fn read(request: &http::Request<Bytes>) -> Self {
        let header = |name: &str| {
            let value = request.headers().get(name);
            value
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            timestamp: header("open-api-timestamp"),
            signature: header("open-api-signature"),
            token: token_of(request.headers().get(AUTHORIZATION)),
            body: request.body().clone(),
            order: Wanted::read(request.body()).unwrap_or_else(|| Wanted {
                reference: "none".to_owned(),
                identity: String::new(),
                name: String::new(),
                seats: Vec::new(),
                amount: String::new(),
            }),
        }
    }

    /// A value of the query that needs no unescaping.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        let mut pairs = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    }
}

/// The wire of one process.
pub(crate) struct Wire {
    pub(crate) process: usize,
    pub(crate) klikoo: Klikoo,
    pub(crate) judge: Arc<Judge>,
}

/// A request under way. Should its sender die, it may still arrive.
struct Under<'a> {
    wire: &'a Wire,
    flight: Flight,
    unexecuted: Option<Sent>,
}

impl Drop for Under<'_> {
    fn drop(&mut self) {
        let mut state = self.wire.klikoo.lock();
        if let Some(at) = state.flights.iter().position(|it| *it == self.flight) {
            state.flights.remove(at);
        }
        if let Some(sent) = self.unexecuted.take() {
            state.late.push(sent);
        }
    }
}

#[async_trait]
impl WireModel for Wire {
    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        within: Duration,
    ) -> Result<ModelReply, WireFault> {
        let sent = Sent::read(&request);
        let scene = &self.klikoo.scene;
        scene.trace(&format!(
            "process {}: {} {}",
            self.process, sent.method, sent.path
        ));
        if sent.path.ends_with("/access-token") {
            return self.token(within).await;
        }
        if is_post(&sent.method) {
            return self.block(sent, within).await;
        }
        let reference = self.judge.at_work(self.process);
        let place = if sent.path.ends_with("/transactions") {
            Place::History
        } else {
            Place::Detail
        };
        let fault = reference.and_then(|reference| scene.strike(place, &reference));
        yield_now().await;
        if fault == Some(Fault::HistorySilent) {
            tokio::time::sleep(within).await;
            return Err(WireFault::TimedOut);
        }
        Ok(match place {
            Place::History => self.klikoo.history(&sent, fault),
            _ => self.klikoo.detail(&sent, fault),
        })
    }
}

impl Wire {
    async fn token(&self, within: Duration) -> Result<ModelReply, WireFault> {
        let (klikoo, scene) = (&self.klikoo, &self.klikoo.scene);
        klikoo.asks_for_token(self.process);
        let reference = self.judge.at_work(self.process);
        let fault = reference.and_then(|reference| scene.strike(Place::Token, &reference));
        yield_now().await;
        let _ = within;
        let (now, dates) = (scene.now(), klikoo.reading.dates);
        let refused = match fault {
            Some(Fault::TokenUnreachable) => {
                klikoo.token_ends(self.process, None);
                return Err(WireFault::NeverSent { tls: false });
            }
            Some(Fault::TokenFails) => Some(replies::refusal(500, "500018601", "cache")),
            Some(Fault::TokenDenied) => Some(replies::refusal(401, "401016570", "credentials")),
            _ => None,
        };
        if let Some(refused) = refused {
            klikoo.token_ends(self.process, None);
            return Ok(replies::written(&refused, now, dates));
        }
        let text = klikoo.give_token(self.process);
        let data = json!({"access_token": text, "token_type": "Bearer", "expires_in": 900});
        let reply = replies::envelope(200, "200012000", "OK", &data);
        Ok(replies::written(&reply, now, dates))
    }

    async fn block(&self, sent: Sent, within: Duration) -> Result<ModelReply, WireFault> {
        let (klikoo, scene) = (&self.klikoo, &self.klikoo.scene);
        let Ok(reference) = PartnerReference::new(sent.order.reference.clone()) else {
            unreachable!("an order has a reference")
        };
        let fault = if self.refused_again(&reference) {
            Some(Fault::TokenInvalid)
        } else {
            scene.strike(Place::Block, &reference)
        };
        match fault {
            Some(Fault::ConnectionRefused) => {
                yield_now().await;
                return Err(WireFault::NeverSent { tls: false });
            }
            Some(Fault::ConnectTimeout) => {
                tokio::time::sleep(Duration::from_secs(3)).await;
                return Err(WireFault::NeverSent { tls: false });
            }
            Some(Fault::TlsFails) => {
                yield_now().await;
                return Err(WireFault::NeverSent { tls: true });
            }
            _ => {}
        }
        // From here on bytes leave.
        let flight = self
            .judge
            .departs(self.process, &reference, &sent.order.identity);
        let again = self.judge.refused_before(&flight);
        {
            let mut state = klikoo.lock();
            if !again {
                let attempts = state.attempts.entry(flight.reference.clone()).or_default();
                *attempts += 1;
            }
            state.flights.push(flight.clone());
        }
        self.judge.check_departure(klikoo, &reference);
        let mut under = Under {
            wire: self,
            flight,
            unexecuted: Some(sent),
        };
        yield_now().await;
        scene
            .pass(self.process, Point::BeforeExecution, &reference)
            .await;
        yield_now().await;
        let Some(sent) = under.unexecuted.take() else {
            unreachable!("it was put there above")
        };
        self.arrive(sent, fault, within, &under.flight).await
    }

    /// The request is with Klikoo, or lost.
    async fn arrive(
        &self,
        sent: Sent,
        fault: Option<Fault>,
        within: Duration,
        flight: &Flight,
    ) -> Result<ModelReply, WireFault> {
        let (klikoo, scene) = (&self.klikoo, &self.klikoo.scene);
        let reference = PartnerReference::new(flight.reference.clone()).unwrap();
        let state = scene.state_of(&reference);
        let meant = match (replies::executes(fault), klikoo.accepts(&sent)) {
            (false, _) => replies::refusal(400, "400050000", "not looked at"),
            (true, Err(refused)) => refused,
            (true, Ok(())) => klikoo.execute(&sent.order, fault),
        };
        match meant.body["response_code"].as_str() {
            Some("409056563") if state == "unknown" => scene.happen("13", state),
            Some("400050001") if state == "unknown" => scene.happen("15", state),
            Some("400050001") if state == "sending" => scene.happen("24", state),
            _ => {}
        }
        yield_now().await;
        scene
            .pass(self.process, Point::AfterExecution, &reference)
            .await;
        let refused = matches!(
            fault,
            Some(Fault::TokenExpires | Fault::TokenInvalid | Fault::TokenAlwaysRefused)
        );
        if refused {
            klikoo.refuse_token(&sent);
        }
        if sent.token.is_some() && (refused || meant.status == 401) {
            self.judge.token_was_refused(flight);
            if fault == Some(Fault::TokenAlwaysRefused) {
                let again = (self.process, flight.reference.clone());
                klikoo.lock().refuse_again.push(again);
            }
        }
        match fault {
            Some(Fault::ResetWhileWriting) => {
                klikoo.lock().late.push(sent);
                Err(WireFault::ConnectionLost)
            }
            Some(Fault::ClosedUnread | Fault::AnswerLost) => Err(WireFault::ConnectionLost),
            Some(Fault::ArrivesLate) => {
                klikoo.lock().late.push(sent);
                tokio::time::sleep(within).await;
                Err(WireFault::TimedOut)
            }
            Some(Fault::NoAnswer | Fault::AnswerTooLate) => {
                tokio::time::sleep(within).await;
                Err(WireFault::TimedOut)
            }
            fault => {
                if fault == Some(Fault::ExpiresInTransit) {
                    tokio::time::sleep(Duration::from_secs(10)).await;
                }
                let (now, dates) = (scene.now(), klikoo.reading.dates);
                Ok(match fault {
                    Some(fault) => {
                        let held = klikoo.seats_of(&flight.reference);
                        replies::under(fault, &meant, &held, now, dates)
                    }
                    None => replies::written(&meant, now, dates),
                })
            }
        }
    }

    /// Whether this is the repeat of a request whose token is to be refused twice.
    fn refused_again(&self, reference: &PartnerReference) -> bool {
        let mut state = self.klikoo.lock();
        let again = state
            .refuse_again
            .iter()
            .position(|it| *it == (self.process, reference.to_string()));
        again.map(|at| state.refuse_again.remove(at)).is_some()
    }
}
