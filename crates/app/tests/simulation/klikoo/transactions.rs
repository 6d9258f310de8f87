//! What Klikoo tells of its transactions.

use klikoo_adapter::ModelReply;
use serde_json::{Value, json};

use super::wire::Sent;
use super::{Held, Klikoo, replies};
use crate::faults::Fault;

impl Klikoo {
    /// The history, searched by reference.
    pub(super) fn history(&self, sent: &Sent, fault: Option<Fault>) -> ModelReply {
        let now = self.scene.now();
        let dates = self.reading.dates;
        if let Err(refused) = self.accepts(sent) {
            return replies::written(&refused, now, dates);
        }
        if !self.reading.history {
            let missing = replies::refusal(404, "404000000", "no such path");
            return replies::written(&missing, now, dates);
        }
        match fault {
            Some(Fault::HistoryFails) => {
                let reply = replies::refusal(500, "500028505", "database");
                return replies::written(&reply, now, dates);
            }
            Some(Fault::HistoryUnreadable) => {
                let reply = replies::envelope(200, "200022000", "OK", &Value::Null);
                return replies::under(Fault::NotJson, &reply, &[], now, dates);
            }
            _ => {}
        }
        let wanted = sent.query("q");
        let rows: Vec<Value> = self.with_holds(|held| {
            let named = held
                .iter()
                .filter(|held| Some(&held.reference) == wanted.as_ref());
            let mut rows: Vec<_> = named.map(|held| self.shown(held)).collect();
            if fault == Some(Fault::HistoryLags) {
                rows.pop();
            }
            rows
        });
        let mut reply = replies::envelope(200, "200022000", "OK", &Value::Null);
        reply.body["meta"] = json!({
            "current_page": 1, "previous_page": null, "next_page": null,
            "total_pages": usize::from(!rows.is_empty()), "total_rows": rows.len(), "per_page": 100,
        });
        reply.body["data"] = rows.into();
        replies::written(&reply, now, dates)
    }

    /// One transaction by its number.
    pub(super) fn detail(&self, sent: &Sent, fault: Option<Fault>) -> ModelReply {
        let now = self.scene.now();
        let id = sent.path.rsplit('/').next().unwrap_or_default();
        let found = self.with_holds(|held| {
            let one = held.iter().find(|held| held.id == id);
            one.map(|held| self.shown(held))
        });
        let reply = match (self.accepts(sent), fault, found) {
            (Err(refused), ..) => refused,
            (_, Some(Fault::DetailFails), _) => replies::refusal(500, "500028505", "database"),
            (_, Some(Fault::DetailMissing), _) | (_, _, None) => {
                replies::refusal(404, "404027005", "transaction not found")
            }
            (.., Some(found)) => replies::envelope(200, "200022000", "OK", &found),
        };
        replies::written(&reply, now, self.reading.dates)
    }

    fn shown(&self, held: &Held) -> Value {
        let live = held.until > self.scene.now();
        json!({
            "transaction_id": held.id,
            "status": if live { "WAITING" } else { "EXPIRED" },
            "partner_reference_id": held.reference,
            "amount": held.amount,
            "product_name": "BUS",
        })
    }
}
