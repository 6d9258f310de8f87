//! Either reading of what Klikoo does not say about its history (A6).

use booking_ports::{ManualClock, SeatBlocker, TransactionInquiry};
use klikoo_adapter::{HistorySearch, KlikooTransactions};
use klikoo_sandbox::{HistoryOff, Sandbox, SandboxBuilder, TripSpec, VirtualClock};

use super::{id, reference, why};
use crate::setup::{NOW, blocker_of, config_of, order, transactions_of};

async fn start(builder: SandboxBuilder) -> Sandbox {
    let clock = VirtualClock::fixed(NOW);
    builder.clock(clock).start().await.unwrap()
}

fn inquiry(sandbox: &Sandbox) -> KlikooTransactions {
    transactions_of(config_of(sandbox), &ManualClock::at(NOW))
}

#[tokio::test]
async fn the_query_is_signed_where_told() {
    for signs_query in [false, true] {
        let sandbox = start(Sandbox::builder().signs_query(signs_query)).await;
        for told in [false, true] {
            let config = config_of(&sandbox).with_query_signed(told);
            let inquiry = transactions_of(config, &ManualClock::at(NOW));
            // Without a query there is no difference.
            assert_eq!(inquiry.by_id(&id("14429004")).await.unwrap(), None);
            let found = inquiry.by_reference(&reference("a+b%&c"), NOW).await;
            match found {
                Ok(found) => assert!(found.is_empty() && told == signs_query),
                Err(error) => {
                    assert_ne!(told, signs_query, "{error}");
                    assert!(
                        error.to_string().contains("signature does not match"),
                        "{error}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn the_whole_window_is_read_where_the_search_cannot_be_trusted() {
    const COUNT: usize = 230;
    let builder = Sandbox::builder()
        .history_matches_reference(false)
        .trip(TripSpec::new(7, 400));
    let sandbox = start(builder).await;
    let blocker = blocker_of(config_of(&sandbox), &ManualClock::at(NOW));
    for number in 1..=COUNT {
        let mut draft = booking_domain::OrderDraft::from(&order(
            &format!("order-{number}"),
            &[&number.to_string()],
        ));
        draft.departure.trip_id = 7;
        let order = draft.check(time::macros::date!(2026 - 11 - 24)).unwrap();
        blocker.block(&order).await.unwrap();
    }
    let wanted = ["order-1", "order-115", "order-230"];
    for text in wanted {
        let found = inquiry(&sandbox).by_reference(&reference(text), NOW).await;
        assert!(found.unwrap().is_empty(), "`q` is not matched: {text}");
    }
    let before = sandbox.calls("/transactions");
    let whole = inquiry(&sandbox).with_search(HistorySearch::WholeWindow);
    for text in wanted {
        let found = whole.by_reference(&reference(text), NOW).await.unwrap();
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].reference, Some(reference(text)));
    }
    let missing = whole.by_reference(&reference("order-231"), NOW).await;
    assert!(missing.unwrap().is_empty());
    assert_eq!(
        sandbox.calls("/transactions") - before,
        4 * 3,
        "three pages each"
    );
}

#[tokio::test]
async fn a_history_that_is_off_is_no_empty_one() {
    for (how, expected) in [
        (HistoryOff::Missing, "refused"),
        (HistoryOff::Fails, "unavailable"),
    ] {
        let sandbox = start(Sandbox::builder().history_off(how)).await;
        let blocker = blocker_of(config_of(&sandbox), &ManualClock::at(NOW));
        blocker.block(&order("one", &["1"])).await.unwrap();
        for search in [HistorySearch::ByReference, HistorySearch::WholeWindow] {
            let inquiry = inquiry(&sandbox).with_search(search);
            let error = inquiry
                .by_reference(&reference("one"), NOW)
                .await
                .unwrap_err();
            assert_eq!(why(&error), expected, "{error}");
            // The transaction itself can still be asked for.
            assert!(inquiry.by_id(&id("14429004")).await.unwrap().is_some());
        }
    }
}
