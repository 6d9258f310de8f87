//! What a reference's entries say, or cannot say any more, before anything is settled.

use std::sync::Arc;

use async_trait::async_trait;
use booking_domain::{HoldState, PartnerReference, ProviderStatus, StatusMeaning, TransactionId};
use booking_layers::{Resolver, ResolverBounds};
use booking_ports::{
    Begun, Clock as _, Entry, Fact, HoldLedger as _, InquiryError, LedgerError, ManualClock,
    Transaction, TransactionInquiry, UnknownKind,
};
use time::OffsetDateTime;

use crate::setup::{FaultyLedger, MINUTE, NOW, Scripted, clock, order, reference, unknown};

/// Under each reference stood one transaction, and it is over.
struct WasHeld {
    /// Whether the search knows that already, and not only the transaction itself.
    search_knows: bool,
}

fn transaction(is_over: bool) -> Transaction {
    let status = if is_over {
        ProviderStatus::new(StatusMeaning::Ended, "EXPIRED")
    } else {
        ProviderStatus::new(StatusMeaning::Waiting, "WAITING")
    };
    Transaction {
        id: TransactionId::new("7").unwrap(),
        reference: None,
        status,
        amount: None,
    }
}

#[async_trait]
impl TransactionInquiry for WasHeld {
    async fn by_reference(
        &self,
        _: &PartnerReference,
        _: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        Ok(vec![transaction(self.search_knows)])
    }

    async fn by_id(&self, _: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        Ok(Some(transaction(true)))
    }
}

/// A ledger of references whose answers were lost, and what settles them.
async fn world(
    references: &[&str],
    search_knows: bool,
) -> (Arc<ManualClock>, Arc<FaultyLedger>, Resolver) {
    let clock = clock();
    let ledger = Arc::new(FaultyLedger::new(clock.clone()));
    for name in references {
        let Ok(Begun::Send(permit)) = ledger.begin(&order(name), MINUTE).await else {
            unreachable!("a fresh reference is begun")
        };
        let lost = unknown(&reference(name), UnknownKind::ConnectionLost);
        ledger.end(&permit, &Err(lost)).await.unwrap();
    }
    let resolver = Resolver::new(
        ledger.clone(),
        Arc::new(WasHeld { search_knows }),
        Scripted::new(|order, _| Err(unknown(order.reference(), UnknownKind::Timeout))),
        clock.clone(),
        ResolverBounds::default(),
    );
    (clock, ledger, resolver)
}

/// What ended may be an earlier attempt's, and what is under way may hold after it.
#[tokio::test]
async fn nothing_is_over_while_a_lost_repeat_may_be_under_way() {
    for search_knows in [true, false] {
        let (clock, ledger, resolver) = world(&["1"], search_knows).await;
        let reference = reference("1");
        let mut story = ledger.story(&reference).await.unwrap();
        let lost = Fact::SenderLost {
            attempt: 2,
            may_send_until: Some(NOW + MINUTE),
        };
        let at = clock.now();
        for fact in [Fact::Sent { attempt: 2 }, lost] {
            story.push(Entry { at, fact });
        }
        ledger.tell(&reference, Ok(story));
        let record = resolver.settle(&reference).await.unwrap();
        assert_eq!(record.state, HoldState::Unknown, "{search_knows}");
        clock.advance(MINUTE);
        let record = resolver.settle(&reference).await.unwrap();
        assert_eq!(record.state, HoldState::Expired(None), "{search_knows}");
    }
}

#[tokio::test]
async fn a_damaged_entry_keeps_no_other_reference_from_being_settled() {
    let (_, ledger, resolver) = world(&["1", "2"], true).await;
    let damage = LedgerError::Damaged {
        message: "an entry is no fact".to_owned(),
    };
    ledger.tell(&reference("1"), Err(damage));
    let sweep = resolver.sweep(|_| ()).await.unwrap();
    assert_eq!(sweep.progress.settled, 1);
    assert!(sweep.left.is_empty(), "{sweep:?}");
    let [damaged] = &sweep.damaged[..] else {
        panic!("{sweep:?}")
    };
    assert_eq!((damaged.number, damaged.reference.as_str()), (1, "1"));
    assert!(damaged.message.contains("no fact"), "{damaged:?}");
    // It was given back.
    let claim = ledger.claim(&reference("1"), MINUTE).await.unwrap();
    assert!(claim.is_some());
}
