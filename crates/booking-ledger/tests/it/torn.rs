//! A log whose end did not reach the disk as it was written: what was answered is there all the
//! same, and nothing is half there.

use std::ops::Range;

use booking_domain::HoldState;
use booking_ledger::SqliteLedger;
use booking_ports::HoldLedger as _;

use crate::harness::{Place, order, reference, send};

/// Bytes before the first frame of a log, and before the page of each.
const LOG_HEAD: usize = 32;
const FRAME_HEAD: usize = 24;

/// A ledger with answers, and with writing behind the last of them.
struct Base {
    place: Place,
    log: Vec<u8>,
    /// What was written after the last answer.
    unanswered: Range<usize>,
    frame: usize,
    _open: SqliteLedger,
}

/// As far as the frames of the log belong together.
fn end_of(log: &[u8]) -> usize {
    let frame = frame_of(log);
    let salt = |at: usize| log.get(at..at + 8);
    let mut end = LOG_HEAD;
    while end + frame <= log.len() && salt(end + 8) == salt(16) {
        end += frame;
    }
    end
}

fn frame_of(log: &[u8]) -> usize {
    let page = u32::from_be_bytes(log[8..12].try_into().unwrap());
    FRAME_HEAD + usize::try_from(page).unwrap()
}

/// Two orders are answered: one held, one under way. With `begun_anew`, the log is longer than what
/// it holds, since it was begun anew, and older frames stand behind.
async fn base(begun_anew: bool) -> Base {
    let place = Place::new();
    let open = place.open().await;
    if begun_anew {
        for number in 0..10 {
            send(&open, &format!("older-{number}")).await;
        }
        let restart = "PRAGMA wal_checkpoint(RESTART)";
        place.execute(restart).await.unwrap();
    }
    let held = send(&open, "held").await;
    open.end(&held, &Ok(place.hold("held"))).await.unwrap();
    send(&open, "sending").await;
    let answered = end_of(&std::fs::read(place.log()).unwrap());
    let later = send(&open, "later").await;
    open.end(&later, &Ok(place.hold("later"))).await.unwrap();
    let log = std::fs::read(place.log()).unwrap();
    let unanswered = answered..end_of(&log);
    assert_eq!(
        unanswered.end < log.len(),
        begun_anew,
        "older frames stand behind"
    );
    Base {
        place,
        frame: frame_of(&log),
        log,
        unanswered,
        _open: open,
    }
}

/// What became of the end of the log.
#[derive(Clone, Copy, Debug)]
enum Tear {
    /// It ends here.
    Cut(usize),
    /// One bit is another.
    Flip(usize),
    /// So many bytes from here never arrived.
    Zero(usize, usize),
    /// One frame arrived in another's place.
    Copy(usize, usize),
}

impl Tear {
    fn apply(self, log: &mut Vec<u8>, frame: usize) {
        match self {
            Self::Cut(at) => log.truncate(at),
            Self::Flip(at) => log[at] ^= 1 << (at % 8),
            Self::Zero(at, length) => {
                let end = (at + length).min(log.len());
                log[at..end].fill(0);
            }
            Self::Copy(from, to) => log.copy_within(from..from + frame, to),
        }
    }
}

/// Cuts at and around each frame's beginning, frames that are lost or another's, and bits that are
/// flipped, spread evenly.
fn tears(base: &Base, images: usize) -> Vec<Tear> {
    let Range { start, end } = base.unanswered;
    let frames: Vec<usize> = (start..end).step_by(base.frame).collect();
    let around = [0, 1, 8, 23, 24, 25, 600];
    let mut tears: Vec<Tear> = frames
        .iter()
        .flat_map(|at| around.map(|beyond| Tear::Cut(at + beyond)))
        .collect();
    for (number, from) in frames.iter().enumerate() {
        tears.push(Tear::Zero(*from, base.frame));
        tears.push(Tear::Zero(from + FRAME_HEAD, 512));
        tears.push(Tear::Copy(*from, frames[(number + 1) % frames.len()]));
    }
    let flips = images.saturating_sub(tears.len()).max(images / 2);
    // An odd step meets heads and pages, and each bit of a byte.
    tears.extend((0..flips).map(|flip| Tear::Flip(start + flip * (end - start) / flips)));
    tears
}

async fn look(base: &Base, tear: Tear) -> &'static str {
    let copy = base.place.copy();
    let mut log = base.log.clone();
    tear.apply(&mut log, base.frame);
    std::fs::write(copy.log(), log).unwrap();
    let ledger = copy.open().await;
    let checked = ledger.check().await.unwrap();
    assert!(checked.is_sound(), "{tear:?}: {checked:?}");
    let state = async |name| {
        let record = ledger.find(&reference(name)).await.unwrap();
        record.map(|record| record.state)
    };
    let held = state("held").await;
    assert!(
        matches!(held, Some(HoldState::Held(_))),
        "{tear:?}: {held:?}"
    );
    assert_eq!(state("sending").await, Some(HoldState::Sending), "{tear:?}");
    // What was not answered may be there, up to where the log is whole.
    match state("later").await {
        None => {
            send(&ledger, "later").await;
            "not there"
        }
        Some(HoldState::Sending) => {
            assert!(ledger.order(&reference("later")).await.unwrap() == Some(order("later")));
            "sending"
        }
        Some(HoldState::Held(_)) => "held",
        other => unreachable!("{tear:?}: {other:?}"),
    }
}

#[tokio::test]
async fn a_log_that_is_torn_anywhere_loses_only_what_is_torn() {
    let images =
        std::env::var_os("TORN_IMAGES").map_or(200, |text| text.to_str().unwrap().parse().unwrap());
    let mut seen = std::collections::BTreeMap::new();
    for begun_anew in [false, true] {
        let base = base(begun_anew).await;
        for tear in tears(&base, images / 2) {
            let kind = format!("{tear:?}").split('(').next().unwrap().to_owned();
            let found = look(&base, tear).await;
            *seen.entry((kind, found)).or_insert(0) += 1;
        }
    }
    println!("{seen:?}");
    let count: usize = seen.values().sum();
    assert!(count >= images, "{count} images");
    assert!(
        seen.keys().any(|(_, found)| *found == "sending"),
        "{seen:?}"
    );
}
