//! One cell: a fault strikes one attempt of one order.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::{BlockOrder, OrderDraft, ProductCode, TripId};
use booking_ports::{BlockError, HoldRecord, Outcome, SeatMaps as _};
use klikoo_adapter::{KlikooClient, KlikooSeatMaps};
use time::macros::date;

use crate::kinds::Kind;
use crate::relay::Relay;
use crate::stack::{Fate, Fated, Stack};
use crate::worker::{TRIP, Worker};

/// What the struck attempt goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    /// A new one.
    Fresh,
    /// One that an earlier call has left.
    Pooled,
    /// One that an earlier call has left, under TLS.
    Tls,
}

pub(crate) const CONNECTIONS: [Connection; 3] =
    [Connection::Fresh, Connection::Pooled, Connection::Tls];

/// What happens to the attempts, up to the one that is struck.
pub(crate) fn fates(attempt: usize) -> &'static [Fate] {
    match attempt {
        1 => &[Fate::Struck],
        2 => &[Fate::Refused, Fate::Struck],
        _ => &[Fate::Refused, Fate::Lost, Fate::Struck],
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) kind: Kind,
    pub(crate) attempt: usize,
    pub(crate) connection: Connection,
    pub(crate) number: usize,
}

/// What came out, in the words of `expected.tsv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The outcome of the call in which the fault struck.
    pub(crate) told: String,
    pub(crate) then: Standing,
    pub(crate) recovered: Standing,
}

/// How a reference stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// In the ledger.
    pub(crate) state: String,
    /// Attempts that the ledger counts.
    pub(crate) attempts: u32,
    /// Requests to block that the sandbox met.
    pub(crate) arrived: usize,
    /// Holds that it has executed.
    pub(crate) executed: usize,
}

pub(crate) async fn run(worker: &Arc<Worker>, cell: &Cell) -> Seen {
    let authority = (cell.connection == Connection::Tls).then_some(&worker.authority);
    let relay = Relay::before(worker.sandbox.base_url(), authority);
    let keeps = cell.connection != Connection::Fresh;
    let client = worker.client(&relay.url(), cell.kind.times_out, keeps);
    warm(&client).await;
    if !keeps {
        // Until the idle connection is no longer kept.
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    let reference = format!("cell-{}", cell.number);
    let order = order(&reference, cell.number);
    let before = worker.sandbox.journal();
    let strike = (&client, cell.kind.strike.clone(), relay);
    let stack = Stack::around(Fated::new(worker, fates(cell.attempt), strike));
    let mut outcome = stack.block(&order).await;
    if cell.attempt == 3 {
        assert_eq!(told(&outcome), "unknown connection_lost", "the second one");
        outcome = stack.block(&order).await;
    }
    let then = standing(worker, &order, before.len()).await;
    if cell.kind.name == "none" && cell.attempt == 1 {
        check_connection(worker, cell.connection, before.len());
    }
    stack.resolver.settle(order.reference()).await.unwrap();
    Seen {
        told: told(&outcome),
        then,
        recovered: standing(worker, &order, before.len()).await,
    }
}

/// Fetches the token, and leaves a connection.
async fn warm(client: &KlikooClient) {
    let (product, trip) = (ProductCode::new("BUS"), TripId::new(188_400));
    let maps = KlikooSeatMaps::new(client.clone());
    maps.seat_map(&product.unwrap(), trip.unwrap())
        .await
        .unwrap();
}

fn order(reference: &str, number: usize) -> BlockOrder {
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(reference.to_owned());
    draft.departure.trip_id = i64::try_from(TRIP).unwrap();
    draft.departure.passengers[0].seat_name = (number + 1).to_string();
    draft.check(date!(2026 - 11 - 24)).unwrap()
}

async fn standing(worker: &Worker, order: &BlockOrder, before: usize) -> Standing {
    let reference = order.reference();
    let record: HoldRecord = worker.ledger.holds.find(reference).await.unwrap().unwrap();
    let journal = worker.sandbox.journal();
    let mine = |of: &str| of == reference.as_str();
    let holds = worker.sandbox.holds();
    Standing {
        state: record.state.name().to_owned(),
        attempts: record.attempts,
        arrived: journal[before..]
            .iter()
            .filter(|entry| entry.is_block())
            .count(),
        executed: holds
            .iter()
            .filter(|hold| mine(&hold.partner_reference_no))
            .count(),
    }
}

/// That the cells of a connection go through such a one.
fn check_connection(worker: &Worker, connection: Connection, before: usize) {
    let journal = worker.sandbox.journal();
    let warmed = journal[before - 1].connection;
    let block = journal[before..].iter().find(|entry| entry.is_block());
    let same = block.unwrap().connection == warmed;
    assert_eq!(same, connection != Connection::Fresh, "{connection:?}");
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Ok(hold) if hold.deadline.is_stated() => "held".to_owned(),
        Ok(_) => "held, deadline not stated".to_owned(),
        Err(BlockError::Refused(refusal)) => format!("refused {}", refusal.kind),
        Err(BlockError::NotSent(not_sent)) => format!("not sent {}", not_sent.kind),
        Err(BlockError::Unknown(unknown)) => format!("unknown {}", unknown.kind),
        Err(BlockError::Expired(_)) => "expired".to_owned(),
        Err(other) => other.to_string(),
    }
}
