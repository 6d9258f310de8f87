//! What could not be settled: since when, why, and what to do about it.

use std::path::Path;
use std::time::Duration;

use booking_domain::{HoldState, rfc3339};
use booking_ports::{Entry, Fact, HoldRecord, may_be_sent_until};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::clock::{in_jakarta, time_left};
use crate::input;

/// A reference that is left.
pub(super) struct Left {
    record: HoldRecord,
    /// The last thing that was found out.
    why: String,
    now: OffsetDateTime,
    /// Until when somebody who cannot be seen may be sending it; it is not sent once more before.
    sent_until: Option<OffsetDateTime>,
    /// When it ends by itself; `None` where only an answer of Klikoo's or a person ends it.
    over_at: Option<OffsetDateTime>,
}

impl Left {
    pub(super) fn new(
        record: HoldRecord,
        story: &[Entry],
        over_after: Duration,
        now: OffsetDateTime,
    ) -> Self {
        let why = story.iter().rev().find_map(|entry| match &entry.fact {
            Fact::Ended { .. }
            | Fact::SenderLost { .. }
            | Fact::Learned(_)
            | Fact::BookingEnded { .. } => Some(entry.fact.to_string()),
            Fact::Sent { .. } | Fact::Booking { .. } | Fact::Disclosed { .. } | Fact::Shredded => {
                None
            }
        });
        let over_at = record
            .sent_at
            .filter(|_| record.awaits_answer())
            .map(|sent_at| sent_at + over_after);
        Self {
            sent_until: may_be_sent_until(story).filter(|until| now < *until),
            why: why.unwrap_or_else(|| "nothing was heard of it yet".to_owned()),
            record,
            now,
            over_at,
        }
    }

    fn is_being_sent(&self) -> bool {
        self.record.state == HoldState::Sending
    }

    /// Whether the block is certain and its booking is not.
    fn may_be_booked(&self) -> bool {
        !self.record.awaits_answer()
    }

    fn state(&self) -> String {
        let state = self.record.state.name();
        if self.may_be_booked() {
            return format!("{state}, perhaps booked");
        }
        state.to_owned()
    }

    fn age(&self) -> time::Duration {
        (self.now - self.record.begun_at).max(time::Duration::ZERO)
    }

    /// The commands with which a person settles it, once Klikoo has told.
    fn by_hand(&self) -> Vec<String> {
        if self.is_being_sent() {
            return Vec::new();
        }
        let reference = input::quoted(Path::new(self.record.reference.as_str()));
        let held = if self.may_be_booked() {
            "--booked"
        } else {
            "--transaction-id ID"
        };
        [held, "--not-held"]
            .map(|word| format!("seatblock settle {reference} {word} --because TEXT"))
            .into()
    }

    fn ask_again(&self) -> String {
        if self.is_being_sent() {
            return "another process is sending it: `seatblock recover` in a few minutes"
                .to_owned();
        }
        if let Some(until) = self.sent_until {
            return format!(
                "`seatblock recover` after {}; its sender cannot be seen any more and may be at it until \
                 then, so it is not sent once more before",
                in_jakarta(until)
            );
        }
        match self.over_at {
            Some(at) => format!(
                "`seatblock recover`, later or with --watch; it ends by itself on {}",
                in_jakarta(at)
            ),
            None => {
                "`seatblock recover`, later or with --watch; it does not end by itself".to_owned()
            }
        }
    }

    fn look_up(&self) -> String {
        let reference = &self.record.reference;
        match self.record.hold() {
            Some(hold) => format!(
                "ask Klikoo for transaction {} ({reference})",
                hold.transaction_id
            ),
            None => format!("ask Klikoo for {reference}"),
        }
    }

    pub(super) fn json(&self) -> Value {
        let over_at = self.over_at.map(rfc3339);
        json!({
            "partner_reference_no": self.record.reference.as_str(),
            "state": self.record.state.name().replace(' ', "_"),
            "may_be_booked": self.may_be_booked(),
            "age_seconds": self.age().whole_seconds(),
            "why": self.why,
            "advice": self.ask_again(),
            "may_be_sent_until": self.sent_until.map(rfc3339),
            "ends_by_itself_at": over_at,
            "by_hand": self.by_hand(),
        })
    }

    /// Lines for a person.
    pub(super) fn text(&self) -> String {
        let mut lines = vec![
            String::new(),
            format!(
                "{}: {} for {}",
                self.record.reference,
                self.state(),
                time_left(self.age())
            ),
            format!("  why        {}", self.why),
            format!("  ask again  {}", self.ask_again()),
        ];
        let by_hand = self.by_hand();
        if !by_hand.is_empty() {
            lines.push(format!("  by hand    {}, then", self.look_up()));
        }
        let commands = by_hand
            .iter()
            .map(|command| format!("             {command}"));
        lines.extend(commands);
        format!("{}\n", lines.join("\n"))
    }
}
