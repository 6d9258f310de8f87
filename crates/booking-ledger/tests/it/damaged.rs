//! A record that cannot be read, among others that can.

use booking_ports::{DamagedRecord, FeedPosition, HoldFeed, HoldLedger, Listing, Page, Which};

use crate::harness::{Place, send};

/// The references that pages of `limit` show, and those that they say are damaged.
async fn listed(
    ledger: &impl HoldLedger,
    listing: &Listing,
    limit: u32,
) -> (Vec<String>, Vec<String>) {
    let (mut shown, mut damaged) = (Vec::new(), Vec::new());
    let mut page = Page::first(limit);
    loop {
        let listed = ledger.list(listing, page).await.unwrap();
        let Some(next) = listed.next_page(limit) else {
            return (shown, damaged);
        };
        page = next;
        shown.extend(listed.records.iter().map(|it| it.reference.to_string()));
        damaged.extend(listed.damaged.into_iter().map(told));
    }
}

fn told(damaged: DamagedRecord) -> String {
    assert!(!damaged.message.is_empty());
    damaged.reference
}

/// Of five references the second and the last, where every list and the feed go on without them.
pub(crate) async fn others_are_shown(ledger: &(impl HoldLedger + HoldFeed)) {
    for limit in 1..=6 {
        for which in [Which::All, Which::Unsettled, Which::State("sending")] {
            let lists = (
                listed(ledger, &which.into(), limit).await,
                listed(ledger, &Listing::from(which).newest_first(), limit).await,
            );
            let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(
                lists.0,
                (words("1 3 4"), words("2 5")),
                "{which:?}, {limit}"
            );
            assert_eq!(
                lists.1,
                (words("4 3 1"), words("5 2")),
                "{which:?}, {limit}"
            );
        }
    }
    let changes = ledger.after(FeedPosition::START, 99).await.unwrap();
    let told: Vec<&str> = changes
        .iter()
        .map(|change| change.record.reference.as_str())
        .collect();
    assert_eq!(told, ["1", "3", "4"]);
}

#[tokio::test]
async fn in_a_file_it_keeps_no_other_from_being_shown() {
    let place = Place::new();
    let ledger = place.open().await;
    for name in ["1", "2", "3", "4", "5"] {
        send(&ledger, name).await;
    }
    place
        .execute("UPDATE holds SET open_attempts = 'x' WHERE reference IN ('2', '5')")
        .await
        .unwrap();
    others_are_shown(&ledger).await;
}
