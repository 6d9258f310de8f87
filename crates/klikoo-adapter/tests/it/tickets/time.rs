//! Not too late, by any clock; and a deadline that nobody stated is asked about.

use booking_domain::{Deadline, ProviderStatus, SeatHold, StatusMeaning, TransactionId};
use booking_ports::{ManualClock, SeatBlocker, TicketError, TicketIssuer};
use klikoo_sandbox::{Fault, HoldState, Rule, Sandbox};
use time::Duration;

use super::told;
use crate::faults::unknown_faults;
use crate::setup::{MARGIN, NOW, blocker_of, config_of, order, sandbox, tickets_of};

const BOOK: &str = "transports/book";

async fn held(sandbox: &Sandbox, reference: &str, seat: &str) -> SeatHold {
    let blocker = blocker_of(config_of(sandbox), &ManualClock::at(NOW));
    blocker.block(&order(reference, &[seat])).await.unwrap()
}

/// As found in the history: nobody knows until when.
fn unstated(hold: &SeatHold) -> SeatHold {
    SeatHold {
        deadline: Deadline::not_stated(NOW + Duration::hours(2)),
        ..hold.clone()
    }
}

#[tokio::test]
async fn nothing_is_sent_inside_the_margin() {
    let last = NOW + Duration::minutes(30) - Duration::try_from(MARGIN).unwrap();
    for (now, expected) in [
        (last - Duration::MILLISECOND, "booked/D14429004/"),
        (last, "too_late"),
        (last + Duration::SECOND, "too_late"),
        (NOW + Duration::minutes(30), "too_late"),
        (NOW + Duration::days(1), "too_late"),
    ] {
        let sandbox = sandbox().await;
        let hold = held(&sandbox, "one", "1").await;
        let offset = (now - NOW).min(Duration::minutes(29));
        sandbox.clock().set_offset(offset);
        let outcome = tickets_of(config_of(&sandbox), &ManualClock::at(now))
            .issue(&hold)
            .await;
        assert_eq!(told(&outcome), expected, "{now}");
        let booked = expected.starts_with("booked");
        assert_eq!(sandbox.calls(BOOK), usize::from(booked), "{now}");
        if let Err(error) = outcome {
            assert!(!error.may_be_booked());
            let TicketError::TooLate {
                ends_at, margin, ..
            } = error
            else {
                unreachable!("{error}")
            };
            assert_eq!((ends_at, margin), (hold.deadline.at(), MARGIN));
        }
    }
}

#[tokio::test]
async fn the_clock_that_is_ahead_decides() {
    let sandbox = sandbox().await;
    let first = held(&sandbox, "one", "1").await;
    let second = held(&sandbox, "two", "2").await;
    let clock = ManualClock::at(NOW + Duration::minutes(26));
    sandbox
        .clock()
        .set_offset(Duration::minutes(29) + Duration::SECOND);
    let tickets = tickets_of(config_of(&sandbox), &clock);
    // The token's reply tells Klikoo's time.
    assert_eq!(told(&tickets.issue(&first).await), "too_late");
    assert_eq!(told(&tickets.issue(&second).await), "too_late");
    assert_eq!((sandbox.calls("access-token"), sandbox.calls(BOOK)), (3, 0));
}

#[tokio::test]
async fn what_is_booked_is_not_held_up_by_time() {
    let sandbox = sandbox().await;
    let hold = held(&sandbox, "one", "1").await;
    let clock = ManualClock::at(NOW);
    let tickets = tickets_of(config_of(&sandbox), &clock);
    assert!(tickets.issue(&hold).await.is_ok());
    let later = NOW + Duration::hours(3);
    sandbox.clock().set_offset(Duration::hours(3));
    let tickets = tickets_of(config_of(&sandbox), &ManualClock::at(later));
    assert_eq!(told(&tickets.issue(&hold).await), "too_late");
    let booked = SeatHold {
        status: ProviderStatus::new(StatusMeaning::Booked, "SUCCESS"),
        ..hold.clone()
    };
    assert_eq!(told(&tickets.issue(&booked).await), "booked/D14429004/");
    let unstated = unstated(&booked);
    assert_eq!(told(&tickets.issue(&unstated).await), "booked/D14429004/");
}

#[tokio::test]
async fn a_deadline_that_is_not_stated_is_asked_about() {
    let sandbox = sandbox().await;
    let waiting = unstated(&held(&sandbox, "one", "1").await);
    let ended = unstated(&held(&sandbox, "two", "2").await);
    let tickets = tickets_of(config_of(&sandbox), &ManualClock::at(NOW));
    assert_eq!(told(&tickets.issue(&waiting).await), "booked/D14429004/");
    // Booked by now, so that the same codes are told.
    assert_eq!(told(&tickets.issue(&waiting).await), "booked/D14429004/");
    assert_eq!(
        (sandbox.calls("/transactions/"), sandbox.calls(BOOK)),
        (2, 2)
    );

    let missing = SeatHold {
        transaction_id: TransactionId::new("14429999").unwrap(),
        ..ended.clone()
    };
    let anothers = SeatHold {
        transaction_id: waiting.transaction_id.clone(),
        ..ended.clone()
    };
    sandbox.clock().set_offset(Duration::minutes(31));
    let later = ManualClock::at(NOW + Duration::minutes(31));
    let tickets = tickets_of(config_of(&sandbox), &later);
    for (hold, why) in [
        (&ended, "it is EXPIRED"),
        (&missing, "it knows no such transaction"),
        (&anothers, "its reference is one"),
    ] {
        let told = told(&tickets.issue(hold).await);
        assert!(
            told.starts_with("unconfirmed") && told.contains(why),
            "{told}"
        );
    }
    assert_eq!(sandbox.calls(BOOK), 2, "nothing but questions was sent");
    assert_eq!(sandbox.holds()[1].state, HoldState::Expired);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_proves_nothing_confirms_nothing() {
    let mut cases = tokio::task::JoinSet::new();
    for fault in unknown_faults() {
        let not_of_a_transaction = match &fault {
            Fault::ExpiredAt { .. } | Fault::MissingExpiredAt | Fault::ExtraData { .. } => true,
            Fault::Code { text } => text == "200052000",
            _ => false,
        };
        if not_of_a_transaction {
            continue;
        }
        cases.spawn(async move {
            let sandbox = sandbox().await;
            let hold = unstated(&held(&sandbox, "one", "1").await);
            let about = format!("{fault:?}");
            sandbox.add_fault(Rule::new(fault).path("/transactions/"));
            let tickets = tickets_of(config_of(&sandbox), &ManualClock::at(NOW));
            let outcome = tickets.issue(&hold).await;
            assert!(
                told(&outcome).starts_with("unconfirmed"),
                "{about}: {outcome:?}"
            );
            assert_eq!(sandbox.calls(BOOK), 0, "{about}");
        });
    }
    assert!(cases.join_all().await.len() > 40);
}
