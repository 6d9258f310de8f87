//! `seatblock book`: a ticket for what is held.

use anyhow::bail;
use booking_domain::{PartnerReference, SeatHold};
use booking_ports::{BookingCode, HoldRecord, LedgerError, Ticket, TicketError, TicketIssuer as _};
use clap::Args;
use serde_json::{Map, Value, json};

use super::hold::reference;
use crate::Run;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::{Report, columns, object};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The order's `partner_reference_no`
    #[arg(value_parser = reference)]
    reference: PartnerReference,
}

/// Books the hold of a reference, or tells the codes that it has.
///
/// # Errors
///
/// Settings or a ledger that cannot be used; a reference that is unknown to it, or under which
/// nothing is held.
pub(crate) async fn run(run: Run, arguments: Arguments) -> anyhow::Result<Exit> {
    let desk = Desk::existing(&run).await?;
    let mut interrupt = Interrupt::listen()?;
    let record = record(&desk, &arguments.reference).await?;
    let Some(hold) = record.hold() else {
        bail!(
            "{} is {}, so there is nothing to book; `seatblock hold {0}` tells its story",
            record.reference,
            record.state.name()
        );
    };
    if desk.provider.is_embedded_sandbox() && record.booking.ticket.is_none() {
        bail!(
            "a sandbox inside this process knows no hold of an earlier one; run `seatblock sandbox --settings s.toml`, then block and book with `--config s.toml`"
        );
    }
    let issued = tokio::select! {
        biased;
        issued = desk.tickets.issue(hold) => issued,
        // The booking is marked, and the next `book` or `recover` asks what became of it.
        () = interrupt.wait() => Err(TicketError::Unknown {
            reference: hold.reference.clone(),
            transaction_id: hold.transaction_id.clone(),
            kind: booking_ports::UnknownKind::Interrupted,
            message: "interrupted while waiting for an answer".to_owned(),
            retry_after: None,
            cause: None,
        }),
    };
    let known = desk.ledger.holds.find(&arguments.reference).await;
    let may_be_booked = match (&issued, known) {
        (Ok(_), _) => false,
        (Err(error), Ok(Some(record))) => error.may_be_booked() || record.booking.is_open(),
        (Err(error), _) => error.may_be_booked(),
    };
    let report = BookReport {
        hold,
        issued: &issued,
        may_be_booked,
        sandbox: desk.provider.is_embedded_sandbox(),
    };
    run.output.result(&report);
    Ok(report.exit())
}

/// The record of a reference, settled first where the block itself is not.
async fn record(desk: &Desk, reference: &PartnerReference) -> anyhow::Result<HoldRecord> {
    match desk.ledger.holds.find(reference).await? {
        Some(record) if record.awaits_answer() => {
            desk.ledger.merge_spill().await;
            Ok(desk.resolver.settle(reference).await?)
        }
        Some(record) => Ok(record),
        None => Err(LedgerError::NotFound {
            reference: reference.clone(),
        })
        .map_err(|error| anyhow::anyhow!("{error}; `seatblock holds` lists what it knows")),
    }
}

struct BookReport<'a> {
    hold: &'a SeatHold,
    issued: &'a Result<Ticket, TicketError>,
    /// By this attempt or an earlier one.
    may_be_booked: bool,
    sandbox: bool,
}

impl BookReport<'_> {
    fn exit(&self) -> Exit {
        match self.issued {
            Ok(_) => Exit::Done,
            Err(_) if self.may_be_booked => Exit::Unknown,
            Err(TicketError::Refused { .. }) => Exit::Refused,
            Err(TicketError::Busy { .. }) => Exit::Busy,
            Err(TicketError::TooLate { .. } | TicketError::NotHeld { .. }) => Exit::Expired,
            Err(_) => Exit::NotSent,
        }
    }

    fn word(&self) -> &'static str {
        match self.exit() {
            Exit::Done => "booked",
            Exit::Unknown => "unknown",
            Exit::Refused => "refused",
            Exit::Busy => "busy",
            Exit::Expired => "too_late",
            _ => "not_booked",
        }
    }

    fn advice(&self) -> &'static str {
        match self.exit() {
            Exit::Done => "",
            Exit::Unknown => {
                "It may be a ticket. Run the same command again: it asks the provider before it books"
            }
            Exit::Refused => "Not booked. Mend what the message names, while there is time left",
            Exit::Busy => "Another process is at it. Ask again in a moment",
            Exit::Expired => "Not booked. Block anew, under a new reference",
            _ => "Not booked. Run the same command again, while there is time left",
        }
    }
}

impl Report for BookReport<'_> {
    fn json(&self) -> Map<String, Value> {
        let mut members = object([
            ("outcome", self.word().into()),
            ("partner_reference_no", self.hold.reference.as_str().into()),
            ("transaction_id", self.hold.transaction_id.as_str().into()),
        ]);
        members.extend(match self.issued {
            Ok(ticket) => {
                let codes = &ticket.booking_codes;
                object([
                    ("status", ticket.status.word().into()),
                    (
                        "booking_codes",
                        json!({
                            "departure": codes.departure.as_str(),
                            "return": codes.return_leg.as_ref().map(BookingCode::as_str),
                        }),
                    ),
                ])
            }
            Err(error) => object([
                ("message", error.to_string().into()),
                ("advice", self.advice().into()),
            ]),
        });
        if self.sandbox {
            members.insert("sandbox".to_owned(), true.into());
        }
        members
    }

    fn text(&self) -> String {
        let mut rows = vec![
            ("reference", self.hold.reference.to_string()),
            ("transaction id", self.hold.transaction_id.to_string()),
        ];
        match self.issued {
            Ok(ticket) => {
                rows.push(("status", ticket.status.word().to_owned()));
                rows.push(("departure", ticket.booking_codes.departure.to_string()));
                if let Some(code) = &ticket.booking_codes.return_leg {
                    rows.push(("return", code.to_string()));
                }
            }
            Err(error) => {
                rows.push(("message", error.to_string()));
                rows.push(("advice", self.advice().to_owned()));
            }
        }
        if self.sandbox {
            rows.push(("sandbox", "yes, no real ticket is issued".to_owned()));
        }
        format!("{}\n{}", self.word().replace('_', " "), columns(&rows))
    }
}
