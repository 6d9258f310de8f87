//! The stream of events: nothing is missed, nothing is another's, and it ends when it has to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use booking_domain::Tenant;
use booking_gateway::{KeyRecord, Scope};
use serde_json::Value;

use crate::client::{Ask, Line};
use crate::house::House;
use crate::sessions::signed_in;

/// An event that holds something.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) name: String,
    pub(crate) id: Option<u64>,
    hold: Value,
}

impl Told {
    pub(crate) fn reference(&self) -> &str {
        self.hold["partner_reference_no"].as_str().unwrap()
    }
}

/// A stream that is being read.
pub(crate) struct Reader {
    line: Line,
    text: String,
    /// Where the ledger was when it began.
    pub(crate) from: u64,
}

impl Reader {
    pub(crate) async fn open(house: &House, key: &str, after: Option<u64>) -> Self {
        let line = Line::open(house.at).await;
        Self::on(line, key, after).await
    }

    pub(crate) async fn on(line: Line, key: &str, after: Option<u64>) -> Self {
        let mut ask = Ask::get("/v1/events").key(key);
        if let Some(after) = after {
            ask = ask.header("Last-Event-ID", after.to_string());
        }
        Self::asked(line, &ask).await
    }

    /// As the console, by the cookie of a session.
    pub(crate) async fn signed_in(house: &House, cookie: &str) -> Self {
        let line = Line::open(house.at).await;
        let ask = Ask::get("/v1/events").header("Cookie", cookie);
        Self::asked(line, &ask).await
    }

    async fn asked(mut line: Line, ask: &Ask) -> Self {
        line.write(&ask.bytes()).await.unwrap();
        let (status, headers) = line.head().await.unwrap();
        assert_eq!(status, 200);
        let kind = headers
            .iter()
            .find(|(name, _)| name == "content-type")
            .unwrap();
        assert_eq!(kind.1, "text/event-stream");
        let text = String::new();
        let mut reader = Self {
            line,
            text,
            from: 0,
        };
        // The stream begins where the ledger is when its first line is written.
        let first = reader.block().await.unwrap();
        assert!(first.contains("ready"), "{first}");
        let id = first.lines().find_map(|line| line.strip_prefix("id: "));
        reader.from = id.unwrap().parse().unwrap();
        reader
    }

    /// The next block of lines; `None` at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.into();
                return Some(block);
            }
            self.text += &String::from_utf8(self.line.chunk().await?).unwrap();
        }
    }

    /// How many events come before the stream ends, which it has to do soon.
    async fn ends(mut self) -> usize {
        let ended = tokio::time::timeout(Duration::from_secs(10), async {
            let mut after = 0;
            while self.next().await.is_some() {
                after += 1;
            }
            after
        });
        ended.await.unwrap()
    }

    /// The next event; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Told> {
        loop {
            let block = self.block().await?;
            let field = |name: &str| {
                let mut lines = block.lines().filter_map(|line| line.split_once(": "));
                lines
                    .find(|(other, _)| *other == name)
                    .map(|(_, value)| value)
            };
            if let (Some(name), Some(data)) = (field("event"), field("data")) {
                return Some(Told {
                    name: name.to_owned(),
                    id: field("id").map(|id| id.parse().unwrap()),
                    hold: serde_json::from_str(data).unwrap(),
                });
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_misses_nothing_of_many_writers() {
    const WRITERS: usize = 8;
    const EACH: usize = 40;
    let house = Arc::new(House::open().await);
    let key = house.master_key();
    let mut reader = Reader::open(&house, &key, None).await;
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let (house, key) = (Arc::clone(&house), key.clone());
        writers.push(tokio::spawn(async move {
            let mut line = Line::open(house.at).await;
            for number in 0..EACH {
                let fate = ["held", "gone", "no", "lost"][number % 4];
                let order = crate::orders::order(&format!("{fate}-{writer}-{number}"));
                line.send(&Ask::post("/v1/holds").key(&key).json(&order))
                    .await;
            }
        }));
    }
    let mut random = fastrand::Rng::with_seed(7);
    let mut last_state = BTreeMap::new();
    let mut last_id = 0;
    let mut breaks = 0;
    let wanted = WRITERS * EACH;
    let finished = |states: &BTreeMap<String, String>| {
        states.len() == wanted && states.values().all(|state| state != "sending")
    };
    while !finished(&last_state) {
        let told = reader.next().await.expect("the stream ended");
        let id = told.id.expect("only what expires has no id");
        assert!(id > last_id, "{id} after {last_id}");
        last_id = id;
        let state = told.hold["state"].as_str().unwrap().to_owned();
        last_state.insert(told.reference().to_owned(), state);
        if random.u8(0..20) == 0 {
            reader = Reader::open(&house, &key, Some(last_id)).await;
            breaks += 1;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for (reference, state) in &last_state {
        let fate = reference.split('-').next().unwrap();
        let right = match fate {
            "no" => "refused",
            "held" => "held",
            // A sweep may have asked about it already.
            "gone" if state == "held" => "held",
            _ => "unknown",
        };
        assert_eq!(state, right, "{reference}");
    }
    println!("events: {wanted} holds by {WRITERS} writers, {breaks} breaks, none missed");
    assert!(breaks > 5, "{breaks}");
}

#[tokio::test]
async fn a_stream_tells_its_tenant_its_own() {
    let house = House::open().await;
    let (acme, bravo) = (
        house.key(Some("acme"), &Scope::ALL),
        house.key(Some("bravo"), &Scope::ALL),
    );
    let all = house.master_key();
    let mut readers = Vec::new();
    for key in [&acme, &bravo, &all] {
        readers.push(Reader::open(&house, key, None).await);
        // And from the very beginning.
        readers.push(Reader::open(&house, key, Some(0)).await);
    }
    for number in 0..10 {
        house.block(&acme, &format!("held-a{number}")).await;
        house.block(&bravo, &format!("no-b{number}")).await;
    }
    house.block(&acme, "held-a-end").await;
    house.block(&bravo, "held-b-end").await;
    for (index, mut reader) in readers.into_iter().enumerate() {
        let mut seen = BTreeSet::new();
        let ends: &[&str] = [
            &["held-a-end"][..],
            &["held-b-end"],
            &["held-a-end", "held-b-end"],
        ][index / 2];
        while !ends.iter().all(|end| seen.contains(*end)) {
            let told = reader.next().await.unwrap();
            if told.name != "expiring" {
                seen.insert(told.reference().to_owned());
            }
        }
        let of = |mark: &str| seen.iter().filter(|it| it.contains(mark)).count();
        let counts = (of("-a"), of("-b"));
        assert_eq!(counts, [(11, 0), (0, 11), (11, 11)][index / 2], "{index}");
    }
}

#[tokio::test]
async fn what_ends_soon_is_told_once_and_without_an_id() {
    let house = House::open().await;
    let key = house.master_key();
    house.block(&key, "held-1").await;
    house.clock.advance(Duration::from_mins(26));
    let mut reader = Reader::open(&house, &key, None).await;
    let told = reader.next().await.unwrap();
    assert_eq!(
        (told.name.as_str(), told.id, told.reference()),
        ("expiring", None, "held-1")
    );
    // Something else happens, and it is not told again.
    house.clock.advance(Duration::from_secs(6));
    house.block(&key, "held-2").await;
    let told = reader.next().await.unwrap();
    assert_eq!(
        (told.name.as_str(), told.reference()),
        ("changed", "held-2")
    );
}

/// More have passed than are read at a time, and nobody has recorded it yet.
#[tokio::test]
async fn what_ends_soon_is_told_behind_many_that_have_ended() {
    let house = House::open().await;
    let key = house.master_key();
    for number in 0..450 {
        house.block(&key, &format!("held-{number}")).await;
    }
    house.clock.advance(Duration::from_mins(26));
    house.block(&key, "held-late").await;
    house.clock.advance(Duration::from_mins(26));
    let mut reader = Reader::open(&house, &key, None).await;
    let told = reader.next().await.unwrap();
    assert_eq!(
        (told.name.as_str(), told.reference()),
        ("expiring", "held-late")
    );
}

#[tokio::test]
async fn a_key_that_is_revoked_ends_its_streams() {
    let house = House::open().await;
    let (key, other) = (house.master_key(), house.master_key());
    let mut reader = Reader::open(&house, &key, None).await;
    house.block(&other, "held-1").await;
    assert!(reader.next().await.is_some());
    house.ring.revoke(&key);
    house.block(&other, "held-2").await;
    // What was read before it was revoked may still come.
    assert!(reader.ends().await <= 1);
}

#[tokio::test]
async fn a_key_that_sees_something_else_by_now_ends_its_streams() {
    let house = House::open().await;
    let changes: [fn(&mut KeyRecord); 2] = [
        |record| record.scopes = [Scope::Block].into_iter().collect(),
        |record| record.tenant = Some(Tenant::new("shop").unwrap()),
    ];
    for change in changes {
        let key = house.master_key();
        let reader = Reader::open(&house, &key, None).await;
        house.ring.change(&key, change);
        assert_eq!(reader.ends().await, 0);
    }
}

#[tokio::test]
async fn a_stream_ends_with_the_session_that_opened_it() {
    let house = House::open().await;
    let key = house.master_key();
    let (out, other) = (signed_in(&house, &key).await, signed_in(&house, &key).await);
    let mut stays = Reader::signed_in(&house, &other).await;
    let signed_out = Reader::signed_in(&house, &out).await;
    let ask = Ask::new("DELETE", "/console/session").header("Cookie", out.as_str());
    assert_eq!(house.send(&ask).await.status, 204);
    assert_eq!(signed_out.ends().await, 0);

    house.block(&key, "held-1").await;
    assert_eq!(stays.next().await.unwrap().reference(), "held-1");
    house.clock.advance(Duration::from_mins(15));
    // By now the hold ends soon, which may be told before.
    assert!(stays.ends().await <= 2);
}

#[tokio::test]
async fn a_place_in_the_stream_that_is_none_is_refused() {
    let house = House::open().await;
    let key = house.master_key();
    for odd in ["", "-1", "x", "1.5", "18446744073709551616", "0x1", "1 2"] {
        let ask = Ask::get("/v1/events")
            .key(&key)
            .header("Last-Event-ID", odd);
        assert_eq!(house.send(&ask).await.status, 400, "{odd:?}");
    }
}

#[tokio::test]
async fn who_is_ahead_of_the_ledger_misses_nothing_from_now_on() {
    let house = House::open().await;
    let key = house.master_key();
    house.block(&key, "held-1").await;
    // As after a ledger that was restored from an older copy.
    let mut reader = Reader::open(&house, &key, Some(u64::MAX)).await;
    house.block(&key, "held-2").await;
    let told = tokio::time::timeout(Duration::from_secs(5), reader.next()).await;
    let told = told
        .unwrap_or_else(|_| panic!("it waits for ever"))
        .unwrap();
    assert_eq!(told.reference(), "held-2");
}
