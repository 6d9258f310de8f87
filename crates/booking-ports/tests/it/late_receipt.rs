//! The receipt of a hold that a search had found comes late.

use booking_domain::{
    Deadline, OrderDraft, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
use booking_ports::{Evidence, Fact, Finding, HoldRecord, Source};
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 +7);

#[test]
fn only_its_own_states_the_deadline_and_only_where_none_was_stated() {
    let stated = Deadline::stated(NOW + Duration::HOUR, NOW, Duration::hours(2));
    let later = Deadline::stated(NOW + Duration::minutes(90), NOW, Duration::hours(2));
    let found = Deadline::not_stated(NOW + Duration::hours(2));
    for (known, id, told, expected) in [
        (found, "1", stated, stated),
        (found, "2", stated, found),
        (stated, "1", later, stated),
    ] {
        let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
        let hold = |id: &str, deadline| SeatHold {
            reference: order.reference().clone(),
            transaction_id: TransactionId::new(id).unwrap(),
            status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
            deadline,
        };
        let mut record = HoldRecord::begun(&order, NOW);
        let learned = Fact::Learned(Evidence {
            source: Source::History,
            finding: Finding::Held(hold("1", known)),
        });
        let ended = Fact::Ended {
            attempt: 1,
            outcome: Ok(hold(id, told)),
        };
        for fact in [
            Fact::Sent { attempt: 1 },
            Fact::SenderLost {
                attempt: 1,
                may_send_until: None,
            },
            learned,
            ended,
        ] {
            record.apply(&fact, NOW).unwrap();
        }
        assert_eq!(record.deadline(), Some(expected), "{id}");
    }
}
