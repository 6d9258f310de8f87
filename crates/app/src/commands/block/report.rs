//! How the outcome of a block is told.

use booking_domain::{Faults, PartnerReference, SeatHold, Warning, rfc3339};
use booking_ports::{Advice, BlockError};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::is_booked;
use crate::clock::{in_jakarta, time_left};
use crate::exit::Exit;
use crate::output::{Report, columns, object};

/// A block that was tried.
pub(crate) struct BlockReport<'a> {
    pub(crate) outcome: &'a Result<SeatHold, BlockError>,
    pub(crate) warnings: &'a [Warning],
    pub(crate) sandbox: bool,
    pub(crate) now: OffsetDateTime,
}

impl BlockReport<'_> {
    pub(crate) fn exit(&self) -> Exit {
        match self.outcome {
            Ok(_) => Exit::Done,
            Err(BlockError::Refused(_)) => Exit::Refused,
            Err(BlockError::NotSent(_)) => Exit::NotSent,
            Err(BlockError::Unknown(_)) => Exit::Unknown,
            Err(BlockError::Expired(_)) => Exit::Expired,
            Err(BlockError::Conflict { .. }) => Exit::Conflict,
            Err(BlockError::Busy { .. }) => Exit::Busy,
        }
    }

    fn word(&self) -> &'static str {
        match self.exit() {
            Exit::Done if self.is_booked() => "booked",
            Exit::Done => "held",
            Exit::Refused => "refused",
            Exit::NotSent => "not_sent",
            Exit::Unknown => "unknown",
            Exit::Expired => "expired",
            Exit::Conflict => "conflict",
            Exit::Busy => "busy",
            Exit::Failed | Exit::Unavailable => "error",
            Exit::Invalid => "invalid",
        }
    }

    /// Whether the ledger answered with what has become a ticket since.
    fn is_booked(&self) -> bool {
        matches!(self.outcome, Ok(hold) if is_booked(hold))
    }

    fn reference(&self) -> &PartnerReference {
        match self.outcome {
            Ok(hold) => &hold.reference,
            Err(error) => error.reference(),
        }
    }

    /// Where the receipt was lost, nobody has stated a deadline: `null`.
    fn hold_json(&self, hold: &SeatHold) -> Map<String, Value> {
        let ends = hold.deadline.is_stated() && !is_booked(hold);
        let deadline = ends.then_some(hold.deadline);
        let seconds_left = deadline.map(|it| it.time_left(self.now).whole_seconds());
        let mut members = object([
            ("transaction_id", hold.transaction_id.as_str().into()),
            ("status", hold.status.word().into()),
            (
                "brought_forward",
                hold.deadline.was_clamped().then_some(true).into(),
            ),
        ]);
        let expires_at = deadline.map(|it| rfc3339(it.at()));
        members.insert("expires_at".to_owned(), expires_at.into());
        members.insert("seconds_left".to_owned(), seconds_left.into());
        members
    }
}

impl Report for BlockReport<'_> {
    fn json(&self) -> Map<String, Value> {
        let mut members = object([
            ("outcome", self.word().into()),
            ("partner_reference_no", self.reference().as_str().into()),
        ]);
        members.extend(match self.outcome {
            Ok(hold) => self.hold_json(hold),
            Err(BlockError::Expired(expired)) => match &expired.hold {
                Some(hold) => {
                    let mut members = self.hold_json(hold);
                    members.insert("advice".to_owned(), Advice::BlockAnew.to_string().into());
                    members
                }
                None => object([
                    ("message", expired.to_string().into()),
                    ("advice", Advice::BlockAnew.to_string().into()),
                ]),
            },
            Err(error @ (BlockError::Conflict { .. } | BlockError::Busy { .. })) => object([
                ("message", error.to_string().into()),
                ("advice", error.advice().to_string().into()),
            ]),
            Err(error @ BlockError::Refused(refusal)) => object([
                ("code", refusal.code.as_str().into()),
                ("kind", refusal.kind.as_str().into()),
                ("message", refusal.message.as_str().into()),
                ("advice", error.advice().to_string().into()),
            ]),
            Err(error @ BlockError::NotSent(not_sent)) => object([
                ("kind", not_sent.kind.as_str().into()),
                ("message", not_sent.message.as_str().into()),
                ("advice", error.advice().to_string().into()),
            ]),
            Err(error @ BlockError::Unknown(unknown)) => object([
                ("kind", unknown.kind.as_str().into()),
                ("message", unknown.message.as_str().into()),
                ("advice", error.advice().to_string().into()),
            ]),
        });
        if !self.warnings.is_empty() {
            members.insert("warnings".to_owned(), warnings_json(self.warnings));
        }
        if self.sandbox {
            members.insert("sandbox".to_owned(), true.into());
        }
        members
    }

    fn text(&self) -> String {
        let mut rows = vec![("reference", self.reference().to_string())];
        match self.outcome {
            Ok(hold) => {
                rows.extend(hold_rows(hold));
                if self.is_booked() {
                    let how = format!("`seatblock book {}` tells its codes", hold.reference);
                    rows.push(("ticket", how));
                } else if hold.deadline.is_stated() {
                    rows.extend([
                        ("held until", in_jakarta(hold.deadline.at())),
                        ("time left", time_left(hold.deadline.time_left(self.now))),
                    ]);
                } else {
                    let why = "not stated, since the receipt was lost; book before you charge";
                    rows.push(("held until", why.to_owned()));
                }
                if hold.deadline.was_clamped() {
                    let why = "the provider stated a later end than is believed (longer than any hold, or by another clock); do not plan on it";
                    rows.push(("brought forward", why.to_owned()));
                }
            }
            Err(BlockError::Expired(expired)) => match &expired.hold {
                Some(hold) => {
                    rows.extend(hold_rows(hold));
                    let deadline = in_jakarta(hold.deadline.at());
                    rows.push(("was held until", format!("{deadline} (passed)")));
                }
                None => rows.push(("message", expired.to_string())),
            },
            Err(error @ (BlockError::Conflict { .. } | BlockError::Busy { .. })) => {
                rows.push(("message", error.to_string()));
            }
            Err(BlockError::Refused(refusal)) => rows.extend([
                ("kind", refusal.kind.to_string()),
                ("code", refusal.code.clone()),
                ("message", refusal.message.clone()),
            ]),
            Err(BlockError::NotSent(not_sent)) => rows.extend([
                ("kind", not_sent.kind.to_string()),
                ("message", not_sent.message.clone()),
            ]),
            Err(BlockError::Unknown(unknown)) => rows.extend([
                ("kind", unknown.kind.to_string()),
                ("message", unknown.message.clone()),
            ]),
        }
        if let Err(error) = self.outcome {
            let seats = match error {
                BlockError::Unknown(_) | BlockError::Busy { .. } => "MAY BE HELD",
                BlockError::Conflict { .. } => "not held for this order",
                BlockError::Expired(_) => "not held any more",
                BlockError::Refused(_) | BlockError::NotSent(_) => "not held by this attempt",
            };
            rows.push(("seats", seats.to_owned()));
            rows.push(("advice", error.advice().to_string()));
        }
        if self.sandbox {
            rows.push(("sandbox", "yes, no real seat is held".to_owned()));
        }
        format!("{}\n{}", self.word().replace('_', " "), columns(&rows))
    }
}

fn hold_rows(hold: &SeatHold) -> [(&'static str, String); 2] {
    [
        ("transaction id", hold.transaction_id.to_string()),
        ("status", hold.status.word().to_owned()),
    ]
}

fn warnings_json(warnings: &[Warning]) -> Value {
    warnings
        .iter()
        .map(|warning| {
            json!({
                "path": warning.path,
                "code": warning.code.as_str(),
                "message": warning.message,
            })
        })
        .collect()
}

/// An order that breaks rules; nothing was sent.
pub(crate) struct InvalidReport<'a> {
    pub(crate) reference: Option<PartnerReference>,
    pub(crate) faults: &'a Faults,
}

impl Report for InvalidReport<'_> {
    fn json(&self) -> Map<String, Value> {
        let problems: Value = self
            .faults
            .iter()
            .map(|fault| {
                json!({
                    "path": fault.path,
                    "code": fault.code.as_str(),
                    "message": fault.message,
                })
            })
            .collect();
        object([
            ("outcome", "invalid".into()),
            (
                "partner_reference_no",
                self.reference.as_ref().map(PartnerReference::as_str).into(),
            ),
            ("problems", problems),
        ])
    }

    fn text(&self) -> String {
        let lines = self
            .faults
            .iter()
            .map(|fault| format!("  {fault}\n"))
            .collect::<Vec<_>>()
            .concat();
        format!("invalid: nothing was sent; mend the order and try again\n{lines}")
    }
}
