//! What changes, in order.

#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is broken fails its test"
)]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::samples::{
    LEASE, end, find, held, hold, nothing, order, reference, refused, send, sure,
};
use super::{LedgerFixture, example};
use crate::ledger::{Begun, Change, FeedPosition, HoldFeed, HoldLedger as _};

/// No ledger takes so long to show what was written.
const SOON: Duration = Duration::from_secs(20);

/// Reads on from `position` until `count` entries were read, a few at a time.
async fn read(feed: &dyn HoldFeed, mut position: FeedPosition, count: usize) -> Vec<Change> {
    let mut changes = Vec::new();
    while changes.len() < count {
        let waited = timeout(SOON, feed.changed(position)).await;
        assert!(matches!(waited, Ok(Ok(()))), "{} of {count}", changes.len());
        let more = sure(feed.after(position, 3).await);
        assert!(more.len() <= 3, "no more than asked for");
        for change in more {
            assert!(change.position > position, "positions grow");
            position = change.position;
            changes.push(change);
        }
    }
    changes
}

fn told(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| format!("{}: {}", change.record.reference, change.entry.fact);
    changes.iter().map(line).collect()
}

/// Promise 1 of a feed: from any position, all that follows, with the record as it stands.
#[doc = example!()]
pub async fn a_feed_tells_every_entry_in_order(fixture: &impl LedgerFixture) {
    let feed = fixture.feed();
    let begin = sure(feed.latest().await);
    assert!(sure(feed.after(begin, 9).await).is_empty());
    held(fixture, "a").await;
    let permit = send(fixture, "b").await;
    sure(fixture.ledger().learn(&reference("a"), &nothing()).await);
    end(fixture, &permit, Err(refused("b"))).await;
    let expected = [
        "a: attempt 1: sending",
        "a: attempt 1: held as T-a",
        "b: attempt 1: sending",
        "a: history search: no transaction names the reference",
    ];
    let changes = read(&*feed, begin, 5).await;
    let lines = told(&changes);
    assert_eq!(lines[..4], expected);
    assert!(lines[4].starts_with("b: attempt 1: "), "{}", lines[4]);
    for change in &changes {
        let now = find(fixture, change.record.reference.as_str()).await;
        assert_eq!(format!("{:?}", change.record), format!("{now:?}"));
    }
    // From the middle, as after an interruption.
    let rest = read(&*feed, changes[1].position, 3).await;
    assert_eq!(told(&rest), lines[2..]);
    assert_eq!(sure(feed.latest().await), changes[4].position);
    let end = sure(feed.after(changes[4].position, 9).await);
    assert!(end.is_empty(), "{end:?}");
}

/// Promise 1 of a feed, while many write and it is read.
#[doc = example!()]
pub async fn a_feed_misses_nothing_of_those_that_write_at_one_time(fixture: &impl LedgerFixture) {
    const WRITERS: usize = 8;
    const EACH: usize = 6;
    let feed = fixture.feed();
    let begin = sure(feed.latest().await);
    let mut writing = JoinSet::new();
    for writer in 0..WRITERS {
        let ledger = fixture.ledger();
        let names: Vec<String> = (0..EACH).map(|turn| format!("w{writer}-{turn}")).collect();
        let holds: Vec<_> = names.iter().map(|it| hold(fixture, it, 30)).collect();
        writing.spawn(async move {
            for (name, hold) in names.iter().zip(holds) {
                let Begun::Send(permit) = sure(ledger.begin(&order(name), LEASE).await) else {
                    unreachable!("{name} is new")
                };
                sure(ledger.learn(&reference(name), &nothing()).await);
                sure(ledger.end(&permit, &Ok(hold)).await);
            }
        });
    }
    let reading = Arc::clone(&feed);
    let all = WRITERS * EACH * 3;
    let changes = tokio::spawn(async move { read(&*reading, begin, all).await });
    writing.join_all().await;
    let changes = sure(changes.await);
    assert_eq!(changes.len(), all);
    let mut stories: HashMap<String, Vec<String>> = HashMap::new();
    for change in &changes {
        let story = stories.entry(change.record.reference.to_string());
        story.or_default().push(change.entry.fact.to_string());
    }
    assert_eq!(stories.len(), WRITERS * EACH);
    for (name, lines) in stories {
        let story = sure(fixture.ledger().story(&reference(&name)).await);
        let own: Vec<String> = story.iter().map(|it| it.fact.to_string()).collect();
        assert_eq!(lines, own, "{name}");
    }
    let last = changes[all - 1].position;
    let rest = sure(feed.after(last, 9).await);
    assert!(rest.is_empty(), "each once, but again: {rest:?}");
}

/// Promise 2 of a feed.
#[doc = example!()]
pub async fn a_position_in_the_feed_outlives_its_process(fixture: &impl LedgerFixture) {
    let begin = sure(fixture.feed().latest().await);
    held(fixture, "before").await;
    let seen = read(&*fixture.feed(), begin, 2).await;
    let position = seen[1].position.to_string();
    fixture.reopen().await;
    held(fixture, "after").await;
    let position = sure(position.parse::<FeedPosition>());
    assert_eq!(position, seen[1].position);
    let lines = told(&read(&*fixture.feed(), position, 2).await);
    let expected = [
        "after: attempt 1: sending",
        "after: attempt 1: held as T-after",
    ];
    assert_eq!(lines, expected);
    let again = read(&*fixture.feed(), begin, 4).await;
    assert_eq!(told(&again)[2..], expected);
}

/// Nobody has to ask again and again.
#[doc = example!()]
pub async fn a_reader_of_the_feed_is_woken(fixture: &impl LedgerFixture) {
    let feed = fixture.feed();
    let begin = sure(feed.latest().await);
    let waiting = tokio::spawn({
        let feed = Arc::clone(&feed);
        async move { feed.changed(begin).await }
    });
    let early = timeout(Duration::from_millis(100), feed.changed(begin)).await;
    assert!(early.is_err(), "nothing has changed yet");
    assert!(!waiting.is_finished());
    send(fixture, "1").await;
    let woken = timeout(SOON, waiting).await;
    assert!(matches!(woken, Ok(Ok(Ok(())))), "{woken:?}");
    let changes = sure(feed.after(begin, 9).await);
    assert_eq!(told(&changes), ["1: attempt 1: sending"]);
}
