//! What was written once stays readable, and nothing but the cause is lost on the way.

use std::time::Duration;

use booking_domain::{Deadline, PartnerReference, ProviderStatus, StatusMeaning, TransactionId};
use booking_ports::{
    BlockError, BookingCode, BookingCodes, BookingOutcome, Evidence, Expired, Finding, NotSent,
    NotSentKind, Refusal, RefusalKind, Source, Ticket, TicketError, Unknown, UnknownKind,
};
use time::macros::datetime;

use super::*;

fn reference() -> PartnerReference {
    PartnerReference::new("1238").unwrap()
}

fn hold(deadline: Deadline) -> SeatHold {
    SeatHold {
        reference: reference(),
        transaction_id: TransactionId::new("14429004").unwrap(),
        status: ProviderStatus::new(StatusMeaning::Unrecognised, "NEW \u{1f68c} \"word\""),
        deadline,
    }
}

fn deadlines() -> [Deadline; 3] {
    let now = datetime!(2026-11-24 10:00:00.123_456_789 +7);
    let longest = time::Duration::hours(2);
    [
        Deadline::stated(datetime!(2026-11-24 10:30:00.987_654_321 +7), now, longest),
        Deadline::stated(datetime!(2099-01-01 0:00 -3:30), now, longest),
        Deadline::not_stated(now),
    ]
}

fn bookings() -> [BookingOutcome; 6] {
    let (reference, transaction_id) = (reference(), hold(deadlines()[0]).transaction_id);
    let message = "for a \"person\"".to_owned();
    let ticket = Ticket {
        transaction_id: transaction_id.clone(),
        booking_codes: BookingCodes {
            departure: BookingCode::new("KX-7 12").unwrap(),
            return_leg: BookingCode::new("R1"),
        },
        status: ProviderStatus::new(StatusMeaning::Booked, "SUCCESS"),
    };
    [
        Ok(ticket),
        Err(TicketError::Refused {
            reference: reference.clone(),
            transaction_id: transaction_id.clone(),
            kind: RefusalKind::Account,
            code: "404027009".to_owned(),
            message: message.clone(),
        }),
        Err(TicketError::NotSent {
            reference: reference.clone(),
            transaction_id: transaction_id.clone(),
            kind: NotSentKind::Unreachable,
            message: message.clone(),
            retry_after: Some(Duration::from_secs(7)),
            cause: None,
        }),
        Err(TicketError::Unknown {
            reference: reference.clone(),
            transaction_id: transaction_id.clone(),
            kind: UnknownKind::Timeout,
            message: message.clone(),
            retry_after: None,
            cause: None,
        }),
        Err(TicketError::TooLate {
            reference: reference.clone(),
            transaction_id: transaction_id.clone(),
            ends_at: datetime!(2026-11-24 10:30:00.5 +7),
            margin: Duration::from_mins(1),
        }),
        Err(TicketError::Unconfirmed {
            reference,
            transaction_id,
            message,
        }),
    ]
}

/// What a layer says of one call is no ending, and leaves open what the attempt leaves open.
#[test]
fn another_word_in_place_of_an_ending_stays_what_it_proves() {
    let hold = hold(deadlines()[0]);
    let busy = Fact::BookingEnded {
        attempt: 1,
        outcome: Err(TicketError::Busy {
            reference: hold.reference,
            transaction_id: hold.transaction_id,
            after: Duration::from_secs(3),
        }),
    };
    let again = fact_from_json(&fact_to_json(&busy).unwrap()).unwrap();
    let Fact::BookingEnded {
        outcome: Err(error),
        ..
    } = again
    else {
        panic!("{again:?}")
    };
    assert!(!error.may_be_booked(), "{error}");
}

fn facts() -> Vec<Fact> {
    let mut outcomes: Vec<Outcome> = deadlines().map(hold).map(Ok).into();
    let unknown = Unknown {
        retry_after: Some(Duration::from_nanos(1_500_000_001)),
        ..Unknown::new(reference(), UnknownKind::NotDefinitive, "429")
    };
    let errors: [BlockError; 7] = [
        Refusal::new(
            reference(),
            RefusalKind::SeatUnavailable,
            "400050007",
            "taken",
        )
        .into(),
        NotSent::new(reference(), NotSentKind::Tls, "unknown issuer").into(),
        unknown.into(),
        Expired::from(hold(deadlines()[0])).into(),
        Expired {
            reference: reference(),
            hold: None,
        }
        .into(),
        BlockError::Conflict {
            reference: reference(),
        },
        BlockError::Busy {
            reference: reference(),
            after: Duration::from_millis(1_234),
        },
    ];
    outcomes.extend(errors.map(Err));
    let ended = |outcome| Fact::Ended {
        attempt: 2,
        outcome,
    };
    let mut facts: Vec<Fact> = outcomes.into_iter().map(ended).collect();
    facts.extend([
        Fact::Sent { attempt: 1 },
        Fact::SenderLost {
            attempt: 1,
            may_send_until: None,
        },
        Fact::SenderLost {
            attempt: 1,
            may_send_until: Some(datetime!(2026-11-24 3:02 UTC)),
        },
        Fact::Booking { attempt: 3 },
        Fact::Disclosed {
            by: "night \"shift\"".to_owned(),
        },
        Fact::Shredded,
    ]);
    facts.extend(bookings().map(|outcome| Fact::BookingEnded {
        attempt: 3,
        outcome,
    }));
    let message = || "why \n not".to_owned();
    for source in [
        Source::History,
        Source::Transaction,
        Source::Time,
        Source::Callback,
        Source::Operator { because: message() },
    ] {
        for finding in [
            Finding::Held(hold(deadlines()[2])),
            Finding::Over { message: message() },
            Finding::Nothing { message: message() },
        ] {
            let source = source.clone();
            facts.push(Fact::Learned(Evidence { source, finding }));
        }
    }
    facts
}

#[test]
fn every_fact_comes_back_as_it_was() {
    for fact in facts() {
        let json = fact_to_json(&fact).unwrap();
        let again = fact_from_json(&json).unwrap();
        assert_eq!(format!("{again:?}"), format!("{fact:?}"), "{json}");
    }
}

#[test]
fn what_the_first_version_wrote_is_read() {
    let held = r#"{"ended":{"attempt":1,"outcome":{"held":{"reference":"1238","transaction_id":"14429004","status":"WAITING","meaning":"waiting","ends_at":"2026-11-24T10:30:00+07:00","stated":"2026-11-24T10:30:00+07:00"}}}}"#;
    let unknown = r#"{"ended":{"attempt":1,"outcome":{"unknown":{"reference":"1238","kind":"timeout","message":"30 s","retry_after":{"secs":7,"nanos":0}}}}}"#;
    let operator = r#"{"learned":{"source":{"operator":{"because":"asked"}},"finding":{"over":{"message":"never landed"}}}}"#;
    for json in [
        held,
        unknown,
        operator,
        r#"{"sent":{"attempt":1}}"#,
        r#""shredded""#,
    ] {
        let fact = fact_from_json(json).unwrap();
        assert_eq!(fact_to_json(&fact).unwrap(), json);
    }
}

#[test]
fn what_cannot_be_read_is_damage_and_is_not_repeated() {
    let secret = "31741009219923332";
    for json in [
        format!("{{\"{secret}\":1}}"),
        format!(
            r#"{{"ended":{{"attempt":1,"outcome":{{"unknown":{{"reference":"1","kind":"{secret}","message":""}}}}}}}}"#
        ),
        format!(
            r#"{{"ended":{{"attempt":1,"outcome":{{"conflict":{{"reference":"{secret} \n"}}}}}}}}"#
        ),
    ] {
        let error = fact_from_json(&json).unwrap_err();
        assert!(matches!(error, LedgerError::Damaged { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains(secret), "{error}");
    }
}

#[test]
fn legs_and_attempts_come_back() {
    let legs = vec![LegOutline {
        trip_id: TripId::new(188_336).unwrap(),
        seats: vec![SeatName::new("8").unwrap(), SeatName::new("9A").unwrap()],
    }];
    assert_eq!(legs_from_json(&legs_to_json(&legs).unwrap()).unwrap(), legs);
    let attempts = [1, 3].into();
    assert_eq!(
        attempts_from_json(&attempts_to_json(&attempts).unwrap()).unwrap(),
        attempts
    );
}
