//! The contract of the port, a function for each promise, over the sandbox.

use std::sync::Arc;

use booking_domain::{SeatHold, StatusMeaning};
use booking_ports::{ManualClock, SeatBlocker, TicketIssuer};
use klikoo_sandbox::{Fault, HoldState, Rule, Sandbox};

use super::{hold, told};
use crate::faults::unknown_faults;
use crate::setup::{NOW, blocker_of, config, config_of, order, round_trip, sandbox, tickets_of};

const BOOK: &str = "transports/book";

async fn held(sandbox: &Sandbox, order: &booking_domain::BlockOrder) -> SeatHold {
    let blocker = blocker_of(config_of(sandbox), &ManualClock::at(NOW));
    blocker.block(order).await.unwrap()
}

#[tokio::test]
async fn a_ticket_is_that_of_the_hold() {
    let sandbox = sandbox().await;
    let one_way = held(&sandbox, &order("one", &["1"])).await;
    let both_ways = held(&sandbox, &round_trip("two", &["2"], &["3"])).await;
    let tickets = tickets_of(config_of(&sandbox), &ManualClock::at(NOW));
    let ticket = tickets.issue(&both_ways).await.unwrap();
    assert_eq!(ticket.transaction_id, both_ways.transaction_id);
    assert_eq!(ticket.status.meaning(), StatusMeaning::Booked);
    assert_eq!(told(&Ok(ticket)), "booked/D14429005/R14429005");
    assert_eq!(sandbox.holds()[0].state, HoldState::Waiting);
    assert_eq!(told(&tickets.issue(&one_way).await), "booked/D14429004/");
    assert_eq!(sandbox.holds()[0].state, HoldState::Success);
    assert_eq!(sandbox.calls(BOOK), 2);
    assert_eq!(sandbox.calls("signature"), 0, "no helper is called");
    assert!(sandbox.journal().iter().all(|it| it.signature.is_valid()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn booking_twice_is_booking_once() {
    let sandbox = sandbox().await;
    let hold = held(&sandbox, &order("one", &["1"])).await;
    let tickets = Arc::new(tickets_of(config_of(&sandbox), &ManualClock::at(NOW)));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (tickets, hold) = (Arc::clone(&tickets), hold.clone());
        callers.spawn(async move { told(&tickets.issue(&hold).await) });
    }
    for outcome in callers.join_all().await {
        assert_eq!(outcome, "booked/D14429004/");
    }
    assert_eq!(sandbox.holds().len(), 1);
}

#[tokio::test]
async fn after_a_lost_reply_the_codes_are_told() {
    let sandbox = sandbox().await;
    let hold = held(&sandbox, &order("one", &["1"])).await;
    let tickets = tickets_of(config_of(&sandbox), &ManualClock::at(NOW));
    sandbox.add_fault(Rule::new(Fault::ExecuteThenCut).path(BOOK).nth(1));
    let error = tickets.issue(&hold).await.unwrap_err();
    assert!(error.may_be_booked());
    assert!(error.to_string().contains("ask the provider"), "{error}");
    assert_eq!(sandbox.holds()[0].state, HoldState::Success);
    assert_eq!(told(&tickets.issue(&hold).await), "booked/D14429004/");
}

/// Rows 5 to 12 of the failure model: one send, and nobody knows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_proves_nothing_is_unknown() {
    let mut cases = tokio::task::JoinSet::new();
    let mut count = 0;
    for fault in unknown_faults() {
        // A ticket states no deadline, and a hold knows no seats.
        let not_of_a_ticket = match &fault {
            Fault::ExpiredAt { .. } | Fault::MissingExpiredAt => true,
            Fault::ExtraData { data } => !data.contains_key("partner_reference_no"),
            _ => false,
        };
        if not_of_a_ticket {
            continue;
        }
        count += 1;
        cases.spawn(async move {
            let sandbox = sandbox().await;
            let hold = held(&sandbox, &order("one", &["1"])).await;
            let about = format!("{fault:?}");
            sandbox.add_fault(Rule::new(fault).path(BOOK));
            let tickets = tickets_of(config_of(&sandbox), &ManualClock::at(NOW));
            let outcome = tickets.issue(&hold).await;
            assert!(
                told(&outcome).starts_with("unknown/"),
                "{about}: {outcome:?}"
            );
            let error = outcome.unwrap_err();
            assert!(error.may_be_booked());
            assert_eq!(error.transaction_id(), &hold.transaction_id);
            assert_eq!(error.reference(), &hold.reference);
            assert_eq!(sandbox.calls(BOOK), 1, "{about}: sends");
        });
    }
    assert_eq!(cases.join_all().await.len(), count);
    assert!(count > 40, "{count}");
}

#[tokio::test]
async fn what_is_known_is_told() {
    let sandbox = sandbox().await;
    let waiting = held(&sandbox, &order("one", &["1"])).await;
    let tickets = tickets_of(config_of(&sandbox), &ManualClock::at(NOW));
    let unknown = hold("nobody", "14429999");
    assert_eq!(told(&tickets.issue(&unknown).await), "refused/other");
    sandbox.clock().advance(std::time::Duration::from_mins(30));
    let ended = ManualClock::at(NOW + ::time::Duration::minutes(28));
    let late = tickets_of(config_of(&sandbox), &ended);
    // By this host's clock it would be in time; the reply to the token's call tells better.
    assert_eq!(told(&late.issue(&waiting).await), "too_late");
    assert_eq!(sandbox.calls(BOOK), 1);
    assert_eq!(sandbox.holds()[0].state, HoldState::Expired);

    for (fault, expected, sends) in [
        (Fault::InvalidToken, "refused/credentials", 2),
        (
            Fault::Status {
                status: 400,
                code: Some("400056508".to_owned()),
                retry_after: None,
                location: None,
            },
            "refused/signature",
            1,
        ),
    ] {
        let sandbox = crate::setup::sandbox().await;
        let hold = held(&sandbox, &order("one", &["1"])).await;
        sandbox.add_fault(Rule::new(fault).path(BOOK));
        let tickets = tickets_of(config_of(&sandbox), &ManualClock::at(NOW));
        let error = tickets.issue(&hold).await;
        assert_eq!(told(&error), expected);
        assert!(!error.unwrap_err().may_be_booked());
        assert_eq!(sandbox.calls(BOOK), sends);
        assert_eq!(sandbox.holds()[0].state, HoldState::Waiting);
    }

    let nobody = config("http://127.0.0.1:1", klikoo_adapter::Authorization::None);
    let tickets = tickets_of(nobody, &ManualClock::at(NOW));
    assert_eq!(told(&tickets.issue(&waiting).await), "not_sent/unreachable");
}
