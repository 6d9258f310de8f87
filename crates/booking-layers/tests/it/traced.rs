//! What is told of a block.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::{BlockOrder, ProviderStatus, SeatHold, StatusMeaning, TransactionId};
use booking_layers::{Recorded, Traced};
use booking_ports::{
    BlockError, BookingCode, BookingCodes, Clock as _, Expired, InquiryError, ManualClock,
    MemoryHoldLedger, MockTicketIssuer, MockTransactionInquiry, NotSentKind, Outcome, SeatBlocker,
    Ticket, TicketError, TicketIssuer as _, TransactionInquiry as _, UnknownKind,
};

use crate::setup::{Log, MINUTE, clock, hold, not_sent, order, refused, unknown};

/// Takes 1.5 s, and says something meanwhile.
struct Slow<F>(Arc<ManualClock>, F);

#[async_trait::async_trait]
impl<F: Fn(&BlockOrder) -> Outcome + Send + Sync> SeatBlocker for Slow<F> {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        self.0.advance(Duration::from_millis(1500));
        tracing::info!("connecting");
        (self.1)(order)
    }
}

#[tokio::test]
async fn a_span_has_reference_outcome_kind_and_time() {
    type Make = fn(&BlockOrder) -> Outcome;
    let all: [(Make, &str, &str); 7] = [
        (
            |order| Ok(hold(order.reference(), "1")),
            "INFO",
            r#"reference=1238 outcome="held" elapsed_ms=1500"#,
        ),
        (
            |order| Err(refused(order.reference())),
            "INFO",
            r#"reference=1238 outcome="refused" kind="seat_unavailable" elapsed_ms=1500"#,
        ),
        (
            |order| Err(not_sent(order.reference(), NotSentKind::Tls)),
            "INFO",
            r#"reference=1238 outcome="not_sent" kind="tls" elapsed_ms=1500"#,
        ),
        (
            |order| Err(unknown(order.reference(), UnknownKind::Timeout)),
            "WARN",
            r#"reference=1238 outcome="unknown" kind="timeout" elapsed_ms=1500"#,
        ),
        (
            |order| Err(Expired::from(hold(order.reference(), "1")).into()),
            "INFO",
            r#"reference=1238 outcome="expired" elapsed_ms=1500"#,
        ),
        (
            |order| {
                Err(BlockError::Conflict {
                    reference: order.reference().clone(),
                })
            },
            "INFO",
            r#"reference=1238 outcome="conflict" elapsed_ms=1500"#,
        ),
        (
            |order| {
                Err(BlockError::Busy {
                    reference: order.reference().clone(),
                    after: MINUTE,
                })
            },
            "INFO",
            r#"reference=1238 outcome="busy" elapsed_ms=1500"#,
        ),
    ];
    for (make, level, fields) in all {
        let log = Log::capture();
        let clock = clock();
        let blocker = Traced::new(Slow(clock.clone(), make), clock);
        let _outcome = blocker.block(&order("1238")).await;
        let text = log.text();
        let ended = text.lines().last().unwrap();
        assert!(ended.contains(&format!("block{{{fields}}}")), "{ended}");
        assert!(ended.trim_start().starts_with(level), "{ended}");
    }
}

#[tokio::test]
async fn what_happens_beneath_is_told_inside_the_span_in_other_tasks_too() {
    let log = Log::capture();
    let clock = clock();
    let ledger = Arc::new(MemoryHoldLedger::new(clock.clone()));
    let slow = Slow(clock.clone(), |order: &BlockOrder| {
        Ok(hold(order.reference(), "1"))
    });
    let recorded = Recorded::new(slow, ledger, clock.clone(), MINUTE);
    let blocker = Traced::new(recorded, clock);
    blocker.block(&order("1238")).await.unwrap();
    let text = log.text();
    let beneath = text.lines().find(|line| line.contains("connecting"));
    assert!(
        beneath.is_some_and(|line| line.contains("block{reference=1238}")),
        "{text}"
    );
}

fn ticket_of(hold: &SeatHold) -> Ticket {
    Ticket {
        transaction_id: hold.transaction_id.clone(),
        booking_codes: BookingCodes {
            departure: BookingCode::new("D1").unwrap(),
            return_leg: None,
        },
        status: ProviderStatus::new(StatusMeaning::Booked, "SUCCESS"),
    }
}

#[tokio::test]
async fn a_ticket_has_a_span_of_its_own() {
    type Make = fn(&SeatHold) -> Result<Ticket, TicketError>;
    let all: [(Make, &str, &str); 3] = [
        (
            |hold| Ok(ticket_of(hold)),
            "INFO",
            r#"outcome="booked" elapsed_ms=1500"#,
        ),
        (
            |hold| {
                Err(TicketError::Unknown {
                    reference: hold.reference.clone(),
                    transaction_id: hold.transaction_id.clone(),
                    kind: UnknownKind::Timeout,
                    message: "no answer".to_owned(),
                    retry_after: None,
                    cause: None,
                })
            },
            "WARN",
            r#"outcome="unknown" kind="timeout" elapsed_ms=1500"#,
        ),
        (
            |hold| {
                Err(TicketError::Busy {
                    reference: hold.reference.clone(),
                    transaction_id: hold.transaction_id.clone(),
                    after: MINUTE,
                })
            },
            "INFO",
            r#"outcome="busy" elapsed_ms=1500"#,
        ),
    ];
    for (make, level, fields) in all {
        let log = Log::capture();
        let clock = clock();
        let mut adapter = MockTicketIssuer::new();
        let turned = clock.clone();
        adapter.expect_issue().returning(move |hold| {
            turned.advance(Duration::from_millis(1500));
            make(hold)
        });
        let held = hold(order("1238").reference(), "1");
        let _issued = Traced::new(adapter, clock).issue(&held).await;
        let text = log.text();
        let ended = text.lines().last().unwrap();
        let span = format!("ticket{{reference=1238 {fields}}}");
        assert!(ended.contains(&span), "{ended}");
        assert!(ended.trim_start().starts_with(level), "{ended}");
    }
}

#[tokio::test]
async fn a_question_is_a_span_and_is_answered_as_it_was() {
    let log = Log::capture();
    let clock = clock();
    let mut adapter = MockTransactionInquiry::new();
    let turned = clock.clone();
    adapter.expect_by_reference().returning(move |_, _| {
        turned.advance(Duration::from_millis(20));
        tracing::info!("asking");
        Ok(Vec::new())
    });
    adapter.expect_by_id().returning(|_| {
        tracing::info!("asking for one");
        Err(InquiryError::Unreadable {
            message: "no JSON".to_owned(),
        })
    });
    let inquiry = Traced::new(adapter, clock.clone());
    let reference = order("1238").reference().clone();
    let found = inquiry.by_reference(&reference, clock.now()).await;
    assert!(found.unwrap().is_empty());
    let id = TransactionId::new("1").unwrap();
    assert!(inquiry.by_id(&id).await.is_err());
    let text = log.text();
    assert_eq!(text.matches("inquiry").count(), 2, "{text}");
    assert!(text.contains("inquiry: it::traced: asking"), "{text}");
}
