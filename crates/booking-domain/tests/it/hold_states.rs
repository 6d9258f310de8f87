//! Every state and every move: the whole table.

use booking_domain::{
    Deadline, HoldState, IllegalMove, PartnerReference, ProviderStatus, SeatHold, StatusMeaning,
    TransactionId,
};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 +7);

fn hold(id: &str) -> SeatHold {
    SeatHold {
        reference: PartnerReference::new("1238").unwrap(),
        transaction_id: TransactionId::new(id).unwrap(),
        status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
        deadline: Deadline::stated(NOW + Duration::minutes(30), NOW, Duration::hours(2)),
    }
}

fn ticket(id: &str) -> SeatHold {
    SeatHold {
        status: success(),
        ..hold(id)
    }
}

fn success() -> ProviderStatus {
    ProviderStatus::new(StatusMeaning::Booked, "SUCCESS")
}

fn states() -> [HoldState; 10] {
    [
        HoldState::Intended,
        HoldState::Sending,
        HoldState::Held(hold("1")),
        HoldState::HeldWithoutReceipt,
        HoldState::Refused,
        HoldState::NotSent,
        HoldState::Unknown,
        HoldState::Booked(hold("1")),
        HoldState::Expired(None),
        HoldState::Expired(Some(hold("1"))),
    ]
}

type Move = fn(HoldState) -> Result<HoldState, IllegalMove>;

/// The columns of the table. A hold expires after its end.
fn moves() -> [(&'static str, Move); 9] {
    [
        ("send", HoldState::send),
        ("hold", |state| state.hold(hold("2"))),
        ("hold_without_receipt", HoldState::hold_without_receipt),
        ("refuse", HoldState::refuse),
        ("not_send", HoldState::not_send),
        ("lose", HoldState::lose),
        ("book", |state| state.book(success())),
        ("end", HoldState::end),
        ("expire", |state| state.expire(NOW + Duration::minutes(30))),
    ]
}

/// Every legal move. All others are illegal.
fn legal() -> Vec<(HoldState, &'static str, HoldState)> {
    use HoldState::{
        Booked, Expired, Held, HeldWithoutReceipt, Intended, NotSent, Refused, Sending, Unknown,
    };
    vec![
        (Intended, "send", Sending),
        (Sending, "hold", Held(hold("2"))),
        (Sending, "refuse", Refused),
        (Sending, "not_send", NotSent),
        (Sending, "lose", Unknown),
        (Unknown, "hold", Held(hold("2"))),
        (Unknown, "hold_without_receipt", HeldWithoutReceipt),
        (Unknown, "refuse", Refused),
        (Unknown, "expire", Expired(None)),
        (Unknown, "end", Expired(None)),
        (HeldWithoutReceipt, "end", Expired(None)),
        (Held(hold("1")), "end", Expired(Some(hold("1")))),
        // Proven not to have left, so it is sent as if for the first time.
        (NotSent, "send", Sending),
        // What came late settles what was given up.
        (HeldWithoutReceipt, "hold", Held(hold("2"))),
        (HeldWithoutReceipt, "refuse", Refused),
        (HeldWithoutReceipt, "expire", Expired(None)),
        (Expired(None), "hold", Held(hold("2"))),
        (Held(hold("1")), "book", Booked(ticket("1"))),
        (Booked(hold("1")), "book", Booked(ticket("1"))),
        // Booked in time, and known only later.
        (Expired(Some(hold("1"))), "book", Booked(ticket("1"))),
        (Held(hold("1")), "expire", Expired(Some(hold("1")))),
    ]
}

#[test]
fn the_whole_table() {
    let legal = legal();
    let mut made = 0;
    for state in states() {
        for (name, make) in moves() {
            let expected = legal
                .iter()
                .find(|(from, by, _)| *from == state && *by == name);
            match (make(state.clone()), expected) {
                (Ok(reached), Some((_, _, to))) => {
                    assert_eq!(reached, *to, "{} by {name}", state.name());
                    made += 1;
                }
                (Err(error), None) => {
                    assert_eq!(*error.state, state, "{name} gives the state back");
                    let shown = error.to_string();
                    assert!(
                        shown.starts_with(&format!("a hold that is {} cannot be ", state.name())),
                        "{shown}"
                    );
                }
                (Ok(reached), None) => {
                    unreachable!("{} became {} by {name}", state.name(), reached.name())
                }
                (Err(error), Some(_)) => unreachable!("{error}"),
            }
        }
    }
    assert_eq!((made, states().len() * moves().len()), (legal.len(), 90));
}

#[test]
fn what_may_be_held() {
    let held: Vec<_> = states()
        .iter()
        .filter(|state| state.may_be_held())
        .map(HoldState::name)
        .collect();
    assert_eq!(
        held,
        [
            "sending",
            "held",
            "held without receipt",
            "unknown",
            "booked"
        ]
    );
}

#[test]
fn a_hold_expires_at_its_deadline_and_not_before() {
    let end = NOW + Duration::minutes(30);
    let state = HoldState::Held(hold("1"));
    assert!(state.clone().expire(end - Duration::NANOSECOND).is_err());
    assert_eq!(state.expire(end), Ok(HoldState::Expired(Some(hold("1")))));
}

#[test]
fn an_id_and_a_status_say_what_they_were_given() {
    let hold = hold("D-14429004");
    assert_eq!(hold.transaction_id.as_str(), "D-14429004");
    assert_eq!(hold.transaction_id.to_string(), "D-14429004");
    assert_eq!(hold.status.word(), "WAITING");
    assert_eq!(hold.status.meaning(), StatusMeaning::Waiting);
}
