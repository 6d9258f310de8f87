//! What Klikoo does with a block that it takes.

use serde_json::Value;
use time::Duration;

use super::replies::{self, Reply};
use super::{Held, Klikoo};
use crate::faults::Fault;

/// What a request asks for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) reference: String,
    pub(super) identity: String,
    pub(super) name: String,
    pub(super) seats: Vec<String>,
    pub(super) amount: String,
}

impl Wanted {
    /// Reads the body of a block; the model believes what the sandbox checks.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let passengers = body["departure"]["passengers"].as_array()?;
        Some(Self {
            reference: text(&body["partner_reference_no"])?,
            identity: text(&passengers.first()?["id_card_number"])?,
            name: text(&passengers.first()?["name"])?,
            seats: passengers
                .iter()
                .map(|passenger| text(&passenger["seat_name"]))
                .collect::<Option<_>>()?,
            amount: text(&body["selling_price"])?,
        })
    }
}

impl Klikoo {
    /// Holds the seats, or says why not.
    pub(super) fn execute(&self, wanted: &Wanted, fault: Option<Fault>) -> Reply {
        let now = self.scene.now();
        let mut state = self.lock();
        match fault {
            Some(Fault::UsedBySomebody) => {
                let held = Held {
                    id: (state.held.len() + 1).to_string(),
                    reference: wanted.reference.clone(),
                    identity: "somebody".to_owned(),
                    seats: vec!["99".to_owned()],
                    until: now + Duration::hours(1),
                    amount: "777".to_owned(),
                };
                state.used.insert(wanted.reference.clone());
                state.held.push(held);
            }
            Some(Fault::TakenBySomebody) => {
                let held = Held {
                    id: (state.held.len() + 1).to_string(),
                    reference: format!("somebody-{}", state.held.len()),
                    identity: "somebody".to_owned(),
                    seats: wanted.seats.clone(),
                    until: now + Duration::minutes(20),
                    amount: "20000".to_owned(),
                };
                let free = state.held.iter().all(|it| {
                    it.until <= now || it.seats.iter().all(|seat| !wanted.seats.contains(seat))
                });
                if free {
                    state.held.push(held);
                }
            }
            _ => {}
        }
        let used = state.used.contains(&wanted.reference);
        let taken = state
            .held
            .iter()
            .find(|held| {
                held.until > now && held.seats.iter().any(|seat| wanted.seats.contains(seat))
            })
            .map(|held| held.identity.clone());
        let used_first = used && (self.reading.duplicates_first || taken.is_none());
        if used_first || taken.is_some() {
            if self.reading.refusal_uses_reference {
                state.used.insert(wanted.reference.clone());
            }
            drop(state);
            // What a provider writes may name the traveller, who must be named nowhere.
            let about = &wanted.name;
            return if used_first {
                replies::refusal(409, "409056563", &format!("{about}: reference used"))
            } else {
                let seat = &wanted.seats[0];
                let message = format!("seat {seat} is taken, {about} ({})", wanted.identity);
                replies::refusal(400, "400050001", &message)
            };
        }
        // Holds of different lengths; the longest is as long as Klikoo keeps seats at most.
        let minutes = 10 + 10 * i64::try_from(state.held.len() % 12).unwrap_or(0);
        let until = match fault {
            Some(Fault::ExpiresInTransit) => now + Duration::seconds(5),
            Some(Fault::PastDeadline) => now - Duration::seconds(5),
            _ => now + Duration::minutes(minutes.min(120)),
        };
        let mut seats = wanted.seats.clone();
        if fault == Some(Fault::FewerSeats) {
            seats.pop();
        }
        let held = Held {
            id: (state.held.len() + 1).to_string(),
            reference: wanted.reference.clone(),
            identity: wanted.identity.clone(),
            seats,
            until,
            amount: wanted.amount.clone(),
        };
        state.used.insert(wanted.reference.clone());
        state.held.push(held.clone());
        drop(state);
        self.scene.trace(&format!(
            "{} is held as {} until {until}",
            held.reference, held.id
        ));
        replies::hold(&held, &replies::moment(until))
    }
}
